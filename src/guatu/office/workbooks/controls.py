"""Subtotals, totals and stated counts used as control sums: compared with the rows, never added to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from guatu.declarations.ledger import FieldType
from guatu.office.containers.grid import address
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.extraction import Extract
from guatu.office.workbooks.held import HeldRows
from guatu.office.workbooks.mapped import MappedTable
from guatu.office.workbooks.normalising import squeezed
from guatu.office.workbooks.numbers import is_excel_error, read_number
from guatu.office.workbooks.reading import CellValue, ColumnMapping, ControlSum, ReadCell, ReadRow
from guatu.office.workbooks.rows import Kind, Line

_SUMMED = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.INTEGER})


@dataclass(frozen=True, slots=True)
class _Control:
    """A line that claims to add up some rows."""

    line: Line
    rows: tuple[int, ...]
    """Which of the extract's rows, counted from 0."""


def check_controls(desk: Desk, mapped: MappedTable, extract: Extract) -> list[ControlSum]:
    """Compare every control line of a table with its rows; differences become findings.

    Where the header stands again over a part with a heading of its own, a total may close that part or the whole: it
    is right when it agrees with either.
    """
    found: list[ControlSum] = []
    for controls in _controls(mapped, extract):
        tried = [(trial := replace(desk, findings=[]), _compare(trial, mapped, extract, one)) for one in controls]
        best, sums = min(tried, key=lambda one: len(one[0].findings))
        desk.findings += best.findings
        found += sums
    return found


def _compare(desk: Desk, mapped: MappedTable, extract: Extract, control: _Control) -> list[ControlSum]:
    found = _count(desk, mapped, control)
    for column in mapped.of("field"):
        if desk.words.ledger.fields[column.field or ""].type in _SUMMED:
            found += _sum(desk, mapped, extract, control, column)
    return found


def _controls(mapped: MappedTable, extract: Extract) -> Iterator[list[_Control]]:
    """Every control line with the rows it may answer for, the likeliest first."""
    by_place = {row: index for index, row in enumerate(extract.rows.places)}
    lines = [line for line in extract.lines if line.kind in (Kind.SECTION, Kind.SUBTOTAL, Kind.TOTAL)]
    items = [line.row for line in extract.lines if line.kind is Kind.ITEM]
    parts = _parts(mapped, lines)
    for line in lines:
        spans = [_span(line, lines, items)]
        if line.kind is Kind.TOTAL and len(parts) > 1:
            spans += [(first, last) for first, last in parts if first <= line.row <= last]
        yield [
            _Control(line, tuple(by_place[row] for row in items if first <= row <= last and row in by_place))
            for first, last in spans
        ]


def _parts(mapped: MappedTable, lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The table cut where a heading and the header again begin another part."""
    headings = {line.row for line in lines if line.kind is Kind.SECTION}
    repeats = mapped.table.repeats
    starts = sorted(row - 1 for row in repeats if row - 1 in headings)
    first, last = mapped.table.data
    return list(zip([first, *starts], [*(start - 1 for start in starts), last], strict=True))


def _span(line: Line, lines: Sequence[Line], items: Sequence[int]) -> tuple[int, int]:
    """First and last row a control line answers for."""
    earlier = [other for other in lines if other.row < line.row]
    later = [other for other in lines if other.row > line.row]
    end = items[-1] if items else line.row
    if line.kind is Kind.SECTION:
        closing = (o.row for o in later if (o.kind is Kind.SECTION and o.level <= line.level) or o.kind is Kind.TOTAL)
        return line.row, next(closing, end + 1) - 1
    between = any(row > line.row for row in items) and any(row < line.row for row in items)
    if line.kind is Kind.TOTAL and not between:
        same = (o.row for o in reversed(earlier) if o.kind is Kind.TOTAL and _name(o) == _name(line))
        closed = next(same, -1)  # 合计 of the part above, and now of this part
        return (closed if any(row < closed for row in items) and any(row > closed for row in items) else 0), end
    start = max((o.row for o in earlier if o.kind is not Kind.TOTAL or between), default=-1)
    if any(start < row < line.row for row in items):
        return start, line.row
    return line.row, next((o.row for o in later), end + 1)


def _name(line: Line) -> str:
    """合计 of 合计(4个): totals that close one part after another go by the same word."""
    return squeezed(line.label).partition("(")[0].rstrip(":")


def _count(desk: Desk, mapped: MappedTable, control: _Control) -> list[ControlSum]:
    stated = control.line.count
    if stated is None:
        return []
    place = address(control.line.row, control.line.column)
    if stated != len(control.rows):
        desk.say_as(
            desk.words.ledger.checks.totals.count, "count_difference", mapped.sheet.name, place, control.line.label,
            label=control.line.label, stated=str(stated), summed=str(len(control.rows)),
        )  # fmt: skip
    return [ControlSum(mapped.sheet.name, place, control.line.label, None, None, stated, len(control.rows))]


def _sum(
    desk: Desk, mapped: MappedTable, extract: Extract, control: _Control, column: ColumnMapping
) -> list[ControlSum]:
    unit = extract.units.get(column.column)
    factor = unit.factor if unit is not None and unit.factor else 1
    stated_cell = mapped.sheet.value(control.line.row, column.column)
    number, suffix, _ = read_number(stated_cell)
    declared = desk.words.ledger.fields[column.field or ""]
    graded = desk.words.ledger.checks.totals
    if is_excel_error(stated_cell):
        desk.say_as(
            graded.unreadable, "control_unreadable", mapped.sheet.name, address(control.line.row, column.column), str(stated_cell),
            label=control.line.label.strip(), field=declared.title.zh, field_en=declared.title.en,
        )  # fmt: skip
    held = _summed(extract.rows, control.rows, column)
    if number is None or suffix or any(missing in ("bad", "question") for _, missing in held):
        return []
    amounts = [value for value, _ in held if isinstance(value, int)]
    stated, summed = int((number * factor).to_integral_value()), sum(amounts)
    place = address(control.line.row, column.column)
    if stated != summed:
        cells = [cell for index in control.rows if (cell := _cell(extract.rows[index], column)) is not None]
        step = Decimal(factor).scaleb(-max([_decimals(number), *map(_cell_decimals, cells)]))
        within = abs(stated - summed) <= step * (len(amounts) + 1) * graded.half_units / 2
        shown = [f"{(Decimal(value) / factor).normalize():f}" for value in (stated, summed, stated - summed)]
        rounded = bool(within and _decimals(number))
        desk.say_as(
            graded.rounding if rounded else graded.total,
            "control_rounding" if rounded else "control_difference",
            mapped.sheet.name, place, str(number), label=control.line.label.strip(),
            field=declared.title.zh, field_en=declared.title.en,
            stated=shown[0], summed=shown[1], difference=shown[2],
        )  # fmt: skip
    return [ControlSum(mapped.sheet.name, place, control.line.label, column.field, column.period, stated, summed)]


def _summed(rows: HeldRows, indexes: Sequence[int], column: ColumnMapping) -> list[tuple[CellValue, str | None]]:
    """Value and missing reason of a column's cells in these rows."""
    for one in rows.columns:
        if one.column == column.column and one.field == column.field:
            return [(one.values[index], one.missing.get(index)) for index in indexes]
    cells = (_cell(rows[index], column) for index in indexes)
    return [(cell.value, cell.missing) for cell in cells if cell is not None]


def _cell(row: ReadRow, column: ColumnMapping) -> ReadCell | None:
    return next((cell for cell in row.cells if cell.column == column.column and cell.field == column.field), None)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _cell_decimals(cell: ReadCell) -> int:
    number, _, _ = read_number(cell.source)
    return _decimals(number) if number is not None else 0
