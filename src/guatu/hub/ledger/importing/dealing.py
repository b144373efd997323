"""What every door does with a workbook: small ones at once, large ones left to the worker, who also reads what is sent."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.actions.import_undoing import ask_to_undo, undo_import
from guatu.hub.ledger.actions.imports import ask_to_read, ask_to_take, submit_import, take_import
from guatu.hub.ledger.importing.plan import ABSENT, SAME
from guatu.hub.ledger.importing.task import read_import, take_in_background, undo_in_background
from guatu.hub.ledger.models import Import, Ledger
from guatu.text import Language, Text

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 500
"""Items a request writes itself; more are left to the worker, and the workbook says how far it has come."""


def send_in(
    *, ledger: Ledger, unit: Unit, period: str, file_name: str, content: bytes, language: str, by: Actor, at: datetime
) -> Import:
    """Kept, and to be read."""
    sent = submit_import(
        ledger=ledger, unit=unit, period=period, file_name=file_name, content=content,
        sha256=hashlib.sha256(content).hexdigest(), language=language, by=by, at=at,
    )  # fmt: skip
    read_import.enqueue(sent.pk)
    return sent


def take_in(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Taken, or on its way."""
    if sent.steps.exclude(kind__in=(SAME, ABSENT)).count() <= AT_ONCE:
        return take_import(sent=sent, by=by, at=at)
    asked = ask_to_take(sent=sent, by=by, at=at)
    take_in_background.enqueue(sent.pk, by.person_id)
    return asked


def undo_all(*, sent: Import, reason: str, by: Actor, at: datetime) -> Import:
    """Undone, or on its way."""
    if sent.items.count() <= AT_ONCE:
        return undo_import(sent=sent, reason=reason, by=by, at=at)
    asked = ask_to_undo(sent=sent, reason=reason, by=by, at=at)
    undo_in_background.enqueue(sent.pk, by.person_id, reason)
    return asked


def draw_anew(*, sent: Import, by: Actor, at: datetime) -> Import:
    """To be read once more, for a preview of what is so now."""
    asked = ask_to_read(sent=sent, by=by, at=at)
    read_import.enqueue(sent.pk)
    return asked


def marked_name(sent: Import, language: Language) -> str:
    """What the workbook with everything found in it marked is called when it is given back."""
    words = Text("（问题标注）", " (marked)").in_(language)
    return f"{sent.file_name.rpartition('.')[0] or sent.file_name}{words}.xlsx"


def handed_out(kept: FieldFile, name: str, kind: str) -> HttpResponse:
    """A file that is kept, to be saved under a name."""
    with kept.open("rb") as content:
        answer = HttpResponse(content.read(), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
