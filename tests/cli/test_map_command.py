"""What a person does once a new layout comes in, and what they are spared the month after: `guatu map`, then `guatu run`."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import openpyxl
import pexpect
import pytest
import yaml

from guatu.cli.exits import Exit
from guatu.cli.main import main
from tests.dispatch.cast import HEADER, pack, project, workbook

pytestmark = pytest.mark.xdist_group("county")

ODD = {"存在问题": "推进中的堵点", "责任人": "包抓", "1-8月累计完成投资(万元)": "到8月花了(万元)"}
"""Titles no ledger knows, under what the town used to write."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with a county's pack."""
    pack(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def odd_workbook(path: Path, month: int = 8, titles: Mapping[str, str] = ODD) -> Path:
    """东关镇's workbook under titles of its own."""
    workbook(
        path, project(1, "清河大桥工程", 责任人="张伟 13900001111"), project(2, "文化中心", 责任人="刘洋"), month=month
    )
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    for column, title in enumerate(HEADER, 1):
        sheet.cell(3, column).value = titles.get(title, title).replace("8月", f"{month}月")
    book.save(path)
    return path


def options(month: int = 8) -> list[str]:
    return ["--pack", "county", "--round", f"2021-{month:02d}"]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--lang", "zh"])
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def kept_columns(home: Path) -> dict[str, str]:
    (path,) = (home / "mappings").glob("*.yaml")
    newest = yaml.safe_load(path.read_text(encoding="utf-8"))["layouts"][0]
    return {one["title"]: one["field"] for one in newest["columns"]}


class Person:
    """Somebody at a terminal of 80 columns."""

    def __init__(self, home: Path, *arguments: object) -> None:
        program = "from guatu.cli.main import main; main()"
        self.seen = ""
        self.terminal = pexpect.spawn(
            sys.executable,
            ["-c", program, *map(str, arguments), "--lang", "zh", "--by", "王审"],
            cwd=str(home), dimensions=(60, 80), encoding="utf-8", timeout=60, echo=False,
            env={**os.environ, "TERM": "dumb"},
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip

    def answers(self, asked: str, answer: str) -> None:
        self.terminal.expect(re.escape(asked))
        self.seen += f"{self.terminal.before}{self.terminal.after}"
        self.terminal.sendline(answer)

    def ends(self) -> int:
        self.terminal.expect(pexpect.EOF)
        self.seen += str(self.terminal.before)
        self.terminal.close()
        return int(self.terminal.exitstatus if self.terminal.exitstatus is not None else -1)


def test_a_person_confirms_a_layout_once_and_the_next_round_is_read_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    august = odd_workbook(home / "in/08/东关镇.xlsx")
    person = Person(home, "map", august, *options())

    person.answers("[1/3] F 列", "年初累计")
    person.answers("1 年初累计完成投资", "1")
    person.answers("[2/3] K 列", "存在问题")
    person.answers("1 存在问题", "1")
    person.answers("[3/3] M 列", "0")
    person.answers("还要改哪一列", "")
    person.answers("记下，下个月照此读", "y")
    assert person.ends() == Exit.DONE

    assert "张伟" not in person.seen and "13900001111" not in person.seen, "names and phones stay off the screen"
    columns = kept_columns(home)
    assert (
        columns["到{month}花了 (万元)"] == "ytd_done"
        and columns["推进中的堵点"] == "problem"
        and columns["包抓"] == "-"
    )

    odd_workbook(home / "in/09/东关镇.xlsx", month=9)
    code, out, _ = run(
        capsys, "run", "in/09/东关镇.xlsx", *options(9), "--rulebook", "yinchuan_2025", "-o", "out/2021-09",
        "--dated", "2021-10-08",
    )  # fmt: skip
    assert code == Exit.DONE, out
    assert "照核定的列映射读取：东关镇.xlsx" in out
    with (home / "out/2021-09/indicators.csv").open(encoding="utf-8-sig") as file:
        (rate,) = [
            line for line in file if line.startswith("990001,") and ",completion_rate," in line and "全部" in line
        ]
    assert ",75," in rate, "2 × 4500 of 2 × 6000"


def test_next_months_changed_layout_is_shown_column_by_column_and_waits(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "map", odd_workbook(home / "in/08/东关镇.xlsx", titles={}), *options(), "--yes", "--by", "王审")
    changed = {"8月完成投资(万元)": "8月完成投资(亿元)", "存在问题": "乱七八糟", "责任人": "责任人及职务"}
    odd_workbook(home / "in/09/东关镇.xlsx", month=9, titles=changed)

    code, out, _ = run(
        capsys, "run", "in/09/东关镇.xlsx", *options(9), "--rulebook", "yinchuan_2025", "-o", "out/2021-09",
        "--dated", "2021-10-08",
    )  # fmt: skip

    assert code == Exit.REFUSED_PARTLY
    assert "“{month}完成投资”的单位由万元改为亿元；“存在问题”改成“乱七八糟”；“责任人”改成“责任人及职务”" in out
    assert "G3 “9月完成投资(亿元)”" in out and "K3 “乱七八糟”" in out
    assert "guatu map" in out
    assert not (home / "out/2021-09/questions.yaml").exists(), "what a column is, is no cell's answer"


def test_without_a_terminal_the_questions_are_printed_and_nothing_is_kept(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "map", odd_workbook(home / "in/东关镇.xlsx"), *options())

    assert code == Exit.REFUSED
    assert "K 推进中的堵点：对不上任何字段" in out and "--yes" in out
    assert "张伟" not in out and "13900001111" not in out
    assert not (home / "mappings").exists()


def test_yes_keeps_what_is_sure_and_leaves_the_rest_undecided(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = odd_workbook(home / "in/东关镇.xlsx")

    code, out, _ = run(capsys, "map", source, *options(), "--yes")

    columns = kept_columns(home)
    assert code == Exit.REFUSED_PARTLY and "还有 3 列待定" in out
    assert columns["推进中的堵点"] == "?" and columns["{year}计划投资 (万元)"] == "annual_plan"


def test_an_undecided_column_filled_in_by_hand_is_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = odd_workbook(home / "in/东关镇.xlsx")
    run(capsys, "map", source, *options(), "--yes")
    (path,) = (home / "mappings").glob("*.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{title: 推进中的堵点, field: '?'}", "{title: 推进中的堵点, field: problem}"), encoding="utf-8"
    )

    _, out, _ = run(capsys, "import", "--dry-run", source, *options(), "--json")

    columns = {one["title"][-1]: one["field"] for one in json.loads(out)[0]["tables"][0]["columns"]}
    assert columns["推进中的堵点"] == "problem"


def test_show_prints_the_kept_mapping_and_the_difference(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "map", odd_workbook(home / "in/东关镇.xlsx", titles={}), *options(), "--yes", "--by", "王审")
    changed = odd_workbook(home / "in/东关镇.xlsx", titles={"存在问题": "乱七八糟"})

    code, out, _ = run(capsys, "map", changed, *options(), "--show")

    assert code == Exit.DONE
    assert "王审" in out and "“存在问题”改成“乱七八糟”" in out
    _, out, _ = run(capsys, "map", changed, *options(), "--json")
    (record,) = json.loads(out)
    assert [one["kind"] for one in record["tables"][0]["changes"]] == ["renamed"]
    assert record["tables"][0]["confirmed"] is False


def test_another_senders_mapping_is_offered_but_not_taken(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "map", odd_workbook(home / "in/东关镇.xlsx"), *options(), "--yes")
    (path,) = (home / "mappings").glob("*.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{title: 推进中的堵点, field: '?'}", "{title: 推进中的堵点, field: problem}"), encoding="utf-8"
    )
    other = odd_workbook(home / "in/西岭乡.xlsx")

    person = Person(home, "map", other, *options())
    person.answers("[1/3] F 列", "s")
    person.answers("东关镇同样的版式核定为此", "q")

    assert person.ends() == Exit.REFUSED
    assert "什么也没有记下" in person.seen
    assert len(list((home / "mappings").iterdir())) == 1


def test_an_interrupt_in_the_middle_keeps_nothing(home: Path) -> None:
    person = Person(home, "map", odd_workbook(home / "in/东关镇.xlsx"), *options())

    person.terminal.expect(re.escape("[1/3] F 列"))
    person.terminal.expect(" > ")
    person.terminal.sendintr()

    assert person.ends() == Exit.INTERRUPTED
    assert "没有留下写了一半的文件" in person.seen
    assert not (home / "mappings").exists()


def test_a_header_nobody_knows_is_pointed_at(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = {title: f"栏{number}" for number, title in enumerate(HEADER, 1)}
    source = odd_workbook(home / "in/东关镇.xlsx", titles=strange)

    person = Person(home, "map", source, *options())
    person.answers("列名在第几行", "3")
    person.answers("[1/13] A 列", "0")
    person.answers("[2/13] B 列", "项目名称")
    person.answers("1 项目名称", "1")
    for number in range(3, 14):
        person.answers(f"[{number}/13]", "s")
    person.answers("还要改哪一列", "")
    person.answers("记下，下个月照此读", "y")

    assert person.ends() == Exit.REFUSED_PARTLY
    assert kept_columns(home)["栏2"] == "name"


def test_one_workbook_that_cannot_be_kept_does_not_hold_up_the_others(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = odd_workbook(home / "in/东关镇.xlsx", titles={})
    (home / "in/西岭乡.xlsx").write_bytes(b"no workbook at all")

    code, out, _ = run(capsys, "map", home / "in/西岭乡.xlsx", good, *options(), "--yes")

    assert code == Exit.REFUSED_PARTLY
    assert "西岭乡.xlsx" in out and kept_columns(home)["项目名称"] == "name"


def test_a_workbook_of_nobody_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = workbook(home / "in/汇总.xlsx", project(1, "清河大桥"))
    book = openpyxl.load_workbook(source)
    book["调度表"].delete_rows(1, 2)
    book.save(source)

    code, _, said = run(capsys, "map", source, *options(), "--yes")

    assert code == Exit.REFUSED and "认不出是哪个单位报的" in said


def test_a_rerun_of_a_round_reads_by_the_mappings_it_was_first_read_with(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = odd_workbook(home / "in/东关镇.xlsx", titles={}).resolve()
    run(capsys, "map", source, *options(), "--yes", "--mappings", "kept/here")
    asked = [
        "run",
        source,
        "--pack",
        home / "county",
        "--round",
        "2021-08",
        "--rulebook",
        "yinchuan_2025",
        "--dated",
        "2021-09-07",
    ]
    run(capsys, *asked, "-o", home / "out/08", "--mappings", "kept/here")
    (home / "elsewhere").mkdir()
    monkeypatch.chdir(home / "elsewhere")

    _, out, _ = run(capsys, *asked, "-o", home / "out/08")

    assert "照核定的列映射读取" in out
