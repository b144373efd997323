"""One file holds the items of many units: each row counts in the unit it names, and the file is taken or refused as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from guatu.engine.evaluation import Results
from guatu.standards.periods import Period
from guatu.text import Refusal

HEADER = "project_name,department,colour_rating,start_date,end_date,yearly_budget,yearly_forecast,wlc_baseline_incl_NCG"


def run(home: Path, *rows: str, name: str = "uk.csv", **more: object) -> Outcome:
    home.mkdir(exist_ok=True)
    (home / name).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    request = RoundRequest(
        workbooks=[home / name], pack="uk_gmpp", rulebook="dca_three_grades", period=Period.parse("2022"),
        out=home / "out", dated=date(2022, 7, 20), language="en", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return run_round(request, lambda *_: None)


def row(name: str, department: str, rating: str = "Amber", end: str = "2030-12-31") -> str:
    return f"{name},{department},{rating},2020-01-01,{end},£5.00,£4.00,£50.00"


def counted(home: Path) -> dict[str, str]:
    rows = Results.read(home / "out" / "results").indicators.to_pylist()
    return {one["unit"]: one["value"] for one in rows if one["indicator"] == "projects" and one["list"] == "all"}


def test_each_row_counts_in_the_unit_it_names_by_code_title_or_synonym(tmp_path: Path) -> None:
    rows = [
        row("Bridge", "DFT"),
        row("Ship", "Ministry of Defence"),
        row("Hospital", "DoH Capital"),
        row("Tunnel", "dft"),
    ]

    outcome = run(tmp_path, *rows)

    assert counted(tmp_path) == {"GMPP": "4", "DFT": "2", "MOD": "1", "DHSC": "1"}
    assert [(one.unit, one.state, one.items) for one in outcome.arrivals] == [
        ("DFT", "accepted", 2), ("DHSC", "accepted", 1), ("MOD", "accepted", 1),
    ]  # fmt: skip


def test_a_unit_nobody_declared_stands_by_itself_and_is_named_at_its_cell(tmp_path: Path) -> None:
    outcome = run(tmp_path, row("Bridge", "DFT"), row("Probe", "UKSA"), row("Lander", "UKSA"), row("Pier", ""))

    assert counted(tmp_path) == {"GMPP": "4", "DFT": "1", "UKSA": "2", "?": "1"}
    told = [(one.code, one.cell) for one in outcome.findings]
    assert ("unit_not_declared", "B3") in told
    assert ("unit_not_declared", "B5") in told


def test_a_project_moved_to_another_unit_in_a_corrected_file_does_not_stand_twice(tmp_path: Path) -> None:
    run(tmp_path, row("Bridge", "DFT"), row("Ship", "MOD"), row("Tunnel", "DFT"))

    run(tmp_path, row("Bridge", "DFT"), row("Ship", "DFT"), row("Tunnel", "DFT"))

    assert counted(tmp_path) == {"GMPP": "3", "DFT": "3"}


def test_one_bad_cell_refuses_the_file_for_every_unit_and_says_whose_it_is(tmp_path: Path) -> None:
    rows = [row("Bridge", "DFT"), row("Ship", "MOD", end="30 Juneish"), row("Tunnel", "DFT")]

    outcome = run(tmp_path, *rows)

    assert {one.unit: (one.state, one.errors) for one in outcome.arrivals} == {
        "DFT": ("refused", 0),
        "MOD": ("refused", 1),
    }
    assert [one.cell for one in outcome.findings if one.grade == "error"] == ["E3"]
    assert (tmp_path / "out" / "returned" / "uk.xlsx").is_file()

    taken = run(tmp_path, *rows, on_error="blank")

    assert {one.unit: one.state for one in taken.arrivals} == {"DFT": "accepted", "MOD": "accepted"}
    assert counted(tmp_path) == {"GMPP": "3", "DFT": "2", "MOD": "1"}


def test_a_file_that_cannot_be_read_is_refused_with_its_own_reason(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        run(tmp_path, row("Bridge", "DFT"), '"Ship,MOD')

    assert "never closed" in refused.value.what.en
