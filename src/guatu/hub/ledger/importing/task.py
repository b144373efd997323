"""The worker's part of an import: read the workbook, hold it against the ledger, keep what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from django_tasks import task

from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.imports import keep_reading
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import Plan, Standing, planned
from guatu.hub.ledger.models import Import, Item
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.models.items import ItemState
from guatu.text import Refusal

_READER = "guatu.hub.ledger.importing.reading"
"""Loads what reads and checks workbooks, which no web process does."""


@task()
def read_import(import_id: int) -> None:
    """Read what was sent and say what it would change; done again when a preview has grown stale."""
    sent = Import.objects.select_related("ledger__pack", "unit").get(pk=import_id)
    if sent.state not in (ImportState.WAITING, ImportState.READY):
        return
    reader = import_module(_READER)
    by = OnBehalf(None, None, sent.unit_id, Source(Door.WORKER))
    try:
        with _under_its_name(sent) as path:
            report = reader.read_report(path, sent.ledger, sent.unit, sent.period)
    except Refusal as refusal:
        findings = [
            {
                "grade": "error", "code": "refused", "sheet": "", "cell": "", "raw": refusal.where,
                "reason_zh": refusal.what.zh, "reason_en": refusal.what.en,
                "remedy_zh": refusal.remedy.zh, "remedy_en": refusal.remedy.en,
            }
        ]  # fmt: skip
        keep_reading(sent=sent, findings=findings, plan=None, refusal=refusal.what, by=by, at=timezone.now())
        return
    plan = None if report.refused else draw(sent, report.offers)
    keep_reading(sent=sent, findings=report.findings, plan=plan, by=by, at=timezone.now())


def draw(sent: Import, offers: Sequence[Offer]) -> Plan:
    """The plan of what a workbook offers, held against the items of the units it speaks for and those it is known to be."""
    units = {offer.unit for offer in offers}
    matched = [offer.item for offer in offers if offer.item is not None]
    items = Item.objects.filter(ledger=sent.ledger).exclude(state=ItemState.MERGED)
    return planned(offers, Standing(items.filter(unit__in=units) | items.filter(pk__in=matched)))


@contextmanager
def _under_its_name(sent: Import) -> Iterator[Path]:
    """The workbook under the name it came with: readers tell units by it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(sent.file_name).name
        with sent.file.open("rb") as kept:
            path.write_bytes(kept.read())
        yield path
