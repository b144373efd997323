"""A workbook of 20,000 projects x 30 columns through the hub's door: read, previewed, taken, taken again a month later, undone.

    python benchmarks/large_import.py [projects] [--database postgresql://USER@HOST/NAME]

Seconds on the clock and of the processor (children included, the database server not) for each step, and the resident memory
afterwards, in one process as the worker is one; without `--database`
an SQLite file of its own. A PostgreSQL database named here must be empty and is left filled.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
CITY = Path(__file__).with_name("city")


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun, worked = time.perf_counter(), _cpu()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    took, cpu = time.perf_counter() - begun, _cpu() - worked
    print(f"{what:<46}{took:8.1f} s   {cpu:7.1f} s of CPU   {peak:6d} MB at most", flush=True)


def _cpu() -> float:
    """Seconds of processor time of this process and of the children it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("projects", nargs="?", type=int, default=20_000)
    asked.add_argument("--database", default="")
    told = asked.parse_args()
    with TemporaryDirectory() as folder:
        os.environ |= {"GUATU_HOME": folder, "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings"}
        if told.database:
            os.environ["GUATU_DATABASE"] = told.database
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        run(Path(folder), told.projects)
    return 0


def run(folder: Path, projects: int) -> None:
    from django.utils import timezone
    from monthly_ledger import write_ledger

    from guatu.declarations import load_pack
    from guatu.hub.accounts.actions.tree_changes import placed
    from guatu.hub.accounts.actor import Actor
    from guatu.hub.accounts.models import Person, Post
    from guatu.hub.audit.source import Door, Source
    from guatu.hub.ledger.actions.import_undoing import undo_import
    from guatu.hub.ledger.actions.imports import submit_import, take_import
    from guatu.hub.ledger.actions.packs import install_pack
    from guatu.hub.ledger.importing.task import read_import
    from guatu.hub.ledger.models import Import, Ledger

    at = timezone.now() - timedelta(minutes=5)
    units = {}
    for one in load_pack(CITY).units.values():
        above = units.get(one.parent or "")
        kind = "district" if above else "city"
        units[one.code] = placed(parent=above, kind=kind, title=one.title, code=one.code, on=date(2000, 1, 1), at=at)
    root = next(iter(units.values()))
    people = {}
    for role in ("system_administrator", "dispatcher"):
        person = Person.objects.create(username=role, name=role, password="!")
        Post.objects.create(person=person, unit=root, role=role, starts_on=date(2020, 1, 1))
        people[role] = Actor.of(person, at=at, source=Source(Door.WEB))
    install_pack(folder=CITY, by=people["system_administrator"], at=at)
    by, ledger = people["dispatcher"], Ledger.objects.get()
    path = folder / f"{root.title_zh}2026年6月.xlsx"
    write_ledger(path, projects)
    content = path.read_bytes()

    def sent(period: str) -> Import:
        one = submit_import(
            ledger=ledger, unit=root, period=period, file_name=path.name, content=content,
            sha256=hashlib.sha256(content).hexdigest(), by=by, at=timezone.now(),
        )  # fmt: skip
        with timed(f"{period}: read, check, hold against the ledger"):
            read_import.func(one.pk)
        one.refresh_from_db()
        if one.state != "ready":
            sys.exit(
                f"{one.state}: {one.refusal_en} {list(one.findings.filter(grade='error').values('cell', 'reason_en')[:3])}"
            )
        return one

    print(f"{projects} projects, {len(content) / 1e6:.1f} MB of XLSX")
    first = sent("2026-06")
    with timed("taken: all new"):
        take_import(sent=first, by=by, at=timezone.now())
    again = sent("2026-06")
    with timed("taken again: nothing changes"):
        take_import(sent=again, by=by, at=timezone.now())
    with timed("undone"):
        undo_import(sent=first, reason="benchmark", by=by, at=timezone.now())


if __name__ == "__main__":
    sys.exit(main())
