"""What people decide about two items is kept with the results and replayed: nobody is asked the same thing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from guatu.dispatch.outputs import write_questions
from guatu.dispatch.round import Round
from guatu.text import Refusal
from tests.dispatch.cast import pack
from tests.dispatch.reconciliation.world import SHEETS, TOWNS, UNITS, Project, Towns, play

EAST, WEST, SOUTH, _ = TOWNS
BRIDGE = Project("清河跨河大桥", "", "", 30000, 12000, 5000, 700, 0)
HOSPITAL = Project("滨海人民医院门诊楼", "2103-370285-48-01-000002", "", 40000, 16000, 6000, 800, 0)


def towns(**projects: list[Project]) -> Towns:
    """The named towns' projects, each beside one of the town's own that never changes."""
    names = {"east": EAST, "west": WEST, "south": SOUTH}
    return {
        names[key]: {
            SHEETS[0]: [
                *given,
                Project(f"{names[key]}体育馆", "", "", 7000 + len(key), 4000, 2000, 100, 0),
            ]
        }
        for key, given in projects.items()
    }


def later(towns: Towns) -> Towns:
    return {
        town: {sheet: [one.later(100) for one in given] for sheet, given in sheets.items()}
        for town, sheets in towns.items()
    }


@pytest.fixture
def county(tmp_path: Path) -> Path:
    pack(tmp_path, **{"units.yaml": UNITS})
    return tmp_path


def answered(home: Path, made: Round, answers: Mapping[str, str]) -> Path:
    """The round's questions as it writes them, with an answer to each check named."""
    path = home / "questions.yaml"
    write_questions(path, made.findings, "zh", made.questions)
    asked = yaml.safe_load(path.read_text(encoding="utf-8"))
    for one in asked["questions"]:
        one["answer"] = answers.get(one.get("about", ""), "")
    path.write_text(yaml.safe_dump(asked, allow_unicode=True), encoding="utf-8")
    return path


def codes(made: Round) -> list[tuple[str, str]]:
    return sorted((one.code, one.workbook) for one in made.findings)


def units_of(made: Round, total: int) -> list[str]:
    return [made.units[one.unit].title.zh for one in made.items if one.values["total_investment"] == total * 10**6]


def test_two_items_said_to_be_one_count_once_this_round_and_the_next(county: Path) -> None:
    twice = towns(east=[BRIDGE], west=[Project("清河跨河大桥新建工程", "", "", 30000, 12000, 5000, 700, 0)])
    asked = play(county, twice, 7)
    answers = answered(county, asked, {"likely_duplicate": "相同"})
    july = play(county, twice, 7, answers=answers)
    august = play(county, later(twice), 8, history=(7,))

    assert codes(asked) == [("likely_duplicate", f"{WEST}.xlsx")]
    assert units_of(asked, 30000) == [EAST, WEST]
    assert codes(july) == codes(august) == [("counted_once", f"{WEST}.xlsx")]
    assert units_of(july, 30000) == units_of(august, 30000) == [EAST]
    assert august.questions == []


def test_two_items_said_to_be_different_are_never_asked_about_again(county: Path) -> None:
    alike = towns(east=[BRIDGE], west=[Project("清河跨河大桥新建工程", "", "", 30000, 12000, 5000, 700, 0)])
    answers = answered(county, play(county, alike, 7), {"likely_duplicate": "different"})
    july = play(county, alike, 7, answers=answers)
    august = play(county, later(alike), 8, history=(7,))
    september = play(county, later(later(alike)), 9, history=(8,))

    assert codes(july) == codes(august) == codes(september) == []
    assert units_of(september, 30000) == [EAST, WEST]
    [kept] = json.loads((county / "out-9/results/decisions.json").read_text(encoding="utf-8"))
    assert (kept["check"], kept["answer"], kept["period"]) == ("likely_duplicate", "different", "2021-07")


def test_rows_of_one_unit_said_to_be_one_are_joined_and_what_differs_is_asked(county: Path) -> None:
    again = Project("清河跨河大桥新建工程", "", "", 30000, 12000, 5100, 700, 0)
    twice = towns(east=[BRIDGE, again])
    answers = answered(county, play(county, twice, 7), {"likely_duplicate": "same"})
    july = play(county, twice, 7, answers=answers)

    assert ("differs_between_rows", f"{EAST}.xlsx") in codes(july)
    [bridge] = [one for one in july.items if one.name == BRIDGE.name]
    assert (bridge.values["ytd_done"], bridge.missing["ytd_done"]) == (None, "question")


def test_one_code_in_two_units_counts_where_a_person_says(county: Path) -> None:
    other = Project("滨海医院综合楼", HOSPITAL.code, "", 40500, 16000, 6000, 800, 0)
    both = towns(east=[HOSPITAL], west=[other])
    asked = play(county, both, 7)
    july = play(county, both, 7, answers=answered(county, asked, {"same_project_in_two_units": "same"}))

    assert codes(asked) == [("same_project_in_two_units", f"{WEST}.xlsx")]
    assert codes(july) == [("counted_once", f"{WEST}.xlsx")]
    assert (units_of(july, 40000), units_of(july, 40500)) == ([EAST], [])


def test_a_renamed_project_without_a_code_keeps_its_history_once_confirmed(county: Path) -> None:
    before = towns(east=[BRIDGE])
    renamed = later(before)
    renamed[EAST][SHEETS[0]][0].name = "清河跨河特大桥"
    july = play(county, before, 7)
    asked = play(county, renamed, 8, history=(7,))
    august = play(county, renamed, 8, history=(7,), answers=answered(county, asked, {"likely_renamed": "是"}))
    september = play(county, later(renamed), 9, history=(8, 7))

    assert codes(asked) == [("likely_renamed", f"{EAST}.xlsx")]
    assert codes(august) == [("renamed", f"{EAST}.xlsx")]
    [was] = [one.item_id for one in july.items if one.name == BRIDGE.name]
    assert was in {one.item_id for one in august.items} & {one.item_id for one in september.items}
    assert was not in {one.item_id for one in asked.items}
    assert codes(september) == []


def test_a_project_said_to_have_ended_is_not_missed_again(county: Path) -> None:
    before = towns(east=[BRIDGE, HOSPITAL])
    without = later(before)
    without[EAST][SHEETS[0]] = [one for one in without[EAST][SHEETS[0]] if one.name != BRIDGE.name]
    play(county, before, 7)
    asked = play(county, without, 8, history=(7,))
    again = play(county, later(without), 9, history=(8, 7))
    play(county, without, 8, history=(7,), answers=answered(county, asked, {"gone": "已退出"}))
    september = play(county, later(without), 9, history=(8, 7))

    assert codes(asked) == codes(again) == [("gone", f"{EAST}.xlsx")]
    [finding] = asked.findings
    assert (finding.sheet, finding.cell, finding.raw) == ("", "", BRIDGE.name)
    assert f"{EAST}.xlsx 市重点!B3" in finding.reason.zh
    assert codes(september) == []


def test_nothing_is_missed_in_a_unit_that_has_not_reported(county: Path) -> None:
    play(county, towns(east=[BRIDGE], west=[HOSPITAL]), 7)

    assert codes(play(county, later(towns(east=[BRIDGE])), 8, history=(7,))) == []


def test_an_answer_nobody_can_read_is_refused_with_its_line(county: Path) -> None:
    twice = towns(east=[BRIDGE], west=[Project("清河跨河大桥新建工程", "", "", 30000, 12000, 5000, 700, 0)])
    answers = answered(county, play(county, twice, 7), {"likely_duplicate": "也许"})

    with pytest.raises(Refusal, match=r"questions\.yaml:\d+") as refused:
        play(county, twice, 7, answers=answers)
    assert "same" in refused.value.remedy.zh and "different" in refused.value.remedy.zh


def test_an_answer_about_items_nobody_knows_is_said_to_have_changed_nothing(county: Path) -> None:
    path = county / "questions.yaml"
    path.write_text(
        "questions:\n  - {about: likely_duplicate, items: [iaaa, ibbb], choices: same | different, answer: same}\n",
        encoding="utf-8",
    )

    july = play(county, towns(east=[BRIDGE]), 7, answers=path)

    assert [note.en for note in july.notes if "iaaa" in note.en] == [
        "the answer about 'likely_duplicate' changed nothing: no round given has iaaa, ibbb"
    ]
