"""What the ledger knows already, as the main job's checks look at it: items as they stand, rounds before. Heavy: the worker's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.dispatch.item import Cell
from guatu.dispatch.items import Item as ReportedItem
from guatu.dispatch.items import month_and_cumulative
from guatu.dispatch.reconciliation.decisions import Decision, Decisions
from guatu.dispatch.reconciliation.past import PastItem
from guatu.dispatch.tables import items_table
from guatu.engine.checks.asked import constants_of
from guatu.engine.evaluation import EarlierResults
from guatu.engine.evaluation.past import written
from guatu.engine.evaluation.results import Kept
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.encodings import decoded, encoded
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.importing.offering import as_value
from guatu.hub.ledger.models import Figure, Import, ImportDecision, ImportedItem, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.models.items import ItemState
from guatu.standards.periods import Period
from guatu.text import Text

_NOTHING = pa.table({key: pa.array([], pa.string()) for key in ("subject", "id", "dimension", "severity", "unit")})


@dataclass(frozen=True)
class KnownLedger:
    """A ledger before a workbook of a round comes in. `codes`: unit -> the code the reader knows it by."""

    ledger: Ledger
    declaration: LedgerDeclaration
    period: Period
    codes: Mapping[int, str]
    decisions: Decisions = field(default_factory=Decisions)

    @cached_property
    def rounds(self) -> list[Period]:
        """Rounds before this one of which workbooks were taken or figures entered by hand, oldest first."""
        taken = Import.objects.filter(ledger=self.ledger, state=ImportState.TAKEN)
        entered = Figure.objects.filter(item__ledger=self.ledger, by_hand=True)
        spoken = {*taken.values_list("period", flat=True), *entered.values_list("period", flat=True).distinct()}
        known = {Period.parse(one) for one in spoken}
        return sorted((one for one in known if str(one) < str(self.period)), key=str)

    @cached_property
    def history(self) -> list[EarlierResults]:
        """Those rounds as checks look back at them: each is read only when one does."""
        return [
            EarlierResults(
                period=str(one), rulebook="", version="",
                constants={key: written(value) for key, value in constants_of(one).items()},
                items=_RoundItems(self, one), lights=Kept(_NOTHING), indicators=Kept(_NOTHING), ladder=Kept(_NOTHING),
            )
            for one in self.rounds
        ]  # fmt: skip

    @cached_property
    def items(self) -> list[Item]:
        items = Item.objects.filter(ledger=self.ledger).exclude(state=ItemState.MERGED)
        columns = ("unit_id", "name", "code", "state", "values", "ledger_id", "revision", "entered_on")
        return list(items.only(*columns).order_by("pk").iterator(chunk_size=2000))

    @cached_property
    def by_id(self) -> dict[str, Item]:
        return {str(one.pk): one for one in self.items}

    @cached_property
    def past(self) -> dict[str, PastItem]:
        """Every item under its id, with the facts identity checks compare."""
        last = str(self.rounds[-1]) if self.rounds else str(self.period.previous())
        facts = {key for check in self.declaration.checks.identity.values() for key in check.fields}
        figures = self._figures(last, facts)
        found = {}
        for item in self.items:
            values = self._typed(item.values, facts) | figures.get(item.pk, {})
            key = str(item.pk)
            when, where = self._known_from(item)
            found[key] = PastItem(
                key, self.unit_code(item.unit_id), item.name, item.code or None, last, values, item.name,
                known_when=when, known_where=where,
            )  # fmt: skip
        return found

    def _known_from(self, item: Item) -> tuple[Text | None, Text]:
        """When and where an item is known from: only one that a report brought was reported in a round."""
        if (sent := self._last_reports.get(item.pk)) is not None:
            return Period.parse(sent[0]).title(), Text(sent[1], sent[1])
        if (by_hand := self._last_by_hand.get(item.pk)) is not None:
            return Period.parse(by_hand).title(), Text("手工填报", "figures entered by hand")
        day = item.entered_on.isoformat()
        where = Text(f"{day} 直接录入，没有报过", f"entered directly on {day}, in no report so far")
        return Text("台账里", "the ledger"), where

    @cached_property
    def _last_reports(self) -> dict[int, tuple[str, str]]:
        """Of each item that workbooks brought or changed: the latest one's period and name."""
        taken = ImportedItem.objects.filter(taken_from__ledger=self.ledger, taken_from__state=ImportState.TAKEN)
        rows = taken.order_by("taken_from__period", "taken_from_id").values_list(
            "item_id", "taken_from__period", "taken_from__file_name"
        )
        return {item: (period, name) for item, period, name in rows.iterator(chunk_size=5000)}

    @cached_property
    def _last_by_hand(self) -> dict[int, str]:
        """Of each item with figures entered by hand: their latest period."""
        held = Figure.objects.filter(item__ledger=self.ledger, by_hand=True).order_by("period")
        return {item: period for item, period in held.values_list("item_id", "period") if item is not None}

    @cached_property
    def merged(self) -> dict[str, str]:
        """Items merged into another: id -> that of the one that stands now."""
        tombs = Item.objects.filter(ledger=self.ledger, state=ItemState.MERGED)
        into = {str(one): str(other) for one, other in tombs.values_list("pk", "merged_into_id")}
        return {one: self._last(one, into) for one in into}

    @staticmethod
    def _last(one: str, into: Mapping[str, str]) -> str:
        while one in into:
            one = into[one]
        return one

    @cached_property
    def ever(self) -> dict[str, PastItem]:
        """Every item, those merged into another too: a workbook may go on calling one as it was called."""
        tombs = Item.objects.filter(ledger=self.ledger, state=ItemState.MERGED).order_by("pk")
        last = str(self.period.previous())
        gone = {
            str(item.pk): PastItem(
                str(item.pk), self.unit_code(item.unit_id), item.name, item.code or None, last, {}, item.name
            )
            for item in tombs.only("unit_id", "name", "code", "ledger_id")
        }  # fmt: skip
        return {**gone, **self.past}

    def elsewhere(self, here: Collection[str], units: Collection[str]) -> list[ReportedItem]:
        """Items of other units than those that report: what may be one of them is asked about."""
        withdrawn = {str(one.pk) for one in self.items if one.state == ItemState.WITHDRAWN}
        return [
            self._reported(key, one.unit, {**one.values, "name": one.name}, one.code)
            for key, one in self.past.items()
            if one.unit not in units and key not in here and key not in withdrawn
        ]

    def _reported(
        self, key: str, unit: str, values: dict[str, object | None], code: str | None, tags: Iterable[str] = ()
    ) -> ReportedItem:
        """An item as a unit would have reported it, its code in the field the ledger keeps codes in."""
        field = self.declaration.code_field
        if field is not None and code:
            values[field] = code
        on = {key: Cell("lists", None, key, key, None, "", "", "") for key in tags}
        return ReportedItem(key, unit, values=values, tags=on, code_field=field)

    def unit_code(self, unit_id: int) -> str:
        """What the main job calls a unit."""
        return self.codes.get(unit_id, f"unit-{unit_id}")

    def within(self, units: Collection[str]) -> Decisions:
        """The decisions by which an item of these units may be one that is there: one said to be another unit's counts
        there and does not move here, unless it was asked whether it has moved."""
        checks = self.declaration.checks.identity
        moves = {key for key, one in checks.items() if one.kind == "succeeds"}
        return Decisions(
            one
            for one in self.decisions
            if one.check in moves or all(self.past[key].unit in units for key in one.items if key in self.past)
        )

    def cumulative_before(self) -> dict[str, ReportedItem]:
        """Of each item its cumulative figures of the period before, from which a month's may be worked out."""
        pairs = month_and_cumulative(self.declaration)
        before = str(self.period.previous())
        known = self._figures(before, {to_date for _, to_date in pairs}) if pairs else {}
        return {
            str(item): ReportedItem(
                str(item), "",
                cells={
                    key: (Cell(key, before, value, str(value), None, "", "", before),) for key, value in one.items()
                },
            )
            for item, one in known.items()
        }  # fmt: skip

    def rows_of(self, period: Period) -> Iterator[ReportedItem]:
        """The items as they stood on the last day of a round, with what was reported of them for it."""
        fields = {key for key, one in self.declaration.fields.items() if one.measure is not None}
        figures = self._figures(str(period), fields)
        plain = set(self.declaration.fields) - fields
        items = Item.objects.filter(ledger=self.ledger).exclude(state=ItemState.MERGED)
        for item_id, row in rows_on(items, period.last_day):
            values = self._typed(row.values, plain) | figures.get(item_id, {}) | {"name": row.name}
            yield self._reported(str(item_id), self.unit_code(row.unit), values, row.code, row.lists)

    def _typed(self, values: Mapping[str, Any], keys: Collection[str]) -> dict[str, object | None]:
        fields = self.declaration.fields
        return {key: decoded(fields[key], values[key]) for key in keys if key in values and key in fields}

    def _figures(self, period: str, fields: Collection[str]) -> dict[int, dict[str, object | None]]:
        """Figures in force of a period, by item and field."""
        wanted = [key for key in fields if key in self.declaration.fields and self.declaration.fields[key].measure]
        found: dict[int, dict[str, object | None]] = {}
        held = Figure.objects.in_force().filter(item__ledger=self.ledger, field__in=wanted, period=period)
        said = held.values_list("item_id", "field", "amount", "number")
        for item, key, amount, number in said.iterator(chunk_size=5000) if wanted else ():
            value = amount if amount is not None else decoded(self.declaration.fields[key], number)
            found.setdefault(item or 0, {})[key] = value
        return found


class _RoundItems(Kept):
    """The items of an earlier round, made from the ledger when a check first looks at them."""

    def __init__(self, known: KnownLedger, period: Period) -> None:
        self._known, self._period = known, period

    @cached_property
    def _held(self) -> pa.Table:  # type: ignore[override]
        return items_table(list(self._known.rows_of(self._period)), self._known.declaration)


def decisions_of(ledger: Ledger) -> Decisions:
    """Everything people decided about items of a ledger."""
    return Decisions(
        Decision(one.check_key, tuple(one.items), one.answer, one.period, one.rests_on)
        for one in ImportDecision.objects.filter(ledger=ledger).order_by("period", "pk")
    )


def sides_of(
    question: Sequence[str], items: Mapping[str, ReportedItem], known: KnownLedger, units: Mapping[str, Text]
) -> list[dict[str, Any]]:
    """The sides of a question of identity, to be shown beside each other: name, code, unit and the facts each states."""
    return [_side(key, items.get(key), known.by_id.get(key), known, units) for key in question]


def _side(
    key: str, said: ReportedItem | None, held: Item | None, known: KnownLedger, units: Mapping[str, Text]
) -> dict[str, Any]:
    past = known.past.get(key)
    unit = said.unit if said is not None else past.unit if past is not None else ""
    title = units.get(unit, Text(unit, unit))
    stated = said if said is not None and said.cells else None
    values = {**(held.values if held is not None else {}), **(_facts(stated, known.declaration) if stated else {})}
    name = stated.name if stated else held.name if held is not None else key
    code = (stated.code if stated else held.code if held is not None else "") or ""
    return {
        "item": held.pk if held is not None else None, "name": name, "code": code, "unit_zh": title.zh,
        "unit_en": title.en, "place": stated.place() if stated else "", "values": values,
    }  # fmt: skip


def _facts(item: ReportedItem, declaration: LedgerDeclaration) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, one in facts_of(declaration).items():
        value = item.value(key)
        if value is not None:
            found[key] = encoded(one, as_value(one, value))
    return found
