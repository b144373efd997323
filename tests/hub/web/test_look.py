"""Colours stand in one place, can be read, and no page carries a style of its own."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client

from guatu.engine.values.severity import Severity
from guatu.hub.web.look import TOKENS, themes
from tests.hub.people import City

WEB = TOKENS.parents[2]
INKS = ("--ink", "--ink-soft", "--link", "--seal", "--good", "--warn", *(f"--light-{one}" for one in (
    "normal", "notice", "attention", "serious", "lagging", "not-judged")))  # fmt: skip
GROUNDS = ("--paper", "--sheet")
AA = 4.5
"""Contrast of text that is not large, WCAG 2.2, 1.4.3."""


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["paper", "wall"])
def test_every_ink_can_be_read_on_every_ground(theme: str) -> None:
    values = {token.name: token.value for token in (*themes()["paper"], *themes()[theme])}
    faint = [
        f"{ink} on {ground}" for ink, ground in product(INKS, GROUNDS) if contrast(values[ink], values[ground]) < AA
    ]
    assert faint == []
    assert contrast(values["--seal-ink"], values["--seal"]) >= AA


def test_a_colour_of_the_wall_has_its_like_on_paper() -> None:
    colours = {name: {one.name for one in tokens if one.is_colour} for name, tokens in themes().items()}
    assert colours["paper"] == colours["wall"]


def test_no_style_sheet_but_one_holds_a_colour() -> None:
    literal = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", re.IGNORECASE)
    sheets = [path for path in (WEB / "static" / "guatu").glob("*.css") if path != TOKENS]
    assert sheets
    assert [path.name for path in sheets if literal.search(path.read_text(encoding="utf-8"))] == []


def test_no_page_carries_a_style_of_its_own() -> None:
    pages = list((WEB / "templates").rglob("*.html"))
    assert pages
    assert [str(path) for path in pages if re.search(r"\sstyle=|<style", path.read_text(encoding="utf-8"))] == []


def test_the_page_shows_every_light_with_its_word(client: Client, city: City) -> None:
    client.force_login(city.people["wang"])
    page = client.get("/look").content.decode()
    for severity in Severity:
        assert f'data-grade="{severity.value}"' in page
        assert severity.words.zh in page


def test_the_page_shows_every_kind_of_chart_in_both_themes(client: Client, city: City) -> None:
    client.force_login(city.people["wang"])
    page = client.get("/look").content.decode()
    for mark in ("drawn line", "drawn bars", "drawn slopes", 'class="sparkline"', "ganttchart", 'class="split"'):
        assert page.count(mark) == 2, mark
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
