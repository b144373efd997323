"""Each kind of page: readable by everybody, whole on a phone, quiet in the console, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.hub.web.sayings import CHINESE, MEASURED, own_words
from tests.journeys.conftest import Opens, kept
from tests.journeys.crawling import every_page, page_routes

AXE = Path(__file__).resolve().parents[2] / "front/node_modules/axe-core/axe.min.js"
RUN = "() => axe.run({resultTypes: ['violations']}).then(found => found.violations)"
GRAVE = ("serious", "critical")
PEOPLE = ("sun", "zhou", "wu", "zhao")
"""Among them they come to every page: the three administrators and a dispatcher."""
STARTS = {"zhao": ("/items/1", "/views/1", "/rounds/1")}
"""The item that has one of everything, the dispatcher's own view, the round with points: where they begin, whatever a page names first."""
NAMED_BY_A_PACK = {
    "items",
    "items_ask",
    "items_columns",
    "items_board",
    "items_calendar",
    "items_charts",
    "view",
    "item",
    "round",
    "report",
    "round_figure",
    "import",
    "import_columns",
    "item_enter",
    "item_change",
    "ledger_year",
    "list_redraw",
    "year_plan",
    "target_split",
    "paper",
    "item_merge",
    "item_apart",
}
"""Pages whose columns a pack names, with the units a unit is measured in here, or whose labels are names of items
or words of a workbook."""
QUOTED = {"import_columns", "import_sheet"}
"""Pages that show a workbook's own words, whatever the site says with them elsewhere."""
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ZOOMED = {"width": 640, "height": 400}
"""What a screen of 1280 by 800 holds at 200 %."""
WORDS = """() => {
  const found = [document.title], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('[lang]:not(html), script')) found.push(texts.currentNode.data)
  for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name))
  return [...new Set(found.map(one => one.trim()))]
}"""
"""Each stretch of words on a page, shown or only heard."""
_MEASURED = re.compile("|".join(sorted(MEASURED, key=len, reverse=True)))
_seen: set[str] = set()
_looked: dict[tuple[str, str], Looked] = {}
together = pytest.mark.xdist_group("every page was looked at")
"""One process sees what the others saw only if it is the same one."""


@dataclass(slots=True)
class Looked:
    """What somebody saw on their way through all pages in one language."""

    barriers: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Errors in the console."""
    wide: list[str] = field(default_factory=list)
    """Pages that one would have to scroll sideways on a phone, or at 200 %."""
    chinese: list[str] = field(default_factory=list)
    """Words of an English page's own that are Chinese."""


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


def looked(page_of: Opens, axe: str, username: str, language: str) -> Looked:
    """One way through all pages serves all who ask about it: each page as wide as on a desk, then as on a phone."""
    if (username, language) not in _looked:
        _looked[username, language] = look(
            page_of(username, language=language), axe, language, *STARTS.get(username, ())
        )
    return _looked[username, language]


def look(page: Any, axe: str, language: str, *starts: str) -> Looked:
    found = Looked()
    page.on("console", lambda message: found.said.append(message.text) if message.type == "error" else None)
    for route in every_page(page, *starts):
        _seen.add(route)
        if language == "zh":
            found.barriers += [f"{route}: {one}" for one in faults(page, axe)]
        else:
            if route not in QUOTED:
                found.chinese += [f"{route}: {text}" for text in untranslated(page)]
            if route not in NAMED_BY_A_PACK:
                found.chinese += [f"{route}: {text}" for text in chinese_words(page)]
        kept(page, f"{route}-1440-{language}")
        for size in (ZOOMED, PHONE):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.wide.append(f"{route} at {size['width']}")
        kept(page, f"{route}-390-{language}")
        page.set_viewport_size(DESK)
    return found


def untranslated(page: Any) -> list[str]:
    """Sayings of the site's own that stand on an English page in Chinese, wherever they stand."""
    return sorted(own_words().intersection(page.evaluate(WORDS)))


def chinese_words(page: Any) -> list[str]:
    """In titles, headings, buttons and labels; what people named themselves, and leads there, stays as they named it."""
    own = page.eval_on_selector_all(
        "h2, th:not(:has(a)), button:not([lang]), label, .notice strong", "all => all.map(one => one.innerText)"
    )
    return [text for text in own if CHINESE.search(_MEASURED.sub("", text))]


@together
@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_keeps_anybody_out(page_of: Opens, axe: str, username: str) -> None:
    found = looked(page_of, axe, username, "zh")

    assert found.barriers == []
    assert found.said == []


@together
def test_the_pages_before_signing_in_keep_nobody_out(page_of: Opens, axe: str) -> None:
    page = page_of()
    _seen.add("account_login")
    for address in ("/sign-in", "/no-such-page"):
        page.goto(address)
        assert faults(page, axe) == [], address
        kept(page, f"nobody{address.replace('/', '-')}-1440-zh")


@pytest.mark.parametrize(
    ("username", "form"), [("feng", "signed/verify"), ("li", "registered/withdraw")], ids=["inspector", "reporter"]
)
def test_a_form_of_one_role_alone_keeps_nobody_out(page_of: Opens, axe: str, username: str, form: str) -> None:
    page = page_of(username)
    page.goto("/items/1")
    page.click(f"a[href$='{form}']")

    assert page.locator("main form button").count() == 1
    assert faults(page, axe) == []
    kept(page, f"{form.replace('/', '-')}-1440-zh")


@together
def test_every_kind_of_page_was_looked_at() -> None:
    """Whatever page is added must be within reach of links for somebody among those who look."""
    assert page_routes() - _seen == set()


@together
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("username", PEOPLE)
def test_a_phone_shows_every_page_without_sideways_scrolling(
    page_of: Opens, axe: str, username: str, language: str
) -> None:
    assert looked(page_of, axe, username, language).wide == []


@together
@pytest.mark.parametrize("username", PEOPLE)
def test_a_page_in_english_says_nothing_of_its_own_in_chinese(page_of: Opens, axe: str, username: str) -> None:
    assert looked(page_of, axe, username, "en").chinese == []
