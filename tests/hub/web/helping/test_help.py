"""Every screen says what it is for, in both languages, and leads to a guide that is there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guatu.hub.web.helping.guides import docs, file_of
from guatu.hub.web.helping.markdown import page_of
from guatu.hub.web.helping.texts import HELP
from tests.hub.people import City
from tests.journeys.crawling import NOT_PAGES, page_routes

BEFORE_SIGNING_IN = {"account_login"}
GUIDE = """\
# A & B

See [it](put-things-on-the-map.md) and [that](https://example.com) `<b>`.

1. One
   more
2. **Two**

| a | b |
|---|---|
| <i> | 2 |
"""
GUIDES = sorted(path.name for folder in ("how-to", "tutorials") for path in (docs() / folder).glob("*.md"))


def test_every_page_has_help() -> None:
    assert page_routes() - BEFORE_SIGNING_IN - set(HELP) == set(), "say in web/helping/texts.py what these are for"


def test_no_help_is_for_a_page_that_is_not_there() -> None:
    assert set(HELP) - page_routes() - set(NOT_PAGES) == set()


@pytest.mark.parametrize("guide", sorted({one.guide for one in HELP.values()}))
def test_every_guide_that_help_leads_to_is_there_in_both_languages(guide: str) -> None:
    assert file_of(guide, "zh") is not None and file_of(guide, "en") is not None


def test_help_is_in_two_languages_and_short() -> None:
    for route, one in HELP.items():
        for text in (one.purpose, one.first):
            assert re.search("[\u4e00-\u9fff]", text.zh) and not re.search("[\u4e00-\u9fff]", text.en), route
            assert len(text.zh) <= 60 and len(text.en) <= 160, route


def test_a_page_carries_its_help_beside_its_headline(client: Client, city: City) -> None:
    client.force_login(city.people["zhao"])

    page = client.get("/ledgers").content.decode()

    assert HELP["ledgers"].purpose.zh in page and f'href="/help/{HELP["ledgers"].guide}"' in page


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_shown_whole(client: Client, city: City, name: str) -> None:
    client.force_login(city.people["li"])
    guide, language = (name[:-9], "zh-hans") if name.endswith(".zh-CN.md") else (name[:-3], "en")
    client.cookies["language"] = language

    answer = client.get(f"/help/{guide}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>" not in page and "](" not in re.sub(r"<pre.*?</pre>|<code>.*?</code>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("guide", ["no-such-guide", "0001-the-engine", "..", "README"])
def test_nothing_but_guides_is_given_out(client: Client, city: City, guide: str) -> None:
    client.force_login(city.people["li"])

    assert client.get(f"/help/{guide}").status_code == 404


def test_what_a_guide_holds_is_text_unless_it_is_marked() -> None:
    page = page_of(GUIDE)

    assert page.title == "A & B"
    assert '<a href="/help/put-things-on-the-map">it</a> and that <code>&lt;b&gt;</code>.' in page.body
    assert "<ol><li>One more</li><li><strong>Two</strong></li></ol>" in page.body
    assert "<td>&lt;i&gt;</td>" in page.body and "<i>" not in page.body
