"""From rows of workbooks to items of a ledger: one project, one item, however many sheets list it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from guatu.declarations import Basis, FieldDeclaration, FieldType, Ledger
from guatu.declarations.checks import IdentityCheck
from guatu.dispatch.item import FORM_KEY, HeldItem, HeldTable, cell_of, tag_cell
from guatu.dispatch.item import UNACCEPTED as UNACCEPTED
from guatu.dispatch.item import Cell as Cell
from guatu.dispatch.item import Item as Item
from guatu.dispatch.reconciliation.names import identity_name
from guatu.office.workbooks import Finding, ReadCell, ReadRow, WorkbookReading
from guatu.office.workbooks.held import AllRows, held
from guatu.office.workbooks.reading import CellValue
from guatu.standards.periods import Kind, Period, reporting_rounds
from guatu.text import Text

MUST_AGREE = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.DATE, FieldType.FLAG})
"""Facts of one project that must be the same wherever it is listed. Wording may vary; a stated percent is rounded."""


def items_of(reading: WorkbookReading, unit: str, ledger: Ledger, period: Period) -> tuple[list[Item], list[Finding]]:
    """The items of one accepted workbook, and what was noticed while joining rows of the same project.

    A plain row that shares its code and its name with no other row is an item by itself and stays in its table.
    """
    joining = _Joining(reading.name, unit, ledger, period)
    rows = held(reading.rows)
    shared = _shared(rows, ledger.code_field)
    at = 0
    for part in rows.parts:
        table = HeldTable(part, reading.name, unit, period, ledger)
        whole = _derives_nothing(table, ledger)
        for index in range(len(part)):
            if whole and index not in part.odd and at + index not in shared:
                joining.items.append(HeldItem(table, index))
            else:
                joining.row(part[index])
        at += len(part)
    return joining.done()


def _shared(rows: AllRows, code: str | None) -> set[int]:
    """Rows, counted over all tables, that have a code or a name in common with another."""
    found: set[int] = set()
    first: dict[str, int] = {}
    at = 0
    for part in rows.parts:
        nothing: list[CellValue] = [None] * len(part)
        columns = [part.first(key) if key else None for key in (code, "name")]
        said = list(zip(*(nothing if one is None else one.values for one in columns), strict=True))
        for index, row in part.odd.items():
            said[index] = row.value(code) if code else None, row.value("name")
        for index, (one, other) in enumerate(said, at):
            marks = ([f"code {one}"] if one else []) + ([f"name {identity_name(str(other))}"] if other else [])
            for mark in marks:
                if (before := first.setdefault(mark, index)) != index:
                    found |= {before, index}
        at += len(part)
    return found


def _derives_nothing(table: HeldTable, ledger: Ledger) -> bool:
    """Whether the table states every month's figure itself, so that its rows are complete as they stand."""
    return all(month in table.current for month, _ in month_and_cumulative(ledger))


@dataclass(slots=True)
class _Joining:
    """Rows put together into items while they are gone through."""

    workbook: str
    unit: str
    ledger: Ledger
    period: Period
    items: list[Item] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    by_code: dict[str, Item] = field(default_factory=dict)
    by_name: dict[str, Item] = field(default_factory=dict)

    def row(self, row: ReadRow) -> None:
        cells = {cell.field: cell_of(cell, self.workbook) for cell in row.cells if _is_current(cell, self.period)}
        code = _known(cells.get(self.ledger.code_field or ""))
        name = _known(cells.get("name"))
        item = _same(self.by_code.get(code or ""), self.by_name.get(identity_name(name)) if name else None, code)
        if item is None:
            item = Item(item_id="", unit=self.unit, code_field=self.ledger.code_field)
            self.items.append(item)
        for cell in cells.values():
            self.findings.extend(_join(item, cell, self.ledger))
        item.figures.extend(
            cell_of(cell, self.workbook) for cell in row.cells if _is_figure(self.ledger.fields.get(cell.field), cell)
        )
        for tag in row.tags:
            item.tags.setdefault(tag.key or tag.word, tag_cell(tag, self.workbook))
        if code:
            self.by_code[code] = item
        if name:
            self.by_name[identity_name(name)] = item

    def done(self) -> tuple[list[Item], list[Finding]]:
        for item in self.items:
            item.item_id = _form_id(item)
            if type(item) is not HeldItem:
                _derive_periodic(item, self.ledger, self.period)
        return self.items, self.findings


def _form_id(item: Item) -> str:
    """The id in the hidden column of a form of ours: a project renamed there is still the same one."""
    if isinstance(item, HeldItem) and not item.opened:
        column = item.table.current.get(FORM_KEY)
        key: object = column.values[item.index] if column is not None else None
    else:
        key = item.values.pop(FORM_KEY, None)
        item.cells.pop(FORM_KEY, None)
        item.missing.pop(FORM_KEY, None)
    return str(key).rpartition("#")[2] if key else ""


def _is_current(cell: ReadCell, period: Period) -> bool:
    return cell.period is None or cell.period == period


def _is_figure(declared: FieldDeclaration | None, cell: ReadCell) -> bool:
    return declared is not None and declared.measure is not None and cell.value is not None


def _known(cell: Cell | None) -> str | None:
    return str(cell.value) if cell is not None and cell.value else None


def _same(by_code: Item | None, by_name: Item | None, code: str | None) -> Item | None:
    """An equal code decides; an equal name joins only while the two codes do not contradict each other."""
    if by_code is not None:
        return by_code
    if by_name is not None and (code is None or by_name.code is None or by_name.code == code):
        return by_name
    return None


def join_items(item: Item, other: Item, ledger: Ledger, period: Period) -> list[Finding]:
    """Put another item's cells into an item: a person said the two are one."""
    findings: list[Finding] = []
    for key, cells in other.cells.items():
        if cells[0].field == key:
            findings.extend(_join(item, cells[0], ledger))
    item.figures.extend(one for one in other.figures if one not in item.figures)
    for tag, cell in other.tags.items():
        item.tags.setdefault(tag, cell)
    _derive_periodic(item, ledger, period)
    return findings


def _join(item: Item, cell: Cell, ledger: Ledger) -> Iterator[Finding]:
    """Put a cell into an item. A second, different value for a fact that must agree is said as the pack's checks grade
    it; of a question, the value is missing until answered, otherwise the one read first stands."""
    have = item.values.get(cell.field)
    if have is None and item.missing.get(cell.field) == DISPUTED:
        return
    if have is None:
        if cell.value is not None or cell.field not in item.missing:
            item.cells[cell.field] = (cell,)
            item.values[cell.field] = cell.value
            item.missing.pop(cell.field, None)
            if cell.missing:
                item.missing[cell.field] = cell.missing
        return
    first = item.cells[cell.field][0]
    if cell.field == "name" and identity_name(str(cell.value or have)) != identity_name(str(have)):
        yield from (_differs(check, cell, first, ledger) for check in ledger.checks.of_kind("names_differ"))
    if cell.value is None or cell.value == have:
        return
    facts = _must_agree(ledger, cell.field)
    yield from (_differs(check, cell, first, ledger) for check in facts if check.grade != "off")
    if any(check.grade == "question" for check in facts):
        item.values[cell.field] = None
        item.missing[cell.field] = DISPUTED
        item.cells[cell.field] = (first, cell)


DISPUTED = "question"
"""Why a value is missing that two rows of one project state differently."""


def _must_agree(ledger: Ledger, field: str) -> Sequence[IdentityCheck]:
    """The checks that a fact be the same wherever its item is listed; a ledger that declares none has the usual one."""
    declared = [check for check in ledger.checks.identity.values() if check.kind == "facts_differ"]
    if not declared:
        return (_USUAL,) if ledger.fields[field].type in _HARD_FACTS else ()
    return [check for check in declared if field in check.fields]


_HARD_FACTS = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.DATE, FieldType.FLAG})
"""Wording may vary from list to list, and a stated percent is rounded."""
_USUAL = IdentityCheck(
    key="differs_between_rows",
    title=Text("同一项目两处不一致", "Facts of one item differ"),
    kind="facts_differ",
    grade="question",
    reason=Text("同一项目在 {other_place} 写的是“{other}”", "the same project has '{other}' at {other_place}"),
    remedy=Text("两处改成一致；在此之前按缺失计。", "Make both agree; until then the value counts as missing."),
    cite=Text("同一事实只有一个值，系统不替人取舍", "a fact has one value; the system does not choose"),
)


def _differs(check: IdentityCheck, cell: Cell, first: Cell, ledger: Ledger) -> Finding:
    assert check.grade != "off"
    title = ledger.fields[cell.field].title
    words = {"this": cell.raw, "other": first.raw, "other_place": f"{first.sheet}!{first.address}"}
    return Finding(
        workbook=cell.workbook,
        sheet=cell.sheet,
        cell=cell.address,
        raw=cell.raw,
        grade=check.grade,
        code=check.key,
        reason=Text(check.reason.zh.format(field=title.zh, **words), check.reason.en.format(field=title.en, **words)),
        remedy=Text(check.remedy.zh.format(field=title.zh, **words), check.remedy.en.format(field=title.en, **words)),
    )


def _derive_periodic(item: Item, ledger: Ledger, period: Period) -> None:
    """The month's figure from cumulative ones of the same workbook, where the unit did not state it."""
    for month, to_date in month_and_cumulative(ledger):
        if month not in item.cells:
            _derive_month(item, month, to_date, period, _figure(item.figures, to_date, str(period.previous())))


def month_from_last_round(item: Item, before: Item, ledger: Ledger, period: Period) -> None:
    """The same with last round's published cumulative figure, where this workbook has no earlier one."""
    for month, to_date in month_and_cumulative(ledger):
        if item.reason(month) == NOT_REPORTED and before.cells.get(to_date):
            _derive_month(item, month, to_date, period, before.cells[to_date][0])


NOT_REPORTED = "not_reported"


def _derive_month(item: Item, month: str, to_date: str, period: Period, before: Cell | None) -> None:
    """Month = this cumulative less the one before, or the cumulative itself in the year's first round (1-2月).

    A cumulative that could not be accepted makes the month missing for the same reason, with the same cell.
    """
    now = next(iter(item.cells.get(to_date, ())), None)
    if before is not None and (before.value is None or period.previous().year != period.year):
        before = None
    if now is None or now.value is None:
        item.values[month] = None
        item.missing[month] = now.missing if now is not None and now.missing in UNACCEPTED else NOT_REPORTED
        if now is not None and now.missing in UNACCEPTED:
            item.cells[month] = (now,)
    elif before is not None:
        item.values[month] = _number(now) - _number(before)
        item.cells[month] = (now, before)
        item.missing.pop(month, None)
    elif is_first_round(period):
        item.values[month] = _number(now)
        item.cells[month] = (now,)
        item.missing.pop(month, None)
    else:
        item.values[month] = None
        item.missing[month] = NOT_REPORTED


def is_first_round(period: Period) -> bool:
    """Whether the year's figures begin with this round: its first period, or 1-2月 where there is no January report."""
    if period.previous().year != period.year:
        return True
    return period.kind is Kind.MONTH and period == reporting_rounds(period.year)[0]


def month_and_cumulative(ledger: Ledger) -> list[tuple[str, str]]:
    """Pairs of fields that hold one measure by month and by year to date."""
    fields: dict[str, dict[Basis, str]] = {}
    for key, declared in ledger.fields.items():
        if declared.measure is not None and declared.basis is not None:
            fields.setdefault(declared.measure, {})[declared.basis] = key
    return [
        (by_basis[Basis.MONTH], by_basis[Basis.YEAR_TO_DATE])
        for by_basis in fields.values()
        if Basis.MONTH in by_basis and Basis.YEAR_TO_DATE in by_basis
    ]


def _figure(figures: Sequence[Cell], key: str, period: str) -> Cell | None:
    return next((one for one in figures if one.field == key and one.period == period), None)


def _number(cell: Cell) -> int:
    assert isinstance(cell.value, int)
    return cell.value


def give_ids(items: Iterable[Item], earlier: Mapping[str, tuple[str, str | None, str]]) -> None:
    """Give every item its lasting id: the one it had in an earlier round (by code, then by name), else a new one.

    `earlier`: item_id -> (unit, code, identity name), of all rounds read as history.
    """
    items = list(items)
    names = {(unit, name): known for known, (unit, _, name) in earlier.items()}
    codes = {(unit, code): known for known, (unit, code, _) in earlier.items() if code}
    anywhere = {code: known for known, (_, code, _) in earlier.items() if code}
    taken: dict[str, Item] = {}
    waiting = []
    for item in items if earlier else ():  # whoever reported it before keeps it, before anybody may take it over
        known = item.item_id if item.item_id in earlier else None
        known = known or codes.get((item.unit, item.code or "")) or _by_name(item, names, earlier)
        if known is not None and known not in taken:
            item.item_id, taken[known] = known, item
        else:
            waiting.append(item)
    for item in waiting if earlier else items:
        known = anywhere.get(item.code or "")
        item.item_id = known if known is not None and known not in taken else _new_id(item, taken)
        taken[item.item_id] = item


def _by_name(
    item: Item, names: Mapping[tuple[str, str], str], earlier: Mapping[str, tuple[str, str | None, str]]
) -> str | None:
    """The earlier item of this unit and name, unless the two codes contradict each other."""
    known = names.get((item.unit, identity_name(item.name)))
    if known is None or (item.code and earlier[known][1] not in (None, item.code)):
        return None
    return known


@lru_cache(maxsize=65536)
def _id_of(key: str) -> str:
    return "i" + hashlib.sha256(key.encode()).hexdigest()[:12]


def _new_id(item: Item, taken: Mapping[str, Item]) -> str:
    """A lasting id from the code, or else from unit and name; never one that is already taken."""
    key = item.code or f"{item.unit}|{identity_name(item.name)}"
    for salt in range(len(taken) + 1):
        found = _id_of(f"{key}|{salt}|{item.unit if salt else ''}")
        if found not in taken:
            return found
    raise AssertionError("more ids are taken than there are")
