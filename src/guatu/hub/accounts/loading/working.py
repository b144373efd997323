"""Read a submitted workbook: content out of the database, through the reader's child process, and what was found back."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

from django.utils import timezone

from guatu.hub.accounts.actions.loading import keep_reading
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.planning import plan_of
from guatu.hub.accounts.loading.reading import read_load, write_marked
from guatu.hub.accounts.loading.rows import Read
from guatu.hub.accounts.models import Load, LoadState
from guatu.hub.audit.source import Door, Source
from guatu.text import Refusal


def read_waiting(load_id: int) -> None:
    """On behalf of whoever submitted it, with the posts they hold now; one already read is left alone."""
    load = Load.objects.select_related("submitter").filter(pk=load_id, state=LoadState.WAITING).first()
    if load is None:
        return
    at = timezone.now()
    by = Actor.of(load.submitter, at=at, source=Source(Door.WORKER, request=uuid.uuid4().hex))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(load.name).name
        path.write_bytes(bytes(load.content))
        read = read_load(path, today=load.on)
        marked = _marked(path, read, load, by) if read.rows else b""
    keep_reading(load=load, read=read, marked=marked, by=by, at=at)


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
