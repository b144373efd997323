"""Each kind of page: readable by everybody, whole on a phone, quiet in the console, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Opens, kept
from tests.journeys.crawling import every_page, page_routes

AXE = Path(__file__).resolve().parents[2] / "front/node_modules/axe-core/axe.min.js"
RUN = "() => axe.run({resultTypes: ['violations']}).then(found => found.violations)"
GRAVE = ("serious", "critical")
PEOPLE = ("sun", "zhou", "wu", "zhao")
"""Among them they come to every page: the three administrators and a dispatcher."""
NAMED_BY_A_PACK = {"items", "item"}
"""Pages whose columns a pack names, with the units a unit is measured in here."""
_seen: set[str] = set()
together = pytest.mark.xdist_group("every page was looked at")
"""One process sees what the others saw only if it is the same one."""


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (make front)")
    return AXE.read_text(encoding="utf-8")


def faults(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate(RUN)
        if one["impact"] in GRAVE
    ]


@together
@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_keeps_anybody_out(page_of: Opens, axe: str, username: str) -> None:
    page, found, said = page_of(username), [], []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for route in every_page(page):
        found += [f"{route}: {one}" for one in faults(page, axe)]
        kept(page, f"{username}-{route}-1440-zh")
        _seen.add(route)

    assert found == []
    assert said == []


@together
def test_the_pages_before_signing_in_keep_nobody_out(page_of: Opens, axe: str) -> None:
    page = page_of()
    _seen.add("account_login")
    for address in ("/sign-in", "/no-such-page"):
        page.goto(address)
        assert faults(page, axe) == [], address
        kept(page, f"nobody{address.replace('/', '-')}-1440-zh")


@together
def test_every_kind_of_page_was_looked_at() -> None:
    """Whatever page is added must be within reach of links for somebody among those who look."""
    assert page_routes() - _seen == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", PEOPLE)
def test_a_phone_shows_every_page_without_sideways_scrolling(page_of: Opens, username: str, language: str) -> None:
    page, wide = page_of(username, width=390, language=language), []
    for route in every_page(page):
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(route)
        kept(page, f"{username}-{route}-390-{language}")

    assert wide == []


@pytest.mark.parametrize("username", PEOPLE)
def test_a_page_in_english_says_nothing_of_its_own_in_chinese(page_of: Opens, username: str) -> None:
    """Titles, headings, buttons and labels; what people named themselves stays as they named it."""
    page, chinese = page_of(username, language="en"), []
    for route in every_page(page):
        kept(page, f"{username}-{route}-1440-en")
        if route in NAMED_BY_A_PACK:
            continue
        own = page.eval_on_selector_all(
            "h2, th, button:not([lang]), label, .notice strong", "all => all.map(one => one.innerText)"
        )
        chinese += [f"{route}: {text}" for text in own if any("\u4e00" <= sign <= "\u9fff" for sign in text)]

    assert chinese == []
