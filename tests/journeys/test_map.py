"""The map through a real browser: districts washed, an item put on it by mouse, by keyboard, and without a script."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import Opens, kept

LEDGER = "/ledgers/key_projects"


def drawn(page: Any) -> None:
    page.wait_for_selector("[data-map][data-ready]", timeout=30_000)


def test_a_dispatcher_puts_an_item_on_the_map_and_finds_it_there(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}?q=北关大桥")
    page.click("main tbody a[href^='/items/']")
    page.click("text=标注位置")
    drawn(page)
    page.locator("canvas").click(position={"x": 430, "y": 200})
    longitude, latitude = (float(page.input_value(f"[name={name}]")) for name in ("longitude", "latitude"))
    kept(page, "journey-place-1440-zh")
    page.fill("[name=reason]", "现场核对")
    page.click("main form button")

    assert 119 < longitude < 122 and 35 < latitude < 38
    assert page.locator("text=位置已记下").count() == 1
    page.goto(f"{LEDGER}/map?q=北关大桥")
    drawn(page)
    assert page.text_content("[data-shown]") == "1"
    kept(page, "journey-map-1440-zh")


def test_a_place_is_taken_by_keyboard_alone(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}?q=北关片区")
    page.click("main tbody a[href^='/items/']")
    page.click("text=标注位置")
    drawn(page)
    page.focus("canvas")
    page.keyboard.press("Enter")
    page.fill("[name=reason]", "现场核对")
    page.press("[name=latitude]", "Enter")

    assert page.locator("text=位置已记下").count() == 1


def test_without_a_script_the_map_is_a_drawing_with_its_table(page_of: Opens, browser: Any, site: Any) -> None:
    signed_in = page_of("zhao").context.storage_state()
    context = browser.new_context(java_script_enabled=False, base_url=site.address, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{LEDGER}/map")

    assert page.locator("svg.drawing path.area").count() == 10
    assert page.locator("svg.drawing").is_visible() and not page.locator("[data-map]").is_visible()
    assert page.locator("table.behind tbody tr").count() == 10
    context.close()


def test_the_moving_map_asks_no_other_host(page_of: Opens, site: Any) -> None:
    page, asked = page_of("zhao"), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{LEDGER}/map")
    drawn(page)

    assert [url for url in asked if not url.startswith((site.address, "data:", "blob:"))] == []
