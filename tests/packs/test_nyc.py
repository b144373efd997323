"""New York's capital projects, a third country's columns: a pack of 150 lines, and the city's own figures come out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from guatu.dispatch.checking import check_pack
from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.engine.evaluation import Results
from guatu.standards.periods import Period

HERE = Path(__file__).parent
DATA = HERE / "data" / "nyc_capital_projects"
CENTS = 100

pytestmark = pytest.mark.xdist_group("nyc")


@pytest.fixture(scope="module")
def september(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Fraction | None]:
    """Unit and indicator -> value in September 2019, judged with May's report."""
    home = tmp_path_factory.mktemp("nyc")
    for month, before in (("2019-05", ()), ("2019-09", (home / "2019-05",))):
        request = RoundRequest(
            workbooks=[DATA / f"{month}.csv"], pack=str(HERE / "nyc"), rulebook="changes", period=Period.parse(month),
            out=home / month, dated=date(2019, 9, 30), history=before, language="en",
        )  # fmt: skip
        outcome = run_round(request, lambda *_: None)
        assert not outcome.waiting
    rows = Results.read(home / "2019-09" / "results").indicators.to_pylist()
    return {
        (row["unit"], row["indicator"]): None if row["num"] is None else Fraction(int(row["num"]), int(row["den"]))
        for row in rows
        if row["list"] == "all"
    }


def test_the_pack_is_sound() -> None:
    assert [one.in_("en") for one in check_pack(HERE / "nyc").problems] == []


def test_projects_and_budgets_are_those_the_city_published(september: dict[tuple[str, str], Fraction | None]) -> None:
    assert september["NYC", "projects"] == 378
    assert september["NYC", "budget_total"] == Fraction("31974750591.36") * CENTS
    assert september["NYC", "later_in_all"] == 211
    assert [september[unit, "projects"] for unit in ("DDC", "DOT", "DEP")] == [168, 94, 38]


def test_changes_worked_out_from_two_reports_are_those_the_city_states(
    september: dict[tuple[str, str], Fraction | None],
) -> None:
    """One movement of a finish differs from the city's own; every change of a budget agrees within a dollar."""
    assert (september["NYC", "agreeing"], september["NYC", "compared"]) == (221, 221)
    assert (september["NYC", "dated_alike"], september["NYC", "dated"]) == (218, 219)
