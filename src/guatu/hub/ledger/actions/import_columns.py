"""A person says what the columns of a workbook are; kept for its sender and layout, and used from the next reading on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import canonical, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.import_answers import OPEN, read_again
from guatu.hub.ledger.actions.imports import opened
from guatu.hub.ledger.models import Import, SenderLayout
from guatu.hub.ledger.packs import declared
from guatu.standards.quantities import UnitKind, parse_unit
from guatu.text import Refusal, Text

LEFT_OUT, UNDECIDED, LIST, TITLED = "-", "?", "list:", "titled"
"""As the main job's mapping files write them: not read; nobody has decided; ticks of a list; the month in the title."""
PERIODS = ("", TITLED, "round", "round-1")
_KINDS = {FieldType.MONEY: UnitKind.MONEY, FieldType.AREA: UnitKind.AREA}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person says a column is: a field's key, LEFT_OUT or `list:key`; its unit; the period of its figures."""

    field: str
    unit: str = ""
    period: str = ""


class WrongColumn(Refusal):
    """A column that cannot be what somebody said."""


@action("import.confirm_columns")
def confirm_columns(*, sent: Import, table: int, chosen: Mapping[int, Chosen], by: Actor, at: datetime) -> SenderLayout:
    """Keep what the columns of a table are, by their places; those not named stay as they are shown. It is read again."""
    sent, under = opened(sent, by, *OPEN)
    tables = json.loads(sent.layouts)
    if not 0 <= table < len(tables) or tables[table]["sender"] is None:
        raise Conflict(
            sent.file_name,
            Text("没有这张表，或认不出是谁报的", "has no such table, or does not say who sent it"),
            Text("刷新这一页，再核定。", "Load the page again and confirm then."),
        )
    shown = tables[table]
    entry, ledger = shown["entry"], declared(sent.ledger)
    _put(entry["columns"], chosen, ledger)
    day, who = localdate(at).isoformat(), str(under.post_id or "")
    for place in chosen:
        entry["columns"][place] |= {"by": who, "day": day, "workbook": sent.file_name}
    _require_once(entry["columns"], ledger)
    entry["made_from"] |= {"by": who, "day": day, "sheet": shown["sheet"]}
    kept, _ = SenderLayout.objects.update_or_create(
        ledger=sent.ledger, sender=shown["sender"]["key"], fingerprint=entry["fingerprint"],
        defaults={
            "title": shown["sender"]["title"], "layout": canonical(entry), "confirmed_by_id": under.post_id,
            "confirmed_at": at,
        },
    )  # fmt: skip
    read_again(sent)
    told = {
        "sender": kept.sender, "fingerprint": kept.fingerprint,
        "columns": {str(place): one.field for place, one in chosen.items()},
    }  # fmt: skip
    record(Event.IMPORT_COLUMNS_CONFIRMED, subject=sent, after=told, by=under, at=at)
    return kept


def _put(columns: list[dict[str, Any]], chosen: Mapping[int, Chosen], ledger: LedgerDeclaration) -> None:
    for place, one in chosen.items():
        if not 0 <= place < len(columns):
            raise WrongColumn(
                str(place), Text("没有这一列", "is no column"), Text("刷新再试。", "Load the page again.")
            )
        title = columns[place]["title"]
        _require_known(title, one, ledger)
        columns[place] = {"title": title, "field": one.field}
        if one.unit:
            columns[place]["unit"] = one.unit
        if one.period:
            columns[place]["period"] = one.period


def _require_known(title: str, one: Chosen, ledger: LedgerDeclaration) -> None:
    known = {LEFT_OUT, UNDECIDED, *ledger.fields, *(LIST + key for key in ledger.lists)}
    if one.field not in known:
        raise WrongColumn(
            title,
            Text(f"台账没有“{one.field}”这一项", f"the ledger has no '{one.field}'"),
            Text("从列出的项目中选。", "Choose among those offered."),
        )
    kind = _KINDS.get(ledger.fields[one.field].type) if one.field in ledger.fields else None
    if one.unit and (kind is None or parse_unit(f"({one.unit})", expecting=kind) is None):
        raise WrongColumn(
            title,
            Text(f"“{one.unit}”不能作这一列的单位", f"'{one.unit}' cannot be the unit of this column"),
            Text(
                "金额写 万元、亿元，面积写 亩；其他留空。",
                "Write 万元 or 亿元 for money, 亩 for areas; leave others blank.",
            ),
        )
    if one.period not in PERIODS:
        raise WrongColumn(
            title,
            Text(f"“{one.period}”不是期别", f"'{one.period}' is no period"),
            Text("从列出的期别中选。", "Choose among the periods offered."),
        )


def _require_once(columns: list[dict[str, Any]], ledger: LedgerDeclaration) -> None:
    """A field has one column, or one a period, unless it may be written in several."""
    taken: dict[tuple[str, str], str] = {}
    for one in columns:
        field = ledger.fields.get(one["field"])
        if field is None or field.may_repeat:
            continue
        period = one.get("period") or ""
        slot = (one["field"], one["title"] if period == TITLED else period)
        if slot in taken:
            raise WrongColumn(
                one["title"],
                Text(
                    f"和“{taken[slot]}”都成了“{field.title.zh}”",
                    f"and '{taken[slot]}' would both be '{field.title.en}'",
                ),
                Text("只留一列，另一列选“不读”。", "Keep one of them; choose 'not read' for the other."),
            )
        taken[slot] = one["title"]
