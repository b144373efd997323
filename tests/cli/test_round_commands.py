"""What a dispatcher types, end to end: run, explain, import, form, packs; exit codes and JSON as documented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.cli.exits import Exit
from guatu.cli.main import main
from tests.dispatch.cast import pack, project, workbook

pytestmark = pytest.mark.xdist_group("county")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A county whose August round has been run once."""
    home = tmp_path_factory.mktemp("county-home")
    pack(home)
    workbook(
        home / "in/东关镇.xlsx", project(1, "清河大桥", **{"1-8月累计完成投资(万元)": 900}), project(2, "文化中心")
    )
    workbook(home / "in/西岭乡.xlsx", project(1, "西岭水厂"))
    arguments = ["run", *map(str, sorted((home / "in").glob("*.xlsx"))), *options(home), "-o", str(home / "out")]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--json"])
    assert ended.value.code == Exit.DONE
    yield home


def options(home: Path) -> list[str]:
    return [
        "--pack", str(home / "county"), "--rulebook", "yinchuan_2025", "--round", "2021-08", "--dated", "2021-09-07",
        "--lang", "zh",
    ]  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def test_a_run_shows_who_reported_the_league_and_where_the_files_are(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "run", str(county / "in/东关镇.xlsx"), *options(county), "-o", str(county / "again"))

    assert code == Exit.DONE
    assert "应报 2 个单位，采用 1 个" in out and "西岭乡：未报" in out
    assert "排名表" in out and "东关镇" in out
    assert "again/circular.docx" in out


def test_a_refused_workbook_ends_with_its_own_code_and_names_the_cell(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = workbook(county / "bad/东关镇.xlsx", project(1, "清河大桥", **{"2021年计划投资(万元)": "#REF!"}))

    code, out, _ = run(capsys, "run", str(bad), *options(county), "-o", str(county / "refused"), "--json")

    record = json.loads(out)
    assert code == Exit.REFUSED_PARTLY
    assert [(one["sheet"], one["cell"], one["severity"]) for one in record["findings"]] == [("调度表", "E4", "error")]
    assert record["arrivals"][0]["state"] == "refused"


def test_a_rate_is_explained_in_words_and_in_json(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", str(county / "out"), "--unit", "东关镇", "--indicator", "投资完成率"]

    code, words, _ = run(capsys, *asked, "--lang", "zh")
    _, record, _ = run(capsys, *asked, "--json")

    assert code == Exit.DONE
    assert (
        "45.0%" in words and "东关镇.xlsx 调度表!F4" in words and "合计(年初累计完成投资) / 合计(年度计划投资)" in words
    )
    found = json.loads(record)
    assert found["printed"] == "45.0%"
    cells = [cell["cell"] for part in found["parts"] for item in part["items"] for cell in item["cells"]]
    assert sorted(cells) == ["E4", "E5", "F4", "F5"]


def test_a_light_is_explained_with_the_clause_that_fired(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", str(county / "out"), "--item", "清河大桥", "--dimension", "投资"]

    _, words, _ = run(capsys, *asked, "--lang", "zh")
    _, record, _ = run(capsys, *asked, "--json")

    assert "■" in words and "完成年度计划的15.0%，时序进度66.67%，低51.67个百分点" in words
    fired = json.loads(record)["fired"]
    assert fired["severity"] == "lagging" and all(one["held"] for one in fired["conditions"])


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["--unit", "东关", "--indicator", "投资完成率"], "是不是“东关镇”？"),
        (["--indicator", "投资完成律"], "是不是“投资完成率”？"),
        (["--item", "清河大乔"], "是不是“清河大桥”？"),
        (["--item", "清河大桥", "--dimension", "投次"], "可用"),
    ],
)
def test_a_name_that_fits_nothing_is_refused_with_the_nearest(
    county: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], meant: str
) -> None:
    code, _, said = run(capsys, "explain", str(county / "out"), *arguments, "--lang", "zh")

    assert code == Exit.REFUSED
    assert meant in said


def test_an_old_round_is_explained_by_the_rules_it_was_judged_by(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (county / "county/units.yaml").write_text("units: []\n", encoding="utf-8")

    code, words, _ = run(capsys, "explain", str(county / "out"), "--unit", "东关镇", "--indicator", "project_count")

    pack(county)
    assert code == Exit.DONE and "2" in words


def test_trying_to_read_takes_nothing_and_lists_every_column(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in county.iterdir())

    code, out, _ = run(
        capsys, "import", "--dry-run", str(county / "in/东关镇.xlsx"), "--pack", str(county / "county"),
        "--round", "2021-08", "--json",
    )  # fmt: skip

    (record,) = json.loads(out)
    assert code == Exit.DONE
    assert {one["field"] for one in record["tables"][0]["columns"] if one["role"] == "field"} >= {
        "name", "project_code", "total_investment", "annual_plan", "ytd_done", "month_done", "is_started", "is_included",
    }  # fmt: skip
    assert sorted(path.name for path in county.iterdir()) == before


def test_import_without_dry_run_says_what_to_do(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(
        capsys, "import", str(county / "in/东关镇.xlsx"), "--pack", str(county / "county"), "--round", "2021-08",
        "--lang", "en",
    )  # fmt: skip

    assert code == Exit.REFUSED
    assert "Add --dry-run" in said


def test_a_form_comes_prefilled_and_is_read_back_without_a_mapping(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = county / "forms/东关镇.xlsx"

    code, _, _ = run(
        capsys, "form", "--pack", str(county / "county"), "--round", "2021-09", "--unit", "东关镇",
        "--from", str(county / "out"), "-o", str(form),
    )  # fmt: skip
    _, out, _ = run(
        capsys, "import", "--dry-run", str(form), "--pack", str(county / "county"), "--round", "2021-09", "--json"
    )

    (record,) = json.loads(out)
    assert code == Exit.DONE
    assert record["unit"] == "990001" and record["rows"] == 2
    assert not [one for one in record["findings"] if one["severity"] == "error"]


def test_a_new_pack_is_sound_once_its_units_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my_city"

    made, _, _ = run(capsys, "packs", "new", str(folder), "--extends", "key_projects", "--lang", "en")
    checked, out, _ = run(capsys, "packs", "check", str(folder), "--lang", "en")

    assert (made, checked) == (Exit.DONE, Exit.DONE)
    assert "all sound" in out


def test_a_broken_pack_is_refused_with_file_line_what_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my_city"
    run(capsys, "packs", "new", str(folder), "--extends", "key_projects")
    (folder / "units.yaml").write_text("units:\n  - {code: '1', titel: {zh: 某市, en: City}}\n", encoding="utf-8")

    code, out, _ = run(capsys, "packs", "check", str(folder), "--lang", "en")

    assert code == Exit.REFUSED
    assert "my_city/units.yaml:2: unknown key 'titel'. Did you mean 'title'?" in " ".join(out.split())


def test_the_shipped_packs_are_listed_with_their_rulebooks(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "packs", "list", "--json")

    listed = {one["pack"]: one["rulebooks"] for one in json.loads(out)}
    assert "yinchuan_2025" in listed["key_projects"]
