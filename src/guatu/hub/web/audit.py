"""The auditor's page: the record newest first, how it stands with its chain, exports, checkpoints for paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.trail import export_audit, note_checkpoint_printed
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.accounts.trail import Wanted, WrongFilter, newest_records
from guatu.hub.audit.checkpoints import printed_block
from guatu.hub.audit.events import TITLES
from guatu.hub.audit.held import ChainState, latest_checkpoints
from guatu.hub.audit.holders import HolderKind
from guatu.hub.audit.models import Checkpoint
from guatu.hub.web.audit_shown import shown
from guatu.hub.web.audit_words import DOORS, SUBJECTS
from guatu.hub.web.posted import posted

PAGE = 50


@never_cache
def records(request: ActorRequest) -> HttpResponse:
    """The records as wanted, a page at a time; the cursor is the id of the last one seen."""
    try:
        wanted, refusal = Wanted.of(request.GET.dict()), None
    except WrongFilter as wrong:
        wanted, refusal = Wanted(), wrong
    before = whole_number(request.GET.get("before", ""))
    found = newest_records(request.actor, wanted, before=before, count=PAGE)
    page: dict[str, Any] = {
        "records": shown(found[:PAGE]),
        "older": urlencode(wanted.said() | {"before": str(found[PAGE - 1].pk)}) if len(found) > PAGE else "",
        "is_first": before is None,
        "newest": urlencode(wanted.said()),
        "wanted": wanted.said(),
        "said": request.GET if refusal else wanted.said(),
        "refusal": refusal,
        "state": ChainState.now(),
        "units": Unit.objects.visible_to(request.actor, Permission.SEE_AUDIT).order_by("order", "id"),
        "kinds": sorted(TITLES.items(), key=lambda one: one[0]),
        "subjects": SUBJECTS.items(),
        "doors": DOORS.items(),
    }
    return render(request, "audit/records.html", page, status=status_of(refusal) if refusal else 200)


@require_POST
def export(request: ActorRequest) -> StreamingHttpResponse:
    """What is wanted as an archive; it flows, so the site holds no more of it than a batch."""
    at = timezone.now()
    wanted = Wanted.of(request.POST.dict())
    made = export_audit(wanted=wanted, most=settings.AUDIT_WEB_EXPORT, by=request.actor, at=at)
    response = StreamingHttpResponse(made.zipped(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="guatu-audit-{localtime(at):%Y%m%d-%H%M%S}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@never_cache
def checkpoint(request: ActorRequest) -> HttpResponse:
    """The last checkpoint as a sheet to print, and where it was filed."""
    latest = next(iter(latest_checkpoints(1)), None)
    page = {
        "latest": latest,
        "printed": printed_block(latest.checkpoint) if latest else None,
        "papers": [one for one in settings.AUDIT_HOLDERS if one.kind is HolderKind.PAPER],
    }
    return render(request, "audit/checkpoint.html", page)


@require_POST
def filed(request: ActorRequest, checkpoint_id: int) -> HttpResponse:
    note_checkpoint_printed(
        checkpoint=get_object_or_404(Checkpoint, pk=checkpoint_id),
        holder=posted(request, "holder"),
        where=posted(request, "where"),
        by=request.actor,
        at=timezone.now(),
    )
    return redirect("audit_checkpoint")
