"""Schedules (Microsoft Project XML, Primavera XER) as a ledger's workbook, by the pack's `schedule.yaml`. Heavy: the worker's."""

from __future__ import annotations

from pathlib import Path

from guatu.declarations import Pack
from guatu.dispatch.schedules import load_schedule_plan, task_table
from guatu.office.forms.ledger_table import write_ledger_table
from guatu.office.schedules import read_schedule

_XER = b"ERMHDR\t"
_PROJECT = b"http://schemas.microsoft.com/project"
_SAMPLE = 4096


def is_schedule(path: Path) -> bool:
    """Whether planning software wrote the file: told by what is in it."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    return start.startswith(_XER) or (_PROJECT in start.replace(b"\0", b"") and b"<" in start[:8])


def as_workbook(path: Path, pack: Pack, folder: Path) -> Path:
    """The schedule's tasks and milestones as a workbook of the pack's ledger, under the same name.

    Refused where the pack does not say which fields a schedule fills, or the file is no schedule after all.
    """
    plan = load_schedule_plan(pack)
    table, _ = task_table(read_schedule(path), plan)
    target = folder / f"{path.stem}.xlsx"
    write_ledger_table(target, table)
    return target
