"""The folder of mappings: one file a sender, whole or not at all, found again; and the demonstration read through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.dispatch.confirming import Confirming
from guatu.dispatch.mappings import FOLDER, folder_of, keep, keep_path, load_memory
from guatu.office.workbooks import Memory
from guatu.office.workbooks.fingerprints import Column, Layout
from guatu.office.workbooks.memory import KeptColumn, KeptLayout, Origin, WrongMapping
from guatu.office.workbooks.reading import Sender
from guatu.standards.periods import Period
from guatu.text import Refusal
from tests.dispatch.cast import ledger

DEMO = Path(__file__).parents[2] / "demo"
DONGGUAN = Sender("990001", "东关镇")


def kept(*titles: str) -> KeptLayout:
    columns = tuple(KeptColumn(Column((title,)), "-") for title in titles)
    origin = Origin("东关镇.xlsx", "00", "调度表", "2021-08", "王审", "2021-09-05")
    return KeptLayout("key_projects", Layout(1, (), (), tuple(one.column for one in columns)), columns, origin)


def test_what_is_kept_is_found_by_the_next_run_beside_what_was_kept_before(tmp_path: Path) -> None:
    keep(tmp_path / "mappings", DONGGUAN, [kept("项目名称")])
    path = keep(tmp_path / "mappings", DONGGUAN, [kept("项目名称", "备注")])

    memory = load_memory(tmp_path / "mappings", ledger())

    assert memory.of(DONGGUAN) == (kept("项目名称", "备注"), kept("项目名称"))
    assert [one.name for one in (tmp_path / "mappings").iterdir()] == [path.name] == ["990001-东关镇.yaml"]


def test_a_file_a_person_renamed_is_still_the_senders(tmp_path: Path) -> None:
    keep(tmp_path, DONGGUAN, [kept("项目名称")]).rename(tmp_path / "老王改过的.yaml")

    keep(tmp_path, DONGGUAN, [kept("备注")])

    assert [one.name for one in tmp_path.iterdir()] == ["老王改过的.yaml"]
    assert len(load_memory(tmp_path, ledger()).of(DONGGUAN)) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "a\\b:c*?", "甲" * 300, ".hidden", " "])
def test_no_name_a_workbook_gives_itself_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    path = keep(tmp_path / "mappings", Sender(None, name), [kept("项目名称")])

    assert path.resolve().parent == (tmp_path / "mappings").resolve()
    assert load_memory(tmp_path / "mappings", ledger()).of(Sender(None, name)) == (kept("项目名称"),)


def test_two_files_of_one_sender_are_refused(tmp_path: Path) -> None:
    path = keep(tmp_path, DONGGUAN, [kept("项目名称")])
    (tmp_path / "again.yaml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        load_memory(tmp_path, ledger())

    assert "again.yaml" in refused.value.where and "990001-东关镇.yaml" in refused.value.where


def test_other_yaml_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    keep(tmp_path, DONGGUAN, [kept("项目名称")])
    (tmp_path / "notes.yaml").write_text("todo: [ask 西岭乡]\n", encoding="utf-8")

    keep(tmp_path, DONGGUAN, [kept("备注")])

    assert len(load_memory(tmp_path, ledger()).of(DONGGUAN)) == 2
    assert (tmp_path / "notes.yaml").read_text(encoding="utf-8") == "todo: [ask 西岭乡]\n"


def test_a_broken_file_stands_as_it_is_and_nothing_is_added_to_it(tmp_path: Path) -> None:
    path = keep(tmp_path, DONGGUAN, [kept("项目名称")])
    broken = path.read_text(encoding="utf-8").replace("header_rows: 1", "header_rows: 2")
    path.write_text(broken, encoding="utf-8")

    with pytest.raises(WrongMapping):
        keep(tmp_path, DONGGUAN, [kept("备注")])

    assert path.read_text(encoding="utf-8") == broken
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_the_folder_is_the_one_given_else_that_of_an_earlier_round_else_the_one_here(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "out/2021-08/results").mkdir(parents=True)
    keep_path(tmp_path / "out/2021-08/results", tmp_path / "out/2021-08", tmp_path / "kept")

    assert folder_of(Path("given"), [tmp_path / "out/2021-08"]) == Path("given")
    assert folder_of(None, [tmp_path / "out/2021-09", tmp_path / "out/2021-08"]) == tmp_path / "kept"
    assert folder_of(None, [tmp_path / "out/2021-09"]) == FOLDER


@pytest.mark.parametrize("unit", ["崂山区", "胶州市", "西海岸新区"])
def test_layouts_confirmed_in_june_read_august_and_find_nothing_changed(unit: str) -> None:
    pack = load_pack(DEMO / "pack")
    units = list(pack.units.values())
    june = Confirming(
        DEMO / f"2021-06/{unit}.xlsx",
        pack.ledger,
        Period.month(2021, 6),
        units,
        Memory(),
        by="王审",
        on=date(2021, 7, 5),
    )
    survey = june.survey(None)
    assert survey.sender is not None
    layouts = [june.layout(survey, table, {}) for table in survey.tables if table.no_ledger is None]
    august = replace(june, path=DEMO / f"2021-08/{unit}.xlsx", period=Period.month(2021, 8))

    plain, known = august.read(), august.read(Memory().keeping(survey.sender, layouts))

    assert len(known.kept) == len(known.tables) == len(layouts)
    assert all(use.changes == () for use in known.kept)
    assert list(known.rows) == list(plain.rows)
    # A column marked as void was confirmed to be one; there is nothing left to say.
    assert list(known.findings) == [one for one in plain.findings if one.code != "void_column"]
