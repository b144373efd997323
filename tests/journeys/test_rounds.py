"""A red project found and explained in three clicks, by mouse, by keys alone and on a phone; from a rank to the rows behind it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Opens, kept
from tests.journeys.test_every_page import axe, faults

__all__ = ["axe"]
LATE = "北关片区"


def said_why(page: Any) -> str:
    page.wait_for_selector("#drawer .drawerhead")
    return str(page.inner_text("#drawer"))


@pytest.mark.parametrize("width", [1440, 390])
def test_a_red_project_says_why_after_three_clicks(page_of: Opens, axe: str, width: int) -> None:
    page = page_of("zhao", width=width)
    page.goto("/")

    page.click("a.tallied[href*='light=lagging']")
    page.click(f"main a:text-is('{LATE}')")
    page.click("#why")

    why = said_why(page)
    assert "连续3个月" in why and "亮红灯" in why and "总灯由它定" in why
    assert page.evaluate("document.activeElement.closest('#drawer') !== null")
    assert faults(page, axe) == []
    kept(page, f"why-{width}-zh")
    page.keyboard.press("Escape")
    assert page.locator("#drawer").inner_text() == ""
    assert page.evaluate("document.activeElement.id") == "why"


def test_the_same_by_keys_alone(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto("/")
    for selector in ("a.tallied[href*='light=lagging']", f"main a:text-is('{LATE}')", "#why"):
        page.locator(selector).first.focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")

    assert "亮红灯" in said_why(page)


def test_without_a_script_the_reason_is_a_page_of_its_own(page_of: Opens) -> None:
    page = page_of("zhao")
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/ledgers/key_projects?light=lagging")
    page.click(f"main a:text-is('{LATE}')")
    page.click("#why")
    page.wait_for_url("**/why/*")

    assert "连续3个月" in page.inner_text("main")


def test_from_a_rank_to_its_rows_in_english(page_of: Opens, axe: str) -> None:
    page = page_of("zhao", language="en")
    page.goto("/ledgers/key_projects/rounds")
    page.click("tbody th a >> nth=0")
    page.click(".league td.main a >> nth=0")

    assert "The items behind it" in page.inner_text("main")
    assert faults(page, axe) == []
    kept(page, "behind-1440-en")
