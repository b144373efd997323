"""Workbooks sent into a ledger: what was found, what they would change, and the three things to do with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.imports import StalePlan, discard_import, submit_import, take_import, undo_import
from guatu.hub.ledger.importing.plan import CHANGED, MOVED, NEW, SAME, Plan, Step
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import said_of, titled
from guatu.hub.web.page_forms import LineField, in_language
from guatu.hub.web.refusals import refused_page
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

PER_PAGE = 50
MOST_MB = 10
"""What a browser may send; the reader's own limits are the machine's (`GUATU_MOST_…`)."""
STATES: dict[str, tuple[Text, str]] = {
    ImportState.WAITING: (Text("正在读", "being read"), "wait"),
    ImportState.REFUSED: (Text("退回", "refused"), "bad"),
    ImportState.READY: (Text("待入账", "ready to be taken"), "wait"),
    ImportState.TAKEN: (Text("已入账", "taken"), "good"),
    ImportState.UNDONE: (Text("已撤销", "undone"), "bad"),
    ImportState.DISCARDED: (Text("已作废", "discarded"), "bad"),
}
KINDS: dict[str, Text] = {
    NEW: Text("新增", "new"),
    CHANGED: Text("有变化", "changed"),
    MOVED: Text("换了单位", "moved"),
    SAME: Text("没有变化", "unchanged"),
}
GRADES: dict[str, Text] = {
    "error": Text("错误", "error"),
    "question": Text("疑问", "question"),
    "warning": Text("提醒", "warning"),
}


class SendForm(forms.Form):
    """A workbook, for which unit and which round."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=in_language(Text("报送单位", "Unit")), empty_label=None)
    period = LineField(
        Text("期", "Round"), most=16, help=Text("如 2026-06、2026Q2、2026-W23", "such as 2026-06, 2026Q2, 2026-W23")
    )
    workbook = forms.FileField(
        label=in_language(Text("工作簿", "Workbook")),
        help_text=in_language(Text("原来的表就行：xlsx、xls、et、ods、csv", "As it is: xlsx, xls, et, ods, csv")),
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
    ledger = get_object_or_404(Ledger.objects.select_related("pack"), key=ledger_key)
    return _listed(request, ledger, _empty_form(request))


@require_POST
def send(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Keep the workbook and have the worker read it."""
    ledger = get_object_or_404(Ledger.objects.select_related("pack"), key=ledger_key)
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
        by=request.actor,
        at=timezone.now(),
    )
    read_import.enqueue(sent.pk)
    return redirect("import", sent.pk)


def _empty_form(request: ActorRequest) -> SendForm:
    last = Period.parse(f"{localdate():%Y-%m}").previous()
    return SendForm(request=request, initial={"period": str(last)})


def _listed(request: ActorRequest, ledger: Ledger, form: SendForm, status: int = 200) -> HttpResponse:
    sent = (
        Import.objects.visible_to(request.actor).filter(ledger=ledger).select_related("unit").defer("plan", "findings")
    )
    page = Paginator(sent.order_by("-submitted_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, *STATES[one.state]) for one in page.object_list]
    return render(
        request, "ledgers/imports.html", {"ledger": ledger, "form": form, "page": page, "rows": rows}, status=status
    )


def one(request: ActorRequest, import_id: int) -> HttpResponse:
    sent = _found(request, import_id)
    return render(request, "ledgers/import.html", _words(request, sent))


def _words(request: ActorRequest, sent: Import) -> dict[str, Any]:
    plan, declaration = Plan.of(sent.plan), declared(sent.ledger)
    chosen = request.GET.get("kind", "")
    steps = [step for step in plan.steps if step.kind == chosen or (not chosen and step.kind != SAME)]
    page = Paginator(steps, PER_PAGE).get_page(request.GET.get("page"))
    units = {one.pk: one.title for one in Unit.objects.filter(pk__in=_unit_ids(page.object_list))}
    may = sent.unit_id in set(
        Unit.objects.visible_to(request.actor, Permission.IMPORT_REPORTS)
        .filter(pk=sent.unit_id)
        .values_list("pk", flat=True)
    )
    return {
        "sent": sent,
        "state": STATES[sent.state],
        "counts": [(kind, KINDS[kind], plan.counts.get(kind, 0)) for kind in (NEW, CHANGED, MOVED, SAME)],
        "chosen": chosen,
        "page": page,
        "steps": [
            (
                step,
                KINDS[step.kind],
                [
                    (
                        titled(declaration, fact),
                        said_of(declaration, fact, old, units),
                        said_of(declaration, fact, new, units),
                    )
                    for fact, (old, new) in step.changes.items()
                ],
            )
            for step in page.object_list
        ],
        "absent": Item.objects.filter(pk__in=plan.absent).order_by("name"),
        "findings": sent.findings_by_grade(),
        "grades": GRADES,
        "may": may,
    }


def _unit_ids(steps: Any) -> set[int]:
    """Units named by the changes of a page."""
    found: set[int] = set()
    for step in steps:
        assert isinstance(step, Step)
        found |= {value for value in step.changes.get("unit", ()) if isinstance(value, int)}
    return found


@require_POST
def take(request: ActorRequest, import_id: int) -> HttpResponse:
    sent = _found(request, import_id)
    try:
        take_import(sent=sent, by=request.actor, at=timezone.now())
    except StalePlan as stale:
        read_import.enqueue(sent.pk)
        return refused_page(request, stale, status_of(stale))
    messages.success(request, Text("已入账。", "Taken into the ledger.").in_(spoken()))
    return redirect("import", sent.pk)


@require_POST
def undo(request: ActorRequest, import_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(
        request, import_id, lambda sent: undo_import(sent=sent, reason=reason, by=request.actor, at=timezone.now()),
        Text("已撤销，台账回到入账以前。", "Undone: the ledger is as it was before."),
    )  # fmt: skip


@require_POST
def discard(request: ActorRequest, import_id: int) -> HttpResponse:
    return _done(
        request, import_id, lambda sent: discard_import(sent=sent, by=request.actor, at=timezone.now()),
        Text("已作废。", "Discarded."),
    )  # fmt: skip


def _done(request: ActorRequest, import_id: int, act: Callable[[Import], Import], said: Text) -> HttpResponse:
    sent = _found(request, import_id)
    act(sent)
    messages.success(request, said.in_(spoken()))
    return redirect("import", sent.pk)


def _found(request: ActorRequest, import_id: int) -> Import:
    return get_object_or_404(
        Import.objects.visible_to(request.actor).select_related("unit", "ledger__pack"), pk=import_id
    )
