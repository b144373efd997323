"""A dispatcher at the table: by keyboard alone, with a block from a spreadsheet, on a phone."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import Opens, kept
from tests.journeys.test_every_page import axe, faults  # noqa: F401  # fixture

TABLE = "/ledgers/key_projects?columns=nature,total_investment,industry"


def test_a_cell_is_changed_and_the_change_taken_back_by_keyboard_alone(page_of: Opens, axe: str) -> None:  # noqa: F811
    page = page_of("zhao")
    page.goto(f"{TABLE}&edit=1")
    assert faults(page, axe) == []
    kept(page, "journey-grid-open-1440-zh")
    cells = page.locator("a.cell")
    before = cells.nth(2).inner_text()
    cells.nth(1).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href').endsWith('/total_investment')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cellform input:focus")
    page.keyboard.type("98765.5")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo")
    assert cells.nth(2).inner_text() == "98\u2009765.5"
    assert faults(page, axe) == []

    page.focus(".undo button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo", state="detached")
    assert cells.nth(2).inner_text() == before

    cells.nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".cellform input:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector(".cellform", state="detached")
    assert cells.nth(2).inner_text() == before


def test_a_name_and_a_figure_of_the_round_are_put_right_in_the_table_and_taken_back(page_of: Opens, axe: str) -> None:  # noqa: F811
    page = page_of("zhao")
    page.goto("/ledgers/key_projects?q=北关&columns=code,ytd_done&edit=1")
    for place, said in ((0, "北关新区"), (2, "1234.5")):
        cell = page.locator("tbody tr").first.locator("a.cell").nth(place)
        before = cell.inner_text()
        cell.click()
        page.wait_for_selector(".cellform input:focus")
        page.keyboard.type(said)
        page.keyboard.press("Enter")
        page.wait_for_selector(".undo")
        assert cell.inner_text().replace("\u2009", "") == said
        assert faults(page, axe) == []
        kept(page, f"journey-grid-fact-{place}-1440-zh")
        page.click(".undo button")
        page.wait_for_selector(".undo", state="detached")
        assert cell.inner_text() == before


def test_a_block_of_a_spreadsheet_is_pasted_shown_and_taken(page_of: Opens, axe: str) -> None:  # noqa: F811
    page = page_of("zhao")
    page.goto(f"{TABLE}&edit=1")
    paste(page, "新建\t1,200\t制造业\n续建\t一千\t")
    page.wait_for_url("**/paste")
    assert "一千" in page.locator("main").inner_text() and page.locator("td.bad").count() == 1
    assert faults(page, axe) == []
    kept(page, "journey-grid-paste-1440-zh")

    page.fill("#block", "新建\t1,200\t制造业\n续建\t1,000\t")
    page.click("button[value=look]")
    page.fill("textarea[name=reason]", "年初核对")
    page.click("button[value=take]")
    page.wait_for_url("**/ledgers/key_projects?*")
    assert "1\u2009200" in page.locator("a.cell").all_inner_texts()
    assert "改了 2 个" in page.locator(".notice").inner_text()


def paste(page: Any, text: str) -> None:
    """As the browser gives it to the page when somebody presses Ctrl+V."""
    page.locator("a.cell").nth(1).focus()
    page.evaluate(
        """text => {
          const held = new DataTransfer()
          held.setData('text/plain', text)
          document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }))
        }""",
        text,
    )


def test_ticked_rows_are_changed_together_and_the_view_is_saved_and_shared(page_of: Opens, axe: str) -> None:  # noqa: F811
    page = page_of("zhao")
    page.goto(f"{TABLE}&edit=1")
    page.check("input[data-ticks]")
    page.select_option("#what", "f-industry")
    page.click("#bulk button >> nth=0")
    page.fill("input[name='f-industry']", "交通运输")
    page.fill("textarea[name=reason]", "统一行业")
    page.click("button[value=look]")
    assert "将这样改" in page.locator("main").inner_text()
    assert faults(page, axe) == []
    kept(page, "journey-grid-together-1440-zh")
    page.click("button[value=take]")
    page.wait_for_url("**/ledgers/key_projects?*")
    assert page.locator("a.cell", has_text="交通运输").count() == page.locator("tbody input[name=item]").count()

    page.goto(f"{TABLE}&group=tree")
    page.click("text=存为视图")
    page.fill("input[name=name]", "按单位看投资")
    page.click("main form button")
    page.click("summary:has-text('管理')")
    page.click(".drop a:text-is('共享')")
    page.fill("input[name=unit]", str(page.locator("datalist option").first.get_attribute("value")))
    page.click("main form button")
    kept(page, "journey-grid-shared-1440-zh")
    assert "按单位看投资" in page.locator(".saved").inner_text() and "共享" in page.locator(".saved").inner_text()


def test_a_phone_shows_table_board_and_calendar_one_below_the_other(page_of: Opens) -> None:
    page = page_of("zhao", width=390)
    for view in ("", "/board", "/calendar"):
        page.goto(f"/ledgers/key_projects{view}")
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), view
        kept(page, f"journey-grid{view.replace('/', '-')}-390-zh")


def test_a_page_of_the_table_weighs_little_once_scripts_and_styles_are_there(page_of: Opens) -> None:
    page = page_of("zhao")
    first: list[int] = []
    page.on("response", lambda answer: first.append(len(answer.body())) if answer.status == 200 else None)
    page.goto(TABLE)
    page.wait_for_load_state("networkidle")
    assert sum(first) <= 300_000

    assert len(page.request.get(TABLE).body()) <= 40_000
