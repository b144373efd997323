"""Load units and people from a workbook: submit, look at what it would do, accept or give up."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.loading import (
    accept_load,
    accept_posts,
    give_up_load,
    submit_load,
)
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.loading.preview import SHOWN, Preview
from guatu.hub.accounts.loading.template import template
from guatu.hub.accounts.models import Load
from guatu.hub.accounts.models.units import KINDS
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.accounts.tasks import carry_out_accepted_load, read_waiting_load
from guatu.hub.web.page_forms import DayField, PageForm, in_language
from guatu.text import Refusal, Text

HEAVY = ("content", "marked", "read", "preview")
"""What a list of loads needs nothing of."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SubmitForm(PageForm):
    file = forms.FileField(
        label=in_language(Text("工作簿", "Workbook")),
        help_text=in_language(Text("xlsx、xls、et、ods 或 csv。", "xlsx, xls, et, ods or csv.")),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.xlsb,.et,.ods,.csv"}),
    )
    on = DayField(
        Text("变动从哪天起", "Changes hold from"),
        initial=localdate,
        help=Text("新单位若写了设立日期，以其为准。", "A new unit with a date of its own is opened on that."),
    )


@never_cache
def loads(request: ActorRequest) -> HttpResponse:
    """Those one submitted, those whose posts wait for one, and the form for another."""
    form, status = SubmitForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("load", _submitted(request, form).pk)
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
    listed = Load.objects.visible_to(request.actor).select_related("submitter").defer(*HEAVY)
    may_submit = request.actor.may(Permission.MANAGE_UNITS)
    words = {"form": form, "loads": listed.order_by("-pk")[:50], "may_submit": may_submit}
    return render(request, "loads/loads.html", words, status=status)


def _submitted(request: ActorRequest, form: SubmitForm) -> Load:
    file = form.cleaned_data["file"]
    load = submit_load(
        content=file.read(), name=file.name, on=form.cleaned_data["on"], by=request.actor, at=timezone.now()
    )
    read_waiting_load.enqueue(load.pk)
    return load


@never_cache
def load(request: ActorRequest, load_id: int) -> HttpResponse:
    found = _load(request, load_id)
    preview = Preview.of(found.preview)
    words: dict[str, object] = {"load": found, "counts": found.counts, "shown": SHOWN}
    words["own"] = found.submitter_id == request.actor.person_id
    words["may_accept"] = words["own"] and request.actor.may(Permission.MANAGE_UNITS)
    words["may_give_posts"] = request.actor.may(Permission.ASSIGN_POSTS)
    if words["own"]:
        words |= {"remarks": preview.remarks, **preview.lines}
        words["new_units"] = [(line, KINDS[line.word]) for line in preview.lines["new_units"]]
        words["new_posts"] = [(line, ROLES[line.word].title) for line in preview.lines["posts"]]
    response = render(request, "loads/load.html", words)
    if found.is_with_the_worker:
        response["Refresh"] = "2"  # without a script, too
    return response


@require_POST
def accept(request: ActorRequest, load_id: int) -> HttpResponse:
    accept_load(load=_load(request, load_id), by=request.actor, at=timezone.now())
    carry_out_accepted_load.enqueue(load_id)
    return redirect("load", load_id)


@require_POST
def accept_its_posts(request: ActorRequest, load_id: int) -> HttpResponse:
    accept_posts(load=_load(request, load_id), by=request.actor, at=timezone.now())
    carry_out_accepted_load.enqueue(load_id)
    return redirect("load", load_id)


@require_POST
def give_up(request: ActorRequest, load_id: int) -> HttpResponse:
    give_up_load(load=_load(request, load_id), by=request.actor, at=timezone.now())
    return redirect("loads")


@never_cache
def marked(request: ActorRequest, load_id: int) -> HttpResponse:
    """The workbook as it was submitted, wrong cells marked."""
    found = _load(request, load_id)
    if not found.marked:
        raise Http404
    return _file(bytes(found.marked), "marked.xlsx")


@never_cache
def blank(request: ActorRequest) -> HttpResponse:
    """The workbook to fill in."""
    return _file(
        template(request.actor, spoken(), made_at=timezone.now().replace(tzinfo=None)), "units-and-people.xlsx"
    )


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=_WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _load(request: ActorRequest, load_id: int) -> Load:
    return get_object_or_404(
        Load.objects.visible_to(request.actor).select_related("submitter").defer("content", "read"), pk=load_id
    )
