"""The ledger for programs: lists and filters, items on any day, changes, all within what the post may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.imports import submit_import
from guatu.hub.ledger.actions.items import enter_item, set_item_state
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.as_of import latest_sequence
from guatu.hub.ledger.models import Figure, Item, Ledger, Milestone
from guatu.hub.ledger.models.items import ItemState
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City

ProgramOf = Callable[[str], Program]
FILTERABLE = LEDGER.replace("type: money,", "type: money, filterable: true,").replace(
    "type: date}", "type: date, filterable: true}"
).replace("type: flag,", "type: flag, filterable: true,")  # fmt: skip


@pytest.fixture
def works(city: City, tmp_path: Path) -> Ledger:
    install_pack(folder=write_pack(tmp_path / "works", FILTERABLE), by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="works")


@pytest.fixture
def bridge(works: Ledger, city: City) -> Item:
    return enter_item(
        ledger=works, unit=city.units["town"], name="东关大桥", code="W-1", lists=("roads",), on=date(2026, 1, 10),
        values={"cost": 12_345_678_900, "due": date(2027, 8, 31), "begun": True}, by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


def names(program: Program, **query: object) -> list[str]:
    return [one["name"] for one in done(program.get("/ledgers/works/items", **query))["items"]]


def test_a_program_reads_ledgers_and_what_their_items_hold(program: ProgramOf, bridge: Item) -> None:
    li = program("li")

    assert done(li.get("/ledgers"))["items"] == [
        {"key": "works", "title_zh": "工程台账", "title_en": "Ledger of works", "pack": "works", "version": "1"}
    ]
    schema = done(li.get("/ledgers/works/schema"))
    assert schema["values"]["properties"]["cost"] == {
        "title": "造价", "x-title-en": "Cost", "type": "integer", "x-unit": "分", "x-shown-in": "万元", "x-currency": "CNY",
        "x-filterable": True,
    }  # fmt: skip
    assert "head" not in schema["values"]["properties"] and schema["lists"]["roads"]["title"] == "道路"
    jsonschema.Draft202012Validator.check_schema(schema["values"])
    jsonschema.validate(done(li.get(f"/items/{bridge.pk}"))["values"], schema["values"])
    assert li.get("/ledgers/nowhere/schema").status_code == 404


def test_an_item_is_told_to_the_digit_with_its_lists(program: ProgramOf, bridge: Item, city: City) -> None:
    told = done(program("li").get(f"/items/{bridge.pk}"))

    assert (told["values"]["cost"], told["lists"], told["ledger"]) == (12_345_678_900, ["roads"], "works")
    assert (told["unit_id"], told["revision"], told["entered_on"]) == (city.units["town"].pk, 1, "2026-01-10")
    assert "search_text" not in told


def test_a_stranger_finds_nothing_of_it(program: ProgramOf, bridge: Item) -> None:
    qian = program("qian")

    assert names(qian) == [] and names(qian, q="大桥") == []
    assert done(qian.get("/ledgers/works/rows", on="2026-06-01"))["items"] == []
    for part in ("", "/row", "/revisions", "/milestones", "/figures"):
        assert qian.get(f"/items/{bridge.pk}{part}").status_code == 404
    refused(
        qian.post(f"/items/{bridge.pk}/state", {"state": "suspended", "on": "2026-06-01", "reason": "x"}),
        403,
        "not_allowed",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "dgdq"}, True), ({"q": "小学"}, False), ({"list": "roads"}, True), ({"list": "schools"}, False),
        ({"state": "withdrawn"}, False), ({"where": "begun:is:true"}, True), ({"where": "begun:is:false"}, False),
        ({"where": "cost:is:12345678900"}, True), ({"where": "cost:from:12345678901"}, False),
        ({"where": ["cost:from:1", "due:to:2027-12-31"]}, True), ({"where": "due:from:2027-09-01"}, False),
    ],
)  # fmt: skip
def test_a_list_is_filtered(program: ProgramOf, bridge: Item, query: dict[str, object], found: bool) -> None:
    assert names(program("zhao"), **query) == (["东关大桥"] if found else [])


@pytest.mark.parametrize("under", ["east", "west"])
def test_a_list_is_that_of_a_unit_and_all_under_it(program: ProgramOf, bridge: Item, city: City, under: str) -> None:
    assert names(program("zhao"), unit=city.units[under].pk) == (["东关大桥"] if under == "east" else [])


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("nothing:is:1", "wrong_condition"), ("share:is:0.5", "wrong_condition"), ("head:is:李", "wrong_condition"),
        ("begun:from:true", "wrong_condition"), ("cost", "wrong_condition"), ("cost:is:万", "wrong_value"),
        ("due:is:2027-02-30", "wrong_value"), ("begun:is:maybe", "wrong_value"), ("cost:is:99999999999999999999", "wrong_value"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_asked_is_refused(program: ProgramOf, bridge: Item, where: str, name: str) -> None:
    refused(program("zhao").get("/ledgers/works/items", where=where), 422, name)


def test_pages_follow_each_other_at_the_same_cost(program: ProgramOf, works: Ledger, city: City) -> None:
    zhao = program("zhao")
    for number in range(7):
        enter_item(
            ledger=works, unit=city.units["town"], name=f"工程{number}", lists=("roads",), on=date(2026, 1, 10),
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    seen, cursor, costs = [], "", set()
    while cursor is not None:
        with CaptureQueriesContext(connection) as queries:
            page = done(zhao.get("/ledgers/works/items", limit=3, **({"cursor": cursor} if cursor else {})))
        seen += [one["name"] for one in page["items"]]
        cursor = page["next"]
        costs.add(len(queries))

    assert seen == [f"工程{number}" for number in range(7)]
    assert len(costs) == 1


def test_who_remembers_a_sequence_number_learns_what_changed_since(
    program: ProgramOf, bridge: Item, city: City
) -> None:
    zhao = program("zhao")
    known_to = done(zhao.get("/ledgers/works/items"))["known_to"]

    assert known_to == latest_sequence() and names(zhao, since=known_to) == []
    set_item_state(
        item=bridge, state=ItemState.WITHDRAWN, on=date(2026, 6, 1), reason="退出", by=city.actor("zhao"), at=NOW
    )
    assert names(zhao, since=known_to) == ["东关大桥"]


def test_an_item_is_entered_changed_moved_and_suspended_once_each(
    program: ProgramOf, works: Ledger, city: City
) -> None:
    zhao = program("zhao")
    new = {
        "unit_id": city.units["town"].pk, "name": "东关小学", "code": "W-2", "lists": ["schools"], "on": "2026-01-10",
        "values": {"cost": 100, "share": "0.25", "due": "2027-08-31", "begun": False},
    }  # fmt: skip

    item = done(zhao.post("/ledgers/works/items", new, key="once"), 201)
    assert done(zhao.post("/ledgers/works/items", new, key="once"), 201) == item
    path = f"/items/{item['id']}"
    change = {"seen": 1, "values": {"cost": None, "share": "0.5"}, "on": "2026-03-01", "reason": "概算批复"}
    changed = done(zhao.post(f"{path}/change", change))
    moved = done(
        zhao.post(f"{path}/move", {"unit_id": city.units["west"].pk, "on": "2026-04-01", "reason": "区划调整"})
    )
    done(zhao.post(f"{path}/state", {"state": "suspended", "on": "2026-05-01", "reason": "缓建"}))

    assert Item.objects.count() == 1
    assert item["values"] == new["values"] and item["lists"] == ["schools"]
    assert changed["values"] == {"share": "0.5", "due": "2027-08-31", "begun": False}
    assert (moved["unit_id"], moved["revision"]) == (city.units["west"].pk, 3)
    kinds = Record.objects.filter(kind__startswith="item.").order_by("pk").values_list("kind", "door")
    assert list(kinds) == [(f"item.{kind}", "api") for kind in ("entered", "changed", "moved", "state_set")]
    refused(zhao.post(f"{path}/change", change), 409, "changed_meanwhile")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"values": {"cost": "100"}}, "wrong_value"), ({"values": {"share": 5}}, "wrong_value"),
        ({"values": {"due": "2027-02-30"}}, "wrong_value"), ({"values": {"due": "明天"}}, "wrong_value"),
        ({"values": {"begun": "是"}}, "wrong_value"), ({"values": {"cost": 1.5}}, "wrong_shape"),
        ({"values": {"head": "李某"}}, "unknown_field"), ({"values": {"nothing": 1}}, "unknown_field"),
        ({"lists": ["nothing"]}, "refusal"), ({"name": ""}, "wrong_shape"), ({"on": "2999-01-01"}, "not_yet"),
        ({"values": {"own_no": "W\x00"}}, "wrong_shape"), ({"more": 1}, "wrong_shape"),
    ],
)  # fmt: skip
def test_what_an_item_cannot_hold_is_refused_and_nothing_is_left(
    program: ProgramOf, works: Ledger, city: City, body: dict[str, object], name: str
) -> None:
    new = {"unit_id": city.units["town"].pk, "name": "东关小学", "on": "2026-01-10"} | body

    refused(program("zhao").post("/ledgers/works/items", new), 422, name)
    assert Item.objects.count() == 0


def test_the_ledger_is_told_as_of_a_day_as_known_now_and_as_known_then(program: ProgramOf, bridge: Item) -> None:
    zhao, then = program("zhao"), latest_sequence()
    done(zhao.post(
        f"/items/{bridge.pk}/change", {"seen": 1, "values": {"cost": 100}, "on": "2026-03-01", "reason": "概算批复"}
    ))  # fmt: skip

    def costs(**query: object) -> list[int]:
        return [one["values"]["cost"] for one in done(zhao.get("/ledgers/works/rows", **query))["items"]]

    assert costs(on="2026-02-28") == [12_345_678_900] and costs(on="2026-03-01") == [100]
    assert costs(on="2026-03-01", known_to=then) == [12_345_678_900]
    assert costs(on="2026-01-09") == []
    (row,) = done(zhao.get(f"/items/{bridge.pk}/row", on="2026-02-28"))["items"]
    assert (row["values"]["cost"], row["lists"]) == (12_345_678_900, ["roads"])
    told = done(zhao.get(f"/items/{bridge.pk}/revisions"))["items"]
    assert [(one["kind"], one["reason"]) for one in told] == [("entered", ""), ("changed", "概算批复")]


def test_milestones_and_figures_in_force_are_told(program: ProgramOf, bridge: Item) -> None:
    Milestone.objects.create(item=bridge, key="started", fact="planned", on=date(2026, 9, 30), sequence=1)
    for amount, by in ((100, 2), (200, None)):
        Figure.objects.create(
            item=bridge, field="done", period="2026-05", amount=amount, sequence=1, superseded_by_sequence=by
        )
    zhao = program("zhao")

    assert [one["on"] for one in done(zhao.get(f"/items/{bridge.pk}/milestones"))["items"]] == ["2026-09-30"]
    assert [one["amount"] for one in done(zhao.get(f"/items/{bridge.pk}/figures", period="2026-05"))["items"]] == [200]
    assert done(zhao.get(f"/items/{bridge.pk}/figures", period="2026-04"))["items"] == []


def test_a_program_follows_the_workbooks_of_units_it_may_see(program: ProgramOf, works: Ledger, city: City) -> None:
    sent = submit_import(
        ledger=works, unit=city.units["town"], period="2026-05", file_name="东关镇.xlsx", content=b"PK", sha256="0" * 64,
        by=city.actor("li"), at=NOW,
    )  # fmt: skip

    (told,) = done(program("li").get("/ledgers/works/imports", state="waiting"))["items"]
    assert (told["id"], told["ledger"], told["period"], told["unit_id"]) == (
        sent.pk,
        "works",
        "2026-05",
        city.units["town"].pk,
    )
    assert done(program("wang").get(f"/imports/{sent.pk}")) == told
    assert done(program("li").get("/ledgers/works/imports", state="taken"))["items"] == []
    assert done(program("qian").get("/ledgers/works/imports"))["items"] == []
    assert program("qian").get(f"/imports/{sent.pk}").status_code == 404
