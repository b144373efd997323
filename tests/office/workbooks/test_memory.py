"""The memory of mappings: what is kept is read back the same, edited by hand, and refused at its line when wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.declarations.ledger import Ledger
from guatu.office.workbooks import WrongMapping
from guatu.office.workbooks.fingerprints import Column, Layout
from guatu.office.workbooks.memory import (
    Decision,
    KeptColumn,
    KeptLayout,
    Origin,
    SenderFile,
    memory_of,
    read_sender_file,
    written,
)
from guatu.office.workbooks.reading import Sender

ORIGIN = Origin("某区.xlsx", "ab" * 32, "调度表", "2021-08", "王审", "2021-09-05")
COLUMNS = (
    KeptColumn(Column(("项目名称",)), "name"),
    KeptColumn(Column(("投资", "{month}完成"), "万元"), "month_done", None, "titled", Decision("王审", "2021-09-05", "某区.xlsx")),
    KeptColumn(Column(("规模数",)), "total_investment", "亿元"),
    KeptColumn(Column(("备注",)), "-"),
    KeptColumn(Column(("省重点",)), "list:provincial"),
    KeptColumn(Column(("说不清",)), "?"),
)  # fmt: skip


def kept(*columns: KeptColumn, ledger: str = "key_projects") -> KeptLayout:
    layout = Layout(2, ("重点项目调度表",), ("万元",), tuple(one.column for one in columns))
    return KeptLayout(ledger, layout, columns, ORIGIN)


FILE = SenderFile(Sender("370202", "某区"), (kept(*COLUMNS),))


def saved(folder: Path, text: str) -> Path:
    path = folder / "某区.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    assert read_sender_file(saved(tmp_path, written(FILE))) == FILE


keys = st.text("项目总投资{month}-1累计(#)/a:'\"%", min_size=1, max_size=12).map("".join)
columns = st.builds(
    KeptColumn,
    st.builds(Column, st.lists(keys, min_size=1, max_size=3).map(tuple), st.sampled_from([None, "万元", "亩"])),
    st.sampled_from(["-", "?", "name", "no", "null", "list:provincial"]),
    st.sampled_from([None, "亿元"]),
    st.sampled_from([None, "titled", "round", "round-1"]),
    st.none() | st.builds(Decision, st.sampled_from(["王审", "7", "on"]), st.just("2021-09-05"), keys),
)


@given(st.lists(columns, max_size=6), st.sampled_from([None, "370202"]), st.sampled_from([None, "gb18030"]))
def test_whatever_titles_and_words_there_are_nothing_changes_on_the_way(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[KeptColumn], code: str | None, encoding: str | None
) -> None:
    file = SenderFile(Sender(code, "某区: #1"), (kept(*chosen),), encoding)

    assert read_sender_file(saved(tmp_path_factory.mktemp("kept"), written(file))) == file


def test_a_person_may_change_what_a_column_is(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> None:
    changed = written(FILE).replace("field: '?'", "field: problem")

    memory = memory_of([read_sender_file(saved(tmp_path, changed))], ledgers["key_projects"])

    assert memory.of(FILE.sender)[0].columns[-1].field == "problem"


@pytest.mark.parametrize(
    ("change", "at", "says"),
    [
        (("field: name", "field: nane"), "field: nane", "there is no field 'nane'"),
        (("list:provincial", "list:galactic"), "list:galactic", "there is no list 'galactic'"),
        (("field: '?'", "field: name"), "field: name", "two columns are 'name'"),
        (("unit: 亿元", "unit: 斤两"), "unit: 斤两", "'斤两' is no unit"),
        (("period: titled", "period: soon"), "period: soon", "'soon' is no period"),
        (("title: 备注", "title: 附注"), "fingerprint:", "were changed and do not match it"),
        (("header_rows: 2", "header_rows: 3"), "fingerprint:", "were changed and do not match it"),
        (("mappings: 1", "mappings: 9"), "mappings: 9", "mapping format 9 is not known"),
        (("fingerprint: 1-", "fingerprint: 7-"), "fingerprint: 7-", "is not known"),
        (("field: name", "feild: name"), "feild: name", "'field' is missing"),
        (("field: '-'", "field: '-', colour: red"), "field: '-', colour: red", "unknown key 'colour'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    change: tuple[str, str], at: str, says: str, tmp_path: Path, ledgers: Mapping[str, Ledger]
) -> None:
    text = written(FILE).replace(*change)
    line = max(number for number, one in enumerate(text.splitlines(), 1) if at in one)
    assert text != written(FILE)

    with pytest.raises(WrongMapping) as refused:
        memory_of([read_sender_file(saved(tmp_path, text))], ledgers["key_projects"])

    assert says in refused.value.what.en
    assert refused.value.where.endswith(f"某区.yaml:{line}"), refused.value.where


def test_a_field_that_may_have_several_columns_may_have_them_in_a_kept_mapping(ledgers: Mapping[str, Ledger]) -> None:
    ledger = ledgers["key_projects"]
    several = replace(ledger, fields={**ledger.fields, "problem": replace(ledger.fields["problem"], several=True)})
    layout = kept(KeptColumn(Column(("问题",)), "problem"), KeptColumn(Column(("困难",)), "problem"))

    assert memory_of([SenderFile(FILE.sender, (layout,))], several).of(FILE.sender) == (layout,)
    with pytest.raises(WrongMapping):
        memory_of([SenderFile(FILE.sender, (layout,))], ledger)


def test_a_sender_keeps_layouts_of_several_ledgers_apart(ledgers: Mapping[str, Ledger]) -> None:
    other = kept(KeptColumn(Column(("地块名称",)), "nobody's field"), ledger="land_parcels_elsewhere")
    file = SenderFile(FILE.sender, (other, *FILE.layouts))

    memory = memory_of([file], ledgers["key_projects"])

    assert memory.of(FILE.sender) == FILE.layouts


def test_confirming_a_layout_again_takes_the_place_of_the_old_one_and_leaves_the_others() -> None:
    other = kept(*COLUMNS[:2])
    again = kept(KeptColumn(COLUMNS[0].column, "-"), *COLUMNS[1:])

    file = SenderFile(FILE.sender, (*FILE.layouts, other)).keeping([again])

    assert file.layouts == (again, other)


def test_what_one_sender_keeps_is_nobody_elses(ledgers: Mapping[str, Ledger]) -> None:
    memory = memory_of([FILE], ledgers["key_projects"])
    layout = FILE.layouts[0].layout

    assert memory.of(Sender("370203", "另一区")) == ()
    assert [sender.title for sender, _ in memory.elsewhere(layout, Sender("370203", "另一区"))] == ["某区"]
    assert list(memory.elsewhere(layout, FILE.sender)) == []


def test_the_example_in_the_reference_is_a_file_as_it_should_be(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> None:
    page = (Path(__file__).parents[3] / "docs/reference/mappings.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    file = read_sender_file(saved(tmp_path, example))

    assert read_sender_file(saved(tmp_path, written(file))) == file
    assert memory_of([file], ledgers["key_projects"]).encoding_of(file.sender) == "gb18030"
