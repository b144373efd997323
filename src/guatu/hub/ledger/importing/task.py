"""The worker's part of an import: read the workbook, hold it against the ledger, keep what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.import_undoing import give_up_undoing, undo_import
from guatu.hub.ledger.actions.imports import READABLE, keep_reading, take_import
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import Plan, Standing, periods_of, planned
from guatu.hub.ledger.importing.progress import progress_of, say_progress
from guatu.hub.ledger.models import Import, Item
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.hub.ledger.models.items import ItemState
from guatu.text import Refusal

_READER = "guatu.hub.ledger.importing.reading"
"""Loads what reads and checks workbooks, which no web process does."""


@task()
def read_import(import_id: int) -> None:
    """Read what was sent and say what it would change; done again when answers came or a preview has grown stale."""
    sent = Import.objects.select_related("ledger__pack", "unit").get(pk=import_id)
    if sent.state not in READABLE:
        return
    reader = import_module(_READER)
    by = OnBehalf(None, None, sent.unit_id, Source(Door.WORKER))
    try:
        with _under_its_name(sent) as path:
            report = reader.read_report(path, sent, progress_of(sent))
    except Refusal as refusal:
        keep_reading(
            sent=sent, findings=[_as_finding(refusal)], plan=None, refusal=refusal.what, by=by, at=timezone.now()
        )
        return
    plan = draw(sent, report.offers)
    say_progress(sent.pk, Stage.KEEPING, len(report.offers))
    keep_reading(
        sent=sent, findings=report.findings, plan=plan, stray_errors=report.stray_errors, layouts=report.layouts,
        marked=report.marked, drawn=report.drawn, recognised=report.recognised, by=by, at=timezone.now(),
    )  # fmt: skip


def _as_finding(refusal: Refusal) -> dict[str, str]:
    return {
        "grade": "error", "code": "refused", "sheet": "", "cell": "", "raw": refusal.where,
        "reason_zh": refusal.what.zh, "reason_en": refusal.what.en,
        "remedy_zh": refusal.remedy.zh, "remedy_en": refusal.remedy.en,
    }  # fmt: skip


@task()
def take_in_background(import_id: int, person_id: int) -> None:
    """Take a large workbook on behalf of whoever asked; one that has grown stale is read again."""
    sent = Import.objects.get(pk=import_id)
    if sent.state != ImportState.TAKING:
        return
    try:
        take_import(sent=sent, by=_acting(person_id), at=timezone.now())
    except Refusal:
        read_import.func(import_id)


@task()
def undo_in_background(import_id: int, person_id: int, reason: str) -> None:
    """Undo a large workbook on behalf of whoever asked."""
    sent, by = Import.objects.get(pk=import_id), _acting(person_id)
    if sent.state != ImportState.UNDOING:
        return
    try:
        undo_import(sent=sent, reason=reason, by=by, at=timezone.now())
    except Refusal as refusal:
        give_up_undoing(sent=sent, refusal=refusal.what, by=by, at=timezone.now())


def _acting(person_id: int) -> Actor:
    return Actor.of(Person.objects.get(pk=person_id), at=timezone.now(), source=Source(Door.WORKER))


def draw(sent: Import, offers: Sequence[Offer]) -> Plan:
    """The plan of what a workbook offers, held against the items of the units it speaks for and those it is known to be."""
    units = {offer.unit for offer in offers}
    items = Item.objects.filter(ledger=sent.ledger).exclude(state=ItemState.MERGED)
    own = set(items.filter(unit__in=units).values_list("pk", flat=True))
    moved = {offer.item for offer in offers if offer.item is not None} - own
    say_progress(sent.pk, Stage.COMPARING, len(offers))
    standing = Standing(items.filter(Q(unit__in=units) | Q(pk__in=moved)), periods_of(offers))
    return planned(offers, standing, lambda count: say_progress(sent.pk, Stage.COMPARING, len(offers), count))


@contextmanager
def _under_its_name(sent: Import) -> Iterator[Path]:
    """The workbook under the name it came with: readers tell units by it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(sent.file_name).name
        with sent.file.open("rb") as kept:
            path.write_bytes(kept.read())
        yield path
