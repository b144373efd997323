"""Imported projects as workbooks of the ledger, one for each unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from guatu.declarations import FieldDeclaration, FieldType
from guatu.dispatch.figures import list_title
from guatu.dispatch.open_contracting.importing import Imported
from guatu.dispatch.open_contracting.plan import OpenPlan
from guatu.office.forms import FormValue, LedgerTable, write_ledger_table

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST = 60


def write_imported(folder: Path, found: Sequence[Imported], plan: OpenPlan) -> list[Path]:
    """`<unit>.xlsx` for each unit; the files' paths, in the order in which units first come."""
    columns = list({one.field.key: one.field for one in plan.fields}.values())
    by_unit: dict[str, list[Imported]] = {}
    for one in found:
        by_unit.setdefault(one.unit_title or one.unit or "—", []).append(one)
    paths = []
    for unit, projects in by_unit.items():
        used = [field for field in columns if any(_value(one, field, plan) not in (None, ()) for one in projects)]
        rows = [[_value(one, field, plan) for field in used] for one in projects]
        path = folder / f"{_file_name(unit)}.xlsx"
        write_ledger_table(path, LedgerTable(unit, used, rows))
        paths.append(path)
    return paths


def _value(one: Imported, field: FieldDeclaration, plan: OpenPlan) -> FormValue:
    if field.type is FieldType.TAGS:
        return tuple(list_title(plan.ledger, tag).zh for tag in one.tags)
    return cast(FormValue, one.values.get(field.key))


def _file_name(unit: str) -> str:
    """The unit's name as a file's name: no path can be made of it."""
    return _NOT_IN_FILE_NAMES.sub(" ", unit).strip(" .")[:_LONGEST] or "unit"
