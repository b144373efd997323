"""The UK's major projects of 2021 to 2023, from the published CSV through the command: every published figure comes out."""

from __future__ import annotations

import csv
import json
import re
import runpy
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pytest

from guatu.cli.exits import Exit
from guatu.cli.main import main
from guatu.declarations import load_pack
from guatu.dispatch.explaining import FinishedRound
from guatu.engine.evaluation import Results
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.standards.periods import Period

DATA = Path(__file__).parent / "data" / "uk_gmpp"
REFERENCE: Mapping[str, Any] = json.loads((DATA / "reference_answers.json").read_text(encoding="utf-8"))
GRADES = {
    "Green": "green", "Amber/Green": "amber_green", "Amber": "amber", "Amber/Red": "amber_red", "Red": "red",
    "Not rated": "not_rated",
}  # fmt: skip
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MILLION = 10**8
"""Pence in a million pounds."""

pytestmark = pytest.mark.xdist_group("uk_gmpp")


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of three rounds, each judged with the one before it."""
    home = tmp_path_factory.mktemp("gmpp")
    for year in (2021, 2022, 2023):
        grades = "dca_five_grades" if year < 2022 else "dca_three_grades"
        history = ["--history", str(home / str(year - 1))] if year > 2021 else []
        arguments = [
            "run", str(DATA / f"uk_{year}.csv"), "--pack", "uk_gmpp", "--rulebook", grades, "--round", str(year),
            "--dated", f"{year}-07-20", "--lang", "en", "--json", *history, "-o", str(home / str(year)),
        ]  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == Exit.DONE, "nothing waits: no question, nothing refused"
    return home


def values(rounds: Path, year: int, unit: str = "GMPP") -> dict[str, Fraction | None]:
    rows = Results.read(rounds / str(year) / "results").indicators.to_pylist()
    return {
        row["indicator"]: None if row["num"] is None else Fraction(int(row["num"]), int(row["den"]))
        for row in rows
        if row["unit"] == unit and row["list"] == "all"
    }


def read(year: int) -> WorkbookReading:
    pack = load_pack("uk_gmpp")
    return read_workbook(DATA / f"uk_{year}.csv", pack.ledger, period=Period.parse(str(year)))


@pytest.mark.parametrize(("year", "projects"), [(2021, 184), (2022, 235), (2023, 244)])
def test_every_project_is_counted(rounds: Path, year: int, projects: int) -> None:
    assert values(rounds, year)["projects"] == projects


def test_in_2021_a_hundred_and_thirty_five_were_red_amber_red_or_amber(rounds: Path) -> None:
    found = values(rounds, 2021)

    assert (found["red"], found["amber_red"], found["amber"]) == (7, 44, 84)
    assert found["doubtful"] == 135


def test_in_2022_twenty_four_were_green_a_hundred_and_seventy_amber_and_twenty_seven_red(rounds: Path) -> None:
    found = values(rounds, 2022)

    assert (found["green"], found["amber"], found["red"], found["not_rated"]) == (24, 170, 27, 14)


@pytest.mark.parametrize(("year", "entered", "left"), [(2022, 76, 25), (2023, 38, 29)])
def test_who_entered_and_who_left_by_project_number(rounds: Path, year: int, entered: int, left: int) -> None:
    found = values(rounds, year)

    assert (found["entered"], found["left"]) == (entered, left)


def test_in_a_first_round_nobody_knows_who_entered_what_drifted_and_who_left(rounds: Path) -> None:
    found = values(rounds, 2021)

    assert {found[key] for key in ("entered", "left", "later", "earlier", "cost_drift", "dearer")} == {None}


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_sums_ratings_and_dates_are_those_of_the_reference(rounds: Path, year: int) -> None:
    expected, found = REFERENCE["per_year"][str(year)], values(rounds, year)
    ends = REFERENCE["end_date_movement_by_project_number"].get(f"{year - 1}->{year}")

    assert {name: found[key] for name, key in GRADES.items() if found[key]} == expected["rag"]
    assert found["whole_life_cost_total"] == Decimal(str(expected["sum_whole_life_cost_m"])) * MILLION
    assert found["cost_disclosed"] == expected["whole_life_cost_numeric"]
    assert found["budget_total"] == Decimal(str(expected["sum_budget_m"])) * MILLION
    assert found["forecast_total"] == Decimal(str(expected["sum_forecast_m"])) * MILLION
    assert found["off_budget"] == expected["abs_variance_over_5pct"]
    assert found["ends_before_start"] == expected["negative_durations"]
    if year > 2021:
        assert [found["later"], found["same_end"], found["earlier"]] == [ends["later"], ends["same"], ends["earlier"]]


def test_the_reference_counts_a_project_that_ends_before_it_starts_into_its_median_and_we_do_not(rounds: Path) -> None:
    """2023: 214 durations with the impossible one have a median of 2721 days, the 213 others of 2729."""
    assert REFERENCE["per_year"]["2023"]["duration_days_median"] == 2721
    assert values(rounds, 2023)["median_duration"] == 2729
    assert values(rounds, 2022)["median_duration"] == Fraction("2580.5")


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_ratings_by_department_are_those_of_the_reference(rounds: Path, year: int) -> None:
    for department, expected in REFERENCE["per_year"][str(year)]["rag_by_department"].items():
        found = values(rounds, year, department.replace(" & ", "-"))
        assert {name: found[key] for name, key in GRADES.items() if found[key]} == expected, department


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_lights_are_the_ratings_as_published_and_what_is_withheld_is_never_green(rounds: Path, year: int) -> None:
    with (rounds / str(year) / "lights.csv").open(encoding="utf-8-sig", newline="") as file:
        lights = Counter(row["severity"] for row in csv.DictReader(file) if row["dimension"] == "overall")
    published = REFERENCE["per_year"][str(year)]["rag"]
    names = {"lagging": "Red", "serious": "Amber/Red", "attention": "Amber", "notice": "Amber/Green", "normal": "Green"}

    assert {names.get(key, "Not rated"): number for key, number in lights.items()} == published


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_dates_are_read_and_withheld_cells_carry_their_reason(year: int) -> None:
    expected, reading = REFERENCE["per_year"][str(year)], read(year)

    assert sum(row.value("starts_on") is not None for row in reading.rows) == expected["start_parsed"]
    assert sum(row.value("ends_on") is not None for row in reading.rows) == expected["end_parsed"]
    reasons = Counter(
        cell.missing for row in reading.rows for cell in row.cells if cell.field == "confidence" and cell.missing
    )
    assert sum(reasons.values()) == expected["rag"]["Not rated"]
    assert reasons.keys() == {"withheld", "early"}


def test_what_left_is_explained_by_last_years_projects(rounds: Path) -> None:
    finished = FinishedRound(rounds / "2022")

    explained = finished.explain_indicator("GMPP", "all", "left")
    [part] = explained.parts
    cells = finished.cells(part.items, part.fields)

    assert len(part.items) == 25
    assert part.value.en == "25"
    assert {cell.workbook for one in cells for cell in one.cells} == {"uk_2021.csv"}
    assert len(cells) == 25


def test_drift_is_explained_with_both_years(rounds: Path) -> None:
    explained = FinishedRound(rounds / "2022").explain_indicator("GMPP", "all", "cost_drift")

    assert explained.with_values.en == "GBP 37481.20 million"
    assert len(explained.parts[0].items) == 129


def test_the_circular_in_english_has_no_chinese_and_says_what_was_published(rounds: Path) -> None:
    body = docx.Document(str(rounds / "2022" / "circular.docx")).element.body
    paragraphs = ("".join(one.text or "" for one in each.iter(f"{WORD}t")) for each in body.iter(f"{WORD}p"))
    text = "\n".join(paragraphs)

    assert "The portfolio holds 235 projects of 18 departments." in text
    assert "76 have entered it and 25 have left" in text
    assert "■ Red 27, ▲ Amber 170, ● Green 24, ○ not judged 14." in text
    assert "GBP 494.18 billion" in text
    assert "Open Government Licence v3.0" in text
    assert re.findall("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]", text) == []


def test_figures_that_look_back_rest_on_cells_of_both_years(rounds: Path) -> None:
    companion = json.loads((rounds / "2022" / "circular.json").read_text(encoding="utf-8"))
    text = json.dumps(companion, ensure_ascii=False)

    assert "uk_2021.csv" in text
    assert "uk_2022.csv" in text


def test_a_year_on_its_side_is_read_whole_and_what_is_wrong_is_named_where_it_lies() -> None:
    """2017 has one project a column, junk rows below, and one date with a digit too many."""
    expected, reading = REFERENCE["per_year"]["2017"], read(2017)

    ratings = Counter(row.value("confidence") or "not_rated" for row in reading.rows)
    assert len(reading.rows) == 143
    reset = expected["rag"]["Reset"]
    assert {name: ratings[key] for name, key in GRADES.items()} == {
        name: number + (reset if name == "Not rated" else 0)
        for name, number in expected["rag"].items()
        if name != "Reset"
    }
    costs = [int(str(row.value("whole_life_cost"))) for row in reading.rows if row.value("whole_life_cost") is not None]
    assert (len(costs), Fraction(sum(costs), MILLION)) == (
        expected["whole_life_cost_numeric"], Fraction(str(expected["sum_whole_life_cost_m"])),
    )  # fmt: skip
    assert sum(row.value("starts_on") is not None for row in reading.rows) == expected["start_parsed"]
    assert sum(row.value("ends_on") is not None for row in reading.rows) == expected["end_parsed"]
    errors = [(one.cell, one.raw, one.code) for one in reading.findings if one.grade == "error"]
    assert errors == [("AH6", "1/012/2014", "not_a_date")]
    name = reading.rows[32].cell("name")
    assert name is not None
    assert name.address == "AH1"


def test_the_refused_year_is_taken_with_its_bad_cell_as_missing(tmp_path: Path) -> None:
    arguments = [
        "run", str(DATA / "uk_2017.csv"), "--pack", "uk_gmpp", "--rulebook", "dca_five_grades", "--round", "2017",
        "--lang", "en", "--json", "--on-error", "blank", "-o", str(tmp_path / "2017"),
    ]  # fmt: skip

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == Exit.REFUSED_PARTLY
    assert values(tmp_path, 2017)["projects"] == 143
    assert values(tmp_path, 2017)["budget_total"] == Decimal("24613.14") * MILLION


def test_another_years_file_is_refused_at_the_cells_that_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "run", str(DATA / "uk_2021.csv"), "--pack", "uk_gmpp", "--rulebook", "dca_three_grades", "--round", "2022",
        "--lang", "en", "--json", "-o", str(tmp_path / "2022"),
    ]  # fmt: skip

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    told = json.loads(capsys.readouterr().out)["findings"]
    assert ended.value.code == Exit.REFUSED_PARTLY
    assert {one["cell"] for one in told if one["severity"] == "error"} == {f"A{row}" for row in range(2, 186)}
    assert told[0]["reason"] == "'Report year' says 2021, which is not this round's year"


def test_a_project_that_ends_before_it_starts_is_named(rounds: Path) -> None:
    with (rounds / "2023" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        [found] = csv.DictReader(file)

    assert (found["severity"], found["cell"][0]) == ("warning", "K")
    assert "is before the start" in found["reason"]


def test_the_drill_over_all_years_at_hand_finds_nothing_that_differs(capsys: pytest.CaptureFixture[str]) -> None:
    drill = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[2] / "drills" / "uk_gmpp.py")))

    assert drill.main([]) == 0
    assert capsys.readouterr().out.count("every figure equal") == 4
