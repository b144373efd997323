"""Units in both languages: as a title, in brackets, behind a figure."""

from __future__ import annotations

import re

import pytest

from guatu.declarations import load_pack
from guatu.declarations.packs import pack_names
from guatu.standards.unit_titles import behind, bracketed, unit_title
from guatu.standards.units import CURRENCIES
from guatu.text import Text


@pytest.mark.parametrize(
    ("unit", "en"),
    [
        ("万元", "10,000 yuan"),
        ("亿元", "100 million yuan"),
        ("元", "yuan"),
        ("百万英镑", "million pounds"),
        ("万美元", "10,000 US dollars"),
        ("万平方米", "10,000 m²"),
        ("亩", "mu"),
        ("天", "days"),
        ("个", ""),
        ("%", "%"),
        ("pp", "pp"),
        ("标段", "标段"),
        ("", ""),
    ],
)
def test_a_unit_is_told_in_english(unit: str, en: str) -> None:
    assert unit_title(unit) == Text(unit, en)


def test_a_unit_stands_in_the_brackets_of_its_language() -> None:
    assert bracketed(unit_title("万元")) == Text("（万元）", " (10,000 yuan)")
    assert bracketed(unit_title("个")) == Text("（个）", "")
    assert bracketed(unit_title("")) == Text("", "")


def test_behind_a_figure_a_unit_is_not_taken_for_another_figure() -> None:
    assert behind(unit_title("万元")) == Text(" 万元", " (10,000 yuan)")
    assert behind(unit_title("亩")) == Text(" 亩", " mu")
    assert behind(unit_title("个")) == Text(" 个", "")


def test_every_unit_of_the_shipped_packs_has_its_english() -> None:
    units = {
        one.unit
        for pack in pack_names()
        for ledger in load_pack(pack).ledgers.values()
        for one in ledger.fields.values()
        if one.unit
    }

    assert {"万元", "亩"} <= units
    assert [one for one in sorted(units) if re.search(r"[\u4e00-\u9fff]", unit_title(one).en)] == []


def test_every_currency_has_its_english() -> None:
    assert [one for one in CURRENCIES if unit_title(one).en == one] == []
