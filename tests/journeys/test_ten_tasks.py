"""Ten tasks people come with, each done by mouse, by keyboard alone and by thumb on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from demo.ledger import HERE
from PIL import Image

from tests.journeys.conftest import Opens, kept
from tests.journeys.hands import WAYS, Hand

HandOf = Callable[..., Hand]
LEDGER = "重点项目台账"
READ = 120_000
"""Milliseconds in which the worker must have read a workbook."""


def nth(way: str, *things: str) -> str:
    """Another thing for each way, where what is done can be done once."""
    return things[WAYS.index(way)]


def to_the_ledger(hand: Hand) -> None:
    hand.follow("台账", among="nav")
    hand.follow(LEDGER)


def test_a_round_is_imported(hand_of: HandOf, way: str) -> None:
    hand, district = hand_of("zhao"), nth(way, "城阳区", "胶州市", "莱西市")
    to_the_ledger(hand)
    hand.follow("报送工作簿")
    hand.choose("报送单位", district)
    hand.fill("期", "2021-08")
    hand.give("工作簿", HERE / "2021-08" / f"{district}.xlsx")
    hand.press("报送")
    hand.page.get_by_role("button", name="入账", exact=True).wait_for(timeout=READ)
    kept(hand.page, f"task-01-read-{way}")
    hand.press("入账")

    hand.page.locator("main", has_text="已入账").wait_for()
    kept(hand.page, f"task-01-taken-{way}")


def test_a_red_project_is_found_and_its_reason_read_in_three_clicks(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhao")
    hand.clicks = 0
    hand.act(hand.page.locator("a.tallied", has_text="滞后").first)
    kept(hand.page, f"task-02-red-ones-{way}")
    hand.act(hand.page.locator("tr", has_text="水清沟片区改造工程项目").locator("a.lamp"))

    assert "仍未入库" in hand.page.inner_text("main"), "what is amiss, in words"
    assert "开工超过2个月未入库的，亮红灯" in hand.page.inner_text("main"), "the rule it rests on"
    kept(hand.page, f"task-02-why-{way}")
    hand.act(hand.page.locator("main table a", has_text=".xlsx").first)
    assert hand.page.locator("h1", has_text=".xlsx").count() == 1, "the cell it was reported in"
    assert hand.clicks == 3


def test_a_wrong_date_is_put_right_with_evidence(hand_of: HandOf, way: str, tmp_path: Path) -> None:
    hand, name = hand_of("zhao"), nth(way, "水清沟片区改造工程项目", "国际航运金融中心项目", "登州路学校改造项目")
    found(hand, name)
    hand.follow("修改")
    hand.fill("实际开工时间", date(2020, 7, 15))
    hand.fill("理由", "以施工许可证为准")
    kept(hand.page, f"task-03-form-{way}")
    hand.press("修改")
    assert "已修改" in hand.page.inner_text("main")

    hand.follow("附件", among=".dossier")
    photo = tmp_path / "施工许可证.png"
    Image.new("RGB", (320, 200), "white").save(photo)
    hand.give("文件", photo)
    hand.press("附上")
    hand.page.locator("main", has_text=photo.name).wait_for()
    hand.follow(name, among=".path")

    assert "2020-07-15" in hand.page.inner_text("#facts")
    hand.unfold("1 处变化", among="#trail")
    assert "2020-07-15" in hand.page.inner_text("#trail")
    kept(hand.page, f"task-03-dossier-{way}")


def found(hand: Hand, name: str) -> None:
    """By its first words, in the field at the head of each page."""
    hand.fill("查找事项", name[:4], among="header")
    hand.page.keyboard.press("Enter")
    hand.page.wait_for_url("**/search?*")
    hand.follow(name)


def test_the_figures_of_a_month_are_reported(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhu")
    hand.follow("填报", among="nav")
    kept(hand.page, f"task-04-waiting-{way}")
    hand.follow("从第一个报起")
    labels = hand.page.locator(".question label").evaluate_all("all => all.map(one => one.firstChild.data.trim())")
    for number, label in enumerate(labels):
        hand.fill(label, nth(way, "1200", "1300", "1400") if number else "100")
        if way == "touch":
            hand.follow("核对" if number == len(labels) - 1 else "下一项", exact=False)
    kept(hand.page, f"task-04-figures-{way}")
    hand.press("报送")
    if hand.page.get_by_label("确实如此").count():
        hand.fill("确实如此", "已与项目单位核对")
        hand.press("报送")

    assert "已报送" in hand.page.inner_text("main")
    kept(hand.page, f"task-04-sent-{way}")


def test_july_is_compared_with_august(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhao")
    to_the_ledger(hand)
    hand.follow("两期对比")
    hand.choose("比较", "2021-07")
    hand.choose("和", "2021-08")
    hand.press("比较")
    assert "2021年7月 → 2021年8月" in hand.page.inner_text("h1")
    hand.follow("变灯", among=".moves", exact=False)

    assert hand.page.locator("main tbody tr").count() > 10
    assert "滞后" in hand.page.inner_text("main tbody")
    kept(hand.page, f"task-05-compared-{way}")


def test_a_site_visit_is_prepared(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhao")
    hand.act(hand.page.locator("a.tallied", has_text="滞后").first)
    hand.follow("走访单")
    assert "最多 40 个" in hand.page.inner_text(".notice"), "a sheet holds what a day does, and says what it leaves out"
    hand.fill("日期", date(2027, 3, 5))
    hand.fill("谁去", "赵启明、冯砚秋")
    hand.act(hand.page.locator(".sentence button"))

    page = hand.page
    assert "2027-03-05 · 赵启明、冯砚秋" in page.inner_text("h1")
    assert page.locator("article.stop").count() == 40
    with page.expect_download() as entry:
        hand.follow("加入日历")
    assert entry.value.suggested_filename == "visit-2027-03-05.ics"
    kept(page, f"task-06-visit-{way}")


def test_a_post_is_handed_over(hand_of: HandOf, way: str) -> None:
    hand, district = hand_of("zhou"), nth(way, "黄岛区", "崂山区", "城阳区")
    hand.follow("单位", among="nav")
    hand.act(hand.page.locator("main a:visible", has_text=nth(way, "西海岸新区", "崂山区", "城阳区")).first)
    hand.follow("交接")
    hand.fill("交给谁", "feng")
    hand.fill("理由", f"{district}轮岗")
    kept(hand.page, f"task-07-form-{way}")
    hand.act(hand.page.locator("main form.sheet button"))

    assert "冯砚秋" in hand.page.inner_text("main")
    assert hand.page.locator("main .notice").count() == 1
    kept(hand.page, f"task-07-handed-over-{way}")


def test_a_view_is_shared(hand_of: HandOf, page_of: Opens, way: str) -> None:
    hand, words = hand_of("zhao"), nth(way, "学校", "公园", "中心")
    name = f"各区的{words}"
    to_the_ledger(hand)
    hand.fill("名称、代码、拼音或首字母", words)
    hand.page.keyboard.press("Enter")
    hand.page.wait_for_url("**q=*")
    hand.follow("存为视图")
    hand.fill("视图名称", name)
    hand.press("存为视图")
    hand.unfold("管理")
    hand.follow("共享")
    hand.fill("共享给哪个单位及其下属", "市北区")
    hand.act(hand.page.locator("main form.sheet button"))
    assert "已共享" in hand.page.inner_text("main")
    kept(hand.page, f"task-08-shared-{way}")

    reader = page_of("zhu")
    reader.goto("/ledgers/key_projects")
    reader.click(f".saved a:has-text('{name}')")
    assert words in reader.inner_text(".says")
    rows = reader.locator("tbody tr").all_inner_texts()
    assert rows and all(words in row and "市北区" in row for row in rows), "each sees what they may see"


def test_the_city_is_read_in_english(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhao", language="en")
    hand.follow("Ledgers", among="nav")
    hand.act(hand.page.locator("main a[href='/ledgers/key_projects']").first)
    hand.follow("Filter")
    hand.choose("Light, of the latest round", "lagging")
    hand.act(hand.page.locator("main form button").last)
    assert "light is 'lagging'" in hand.page.inner_text(".says")
    kept(hand.page, f"task-09-filtered-{way}")
    hand.act(hand.page.locator("a.lamp").first)
    assert "lagging" in hand.page.inner_text("main")
    kept(hand.page, f"task-09-why-{way}")


def test_a_dossier_is_printed(hand_of: HandOf, way: str) -> None:
    hand = hand_of("zhao")
    found(hand, "敦化路大数据中心项目")
    page = hand.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # what A4 leaves between its margins

    assert page.locator(".titleblock .qr svg").is_visible()
    assert page.eval_on_selector_all("table, svg, img", CUT) == []
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 6
    kept(page, f"task-10-on-paper-{way}")


CUT = """all => {
  const right = one => one.getBoundingClientRect().right
  const edge = one => right(one.closest('.scroll') || document.documentElement)
  return all.filter(one => one.getClientRects().length && right(one) > edge(one) + 1).map(one => one.outerHTML.slice(0, 120))
}"""
"""What sticks out of the sheet, or of the box that would scroll on a screen."""
