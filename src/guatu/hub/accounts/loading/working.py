"""The worker's part of a load: read what was submitted, in the reader's child process; carry out what was accepted."""

from __future__ import annotations

import tempfile
import uuid
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from guatu.hub.accounts.actions.loading import keep_reading
from guatu.hub.accounts.actions.taking_loads import carry_out_load, carry_out_posts, set_back_load
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.planning import plan_of
from guatu.hub.accounts.loading.reading import read_load, write_marked
from guatu.hub.accounts.loading.rows import Read
from guatu.hub.accounts.models import Load, LoadState, Person
from guatu.hub.audit.source import Door, Source
from guatu.text import Refusal


def read_waiting(load_id: int) -> None:
    """On behalf of whoever submitted it, with the posts they hold now; one already read is left alone."""
    load = Load.objects.select_related("submitter").filter(pk=load_id, state=LoadState.WAITING).first()
    if load is None:
        return
    at = timezone.now()
    by = _on_behalf_of(load.submitter, at)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(load.name).name
        path.write_bytes(bytes(load.content))
        read = read_load(path, today=load.on)
        marked = _marked(path, read, load, by) if read.rows else b""
    keep_reading(load=load, read=read, marked=marked, by=by, at=at)


def carry_out_accepted(load_id: int) -> None:
    """On behalf of whoever accepted it; what cannot be done is shown again, with the reason. Done once, however often asked."""
    accepted = Load.objects.filter(state__in=(LoadState.ACCEPTED, LoadState.POSTS_ACCEPTED))
    load = accepted.select_related("accepted_by").filter(pk=load_id).first()
    if load is None or load.accepted_by is None:
        return
    at = timezone.now()
    by = _on_behalf_of(load.accepted_by, at)
    deed = carry_out_load if load.state == LoadState.ACCEPTED else carry_out_posts
    try:
        deed(load=load, by=by, at=at)
    except Refusal as refusal:
        set_back_load(load=load, refusal=refusal, by=by, at=timezone.now())


def _on_behalf_of(person: Person, at: datetime) -> Actor:
    return Actor.of(person, at=at, source=Source(Door.WORKER, request=uuid.uuid4().hex))


def _marked(path: Path, read: Read, load: Load, by: Actor) -> bytes:
    """The workbook to send back, where there is anything to mend."""
    plan = plan_of(read, on=load.on, by=by)
    if not plan.hindered:
        return b""
    target = path.with_name("marked.xlsx")
    try:
        write_marked(path, tuple(plan.remarks), target, "zh")
    except Refusal:
        return b""  # the list of remarks says the same
    return target.read_bytes()
