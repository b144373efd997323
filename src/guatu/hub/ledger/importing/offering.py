"""A reported item in the exact form a ledger keeps: facts, figures by period, days of milestones, people apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.dispatch.item import Cell
from guatu.dispatch.items import Item as ReportedItem
from guatu.hub.ledger.encodings import Value, encoded, plain_decimal
from guatu.hub.ledger.fields import facts_of, ledger_code
from guatu.hub.ledger.importing.offers import Offer, StatedFigure, StatedMilestone
from guatu.standards.periods import Period


def offer_of(item: ReportedItem, ledger: LedgerDeclaration, by_code: Mapping[str, int], period: Period) -> Offer:
    """What a reported item offers the ledger."""
    plain = facts_of(ledger)
    people = {key for key, one in ledger.fields.items() if one.is_personal}
    values = {
        key: encoded(plain[key], as_value(plain[key], value))
        for key, value in item.values.items()
        if key in plain and value is not None
    }
    return Offer(
        unit=by_code[item.unit],
        name=item.name,
        code=str(item.value(ledger_code(ledger) or "") or ""),
        values=values,
        missing={key: why for key, why in item.missing.items() if key in plain},
        lists=tuple(sorted(key for key in item.on() if key in ledger.lists and ledger.lists[key].where is None)),
        figures=tuple(_figures(item, ledger, period)),
        milestones=tuple(_milestones(item, ledger)),
        people={key: _named(item.value(key)) for key in sorted(people) if item.value(key)},
        cells={key: _where(cells[0]) for key, cells in sorted(item.cells.items()) if cells and key not in people},
        item=int(item.item_id) if item.item_id.isdecimal() else None,
        key=item.item_id,
    )


def _named(value: object) -> str:
    """Names or phones of one cell, as people write several."""
    return "、".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def as_value(declared: FieldDeclaration, value: object) -> Value:
    """A reader's value as the ledger takes it."""
    if declared.type is FieldType.TEXT:
        return str(value)
    assert isinstance(value, str | int | bool | Decimal | date | list | tuple)
    return value


def _figures(item: ReportedItem, ledger: LedgerDeclaration, period: Period) -> Iterator[StatedFigure]:
    """Every figure stated, each for its period; the year's plan for the year of the round."""
    stated = {(one.field, one.period or str(period)): one.value for one in item.figures}
    for key, declared in ledger.fields.items():
        if declared.measure is not None and item.value(key) is not None:
            stated.setdefault((key, str(period)), item.value(key))
    for (key, spoken), value in sorted(stated.items()):
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int) and ledger.fields[key].type in (FieldType.MONEY, FieldType.AREA, FieldType.INTEGER):
            yield StatedFigure(key, spoken, amount=value)
        elif isinstance(value, int | Decimal):
            yield StatedFigure(key, spoken, number=plain_decimal(Decimal(value)))


def _milestones(item: ReportedItem, ledger: LedgerDeclaration) -> Iterator[StatedMilestone]:
    for key, milestone in ledger.milestones.items():
        for fact, field in (("planned", milestone.planned), ("actual", milestone.actual)):
            day = item.value(field) if field is not None else None
            if isinstance(day, date):
                cells = item.cells.get(field or "", ())
                yield StatedMilestone(key, fact, day.isoformat(), (cells[0].precision or "") if cells else "")
            elif fact == "actual" and milestone.reached is not None and item.value(milestone.reached) is True:
                yield StatedMilestone(key, fact, None)


def _where(cell: Cell) -> str:
    return f"{cell.sheet}!{cell.address}"
