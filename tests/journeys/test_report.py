"""A clerk reports a project's month on a phone: one question a screen, nothing lost, the next item a tap away."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import Opens, kept

PHONE = 390
Page = Any


def test_the_figures_of_a_month_are_reported_on_a_phone_and_a_dead_battery_loses_nothing(page_of: Opens) -> None:
    page = page_of("li", width=PHONE)
    page.get_by_role("link", name="填报", exact=True).first.click()
    kept(page, "report-waiting-390")
    page.get_by_role("link", name="北关片区").click()

    shown = page.locator("tr.question:visible")
    assert shown.count() == 1 and "1 / 3" in shown.inner_text()
    assert page.locator(".steps:visible").bounding_box()["y"] > 700  # where a thumb reaches
    assert page.locator("input:visible").get_attribute("inputmode") == "decimal"
    page.fill("input:visible", "1200")
    assert "0.12 亿元" in shown.inner_text()
    kept(page, "report-question-390")
    page.get_by_role("link", name="下一项").locator("visible=true").click()
    page.wait_for_selector("#q-ytd_done:visible")
    page.keyboard.type("9800")
    address = page.url

    page.close()  # the battery is dead
    again = page.context.new_page()
    again.goto(address.split("#")[0])
    assert "已恢复" in again.locator("[data-draft-said]").inner_text()
    assert again.input_value("input[name=f-month_done]") == "1200"
    assert again.input_value("input[name=f-ytd_done]") == "9800"

    for _ in range(2):
        again.get_by_role("link", name="下一项").locator("visible=true").click()
    again.get_by_role("link", name="核对").locator("visible=true").click()
    assert "9800" in again.locator("#send").inner_text()
    kept(again, "report-last-look-390")
    again.get_by_role("button", name="报送").locator("visible=true").click()
    again.wait_for_selector(".notice.success")
    assert "已报送" in again.locator("main").inner_text()
    assert again.evaluate("Object.keys(localStorage).filter(one => one.startsWith('guatu/figures')).length") == 0
    assert again.get_by_role("link", name="下一个未报").count() == 1


def test_without_scripts_the_screens_follow_one_another_all_the_same(site: Any, browser: Any, page_of: Opens) -> None:
    signed_in = page_of("li", width=PHONE)
    plain = browser.new_context(
        viewport={"width": PHONE, "height": 844}, locale="zh-CN", base_url=site.address, java_script_enabled=False,
        storage_state=signed_in.context.storage_state(),
    )  # fmt: skip
    page = plain.new_page()
    page.goto("/report")
    page.get_by_role("link", name="北关大桥").click()
    page.locator("input[name=f-month_done]").fill("3000")
    page.get_by_role("link", name="下一项").locator("visible=true").click()
    page.locator("input[name=f-ytd_done]").fill("2000")
    page.get_by_role("link", name="下一项").locator("visible=true").click()
    page.get_by_role("link", name="核对").locator("visible=true").click()
    page.get_by_role("button", name="报送").locator("visible=true").click()

    assert "比年初累计" in page.locator("main").inner_text()
    why = page.get_by_label("确实如此，因为")
    kept(page, "report-question-asked-390")
    why.fill("前几个月核减")
    page.get_by_role("button", name="报送").locator("visible=true").click()
    assert "已报送" in page.locator("main").inner_text()
    plain.close()
