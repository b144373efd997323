"""Rates units state beside their amounts: which spelling a column uses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guatu.declarations.ledger import Basis, FieldDeclaration, FieldType, Ledger
from guatu.office.containers.grid import Sheet
from guatu.office.workbooks.mapped import MappedTable
from guatu.office.workbooks.numbers import read_number
from guatu.office.workbooks.reading import ColumnMapping
from guatu.standards.quantities import UnitKind, find_units

_SURE_OF_RATIO = Decimal("2.5")
_SHARE = 0.6
_NEAR = Decimal("0.05")


def rate_parts(ledger: Ledger, rate: FieldDeclaration) -> tuple[str, str] | None:
    """The fields a completion rate compares: the money done to date and the money planned for the year."""
    if rate.type is not FieldType.PERCENT or rate.basis is not Basis.YEAR_TO_DATE:
        return None
    money = [one for one in ledger.fields.values() if one.type is FieldType.MONEY]
    done = next((one.key for one in money if one.basis is Basis.YEAR_TO_DATE), None)
    plan = next((one.key for one in money if one.basis is Basis.YEAR), None)
    return (done, plan) if done and plan else None


def written_in_points(mapped: MappedTable, rate: ColumnMapping, ledger: Ledger) -> bool:
    """Whether bare numbers of the column are points (101.5) rather than ratios (1.015): decided by done ÷ plan where
    both stand in the table, else by the title, else by the size of the numbers."""
    votes = [points for points in _votes(mapped, rate, ledger) if points is not None]
    if votes:
        return sum(votes) * 2 > len(votes)
    if any(unit.kind is UnitKind.PERCENT for unit in find_units(rate.title[-1] if rate.title else "")):
        return True
    bare = [number for value in mapped.profiles[rate.column].values if (number := read_number(value)[0]) is not None]
    beyond = sum(abs(number) > _SURE_OF_RATIO for number in bare)
    return beyond > len(bare) * (1 - _SHARE)


def _votes(mapped: MappedTable, rate: ColumnMapping, ledger: Ledger) -> Iterator[bool | None]:
    parts = rate_parts(ledger, ledger.fields[rate.field or ""])
    columns = [mapped.field_column(key) for key in parts] if parts else []
    if len(columns) != 2 or columns[0] is None or columns[1] is None:
        return
    sheet, (first, last) = mapped.sheet, mapped.table.data
    for row in range(first, last + 1):
        value = _bare(sheet, row, rate.column)
        if not value or (row, rate.column) in sheet.facts.percents:
            continue
        done, _, _ = read_number(sheet.value(row, columns[0].column))
        plan, _, _ = read_number(sheet.value(row, columns[1].column))
        if done and plan:
            stated, computed = value, done / plan
            as_ratio, as_points = abs(stated - computed), abs(stated / 100 - computed)
            # A row whose amounts bear neither reading out (other units, a slip) says nothing about the column.
            if min(as_ratio, as_points) <= abs(computed) * _NEAR:
                yield as_points < as_ratio


def _bare(sheet: Sheet, row: int, column: int) -> Decimal | None:
    """The number of a cell that holds nothing else; text counts only where all is text."""
    value = sheet.value(row, column)
    if sheet.is_typed and not isinstance(value, float):
        return None
    number, behind, _ = read_number(value)
    return None if behind else number
