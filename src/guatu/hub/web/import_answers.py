"""What people decide about a workbook that was read: answers, named exceptions, and what its columns are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.import_answers import OPEN, answer_questions, leave_out, put_back
from guatu.hub.ledger.actions.import_columns import LEFT_OUT, LIST, UNDECIDED, Chosen, confirm_columns
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.packs import declared
from guatu.hub.web.import_drawing import drawing_of, grid_of
from guatu.hub.web.import_shown import STATES
from guatu.hub.web.imports import found_for
from guatu.hub.web.posted import all_posted, everything_posted, posted
from guatu.text import Text

_ASKED, _COLUMN = re.compile(r"answer-([0-9]{1,18})"), re.compile(r"field-([0-9]{1,4})")
PERIODS: tuple[tuple[str, Text], ...] = (
    ("", Text("按列名，列名没写的是本期", "as the title says, else this round")),
    ("titled", Text("列名里的月份", "the month in the title")),
    ("round", Text("本期", "this round")),
    ("round-1", Text("上一月", "the month before")),
)


@require_POST
def answer(request: ActorRequest, import_id: int) -> HttpResponse:
    """Every answer on the page at once; it is read again with them."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    answers = {
        int(asked[1]): text
        for name, text in everything_posted(request)
        if (asked := _ASKED.fullmatch(name)) is not None and text
    }
    answer_questions(sent=sent, answers=answers, by=request.actor, at=timezone.now())
    return _read_again(
        request, import_id, Text("答复已记下，正在重读。", "The answers are kept; it is being read again.")
    )


@require_POST
def leave(request: ActorRequest, import_id: int) -> HttpResponse:
    """The items ticked, or all with errors, are not taken with the rest."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    keys = all_posted(request, "key")
    if posted(request, "faulty"):
        keys = list(sent.steps.filter(errors__gt=0, left_out="").values_list("key", flat=True))
    leave_out(
        sent=sent,
        keys=keys,
        reason=posted(request, "reason"),
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, Text("已列为例外，不入账。", "Left out, with the reason.").in_(spoken()))
    return redirect("import", import_id)


@require_POST
def put(request: ActorRequest, import_id: int) -> HttpResponse:
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    put_back(
        sent=sent,
        keys=all_posted(request, "key"),
        by=request.actor,
        at=timezone.now(),
    )
    return _read_again(
        request, import_id, Text("已取消例外，正在重读。", "No longer left out; it is being read again.")
    )


def _read_again(request: ActorRequest, import_id: int, said: Text) -> HttpResponse:
    read_import.enqueue(import_id)
    messages.success(request, said.in_(spoken()))
    return redirect("import", import_id)


def columns(request: ActorRequest, import_id: int) -> HttpResponse:
    """How the columns of each table were understood, and what else they could be."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    declaration = declared(sent.ledger)
    drawn = drawing_of(sent)
    tables = [
        _table(number, one, declaration, drawn.get(one["sheet"])) for number, one in enumerate(json.loads(sent.layouts))
    ]
    words = {
        "sent": sent, "state": STATES[sent.state], "tables": tables, "open": sent.state in OPEN, "periods": PERIODS,
        "fields": _fields(declaration),
    }  # fmt: skip
    return render(request, "ledgers/columns.html", words)


def _table(
    number: int, shown: dict[str, Any], declaration: LedgerDeclaration, drawn: Mapping[str, Any] | None
) -> dict[str, Any]:
    lines = [
        {
            **one,
            "doubt": _text(one["doubt"]),
            "likely": [(key, declaration.fields[key].title) for key in one["likely"] if key in declaration.fields],
            "now": _meaning(one["field"] if one["field"] != UNDECIDED else one["proposed"], declaration),
        }
        for one in shown["columns"]
    ]
    grid = grid_of(drawn, only_head=True) if drawn is not None else None
    now = {one["letters"]: one["now"] for one in lines}
    return {
        **shown,
        "number": number,
        "grid": grid,
        "letters": [(letters, now.get(letters)) for letters in grid.letters] if grid is not None else [],
        "columns": lines,
        "confirmed": _text(shown["confirmed"]),
        "no_ledger": _text(shown["no_ledger"]),
        "changes": [_text(one) for one in shown["changes"]],
        "waiting": sum(one["doubt"] is not None for one in lines),
    }


def _text(both: dict[str, str] | None) -> Text | None:
    return Text(both["zh"], both["en"]) if both else None


def _meaning(key: str, declaration: LedgerDeclaration) -> Text:
    if key == LEFT_OUT:
        return Text("不读", "not read")
    if key.startswith(LIST) and (one := declaration.lists.get(key.removeprefix(LIST))) is not None:
        return Text(f"清单：{one.title.zh}", f"list: {one.title.en}")
    return declaration.fields[key].title if key in declaration.fields else Text("待定", "undecided")


def _fields(declaration: LedgerDeclaration) -> list[tuple[str, Text]]:
    """Everything a column may be, the ledger's fields in their order, then its lists."""
    fields = [(key, one.title) for key, one in declaration.fields.items()]
    lists = [(LIST + key, _meaning(LIST + key, declaration)) for key, one in declaration.lists.items() if not one.where]
    return [(LEFT_OUT, _meaning(LEFT_OUT, declaration)), *fields, *lists]


@require_POST
def confirm(request: ActorRequest, import_id: int, table: int) -> HttpResponse:
    """What a person says the columns of a table are: kept for its sender and layout, and read again."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    chosen = {}
    for name, field in everything_posted(request):
        column = _COLUMN.fullmatch(name)
        if column is not None and field:
            unit, period = (posted(request, f"{one}-{column[1]}").strip() for one in ("unit", "period"))
            chosen[int(column[1])] = Chosen(field, unit, period)
    confirm_columns(sent=sent, table=table, chosen=chosen, by=request.actor, at=timezone.now())
    return _read_again(
        request,
        import_id,
        Text("已记下，下个月同样的版式照此读；正在重读。", "Kept for this layout from now on; it is being read again."),
    )
