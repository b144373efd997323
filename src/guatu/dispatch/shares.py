"""One workbook that holds the items of many units, parted by the field of the ledger that names each item's unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from guatu.declarations import Ledger, Pack, UnitDeclaration
from guatu.dispatch.reconciliation.names import identity_name
from guatu.office.containers.grid import address, position
from guatu.office.workbooks import Finding, ReadRow, Recognised, WorkbookReading
from guatu.office.workbooks.held import AllRows, HeldRows, held
from guatu.text import Text

_UNNAMED = Text("未写明单位", "unit not named")


def shares_of(
    readings: Sequence[WorkbookReading], pack: Pack
) -> tuple[list[WorkbookReading], dict[str, UnitDeclaration]]:
    """Each workbook once for every unit it holds items of, with that unit's rows; and all units that may be named.

    A word no unit of the pack goes by becomes a unit of its own below the first, under that word, and a warning at its
    cell says so. Every share keeps the findings of the whole workbook: a workbook is taken or refused as one.
    """
    units = dict(pack.units)
    names = {identity_name(name): unit.code for unit in units.values() for name in _names(unit)}
    shares: list[WorkbookReading] = []
    by = pack.ledger.fields[str(pack.ledger.unit_field)].title
    for reading in readings:
        new: list[Finding] = []
        parts: dict[str, list[HeldRows]] = {}
        for part in held(reading.rows).parts:
            rows: dict[str, list[int]] = {}
            for index, word in enumerate(_words(part, pack.ledger)):
                code = names.get(identity_name(word))
                if code is None:
                    code, finding = _new_unit(part[index], word, pack, units, names, reading.name)
                    new += [finding] if finding else []
                rows.setdefault(code, []).append(index)
            for code, own in rows.items():
                parts.setdefault(code, []).append(part.take(own))
        whole = replace(reading, findings=(*reading.findings, *new))
        shares += [
            replace(whole, unit=Recognised(code, units[code].title, by), rows=AllRows(own))
            for code, own in parts.items()
        ]
        if not parts:
            shares.append(whole)
    return shares, units


def _names(unit: UnitDeclaration) -> tuple[str, ...]:
    return (unit.code, unit.title.zh, unit.title.en, *unit.synonyms)


def _words(part: HeldRows, ledger: Ledger) -> list[str]:
    """The word each row names its unit by; empty where it names none."""
    key = str(ledger.unit_field)
    column = part.first(key)
    words = [""] * len(part) if column is None else [str(value) if value else "" for value in column.values]
    for index, row in part.odd.items():
        words[index] = str(row.value(key) or "")
    return words


def _new_unit(
    row: ReadRow, word: str, pack: Pack, units: dict[str, UnitDeclaration], names: dict[str, str], workbook: str
) -> tuple[str, Finding | None]:
    """A unit nobody declared, under its own word."""
    cell = row.cell(str(pack.ledger.unit_field))
    code = word or "?"
    title = Text(word, word) if word else _UNNAMED
    top = next(iter(pack.units), None)
    units[code] = UnitDeclaration(code, title, pack.ledger.place, parent=top)
    names[identity_name(word)] = code
    place = cell.address if cell is not None else f"{row.number}:{row.number}"
    if not pack.units and word:
        return code, None
    return code, Finding(
        workbook=workbook,
        sheet=row.sheet,
        cell=place,
        raw=word,
        grade="warning",
        code="unit_not_declared",
        reason=Text(
            f"业务包没有声明单位“{title.zh}”，按它自己的名字单列",
            f"the pack declares no unit '{title.en}'; it stands by itself",
        ),
        remedy=Text("写错了就改；是新单位就加进 units.yaml。", "Correct the word, or add the unit to units.yaml."),
    )


def own_findings(share: WorkbookReading, ledger: Ledger) -> Sequence[Finding]:
    """What was found in a unit's own rows; everything, where the workbook is the unit's alone."""
    if ledger.unit_field is None:
        return share.findings
    rows = {(part.sheet, place) for part in held(share.rows).parts for place in part.places}
    elsewhere = _elsewhere(share) if share.findings else set()
    found = []
    for one in share.findings:
        place = position(one.cell)
        number = place[0] if place is not None else (_row(one.cell) or 0) - 1
        if (one.sheet, number) in rows or (one.sheet, one.cell) in elsewhere:
            found.append(one)
    return found


def _elsewhere(share: WorkbookReading) -> set[tuple[str, str]]:
    """Cells outside a unit's rows that speak for them: merged ones, titles of sections."""
    parts = held(share.rows).parts
    said = {(part.sheet, address(*home)) for part in parts for one in part.columns for home in one.homes.values()}
    return said | {(cell.sheet, cell.address) for part in parts for row in part.odd.values() for cell in row.cells}


def _row(cell: str) -> int | None:
    """The number of a row given whole: 12 of 12:12."""
    first = cell.partition(":")[0]
    return int(first) if first.isdigit() and position(cell) is None else None


def reporting_units(units: Mapping[str, UnitDeclaration], codes: Iterable[str]) -> dict[str, UnitDeclaration]:
    """The units of those codes with all above them, in the order of the tree."""
    wanted: set[str] = set()
    for code in codes:
        one: str | None = code
        while one is not None and one in units:
            wanted.add(one)
            one = units[one].parent
    return {code: unit for code, unit in units.items() if code in wanted}
