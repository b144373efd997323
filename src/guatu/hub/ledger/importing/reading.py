"""Read a workbook with the main job's own reader and hold it against the ledger. Heavy: only the worker loads this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.declarations import FieldDeclaration, FieldType, Pack, UnitDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations.located import Place
from guatu.dispatch.candidates import gather
from guatu.dispatch.item import Cell
from guatu.dispatch.items import Item as ReportedItem
from guatu.dispatch.reading import read_all
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.identity import Places
from guatu.dispatch.reconciliation.joining import reconcile
from guatu.dispatch.reconciliation.past import PastItem
from guatu.dispatch.reconciliation.rows import RowContext
from guatu.dispatch.shares import shares_of
from guatu.hub.accounts.models import Unit, UnitSpan
from guatu.hub.ledger.encodings import Value, encoded, plain_decimal
from guatu.hub.ledger.fields import facts_of, ledger_code
from guatu.hub.ledger.importing.offers import Offer, StatedFigure, StatedMilestone
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import loaded
from guatu.office.workbooks import Finding, Memory, Recognised, WorkbookReading
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

_ERROR = "error"


class NotOfThisUnit(Refusal):
    """The workbook speaks for a unit that is not under the one it was sent for."""

    def __init__(self, name: str, said: Text, unit: Unit) -> None:
        super().__init__(
            name,
            Text(f"是“{said.zh}”的报表，不是“{unit}”的", f"is the report of '{said.en}', not of '{unit.title.en}'"),
            Text("核对文件，或改选单位后再报。", "Check the file, or choose the unit it is for and send it again."),
        )


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a workbook offers, and all that was found in it. With an error among the findings, nothing may be taken."""

    offers: Sequence[Offer]
    findings: Sequence[Mapping[str, Any]]

    @property
    def refused(self) -> bool:
        return any(one["grade"] == _ERROR for one in self.findings)


def read_report(path: Path, ledger: Ledger, unit: Unit, period: str) -> ReadReport:
    """Read the workbook in a child process, join its rows into items, run the pack's checks, know its items again."""
    round_ = Period.parse(period)
    names = unit_names()
    declared = {one.code: one for one in names.values()}
    pack = replace(loaded(ledger.pack), units=declared)
    declaration = pack.ledgers[ledger.key]
    readings = read_all(
        [path], declaration, round_, list(declared.values()), memory=Memory(), answers=None, notice=lambda *_: None
    )
    shares = _shares(readings, pack, declaration)
    by_code = {one.code: key for key, one in names.items()}
    shares = [_of_the_unit(share, unit, names, by_code) for share in shares]
    known = _known(ledger, names, str(round_.previous()))
    items, findings = _checked(shares, declaration, round_, known, declared)
    offers = [_offer(item, declaration, by_code, round_) for item in items]
    return ReadReport(offers, [_told(one) for one in findings])


def unit_names() -> dict[int, UnitDeclaration]:
    """Every open unit as the reader knows units: under its code, with every name it ever went by."""
    former: dict[int, set[str]] = {}
    for unit_id, title in UnitSpan.objects.values_list("unit_id", "title_zh"):
        former.setdefault(unit_id, set()).add(title)
    units = list(Unit.objects.filter(closed_on=None).order_by("order", "pk"))
    codes = {unit.pk: unit.code or f"unit-{unit.pk}" for unit in units}
    place = Place("accounts.Unit", 0)  # units come from the tree, not from a line of a file
    return {
        unit.pk: UnitDeclaration(
            code=codes[unit.pk],
            title=unit.title,
            place=place,
            synonyms=tuple(sorted(former.get(unit.pk, set()) - {unit.title_zh})),
            parent=codes.get(unit.parent_id or 0),
        )
        for unit in units
    }


def _shares(readings: Sequence[WorkbookReading], pack: Pack, declaration: LedgerDeclaration) -> list[WorkbookReading]:
    if declaration.unit_field is None:
        return list(readings)
    return shares_of(readings, replace(pack, ledgers={declaration.key: declaration}))[0]


def _of_the_unit(
    share: WorkbookReading, unit: Unit, names: Mapping[int, UnitDeclaration], by_code: Mapping[str, int]
) -> WorkbookReading:
    """A share that names no unit is that of the unit it was sent for; one that names another's is refused."""
    if share.unit is None:
        return replace(share, unit=_recognised(names[unit.pk]))
    said = by_code.get(share.unit.code)
    if said is None or not unit_covers(unit, said):
        raise NotOfThisUnit(share.name, share.unit.title, unit)
    return share


def unit_covers(unit: Unit, other: int) -> bool:
    """Whether a unit is another or stands above it."""
    return Unit.objects.under(frozenset({unit.pk})).filter(pk=other).exists()


def _recognised(unit: UnitDeclaration) -> Recognised:
    return Recognised(unit.code, unit.title, Text("报送单位", "sender"))


def _known(ledger: Ledger, names: Mapping[int, UnitDeclaration], before: str) -> dict[str, PastItem]:
    """The items of the ledger as identity checks look at those of the round before."""
    items = Item.objects.filter(ledger=ledger).exclude(state=ItemState.MERGED)
    return {
        str(item.pk): PastItem(
            item_id=str(item.pk),
            unit=names[item.unit_id].code if item.unit_id in names else f"unit-{item.unit_id}",
            name=item.name,
            code=item.code or None,
            period=before,
            values=item.values,
            place=item.name,
        )
        for item in items.iterator(chunk_size=2000)
    }


def _checked(
    shares: Sequence[WorkbookReading],
    declaration: LedgerDeclaration,
    period: Period,
    known: Mapping[str, PastItem],
    units: Mapping[str, UnitDeclaration],
) -> tuple[list[ReportedItem], list[Finding]]:
    decisions = Decisions()
    offered = gather(shares, RowContext(declaration, period), known, decisions)
    shares = offered.added_to(shares)
    places = Places(
        titles={code: one.title for code, one in units.items()},
        workbooks={share.unit.code: share.name for share in shares if share.unit is not None},
    )
    everything = [item for items in offered.items for item in items]
    done = reconcile(everything, declaration, period, known, (), decisions, places)
    findings = [*(one for share in shares for one in share.findings), *done.findings]
    return done.items, list(dict.fromkeys(findings))


def _offer(item: ReportedItem, ledger: LedgerDeclaration, by_code: Mapping[str, int], period: Period) -> Offer:
    plain = facts_of(ledger)
    people = {key for key, one in ledger.fields.items() if one.is_personal}
    values = {
        key: encoded(plain[key], _as_value(plain[key], value))
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
    )


def _named(value: object) -> str:
    """Names or phones of one cell, as people write several."""
    return "、".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _as_value(declared: FieldDeclaration, value: object) -> Value:
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


def _told(one: Finding) -> dict[str, Any]:
    return {
        "grade": one.grade, "code": one.code, "sheet": one.sheet, "cell": one.cell, "raw": one.raw,
        "reason_zh": one.reason.zh, "reason_en": one.reason.en, "remedy_zh": one.remedy.zh, "remedy_en": one.remedy.en,
    }  # fmt: skip
