"""How the columns of a workbook were understood, for whoever confirms them; and what was confirmed. Heavy: the worker's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import UnitDeclaration
from guatu.hub.accounts.models import Post
from guatu.hub.accounts.roles import ROLES
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.models import Ledger, SenderLayout
from guatu.office.workbooks import Memory, UnreadableWorkbook, WorkbookReading
from guatu.office.workbooks.memory import LEFT_OUT, LIST, OPEN, Origin, SenderFile, layout_entry, memory_of, read_layout
from guatu.office.workbooks.reading import Sender
from guatu.office.workbooks.survey import SurveyedColumn, SurveyedTable, is_periodic, kept_layout, survey_workbook
from guatu.office.workbooks.survey import takes_unit as takes_a_unit
from guatu.standards.periods import Period
from guatu.text import Text

NOBODY = ""


def memory_for(ledger: Ledger, declaration: LedgerDeclaration) -> Memory:
    """The layouts people confirmed for a ledger, newest first, as the reader uses them."""
    kept: dict[str, list[SenderLayout]] = {}
    for row in SenderLayout.objects.filter(ledger=ledger).order_by("-confirmed_at", "-pk"):
        kept.setdefault(row.sender, []).append(row)
    spoken = _spoken_posts({row.confirmed_by_id for rows in kept.values() for row in rows})
    files = [
        SenderFile(
            Sender(rows[0].sender if rows[0].sender != rows[0].title else None, rows[0].title),
            tuple(
                read_layout(_readable(row.layout, spoken, declaration), f"{row.title} {row.fingerprint}")
                for row in rows
            ),
        )
        for rows in kept.values()
    ]
    return memory_of(files, declaration)


def _spoken_posts(ids: set[int | None]) -> dict[str, str]:
    """What a post is called where a layout says who decided: its unit and its role, never who holds it."""
    posts = Post.objects.filter(pk__in={one for one in ids if one is not None}).select_related("unit")
    return {str(one.pk): f"{one.unit.title_zh} {ROLES[one.role].title.zh}" for one in posts}


def _readable(layout: str, spoken: Mapping[str, str], declaration: LedgerDeclaration) -> str:
    """A layout with posts as they are called, and what the ledger no longer has left for a person to decide."""
    entry = json.loads(layout)
    known = {LEFT_OUT, OPEN, *declaration.fields, *(LIST + key for key in declaration.lists)}
    for one in entry["columns"]:
        if one["field"] not in known:
            one["field"] = OPEN
    for one in (entry["made_from"], *entry["columns"]):
        if "by" in one:
            one["by"] = spoken.get(one["by"], one["by"]) or "?"
    return json.dumps(entry, ensure_ascii=False)


def surveyed(
    path: Path,
    reading: WorkbookReading,
    declaration: LedgerDeclaration,
    period: Period,
    units: Sequence[UnitDeclaration],
    memory: Memory,
) -> str:
    """Every table of a workbook the reader has taken, column by column, as canonical JSON; `[]` for what it could not open."""
    try:
        survey = survey_workbook(
            path, declaration, period=period, units=units, memory=memory, sender=reading.sender
        )  # fmt: skip
    except UnreadableWorkbook:
        return "[]"
    sender = survey.sender or reading.sender
    tables = [one for one in survey.tables if one.no_ledger is None or one.recalled.kept is not None]
    origin = Origin(survey.workbook, survey.sha256, "", str(period), NOBODY, "")
    return canonical([_table(one, sender, declaration, origin, period) for one in tables or survey.tables[:1]])


def _table(
    table: SurveyedTable, sender: Sender | None, declaration: LedgerDeclaration, origin: Origin, period: Period
) -> dict[str, Any]:
    made = Origin(origin.workbook, origin.sha256, table.sheet, origin.round, origin.by, origin.on)
    kept = kept_layout(table, {}, declaration, made, period)
    return {
        "sheet": table.sheet,
        "header": list(table.header),
        "rows": table.rows,
        "sender": {"key": sender.key, "title": sender.title} if sender is not None else None,
        "no_ledger": _both(table.no_ledger),
        "confirmed": _both(table.recalled.kept.origin.saying) if table.recalled.kept is not None else None,
        "changes": [_both(one.saying) for one in table.changes],
        "entry": layout_entry(kept),
        "columns": [_column(one, declaration, kept.columns[one.position].field) for one in table.columns],
    }


def _column(one: SurveyedColumn, declaration: LedgerDeclaration, field: str) -> dict[str, Any]:
    likely = [found.field for found in one.candidates if found.field in declaration.fields]
    proposed = declaration.fields.get(one.proposed)
    return {
        "position": one.position,
        "letters": one.letters,
        "title": one.title,
        "samples": list(one.samples),
        "field": field,
        "proposed": one.proposed,
        "sure": f"{one.found.confidence:.0%}",
        "doubt": _both(one.doubt),
        "likely": likely,
        "unit": one.kept.unit if one.kept is not None and one.kept.unit else one.unit,
        "asks_unit": bool(one.lacks_unit and (proposed is None or takes_a_unit(proposed))),
        "is_periodic": bool(proposed is not None and is_periodic(proposed)),
        "period": one.kept.period if one.kept is not None else None,
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None
