"""Units of measure on pages: in the reader's language, in the brackets of that language."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import Client

from guatu.hub.accounts.language import speaking
from guatu.hub.ledger.models import Item, Ledger
from guatu.standards.unit_titles import unit_title
from guatu.text import Text
from tests.hub.ledger.conftest import bridge, works
from tests.hub.people import City

__all__ = ["bridge", "works"]
MEASURED = re.compile(r"（[^（）]*元）|[\d\u2009.]+ ?[万亿]?元|[万亿]元")
PAGES = (
    "/items/{item}",
    "/items/{item}/change",
    "/ledgers/works",
    "/items/{item}/figures/2026-05",
    "/visits/new?item={item}",
    "/ledgers/works/compare",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_english_page_says_a_unit_in_chinese(works: Ledger, bridge: Item, city: City, path: str) -> None:
    zhao = Client()
    zhao.force_login(city.people["zhao"])
    address = path.format(item=bridge.pk)
    assert zhao.get(address).status_code == 200
    zhao.post("/language", {"language": "en", "back": "/"})

    page = zhao.get(address).content.decode()

    assert MEASURED.findall(re.sub(r"<datalist.*?</datalist>", "", page, flags=re.DOTALL)) == []


def test_a_dossier_says_its_units_in_the_brackets_of_its_language(works: Ledger, bridge: Item, city: City) -> None:
    zhao = Client()
    zhao.force_login(city.people["zhao"])
    assert '造价 <span class="soft">（万元）</span>' in zhao.get(f"/items/{bridge.pk}").content.decode()

    zhao.post("/language", {"language": "en", "back": "/"})
    assert 'Cost <span class="soft">(10,000 yuan)</span>' in zhao.get(f"/items/{bridge.pk}").content.decode()


@pytest.mark.parametrize(
    ("filtered", "zh", "en"),
    [
        ("in_unit", ' <span class="soft">（万元）</span>', ' <span class="soft">(10,000 yuan)</span>'),
        ("unit_brackets", "（万元）", " (10,000 yuan)"),
        ("behind_figure", " 万元", " (10,000 yuan)"),
        ("unit_said", "万元", "10,000 yuan"),
    ],
)
def test_a_template_says_a_unit(filtered: str, zh: str, en: str) -> None:
    template = Template(f"{{{{ unit|{filtered} }}}}")
    for language, said in (("zh", zh), ("en", en)):
        with speaking("en" if language == "en" else "zh-hans"):
            assert template.render(Context({"unit": "万元"})) == said
            assert template.render(Context({"unit": unit_title("万元")})) == said
            assert template.render(Context({"unit": Text("", "")})) == ""
            assert template.render(Context({"unit": None})) == ""


def test_what_a_unit_says_is_no_markup() -> None:
    assert "<b>" not in Template("{{ unit|in_unit }}").render(Context({"unit": "<b>"}))
