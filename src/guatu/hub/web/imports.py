"""Workbooks sent into a ledger: sending one, what was found in it and what it would change, and what is done with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.import_undoing import ask_to_undo, undo_import
from guatu.hub.ledger.actions.imports import (
    StalePlan,
    ask_to_take,
    discard_import,
    submit_import,
    take_import,
)
from guatu.hub.ledger.importing.plan import ABSENT, SAME
from guatu.hub.ledger.importing.task import read_import, take_in_background, undo_in_background
from guatu.hub.ledger.models import Import, Ledger
from guatu.hub.web.import_shown import STATES, WORKING, words_of
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import LineField, in_language
from guatu.hub.web.posted import posted
from guatu.hub.web.refusals import refused_page
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

PER_PAGE = 50
MOST_MB = 10
"""What a browser may send; the reader's own limits are the machine's (`GUATU_MOST_…`)."""
AT_ONCE = 500
"""Items a request writes itself; more are left to the worker, and the page shows how far it has come."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SendForm(forms.Form):
    """A workbook, for which unit and which round."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=in_language(Text("报送单位", "Unit")), empty_label=None)
    period = LineField(
        Text("期", "Round"), most=16, help=Text("如 2026-06、2026Q2、2026-W23", "such as 2026-06, 2026Q2, 2026-W23")
    )
    workbook = forms.FileField(
        label=in_language(Text("工作簿", "Workbook")),
        help_text=in_language(
            Text(
                "原来的表就行：xlsx、xls、et、ods、csv、tsv；进度计划报 Project 的 XML 或 XER",
                "As it is: xlsx, xls, et, ods, csv, tsv; schedules as Project XML or XER",
            )
        ),
    )

    def __init__(self, *args: Any, request: ActorRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Unit.objects.visible_to(request.actor, Permission.IMPORT_REPORTS).filter(closed_on=None)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = seen.order_by("order", "pk")

    def clean_period(self) -> str:
        try:
            return str(Period.parse(self.cleaned_data["period"]))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.in_(spoken())) from refusal

    def clean_workbook(self) -> Any:
        sent = self.cleaned_data["workbook"]
        if sent.size > MOST_MB * 1024 * 1024:
            raise forms.ValidationError(
                Text(
                    f"超过 {MOST_MB} MB，请只留本期要报的表。", f"Over {MOST_MB} MB: keep only this round's tables."
                ).in_(spoken())
            )
        return sent


def imports(request: ActorRequest, ledger_key: str) -> HttpResponse:
    ledger = ledger_of(ledger_key)
    return _listed(request, ledger, _empty_form(request))


@require_POST
def send(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Keep the workbook and have the worker read it."""
    ledger = ledger_of(ledger_key)
    form = SendForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _listed(request, ledger, form, status=422)
    content = form.cleaned_data["workbook"].read()
    sent = submit_import(
        ledger=ledger,
        unit=form.cleaned_data["unit"],
        period=form.cleaned_data["period"],
        file_name=form.cleaned_data["workbook"].name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        language=spoken(),
        by=request.actor,
        at=timezone.now(),
    )
    read_import.enqueue(sent.pk)
    return redirect("import", sent.pk)


def _empty_form(request: ActorRequest) -> SendForm:
    last = Period.parse(f"{localdate():%Y-%m}").previous()
    return SendForm(request=request, initial={"period": str(last)})


def _listed(request: ActorRequest, ledger: Ledger, form: SendForm, status: int = 200) -> HttpResponse:
    sent = Import.objects.visible_to(request.actor).filter(ledger=ledger).select_related("unit").defer("layouts")
    page = Paginator(sent.order_by("-submitted_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, *STATES[one.state]) for one in page.object_list]
    return render(
        request, "ledgers/imports.html", {"ledger": ledger, "form": form, "page": page, "rows": rows}, status=status
    )


def one(request: ActorRequest, import_id: int) -> HttpResponse:
    sent = found_for(request, import_id)
    response = render(request, "ledgers/import.html", words_of(request, sent))
    if sent.state in WORKING:
        response["Refresh"] = "2"  # without a script, too
    return response


@require_POST
def take(request: ActorRequest, import_id: int) -> HttpResponse:
    """At once, or by the worker when it is large."""
    sent = found_for(request, import_id)
    if sent.steps.exclude(kind__in=(SAME, ABSENT)).count() > AT_ONCE:
        ask_to_take(sent=sent, by=request.actor, at=timezone.now())
        take_in_background.enqueue(sent.pk, request.actor.person_id)
        return redirect("import", sent.pk)
    try:
        take_import(sent=sent, by=request.actor, at=timezone.now())
    except StalePlan as stale:
        read_import.enqueue(sent.pk)
        return refused_page(request, stale, status_of(stale))
    messages.success(request, Text("已入账。", "Taken into the ledger.").in_(spoken()))
    return redirect("import", sent.pk)


@require_POST
def undo(request: ActorRequest, import_id: int) -> HttpResponse:
    """At once, or by the worker when it is large."""
    reason, sent = posted(request, "reason"), found_for(request, import_id)
    if sent.items.count() > AT_ONCE:
        ask_to_undo(sent=sent, reason=reason, by=request.actor, at=timezone.now())
        undo_in_background.enqueue(sent.pk, request.actor.person_id, reason)
        return redirect("import", sent.pk)
    return _done(
        request, sent, lambda one: undo_import(sent=one, reason=reason, by=request.actor, at=timezone.now()),
        Text("已撤销，台账回到入账以前。", "Undone: the ledger is as it was before."),
    )  # fmt: skip


@require_POST
def discard(request: ActorRequest, import_id: int) -> HttpResponse:
    return _done(
        request, found_for(request, import_id),
        lambda one: discard_import(sent=one, by=request.actor, at=timezone.now()), Text("已作废。", "Discarded."),
    )  # fmt: skip


def _done(request: ActorRequest, sent: Import, act: Callable[[Import], Import], said: Text) -> HttpResponse:
    act(sent)
    messages.success(request, said.in_(spoken()))
    return redirect("import", sent.pk)


@never_cache
def original(request: ActorRequest, import_id: int) -> HttpResponse:
    """The file as it came."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    return _file(sent.file, sent.file_name, "application/octet-stream")


@never_cache
def marked(request: ActorRequest, import_id: int) -> HttpResponse:
    """The workbook again, everything found in it marked, for its sender to mend."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    if not sent.marked:
        raise Http404
    words = Text("问题标注", "marked").in_(spoken())
    return _file(sent.marked, f"{sent.file_name.rpartition('.')[0] or sent.file_name}（{words}）.xlsx", _WORKBOOK)


def _file(kept: FieldFile, name: str, kind: str) -> HttpResponse:
    with kept.open("rb") as content:
        answer = HttpResponse(content.read(), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def found_for(request: ActorRequest, import_id: int, permission: Permission = Permission.SEE_ITEMS) -> Import:
    """A workbook the person may see, or may deal with."""
    return get_object_or_404(
        Import.objects.visible_to(request.actor, permission).select_related("unit", "ledger__pack"), pk=import_id
    )
