"""The demonstration city: three rounds reproduce every figure of expected.csv and explain it down to the cell."""

from __future__ import annotations

import csv
import json

import pytest
from demo.compare import compare

from guatu.dispatch.explaining import FinishedRound
from guatu.dispatch.writing import Outcome
from tests.dispatch.conftest import ROUNDS

pytestmark = pytest.mark.xdist_group("demo")


def table(outcome: Outcome, name: str) -> list[dict[str, str]]:
    with (outcome.shown_folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("period", ROUNDS)
def test_every_expected_figure_is_reproduced_to_the_digit(city: dict[str, Outcome], period: str) -> None:
    agreed, differences = compare(city[period].shown_folder / "indicators.csv", period)

    assert differences == []
    assert agreed == 1304


def test_nothing_is_refused_and_nothing_is_asked(city: dict[str, Outcome]) -> None:
    assert [arrival.state for outcome in city.values() for arrival in outcome.arrivals] == ["accepted"] * 30
    assert not any(outcome.waiting for outcome in city.values())


def test_an_item_keeps_its_id_from_round_to_round(city: dict[str, Outcome]) -> None:
    ids = [set(FinishedRound(outcome.shown_folder).items) for outcome in city.values()]

    assert ids[0] == ids[1]
    assert ids[1] < ids[2] and len(ids[2] - ids[1]) == 3  # three projects first listed in August


def test_a_rate_is_explained_down_to_the_cells(city: dict[str, Outcome]) -> None:
    made = FinishedRound(city["2021-08"].shown_folder)

    explained = made.explain_indicator(made.unit("胶州市"), made.list_key("省市重点"), made.indicator("纳统率"))
    included, everything = explained.parts

    assert (explained.numerator, explained.denominator, explained.printed.zh) == (34, 44, "77.3%")
    assert (len(included.items), len(everything.items)) == (34, 44)
    cells = made.cells(included.items, included.fields)
    assert all(
        row.cells and row.cells[0].workbook == "胶州市.xlsx" and row.cells[0].raw.startswith("已入库") for row in cells
    )


def test_every_light_has_a_reason_and_red_names_the_values(city: dict[str, Outcome]) -> None:
    lights = table(city["2021-08"], "lights.csv")
    red = [row for row in lights if row["dimension"] == "investment" and row["severity"] == "lagging"]

    assert all(row["because"] for row in lights)
    assert red and all("时序进度66.67%" in row["because"] for row in red)


def test_three_months_running_needs_the_rounds_before(city: dict[str, Outcome]) -> None:
    first = [row["because"] for row in table(city["2021-06"], "lights.csv") if row["dimension"] == "start"]
    third = [row["because"] for row in table(city["2021-08"], "lights.csv") if row["dimension"] == "start"]

    assert not any("连续3个月" in because for because in first)
    assert any("往期结果" in because for because in first)
    assert any("连续3个月" in because for because in third)


def test_ranks_share_places_and_moves_are_against_last_round(city: dict[str, Outcome]) -> None:
    league = {row.key: row for row in city["2021-08"].facts.league}

    assert league["370213"].moved == 0  # first in July and in August
    assert sorted(int(row.ranks["completion_rate"].value or 0) for row in league.values()) == list(range(1, 11))


def test_provenance_names_a_cell_for_every_figure_of_every_item(city: dict[str, Outcome]) -> None:
    record = json.loads((city["2021-08"].shown_folder / "provenance.json").read_text(encoding="utf-8"))

    assert len(record["items"]) == 1426
    joined = [item for item in record["items"].values() if "fields" in item]
    plain = [item for item in record["items"].values() if "table" in item]
    assert len(joined) + len(plain) == 1426 and joined and plain
    assert all(
        cell["workbook"] and cell["sheet"] and cell["cell"]
        for item in joined
        for cells in item["fields"].values()
        for cell in cells
    )
    for item in plain:
        table = record["tables"][item["table"]]
        assert table["workbook"] and table["sheet"] and item["row"] in table["rows"]
        assert all(field["column"] and len(field["raw"]) == len(table["rows"]) for field in table["fields"].values())


def test_bulletins_count_without_gaps(city: dict[str, Outcome]) -> None:
    issues = [outcome.facts.letterhead.issue for outcome in city.values()]

    assert [(issue.number, issue.total) for issue in issues if issue] == [(1, 1), (2, 2), (3, 3)]
