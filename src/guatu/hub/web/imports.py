"""Workbooks sent into a ledger: sending one, what was found in it and what it would change, and what is done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.imports import MOST_MB, StalePlan, discard_import
from guatu.hub.ledger.importing.dealing import WORKBOOK, draw_anew, handed_out, marked_name, send_in, take_in, undo_all
from guatu.hub.ledger.models import Import, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.web.import_shown import WORKING, line_of, progress_words, words_of
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import LineField, in_language
from guatu.hub.web.posted import posted
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

PER_PAGE = 50
AT_A_TIME = 10
"""Workbooks sent with one form."""


class ManyFilesInput(forms.ClearableFileInput):
    """One file field that takes several."""

    allow_multiple_selected = True


class WorkbooksField(forms.FileField):
    """One workbook or several at once, each within what a browser may send; gives a list."""

    def __init__(self) -> None:
        super().__init__(
            label=in_language(Text("工作簿", "Workbooks")),
            widget=ManyFilesInput(attrs={"data-drop": ""}),
            help_text=in_language(
                Text(
                    f"原来的表就行：xlsx、xls、et、ods、csv、tsv；进度计划报 Project 的 XML 或 XER。一次最多 {AT_A_TIME} 个。",
                    f"As they are: xlsx, xls, et, ods, csv, tsv; schedules as Project XML or XER. At most {AT_A_TIME} at a time.",
                )
            ),
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        sent = [super(WorkbooksField, self).clean(one, initial) for one in data or [None]]
        if len(sent) > AT_A_TIME:
            raise forms.ValidationError(
                Text(
                    f"一次最多 {AT_A_TIME} 个，其余分批报。",
                    f"At most {AT_A_TIME} at a time: send the rest after them.",
                ).in_(spoken())
            )
        for one in sent:
            if one.size > MOST_MB * 1024 * 1024:
                raise forms.ValidationError(
                    Text(
                        f"“{one.name}”超过 {MOST_MB} MB，请只留本期要报的表。",
                        f"'{one.name}' is over {MOST_MB} MB: keep only this round's tables.",
                    ).in_(spoken())
                )
        return sent


class SendForm(forms.Form):
    """Workbooks, for which unit and which round."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=in_language(Text("报送单位", "Unit")), empty_label=None)
    period = LineField(
        Text("期", "Round"), most=16, help=Text("如 2026-06、2026Q2、2026-W23", "such as 2026-06, 2026Q2, 2026-W23")
    )
    workbook = WorkbooksField()

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
    sent = [_sent(request, ledger, form.cleaned_data, one) for one in form.cleaned_data["workbook"]]
    if len(sent) == 1:
        return redirect("import", sent[0].pk)
    messages.success(
        request,
        Text(f"{len(sent)} 个工作簿已收到，正在读。", f"{len(sent)} workbooks received; they are being read.").in_(
            spoken()
        ),
    )
    return redirect("imports", ledger.key)


def _sent(request: ActorRequest, ledger: Ledger, said: dict[str, Any], workbook: Any) -> Import:
    """Kept as an import of its own, of the unit its name speaks of where that lies under the one chosen, else of that one."""
    name = workbook.name or ""
    return send_in(
        ledger=ledger, unit=unit_in_name(name, said["unit"]) or said["unit"], period=said["period"], file_name=name,
        content=workbook.read(), language=spoken(), by=request.actor, at=timezone.now(),
    )  # fmt: skip


def unit_in_name(file_name: str, chosen: Unit) -> Unit | None:
    """The unit under the one chosen whose name stands in a file's name, the longest; None where none or several do."""
    under = Unit.objects.filter(closed_on=None, pk__in=below([chosen.pk]))
    named = [one for one in under.only("pk", "title_zh") if one.title_zh in file_name]
    longest = max((len(one.title_zh) for one in named), default=0)
    found = [one for one in named if len(one.title_zh) == longest]
    return found[0] if len(found) == 1 else None


def _empty_form(request: ActorRequest) -> SendForm:
    last = Period.parse(f"{localdate():%Y-%m}").previous()
    return SendForm(request=request, initial={"period": str(last)})


def _listed(request: ActorRequest, ledger: Ledger, form: SendForm, status: int = 200) -> HttpResponse:
    sent = Import.objects.visible_to(request.actor).filter(ledger=ledger).select_related("unit").defer("layouts")
    page = Paginator(sent.order_by("-submitted_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    words = {"ledger": ledger, "form": form, "page": page, "lines": [line_of(one) for one in page.object_list]}
    return render(request, "ledgers/imports.html", words, status=status)


def one(request: ActorRequest, import_id: int) -> HttpResponse:
    sent = found_for(request, import_id)
    return render(request, "ledgers/import.html", words_of(request, sent))


def line(request: ActorRequest, import_id: int) -> HttpResponse:
    """Its line in the list, asked for again while the worker is at it."""
    return render(request, "ledgers/parts/import_line.html", {"line": line_of(found_for(request, import_id))})


def how_far(request: ActorRequest, import_id: int) -> HttpResponse:
    """How far the worker has come; once it is done, the whole page again."""
    sent = found_for(request, import_id)
    response = render(request, "ledgers/parts/import_progress.html", progress_words(sent))
    if sent.state not in WORKING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def take(request: ActorRequest, import_id: int) -> HttpResponse:
    """At once, or by the worker when it is large; a preview that has grown stale is drawn again instead."""
    sent = found_for(request, import_id)
    try:
        taken = take_in(sent=sent, by=request.actor, at=timezone.now())
    except StalePlan as stale:
        draw_anew(sent=sent, by=request.actor, at=timezone.now())
        again = Text("预览正在重新生成，看过再入账。", "The preview is being drawn again: look at it and take it then.")
        messages.warning(request, f"{stale.in_(spoken())} {again.in_(spoken())}")
        return redirect("import", sent.pk)
    if taken.state == ImportState.TAKEN:
        messages.success(request, Text("已入账。", "Taken into the ledger.").in_(spoken()))
    return redirect("import", sent.pk)


@require_POST
def undo(request: ActorRequest, import_id: int) -> HttpResponse:
    """At once, or by the worker when it is large."""
    sent = found_for(request, import_id)
    undone = undo_all(sent=sent, reason=posted(request, "reason"), by=request.actor, at=timezone.now())
    if undone.state == ImportState.UNDONE:
        said = Text("已撤销，台账回到入账以前。", "Undone: the ledger is as it was before.")
        messages.success(request, said.in_(spoken()))
    return redirect("import", sent.pk)


@require_POST
def discard(request: ActorRequest, import_id: int) -> HttpResponse:
    discard_import(sent=found_for(request, import_id), by=request.actor, at=timezone.now())
    messages.success(request, Text("已作废。", "Discarded.").in_(spoken()))
    return redirect("import", import_id)


@never_cache
def original(request: ActorRequest, import_id: int) -> HttpResponse:
    """The file as it came."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    return handed_out(sent.file, sent.file_name, "application/octet-stream")


@never_cache
def marked(request: ActorRequest, import_id: int) -> HttpResponse:
    """The workbook again, everything found in it marked, for its sender to mend."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    if not sent.marked:
        raise Http404
    return handed_out(sent.marked, marked_name(sent, spoken()), WORKBOOK)


def found_for(request: ActorRequest, import_id: int, permission: Permission = Permission.SEE_ITEMS) -> Import:
    """A workbook the person may see, or may deal with."""
    return get_object_or_404(
        Import.objects.visible_to(request.actor, permission).select_related("unit", "ledger__pack"), pk=import_id
    )
