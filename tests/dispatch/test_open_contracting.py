"""A ledger as open contracting data and back: valid by the published schema, exact, and without a person's name."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.cli.main import main
from guatu.declarations import FieldType, load_pack
from guatu.dispatch.items import Item
from guatu.dispatch.open_contracting import (
    Exported,
    OpenPlan,
    export_items,
    import_projects,
    load_open_plan,
    read_document,
    run_examples,
    written,
)
from guatu.dispatch.open_contracting.importing import OpenDataRefused
from guatu.dispatch.store import read_items
from guatu.standards.oc4ids import faults
from guatu.standards.periods import Period
from guatu.text import Refusal, Text
from tests.dispatch.cast import pack, project, workbook

DATA = Path(__file__).parent / "data/oc4ids"
AUGUST = Period.parse("2021-08")
UNITS = {"990001": Text("东关镇", "Dongguan")}


@cache
def plan(name: str = "key_projects") -> OpenPlan:
    return load_open_plan(load_pack(name))


def item(**values: object) -> Item:
    return Item("i1", "990001", values=values)


def export(*items: Item, by: str = "key_projects") -> Exported:
    return export_items(items, plan(by), UNITS, AUGUST, language="zh")


def read_back(exported: Exported) -> list[dict[str, Any]]:
    """The projects as another program reads the file."""
    return json.loads(written(exported.package), parse_float=Decimal)["projects"]


# Out


def test_an_item_is_a_project_with_budget_milestones_parties_and_stage() -> None:
    made = export(
        item(
            name="清河大桥", project_code="2103-370285-48-01-123456", total_investment=123_456_789_01, industry="道路运输业",
            plan_start=date(2021, 3, 1), actual_start=date(2021, 3, 20), is_started=True, is_included=False,
            responsible_unit="县交通局", nature="expansion",
        )
    )  # fmt: skip

    (project,) = read_back(made)
    assert made.faults == []
    assert (project["title"], project["status"], project["type"]) == ("清河大桥", "implementation", "expansion")
    assert project["sector"] == ["transport", "transport.road"]
    assert project["budget"]["amount"] == {"amount": Decimal("123456789.01"), "currency": "CNY"}
    assert project["milestones"][0] == {
        "id": "start", "dueDate": "2021-03-01T00:00:00Z", "dateMet": "2021-03-20T00:00:00Z", "status": "met",
        "title": "开工", "type": "delivery", "code": "commencement",
    }  # fmt: skip
    roles = {party["name"]: party["roles"] for party in project["parties"]}
    assert roles == {"东关镇": ["publicAuthority"], "县交通局": ["administrativeEntity"]}


def test_amounts_are_written_to_the_digit() -> None:
    (project,) = json.loads(
        written(export(item(name="a", total_investment=900_719_925_474_099_3)).package), parse_float=str
    )["projects"]

    assert project["budget"]["amount"]["amount"] == "90071992547409.93"


def test_half_a_point_is_left_out_and_said() -> None:
    made = export(item(name="桥", longitude=Decimal("120.5"), location="东关"))

    assert "geometry" not in made.package["projects"][0]["locations"][0]
    assert "桥" in made.notes[0].zh
    assert made.faults == []


def test_nothing_personal_leaves() -> None:
    made = export(item(name="桥", person=("李报",), phone=("13800000000",), leader=("王管",)))

    assert not any(word in written(made.package) for word in ("李报", "13800000000", "王管"))


def test_the_shipped_rules_of_stage_and_sector_come_out_as_their_examples_say() -> None:
    assert [problem.in_("en") for problem in run_examples(plan())] == []
    assert sum(len(one.examples) for one in plan().decided) >= 12


# And back


def values_of(field_type: FieldType, states: tuple[str, ...]) -> st.SearchStrategy[object]:
    text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
    return {
        FieldType.MONEY: st.integers(-(10**15), 10**15),
        FieldType.AREA: st.integers(0, 10**12),
        FieldType.DATE: st.dates(date(1, 1, 1), date(9999, 12, 31)),
        FieldType.FLAG: st.booleans(),
        FieldType.CHOICE: st.sampled_from(states or ("",)),
        FieldType.NUMBER: st.decimals(-999, 999, allow_nan=False, places=6),
    }.get(field_type, text)


@st.composite
def items(draw: st.DrawFn, name: str) -> Item:
    """An item with any of the fields the pack's mapping holds; of a point both coordinates or none."""
    fields = {one.field.key: one.field for one in plan(name).fields if one.field.type is not FieldType.TAGS}
    values: dict[str, object] = {}
    for key in draw(st.sets(st.sampled_from(sorted(fields)))):
        values[key] = draw(values_of(fields[key].type, tuple(fields[key].states)))
    if ("longitude" in values) != ("latitude" in values):
        values.pop("longitude", None)
        values.pop("latitude", None)
    return item(**values)


@settings(max_examples=60, deadline=None)
@given(items("key_projects"))
def test_whatever_is_mapped_comes_back_as_it_was(one: Item) -> None:
    made = export(one)
    (found,) = import_projects(read_back(made), plan())

    assert made.faults == []
    assert found.notes == []
    assert found.values == one.values
    assert found.unit == one.unit


def test_lists_come_back(tmp_path: Path) -> None:
    one = item(name="桥")
    one.tags = dict.fromkeys(["provincial", "four_new"])  # type: ignore[assignment]

    (found,) = import_projects(read_back(export(one)), plan())

    assert found.tags == ("four_new", "provincial")


def test_a_round_goes_out_and_its_workbooks_come_back_with_the_same_values(tmp_path: Path) -> None:
    home = pack(tmp_path)
    sent = workbook(tmp_path / "in/东关镇.xlsx", project(1, "清河大桥"), project(2, "文化中心", 是否开工="否"))
    run = ["--pack", str(home), "--rulebook", "yinchuan_2025", "--round", "2021-08"]
    for arguments in (
        ["run", str(sent), *run, "-o", str(tmp_path / "out")],
        ["oc4ids", "export", str(tmp_path / "out"), "-o", str(tmp_path / "open.json")],
        ["oc4ids", "import", str(tmp_path / "open.json"), "--pack", str(home), "-o", str(tmp_path / "back")],
        ["run", str(tmp_path / "back/东关镇.xlsx"), *run, "-o", str(tmp_path / "again")],
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0, arguments

    ledger = load_pack(home).ledger
    before, after = (
        {one.name: one for one in read_items(tmp_path / folder / "results", ledger)} for folder in ("out", "again")
    )
    mapped = {one.field.key for one in plan().fields}
    assert before.keys() == after.keys() == {"清河大桥", "文化中心"}
    for name, one in before.items():
        assert {key: one.values.get(key) for key in mapped} == {key: after[name].values.get(key) for key in mapped}
    assert all(not faults(one) for one in read_document(tmp_path / "open.json"))
    assert "李报" not in (tmp_path / "open.json").read_text(encoding="utf-8")


def test_the_published_example_comes_in_with_its_budget_and_dates(tmp_path: Path) -> None:
    (found,) = import_projects(read_document(DATA / "example.json"), plan("open_infrastructure"))

    assert found.notes == []
    assert (found.values["budget"], found.values["budget_currency"]) == (40_000_000, "GBP")
    assert (found.values["final_value"], found.values["final_currency"]) == (42_100_000, "GBP")
    started, ended = found.values["start"], found.values["finish"]
    assert isinstance(started, date) and isinstance(ended, date)
    assert (started, ended, (ended - started).days) == (date(2016, 1, 1), date(2018, 12, 10), 1074)
    assert (found.values["status"], found.values["kind"], found.unit_title) == (
        "maintenance",
        "expansion",
        "Motorways UK",
    )


def test_the_published_example_goes_out_again_as_it_came() -> None:
    (first,) = import_projects(read_document(DATA / "example.json"), plan("open_infrastructure"))

    made = export(Item(first.id, "GB-GOR-XX1234", values=dict(first.values)), by="open_infrastructure")
    (second,) = import_projects(read_back(made), plan("open_infrastructure"))

    assert made.faults == []
    assert second.values == first.values


def test_an_amount_of_another_currency_is_named_and_not_taken() -> None:
    (found,) = import_projects(read_document(DATA / "example.json"), plan())

    assert "total_investment" not in found.values
    (note,) = found.notes
    assert "GBP" in note.zh and "budget.amount" in note.zh


def test_a_project_with_every_field_empty_is_refused_with_its_errors_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OpenDataRefused) as refused:
        read_document(DATA / "blank.json")
    with pytest.raises(SystemExit) as ended:
        main(["oc4ids", "check", str(DATA / "blank.json"), "--lang", "en"])

    assert len(refused.value.faults) == 138
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert "in 138 places" in said and "budget/amount/amount" in said and "and 118 more" in said


@pytest.mark.parametrize(
    "content", ["", "[1,", '{"id": NaN}', "[" * 100_000, '{"id": 1}', "[]", '{"projects": [3]}', "\ud800"]
)
def test_what_is_no_open_contracting_data_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))

    with pytest.raises(Refusal):
        read_document(path)


def test_a_unit_that_names_a_path_stays_in_its_folder(tmp_path: Path) -> None:
    document = {"id": "a", "title": "桥", "publicAuthority": {"id": "u", "name": "../../etc/衙门"}}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        main(["oc4ids", "import", str(tmp_path / "a.json"), "--pack", "key_projects", "-o", str(tmp_path / "in")])

    assert ended.value.code == 0
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["etc 衙门.xlsx"]


# The declaration

PACK = """\
pack: own
title: {zh: 自, en: Own}
version: "1"
effective_from: "2024-01-01"
source: {zh: 测试, en: For tests}
extends: [key_projects]
"""
WRONG = """\
oc4ids: "0.9"
id: "x-{thing}"
unit: parties[roles~publicAuthority].id
publisher: {zh: 甲, en: A}
fields:
  - {field: nam, path: title}
  - {field: name, path: titel}
  - {field: phone, path: description}
  - {field: is_started, path: "milestones[id=s].status", codes: {"true": done, "false": notMet}}
  - {field: is_included, path: "milestones[id=i].status", codes: {"true": met}}
fixed:
  - {path: "milestones[id=s].status", value: finished}
decided:
  - path: status
    rules: [{code: built, when: is_started}, {code: completion, when: is_startet}]
"""


def test_every_mistake_of_the_declaration_is_named_by_line(tmp_path: Path) -> None:
    home = tmp_path / "own"
    home.mkdir()
    (home / "pack.yaml").write_text(PACK, encoding="utf-8")
    (home / "oc4ids.yaml").write_text(WRONG, encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        load_open_plan(load_pack(home))

    said = refused.value.in_("en")
    for line, words in (
        (2, "unknown in braces"), (6, "Did you mean 'name'"), (7, "OC4IDS has no 'titel'"), (8, "personal"), (9, "no 'done'"),
        (10, "code of its own (false)"), (12, "no 'finished'"), (15, "no 'built'"), (15, "is_startet"), (15, "no examples"),
    ):  # fmt: skip
        assert any(f"oc4ids.yaml:{line}:" in one and words in one for one in said.split("\n")), (line, words, said)
