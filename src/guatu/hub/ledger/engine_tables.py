"""A ledger of a round as the typed Arrow tables the engine takes, straight from the declaration.

Loads pyarrow: only for the terminal and the worker. Rows go over as Arrow; no engine opens the site's database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pyarrow as pa

from guatu.declarations import FieldDeclaration, FieldType, Pack, UnitDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations.located import Place
from guatu.dispatch.items import is_first_round, month_and_cumulative
from guatu.dispatch.tables import ARROW_TYPES, closure_table, item_fields, typed_array, units_table
from guatu.engine.evaluation import Inputs
from guatu.engine.evaluation.lists import derive_lists
from guatu.engine.evaluation.results import EarlierResults
from guatu.hub.accounts.tree import Node, tree_on
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.encodings import Value
from guatu.hub.ledger.fields import ledger_code
from guatu.hub.ledger.models import Figure, Milestone
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState
from guatu.hub.ledger.rows import Row
from guatu.hub.ledger.stated_facts import milestone_days, value_in
from guatu.standards.periods import Period

_HERE = Place("ledger", 1)


def round_inputs(
    items: ItemQuerySet,
    ledger: LedgerDeclaration,
    pack: Pack,
    period: Period,
    history: Sequence[EarlierResults] = (),
    *,
    known_by: int | None = None,
) -> Inputs:
    """What the engine is given of a round: active items as of its last day, with the round's figures.

    As known now, or by a sequence number: then what is written meanwhile changes nothing in it.
    """
    there = rows_on(items, period.last_day, known_by=known_by)
    rows = {item: row for item, row in there if row.state == ItemState.ACTIVE.value}
    codes, units = _units({row.unit for row in rows.values()}, pack, period.last_day)
    table = _items(rows, codes, ledger, period, known_by)
    return Inputs(
        period=period,
        items=table,
        units=units_table(units),
        closure=closure_table(units),
        membership=derive_lists(table, ledger),
        ledger=ledger,
        history=history,
    )


def _units(answering: set[int], pack: Pack, day: date) -> tuple[dict[int, str], dict[str, UnitDeclaration]]:
    """Codes of the units that answer for items and of all above them, and those units, parents first.

    A unit without a code goes by its id. Peer groups are the pack's.
    """
    tree = tree_on(day)
    wanted = {above.unit_id for unit in answering & tree.nodes.keys() for above in tree.above(unit)}
    nodes = [node for key, node in tree.nodes.items() if key in wanted]
    codes = {node.unit_id: code_of(node) for node in nodes}
    units = {}
    for node in nodes:
        code = codes[node.unit_id]
        known = pack.units.get(code)
        units[code] = UnitDeclaration(
            code=code,
            title=node.title,
            place=_HERE,
            parent=codes[node.parent_id] if node.parent_id is not None else None,
            peers=known.peers if known is not None else None,
        )
    return codes, units


def code_of(node: Node) -> str:
    """What the engine knows a unit by: its code, or its id where it has none."""
    return node.code or f"unit-{node.unit_id}"


def _items(
    rows: Mapping[int, Row], codes: Mapping[int, str], ledger: LedgerDeclaration, period: Period, known_by: int | None
) -> pa.Table:
    """One row per item: item_id, unit, lists, and a typed column of every declared field; missing is null."""
    ordered = sorted((item for item in rows if rows[item].unit in codes), key=lambda one: (codes[rows[one].unit], one))
    answering = {item: rows[item].unit for item in ordered}
    figures = _figures(answering, ledger, period, known_by)
    days = milestone_days(Milestone.objects.in_force(known_by), ledger, period.last_day)
    columns: dict[str, pa.Array] = {
        "item_id": pa.array([str(item) for item in ordered], pa.string()),
        "unit": pa.array([codes[rows[item].unit] for item in ordered], pa.string()),
        "lists": pa.array([sorted(rows[item].lists) for item in ordered], pa.list_(pa.string())),
    }
    code = ledger_code(ledger)
    for one in item_fields(ledger):
        if one.key in ("name", code):
            values: list[Value | None] = [
                (rows[item].name if one.key == "name" else rows[item].code or None) for item in ordered
            ]
        elif one.measure is not None:
            values = [figures.get((item, one.key)) for item in ordered]
        else:
            values = [_or(value_in(rows[item], one), days.get((item, one.key))) for item in ordered]
        columns[one.key] = typed_array(values, ARROW_TYPES[one.type])
    return pa.table(columns)


def _or(said: Value | None, day: date | None) -> Value | None:
    """A day nobody wrote in its field is that of its milestone."""
    return said if said is not None else day


def _figures(
    answering: Mapping[int, int], ledger: LedgerDeclaration, period: Period, known_by: int | None
) -> dict[tuple[int, str], Value]:
    """Figures in force for the round, of items and the units that answer for them.

    Where a unit states no month at all, a month is the cumulative figure less that of the round before.
    """
    known = {key: one for key, one in ledger.fields.items() if one.measure is not None}
    spoken, before = str(period), str(period.previous())
    held = Figure.objects.in_force(known_by).filter(period__in=(spoken, before), field__in=known)
    by_period: dict[str, dict[tuple[int, str], Value]] = {spoken: {}, before: {}}
    for item, field, of, amount, number in held.exclude(item=None).values_list(
        "item_id", "field", "period", "amount", "number"
    ):
        if item in answering:
            by_period[of][item, field] = amount if amount is not None else _number(known[field], number)
    now, earlier = by_period[spoken], by_period[before] if period.previous().year == period.year else {}
    for month, to_date in month_and_cumulative(ledger):
        states_months = {answering[item] for item, field in now if field == month}
        for item, unit in answering.items():
            total, last = now.get((item, to_date)), earlier.get((item, to_date))
            if unit in states_months or not isinstance(total, int):
                continue
            if isinstance(last, int):
                now[item, month] = total - last
            elif is_first_round(period):
                now[item, month] = total
    return now


def _number(one: FieldDeclaration, number: str) -> Value:
    return Decimal(number) if one.type in (FieldType.NUMBER, FieldType.PERCENT) else number
