"""A unit's workbooks through the door: what they would change, taken whole, known again, undone."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.audit.models import Record
from guatu.hub.audit.source import Door, Source
from guatu.hub.ledger.actions.import_undoing import undo_import
from guatu.hub.ledger.actions.imports import NotInState, StalePlan, submit_import, take_import
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Figure, Import, Item, ItemRevision, Ledger
from guatu.hub.ledger.models.imports import ImportState

DEMO = Path(__file__).resolve().parents[3] / "demo"
AT = datetime.fromisoformat("2021-09-07T10:00:00+08:00")


@pytest.fixture
def pingdu(db: None) -> Unit:
    """The demonstration's city and one of its districts, with its pack installed."""
    units: dict[str, Unit] = {}
    for unit in load_pack(DEMO / "pack").units.values():
        above = units.get(unit.parent or "")
        kind = "district" if above else "city"
        units[unit.code] = placed(parent=above, kind=kind, title=unit.title, code=unit.code, on=date(2000, 1, 1), at=AT)
    install_pack(folder=DEMO / "pack", by=somebody("system_administrator", units["370200"]), at=AT)
    return units["370283"]


def somebody(role: str, unit: Unit) -> Actor:
    person, _ = Person.objects.get_or_create(
        username=f"{role[:20]}-{unit.pk}", defaults={"name": role, "password": "!"}
    )
    Post.objects.get_or_create(person=person, unit=unit, role=role, defaults={"starts_on": date(2020, 1, 1)})
    return Actor.of(person, at=AT, source=Source(Door.WEB))


def sent(unit: Unit, month: str, *, at: datetime = AT, by: Actor | None = None) -> Import:
    """The district's workbook of a month, read."""
    path = DEMO / month / f"{unit.title_zh}.xlsx"
    content = path.read_bytes()
    one = submit_import(
        ledger=Ledger.objects.get(key="key_projects"), unit=unit, period=month, file_name=path.name, content=content,
        sha256=hashlib.sha256(content).hexdigest(), by=by or somebody("reporter", unit), at=at,
    )  # fmt: skip
    read_import.func(one.pk)
    one.refresh_from_db()
    return one


def counts(one: Import) -> dict[str, int]:
    return {kind: one.counts.get(kind, 0) for kind in ("new", "changed", "moved", "same", "absent")}


def said(one: Import) -> str:
    """Everything found in a workbook."""
    return "\n".join(f"{found.sheet}!{found.cell} {found.raw} {found.reason_zh}" for found in one.findings.all())


def test_three_rounds_come_in_and_each_says_what_it_changes(pingdu: Unit) -> None:
    li = somebody("reporter", pingdu)
    june = sent(pingdu, "2021-06")
    assert june.state == ImportState.READY, said(june)
    assert counts(june) == {"new": 115, "changed": 0, "moved": 0, "same": 0, "absent": 0}
    take_import(sent=june, by=li, at=AT)
    assert Item.objects.count() == 115

    again = sent(pingdu, "2021-06")
    assert counts(again) == {"new": 0, "changed": 0, "moved": 0, "same": 115, "absent": 0}

    july = sent(pingdu, "2021-07")
    assert counts(july)["new"] == 0
    assert counts(july)["changed"] == 115
    take_import(sent=july, by=li, at=AT)
    august = sent(pingdu, "2021-08")
    assert counts(august)["new"] == 3
    take_import(sent=august, by=li, at=AT)

    assert Item.objects.count() == 118
    assert len(dict(rows_on(Item.objects.all(), date(2021, 7, 31)))) == 115
    assert Record.objects.filter(kind="import.taken").count() == 3


def test_taking_the_same_file_twice_changes_nothing(pingdu: Unit) -> None:
    li = somebody("reporter", pingdu)
    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)
    before = (ItemRevision.objects.count(), Figure.objects.count())

    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)

    assert (ItemRevision.objects.count(), Figure.objects.count()) == before


def test_what_is_undone_is_as_it_was_and_its_history_stays(pingdu: Unit) -> None:
    li = somebody("reporter", pingdu)
    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)
    was = as_it_is()
    july = take_import(sent=sent(pingdu, "2021-07"), by=li, at=AT)
    assert as_it_is() != was

    undo_import(sent=july, reason="报错了月份", by=li, at=AT + timedelta(hours=1))

    assert as_it_is() == was
    assert ItemRevision.objects.filter(kind="undone").exists()
    with pytest.raises(NotInState):
        undo_import(sent=july, reason="再撤一次", by=li, at=AT + timedelta(hours=1))


def as_it_is() -> dict[str, object]:
    figures = Figure.objects.in_force()
    return {
        "items": {one.name: (one.code, one.state, one.values) for one in Item.objects.all()},
        "figures": set(figures.values_list("item__name", "field", "period", "amount", "number")),
    }


def test_a_preview_somebody_has_overtaken_is_not_taken(pingdu: Unit) -> None:
    li = somebody("reporter", pingdu)
    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)
    july = sent(pingdu, "2021-07")
    item = Item.objects.first()
    assert item is not None
    zhao = somebody("dispatcher", Unit.objects.get(parent=None))
    change_item(item=item, seen=1, name="改了名的项目", on=date(2021, 7, 1), reason="更名", by=zhao, at=AT)

    with pytest.raises(StalePlan, match=item.name):
        take_import(sent=july, by=li, at=AT)

    assert Item.objects.filter(revision__gt=2).count() == 0
    read_import.func(july.pk)
    july.refresh_from_db()
    assert july.state == ImportState.READY, said(july)
    take_import(sent=july, by=li, at=AT)


def test_the_ledger_as_of_a_day_and_as_known_then(pingdu: Unit) -> None:
    li = somebody("reporter", pingdu)
    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)
    take_import(sent=sent(pingdu, "2021-07"), by=li, at=AT)

    project = Item.objects.order_by("pk").first()
    assert project is not None
    june = Figure.objects.in_force().get(item=project, field="ytd_done", period="2021-06")
    july = Figure.objects.in_force().get(item=project, field="ytd_done", period="2021-07")
    assert june.amount is not None and july.amount is not None
    assert july.amount >= june.amount


def test_nothing_about_people_stands_in_a_revision(pingdu: Unit) -> None:
    take_import(sent=sent(pingdu, "2021-06"), by=somebody("reporter", pingdu), at=AT)

    assert not ItemRevision.objects.filter(row__contains="责任人0").exists()
    assert not Record.objects.filter(after__contains="责任人0").exists()


def test_another_units_workbook_is_refused_with_whose_it_is(pingdu: Unit) -> None:
    other = Unit.objects.get(code="370202")
    content = (DEMO / "2021-06" / "平度市.xlsx").read_bytes()
    one = submit_import(
        ledger=Ledger.objects.get(key="key_projects"), unit=other, period="2021-06", file_name="平度市.xlsx",
        content=content, sha256="0" * 64, by=somebody("reporter", other), at=AT,
    )  # fmt: skip
    read_import.func(one.pk)
    one.refresh_from_db()

    assert one.state == ImportState.REFUSED
    assert "平度市" in said(one)
    with pytest.raises(NotInState):
        take_import(sent=one, by=somebody("reporter", other), at=AT)


def test_a_stranger_neither_sends_nor_takes(pingdu: Unit) -> None:
    stranger = somebody("reporter", Unit.objects.get(code="370202"))
    with pytest.raises(NotAllowed):
        sent(pingdu, "2021-06", by=stranger)
    june = sent(pingdu, "2021-06")

    with pytest.raises(NotAllowed):
        take_import(sent=june, by=stranger, at=AT)

    assert not Import.objects.visible_to(stranger).exists()
    assert Item.objects.count() == 0


def test_no_row_is_taken_of_a_unit_beyond_the_senders(pingdu: Unit) -> None:
    """Wherever the plan says that it lies, and wherever the item lies that it would change."""
    li, beyond = somebody("reporter", pingdu), Unit.objects.get(code="370202")
    june = sent(pingdu, "2021-06")
    june.steps.filter(position=june.steps.first().position).update(unit=beyond)

    with pytest.raises(NotAllowed):
        take_import(sent=june, by=li, at=AT)

    assert Item.objects.count() == 0


def test_what_is_no_workbook_is_refused_and_nothing_of_it_taken(pingdu: Unit) -> None:
    one = submit_import(
        ledger=Ledger.objects.get(key="key_projects"), unit=pingdu, period="2021-06", file_name="平度市.xlsx",
        content=b"%PDF-1.7 not a workbook", sha256="1" * 64, by=somebody("reporter", pingdu), at=AT,
    )  # fmt: skip
    read_import.func(one.pk)
    one.refresh_from_db()

    assert one.state == ImportState.REFUSED
    assert "PDF" in said(one)
