"""A round from workbooks to papers: all or nothing per workbook, the others stand, and every result says what it rests on."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
import yaml

from guatu.declarations import load_pack
from guatu.dispatch.explaining import FinishedRound
from guatu.dispatch.form import form_facts
from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from guatu.office.forms import write_form
from guatu.standards.periods import Period
from guatu.text import Refusal, Text
from tests.dispatch.cast import no_notice, pack, project, workbook

EAST, WEST, ALL = "990001", "990002", "990000"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    pack(tmp_path)
    return tmp_path


def run(home: Path, *workbooks: Path, period: str = "2021-08", **changes: object) -> Outcome:
    request = RoundRequest(
        workbooks=workbooks,
        pack=str(home / "county"),
        rulebook="yinchuan_2025",
        period=Period.parse(period),
        out=home / f"out-{period}",
        dated=date(2021, 9, 7),
        **changes,  # type: ignore[arg-type]
    )
    return run_round(request, no_notice)


def east(home: Path, **changes: object) -> Path:
    return workbook(home / "in/东关镇.xlsx", project(1, "清河大桥", **changes), project(2, "文化中心"))


def west(home: Path, **changes: object) -> Path:
    return workbook(home / "in/西岭乡.xlsx", project(1, "西岭水厂", **changes))


def towns(folder: Path, *, month: int, east: int, west: int) -> list[Path]:
    """Both towns with five projects each, enough to be ranked, all with the same cumulative figure."""
    return [
        workbook(
            folder / f"{name}.xlsx",
            *({**project(number, f"{name}项目{number}"), "1-8月累计完成投资(万元)": done} for number in range(1, 6)),
            month=month,
        )
        for name, done in (("东关镇", east), ("西岭乡", west))
    ]


def table(home: Path, name: str, period: str = "2021-08") -> list[dict[str, str]]:
    with (home / f"out-{period}" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def value(home: Path, unit: str, indicator: str) -> str:
    found = {
        (row["unit_code"], row["indicator"]): row for row in table(home, "indicators.csv") if row["list"] == "全部"
    }
    return found[unit, indicator]["value"]


def states(outcome: Outcome) -> Mapping[str, str]:
    return {arrival.unit: arrival.state for arrival in outcome.arrivals}


def words(path: Path) -> str:
    """All text of the body, content controls included."""
    body = docx.Document(str(path)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


BAD = {"1-8月累计完成投资(万元)": "约四千五"}


def test_both_units_counted_and_every_file_written(county: Path) -> None:
    outcome = run(county, east(county), west(county))

    assert states(outcome) == {EAST: "accepted", WEST: "accepted"}
    assert value(county, ALL, "project_count") == "3"
    assert value(county, EAST, "completion_rate") == "75"
    written = {path.name for path in (county / "out-2021-08").iterdir()}
    assert written >= {
        "findings.csv", "lights.csv", "indicators.csv", "ladder.csv", "league.xlsx", "circular.docx", "circular.pdf",
        "circular.json", "provenance.json", "results",
    }  # fmt: skip


def test_one_of_two_arrived_stands_in_the_circular_and_the_missing_unit_has_no_figures(county: Path) -> None:
    outcome = run(county, east(county))

    assert states(outcome) == {EAST: "accepted", WEST: "missing"}
    assert value(county, WEST, "completion_rate") == ""
    said = words(county / "out-2021-08/circular.docx")
    assert "应报送单位2个" in said and "未报送1个：西岭乡" in said


def test_a_workbook_with_an_error_is_refused_whole_and_goes_back_marked(county: Path) -> None:
    outcome = run(county, east(county, **BAD), west(county))

    assert states(outcome) == {EAST: "refused", WEST: "accepted"}
    assert value(county, EAST, "project_count") in ("", "0")
    assert value(county, ALL, "project_count") == "1"
    (finding,) = [row for row in table(county, "findings.csv") if row["severity"] == "error"]
    assert (finding["workbook"], finding["sheet"], finding["cell"], finding["raw"]) == (
        "东关镇.xlsx",
        "调度表",
        "F4",
        "约四千五",
    )
    assert (county / "out-2021-08/returned/东关镇.xlsx").is_file()
    assert outcome.waiting


def test_a_dispatcher_may_count_bad_cells_as_missing_and_every_result_says_so(county: Path) -> None:
    outcome = run(county, east(county, **BAD), west(county), on_error="blank")

    assert states(outcome)[EAST] == "accepted"
    assert value(county, EAST, "project_count") == "2"
    assert value(county, EAST, "ytd_done_wan") == "4500"
    (row,) = [
        one
        for one in table(county, "indicators.csv")
        if (one["unit_code"], one["list"], one["indicator"]) == (EAST, "全部", "ytd_done_wan")
    ]
    assert "1处坏格按缺失计" in row["printed"]
    (light,) = [
        one for one in table(county, "lights.csv") if one["name"] == "清河大桥" and one["dimension"] == "investment"
    ]
    assert light["severity"] == "not_judged"
    assert "F4“约四千五”" in light["because"]
    assert "F4" in json.dumps([one.why.zh for one in outcome.facts.missing], ensure_ascii=False)


def test_a_corrected_workbook_replaces_one_units_figures_while_the_others_stand(county: Path) -> None:
    run(county, east(county), west(county))

    outcome = run(county, east(county, **{"1-8月累计完成投资(万元)": 6000}))

    assert states(outcome) == {EAST: "accepted", WEST: "standing"}
    assert value(county, EAST, "ytd_done_wan") == "10500"
    assert value(county, WEST, "ytd_done_wan") == "4500"
    assert value(county, ALL, "project_count") == "3"


def test_a_refused_correction_leaves_what_was_accepted_before(county: Path) -> None:
    run(county, east(county), west(county))

    outcome = run(county, east(county, **BAD))

    assert states(outcome)[EAST] == "refused"
    assert value(county, EAST, "ytd_done_wan") == "9000"
    said = words(county / "out-2021-08/circular.docx")
    assert "已报送并采用2个" in said and "沿用此前的数据" in said


def test_the_same_input_twice_gives_the_same_files(county: Path) -> None:
    workbooks = east(county), west(county)
    run(county, *workbooks)
    first = {path.name: path.read_bytes() for path in (county / "out-2021-08").glob("*.*")}

    run(county, *workbooks)

    assert {path.name: path.read_bytes() for path in (county / "out-2021-08").glob("*.*")} == first


def test_words_a_person_edited_survive_and_the_figures_in_them_are_refreshed(county: Path) -> None:
    run(county, east(county), west(county))
    path = county / "out-2021-08/circular.docx"
    document = docx.Document(str(path))
    paragraph = next(one for one in document.paragraphs if "逐项核实" in one.text)
    paragraph.add_run("请于周五前反馈。")
    document.save(str(path))

    run(county, east(county, **{"1-8月累计完成投资(万元)": 6000}))

    assert "请于周五前反馈。" in words(path)
    assert "累计完成投资1.50亿元" in words(path)


def test_a_question_is_answered_in_the_file_and_the_value_then_counts(county: Path) -> None:
    asked = run(county, east(county, 计划开工时间=2021.1), west(county))
    path = county / "out-2021-08/questions.yaml"
    questions = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [(one["workbook"], one["cell"]) for one in questions["questions"]] == [("东关镇.xlsx", "H4")]
    assert asked.waiting
    questions["questions"][0]["answer"] = "2021年10月"
    answers = county / "answers.yaml"
    answers.write_text(yaml.safe_dump(questions, allow_unicode=True), encoding="utf-8")

    answered = run(county, county / "in/东关镇.xlsx", west(county), answers=answers)

    assert not answered.waiting
    assert value(county, EAST, "due_start_count") == "1"


def test_a_file_that_is_no_workbook_is_refused_and_the_others_count(county: Path) -> None:
    broken = county / "in/东关镇.xlsx"
    broken.parent.mkdir()
    broken.write_bytes(workbook(county / "whole/东关镇.xlsx", project(1, "清河大桥")).read_bytes()[:900])
    beside = county / "in/~$西岭乡.xlsx"
    beside.write_bytes(b"what Excel leaves while a workbook is open")

    outcome = run(county, broken, beside, west(county))

    assert states(outcome) == {EAST: "refused", WEST: "accepted"}
    assert [one.code for one in outcome.findings if one.workbook == "东关镇.xlsx"] == ["unreadable"]


def test_what_was_found_in_a_standing_workbook_is_not_forgotten(county: Path) -> None:
    run(county, east(county, 计划开工时间=2021.1), west(county))

    outcome = run(county, west(county))

    assert outcome.waiting
    assert [row["cell"] for row in table(county, "findings.csv") if row["severity"] == "question"] == ["H4"]
    assert (county / "out-2021-08/returned/东关镇.xlsx").is_file()
    assert (county / "out-2021-08/questions.yaml").is_file()


def test_a_refused_unit_stays_refused_until_it_reports_again(county: Path) -> None:
    run(county, east(county, **BAD), west(county))

    outcome = run(county, west(county))

    assert states(outcome)[EAST] == "refused"
    assert (county / "out-2021-08/returned/东关镇.xlsx").is_file()


def test_a_round_run_again_reads_the_same_history(county: Path) -> None:
    run(county, *towns(county / "july", month=7, east=4500, west=3000), period="2021-07")
    august = towns(county / "august", month=8, east=4500, west=5000)
    run(county, *august, history=(county / "out-2021-07",))
    before = table(county, "lights.csv")

    again = run(county, august[0])

    assert table(county, "lights.csv") == before
    assert again.notes == []


def test_the_papers_keep_their_language_and_an_edited_one_refuses_another(county: Path) -> None:
    workbooks = east(county), west(county)
    run(county, *workbooks)
    path = county / "out-2021-08/circular.docx"

    run(county, *workbooks, language="en")
    assert "总体情况" in words(path)

    document = docx.Document(str(path))
    document.paragraphs[-1].add_run("手写一句。")
    document.save(str(path))
    with pytest.raises(Refusal, match="cannot change its language"):
        run(county, *workbooks, paper_language="en")


def test_nothing_is_said_of_places_moved_when_other_units_are_ranked(county: Path) -> None:
    run(county, *towns(county / "july", month=7, east=4500, west=3000), period="2021-07")
    (only, _) = towns(county / "august", month=8, east=4500, west=5000)

    outcome = run(county, only, history=(county / "out-2021-07",))

    assert [row.moved for row in outcome.facts.league] == [None, None]


def test_a_project_not_judged_in_one_dimension_is_not_green(county: Path) -> None:
    outcome = run(county, east(county, **BAD), west(county), on_error="blank")

    (light,) = [
        one for one in table(county, "lights.csv") if one["name"] == "清河大桥" and one["dimension"] == "overall"
    ]
    counts = {one.mark.key: one.count for one in outcome.facts.lights}
    assert light["severity"] == "not_judged" and "F4“约四千五”" in light["because"]
    assert counts["not_judged"].value == 1 and counts["not_judged"].rests_on_missing


def test_without_any_workbook_nothing_is_written(county: Path) -> None:
    with pytest.raises(Refusal, match="no workbook was given"):
        run(county)

    assert not (county / "out-2021-08").exists()


def test_history_gives_the_month_and_what_moved(county: Path) -> None:
    july = towns(county / "july", month=7, east=4500, west=3000)
    august = towns(county / "august", month=8, east=4500, west=5000)
    run(county, *july, period="2021-07")

    outcome = run(county, *august, history=(county / "out-2021-07",))

    assert [(row.key, row.moved) for row in outcome.facts.league] == [(WEST, 1), (EAST, -1)]
    assert len(outcome.facts.league[0].trend) == 2


def test_a_project_renamed_in_a_form_of_ours_is_still_the_same_one(county: Path) -> None:
    run(county, east(county), west(county))
    loaded = load_pack(county / "county")
    form = county / "september/东关镇.xlsx"
    form.parent.mkdir()
    facts = form_facts(loaded, loaded.units[EAST], Period.parse("2021-09"), last=county / "out-2021-08")
    write_form(form, facts)
    book = openpyxl.load_workbook(form)
    name = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "清河大桥")
    name.value = "清河特大桥"
    book.save(form)

    run(county, form, period="2021-09", history=(county / "out-2021-08",))

    before = FinishedRound(county / "out-2021-08").item("清河大桥")
    assert FinishedRound(county / "out-2021-09").item("清河特大桥").item_id == before.item_id


def test_a_pack_without_units_knows_divisions_by_their_names(tmp_path: Path) -> None:
    towns = [workbook(tmp_path / f"in/{name}.xlsx", project(1, f"{name}大桥")) for name in ("长清区", "济阳区")]
    request = RoundRequest(
        workbooks=towns,
        pack="key_projects",
        rulebook="yinchuan_2025",
        period=Period.parse("2021-08"),
        out=tmp_path / "out-2021-08",
        dated=date(2021, 9, 7),
    )
    run_round(request, no_notice)

    again = run_round(replace(request, workbooks=towns[:1]), no_notice)

    assert states(again) == {"370113": "accepted", "370115": "standing"}
    assert value(tmp_path, "370100", "project_count") == "2"


def test_a_unit_behind_at_quarter_end_gets_the_quarters_step_with_its_figures(county: Path) -> None:
    june = towns(county / "june", month=6, east=1200, west=6000)
    request = RoundRequest(
        workbooks=june,
        pack=str(county / "county"),
        rulebook="laixi_2020_ladder",
        period=Period.parse("2021-06"),
        out=county / "out-2021-06",
        dated=date(2021, 7, 9),
    )

    outcome = run_round(request, no_notice)

    (step,) = table(county, "ladder.csv", "2021-06")
    assert (step["unit_code"], step["step"]) == (EAST, "tv_statement")
    assert "50.00% - 20.0%" in step["because"]
    assert [one.subject.zh for one in outcome.facts.ladder] == ["东关镇"]


def test_a_folder_of_another_round_is_not_overwritten(county: Path) -> None:
    run(county, east(county), period="2021-07")
    (county / "out-2021-07").rename(county / "out-2021-08")

    with pytest.raises(Refusal, match="another round"):
        run(county, east(county))


def test_two_workbooks_of_one_unit_are_refused(county: Path) -> None:
    again = workbook(county / "more/东关镇.xlsx", project(1, "清河大桥"))

    with pytest.raises(Refusal, match="both workbooks are from"):
        run(county, east(county), again)


def test_no_name_or_phone_of_a_person_is_kept_in_results(county: Path) -> None:
    run(county, east(county, 责任人="赵保密 13800001111"), west(county))

    kept = (county / "out-2021-08/results").rglob("*")
    holding = [path.name for path in kept if path.is_file() and "赵保密".encode() in path.read_bytes()]
    assert set(holding) <= {"contacts.parquet"}
    assert "赵保密" not in (county / "out-2021-08/provenance.json").read_text(encoding="utf-8")


def test_text_that_looks_like_a_formula_is_harmless_in_the_csv(county: Path) -> None:
    path = workbook(county / "in/东关镇.xlsx", project(1, "@SUM(1)大桥"))

    run(county, path, west(county))

    names = [row["name"] for row in table(county, "lights.csv")]
    assert "'@SUM(1)大桥" in names and "@SUM(1)大桥" not in names


def test_a_round_that_cannot_be_judged_leaves_the_folder_as_it_was(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(county, east(county))
    stood = {path: path.read_bytes() for path in (county / "out-2021-08").rglob("*") if path.is_file()}

    def refuses(*_: object) -> None:
        raise Refusal("judging", Text("判不了", "cannot be judged"), Text("无", "none"))

    monkeypatch.setattr("guatu.dispatch.round.evaluate_round", refuses)
    with pytest.raises(Refusal, match="cannot be judged"):
        run(county, east(county), west(county))

    assert {path: path.read_bytes() for path in (county / "out-2021-08").rglob("*") if path.is_file()} == stood
    assert [path.name for path in county.iterdir() if "out-2021-08" in path.name] == ["out-2021-08"]
