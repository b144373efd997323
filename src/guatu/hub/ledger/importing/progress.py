"""How far the worker has come with a workbook: shown to whoever waits, and nothing anybody decides on."""

from __future__ import annotations

from collections.abc import Callable

from guatu.hub.ledger.models import Import
from guatu.hub.ledger.models.imports import Stage


def say_progress(import_id: int, stage: Stage, rows: int, done: int = 0) -> None:
    """What is being done, how many rows it is about, and how many of them are done."""
    Import.objects.filter(pk=import_id).update(stage=stage, rows_read=rows, rows_done=done)


def progress_of(sent: Import) -> Callable[[Stage, int], None]:
    """The same for one workbook."""
    return lambda stage, rows: say_progress(sent.pk, stage, rows)
