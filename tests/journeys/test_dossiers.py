"""A dossier read, printed and compared, and items over time: by mouse, by keys alone, on a phone, on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.conftest import Opens, kept
from tests.journeys.test_every_page import axe, faults

__all__ = ["axe"]
BRIDGE = "北关大桥"


def open_bridge(page: Any) -> None:
    page.goto("/ledgers/key_projects")
    page.click(f"main a:text-is('{BRIDGE}')")
    page.wait_for_url("**/items/*")


def shown(page: Any, selector: str) -> bool:
    return bool(page.locator(selector).first.is_visible())


def test_a_dossier_prints_as_a_document(page_of: Opens) -> None:
    page = page_of("zhao")
    open_bridge(page)
    assert not shown(page, ".titleblock")

    page.emulate_media(media="print")

    assert shown(page, ".titleblock .qr svg")
    assert BRIDGE in page.inner_text(".titleblock")
    for left_out in (".masthead", ".rail", ".jump", ".doings a", "form.sentence", "td.deeds"):
        assert not shown(page, left_out), left_out
    assert shown(page, "#milestones .gantt")
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed)) <= 6
    assert re.search(rb"/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]", printed)  # A4, upright


def test_the_contents_lead_to_a_section_beside_it_and_on_a_phone(page_of: Opens) -> None:
    page = page_of("zhao")
    open_bridge(page)
    page.click(".rail a[href='#trail']")
    assert page.evaluate("document.getElementById('trail').getBoundingClientRect().top < innerHeight")

    phone = page_of("zhao", width=390)
    open_bridge(phone)
    assert not shown(phone, ".rail")
    phone.click(".jump summary")
    phone.click(".jump a[href='#duties']")
    assert phone.evaluate("document.getElementById('duties').getBoundingClientRect().top < innerHeight")
    kept(phone, "dossier-390-zh")


def test_items_over_time_keep_the_filter_through_views_and_zooms(page_of: Opens, axe: str) -> None:
    page = page_of("zhao")
    page.goto("/ledgers/key_projects?q=北关大桥")
    page.click(".views a:text-is('甘特图')")
    assert page.locator(".names li").count() == 1
    page.click(".zoom a:text-is('月')")
    page.click(".zoom a:has-text('往后')")

    assert page.locator(".names li").count() == 1
    assert page.locator("rect.off").count() >= 4  # its weekends at least
    assert faults(page, axe) == []
    with page.expect_download() as download:
        page.click("text=存为 SVG")
    assert download.value.suggested_filename.endswith(".svg")
    kept(page, "gantt-month-1440-zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_rounds_are_compared_by_keys_alone(page_of: Opens, axe: str, language: str) -> None:
    page = page_of("zhao", language=language)
    page.goto("/ledgers/key_projects")
    page.focus(".views a.apart")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare")
    page.focus("select[name=from]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?from=*")

    assert page.locator(".moves a").count() >= 4
    assert faults(page, axe) == []
    page.locator(".moves a").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**show=new*")
    assert page.locator(".moves a[aria-current]").count() == 1
    kept(page, f"compare-1440-{language}")
