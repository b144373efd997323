"""What a ledger of another country needs is declared: money with its sign in front, days in its order, reasons for blanks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused, Ledger, load_pack
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.standards.periods import Period
from guatu.standards.units import find_units, unit_named

LEDGER = """
ledger: works
title: {zh: 工程, en: Works}
item: {zh: 工程, en: work}
identity: [[name]]
unit_field: agency
encoding: cp1252
date_spellings: [dd/mm/yyyy, d.m.yy]
blanks:
  withheld: ["exempt under section*"]
  dash: ["-"]
fields:
  - {key: name, title: {zh: 工程名称, en: Work}, type: text, required: true}
  - {key: agency, title: {zh: 单位, en: Agency}, type: text}
  - {key: rating, title: {zh: 评级, en: Rating}, type: choice, several: true, states: {red: [Red], green: [Green]}}
  - {key: end, title: {zh: 结束, en: End}, type: date}
  - {key: cost, title: {zh: 成本, en: Cost}, type: money, currency: GBP, unit: 百万英镑, unit_holds: true, negative: true}
"""
TITLES = ("Work", "Agency", "Rating", "Rating", "End", "Cost")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return declared(tmp_path, LEDGER)


def declared(folder: Path, ledger: str) -> Ledger:
    (folder / "ledger.yaml").write_text(ledger, encoding="utf-8")
    (folder / "pack.yaml").write_text(
        'pack: works\ntitle: {zh: 工程, en: Works}\nversion: "1"\neffective_from: "2020-01-01"\nsource: {zh: 样例, en: A sample}\n',
        encoding="utf-8",
    )
    return load_pack(folder).ledger


def read(folder: Path, ledger: Ledger, *rows: Sequence[str], titles: Sequence[str] = TITLES) -> WorkbookReading:
    text = io.StringIO()
    named = [(f"{row[0]} {number}", *row[1:]) for number, row in enumerate(rows)]
    csv.writer(text, delimiter=";").writerows([titles, *named])
    (folder / "works.csv").write_bytes(text.getvalue().encode("cp1252"))
    return read_workbook(folder / "works.csv", ledger, period=Period.parse("2022"))


USUAL = ("Bridge", "DFT", "Red", "", "30/06/2031", "£3.50")


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("£32.24", 3_224_000_000),
        ("-£120.11m", -12_011_000_000),
        ("£-1", -100_000_000),
        ("£9,999.99", 999_999_000_000),
        ("£1.2bn", 120_000_000_000),
        ("7.9", 790_000_000),
    ],
)
def test_money_with_its_sign_in_front_is_read(tmp_path: Path, ledger: Ledger, written: str, pence: int) -> None:
    reading = read(tmp_path, ledger, USUAL, (*USUAL[:5], written), USUAL)

    assert reading.rows[1].value("cost") == pence
    assert not reading.findings


def test_another_currency_is_asked_and_never_taken_for_this_one(tmp_path: Path, ledger: Ledger) -> None:
    reading = read(tmp_path, ledger, USUAL, (*USUAL[:5], "€5m"), USUAL)

    assert [(one.code, one.cell) for one in reading.findings] == [("other_unit", "F3")]
    assert reading.rows[1].value("cost") is None


def test_a_bare_sign_in_a_column_of_millions_is_asked_where_the_ledger_does_not_say(tmp_path: Path) -> None:
    ledger = declared(tmp_path, LEDGER.replace("unit_holds: true, ", ""))
    titles = (*TITLES[:5], "Cost (£million)")

    reading = read(tmp_path, ledger, (*USUAL[:5], "£3m"), (*USUAL[:5], "£3"), (*USUAL[:5], "4"), titles=titles)

    assert [row.value("cost") for row in reading.rows] == [300_000_000, None, 400_000_000]
    assert [(one.code, one.cell) for one in reading.findings] == [("unknown_unit", "F3")]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2013/2014 Budget (£million)", "百万英镑"),
        ("2016/17 TOTAL Baseline £m (including Non-Government costs)", "百万英镑"),
        ("Cost (US$bn)", "十亿美元"),
        ("Whole life cost, GBPm", "百万英镑"),
        ("Problem", None),
        ("Programme team", None),
    ],
)
def test_english_titles_name_their_unit(title: str, unit: str | None) -> None:
    assert [one.name for one in find_units(title)] == ([unit] if unit else [])


def test_pounds_are_hundreds_of_pence() -> None:
    found = unit_named("£ million")

    assert found is not None
    assert (found.factor, found.currency) == (10**8, "GBP")


def test_days_are_read_in_the_order_the_ledger_says(tmp_path: Path, ledger: Ledger) -> None:
    rows = [(*USUAL[:4], day, "£1") for day in ("05/04/2011", "5.4.11", "2011-04-05", "31/02/2011")]

    reading = read(tmp_path, ledger, *rows)

    assert [row.value("end") for row in reading.rows] == [date(2011, 4, 5)] * 3 + [None]
    assert [(one.code, one.cell) for one in reading.findings] == [("impossible_date", "E5")]


def test_a_withheld_cell_is_missing_with_its_reason(tmp_path: Path, ledger: Ledger) -> None:
    words = "Exempt under Section 43 of the Freedom of\nInformation Act 2000 (Commercial Interests)"

    reading = read(tmp_path, ledger, USUAL, ("Tunnel", "DFT", words, words, words.lower(), words), USUAL)

    assert {one.field: one.missing for one in reading.rows[1].cells if one.value is None} == {
        "rating": "withheld", "end": "withheld", "cost": "withheld",
    }  # fmt: skip
    assert not reading.findings


def test_of_two_columns_of_one_title_the_first_filled_counts_and_two_answers_are_asked(
    tmp_path: Path, ledger: Ledger
) -> None:
    rows = [
        ("A", "DFT", *pair, "30/06/2031", "£1")
        for pair in (("Red", ""), ("", "Green"), ("Red", "Red"), ("Red", "Green"), ("", ""))
    ]

    reading = read(tmp_path, ledger, *rows)

    assert [row.value("rating") for row in reading.rows] == ["red", "green", "red", None, None]
    assert [[cell.address for cell in row.cells if cell.field == "rating"] for row in reading.rows[:2]] == [
        ["C2"],
        ["D3"],
    ]
    assert [(one.code, one.cell) for one in reading.findings] == [("columns_differ", "D5")]


def test_a_spelling_that_is_no_day_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DeclarationRefused) as refused:
        declared(tmp_path, LEDGER.replace("d.m.yy", "mm/yyyy"))

    assert "mm/yyyy" in refused.value.in_("en")
    assert "ledger.yaml:8" in refused.value.in_("en")


def test_what_is_said_in_english_has_no_chinese_in_it(tmp_path: Path, ledger: Ledger) -> None:
    rows = ["Bridge;DFT;Red;;30/06/2031;£1", "Bridge;DFT;Red;;30/06/2031;£0.0000000012", "Bridge;DFT;Blue;;soon;€4m"]
    (tmp_path / "works.csv").write_bytes("\n".join([";".join(TITLES), *rows]).encode("cp1252"))

    reading = read_workbook(tmp_path / "works.csv", ledger, period=Period.parse("2022"))

    said = " ".join(f"{one.reason.en} {one.remedy.en}" for one in reading.findings)
    assert {"repeated_item", "rounded", "unknown_word", "not_a_date", "other_unit"} <= {
        one.code for one in reading.findings
    }
    assert re.findall("[\u3400-\u9fff\u3000-\u303f]+", said.replace("2021年9月", "")) == []
