"""The sheets of a workbook as its page draws them, and what of it was recognised in a few words. Heavy: the worker's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.office.containers.grid import position, row_of
from guatu.office.workbooks import Finding
from guatu.office.workbooks.drawn_sheets import Wanted, drawn_sheets

NOTHING = b"{}"
Cells = Collection[tuple[str, str]]
"""Sheet and address of each."""


def drawn(
    path: Path, layouts: str, findings: Iterable[Finding], people: Cells, declaration: LedgerDeclaration
) -> tuple[bytes, dict[str, Any]]:
    """The drawing, as `guatu.office.workbooks.drawn_sheets` gives it, and what was recognised: kind, sheets, tables, sender."""
    tables = json.loads(layouts)
    headers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    rows: defaultdict[str, set[int]] = defaultdict(set)
    personal: defaultdict[str, set[int]] = defaultdict(set)
    for one in tables:
        first, last = one["header"]
        headers[one["sheet"]].append((first - 1, last - 1))
        personal[one["sheet"]] |= {
            place for column in one["columns"] if (place := _personal(column, declaration)) is not None
        }
    for finding in findings:
        if finding.sheet and (row := row_of(finding.cell)) is not None:
            rows[finding.sheet].add(row)
    for sheet, cell in people:
        if (at := position(cell)) is not None:
            personal[sheet].add(at[1])
    wanted = {
        sheet: Wanted(tuple(headers[sheet]), frozenset(rows[sheet]), frozenset(personal[sheet]))
        for sheet in {*headers, *rows}
    }
    content = drawn_sheets(path, wanted, encoding=declaration.encoding)
    return (content, recognised(content, tables)) if content != NOTHING else (b"", {})


def recognised(drawing: bytes, tables: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """In a few words: what kind of file, how many sheets, which tables with which header and how many rows, whose."""
    told = json.loads(drawing)
    taken = [one for one in tables if one["no_ledger"] is None]
    return {
        "kind": told.get("kind", ""),
        "sheets": len(told.get("visible", ())),
        "tables": [{"sheet": one["sheet"], "header": one["header"], "rows": one["rows"]} for one in taken],
        "sender": next((one["sender"]["title"] for one in taken if one["sender"]), ""),
    }


def _personal(column: dict[str, Any], declaration: LedgerDeclaration) -> int | None:
    """The place of a column about people."""
    fields = (declaration.fields.get(column[name]) for name in ("field", "proposed"))
    place = position(f"{column['letters']}1")
    return place[1] if place is not None and any(one is not None and one.is_personal for one in fields) else None
