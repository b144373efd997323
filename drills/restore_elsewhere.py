"""Back a site up while people write to it, restore each backup elsewhere, and hold it to what had been acknowledged.

    python drills/restore_elsewhere.py [--postgres URL] [--backups 3] [--writers 2]

On SQLite, or on PostgreSQL with `--postgres` (a superuser's address; two databases are made and dropped, one role owns the tables and
another runs the site). Each round: a backup under writes; restored into an empty place by `guatu hub restore`, which checks row
counts, attachments and the record's chain; then, here, by other hands: every unit acknowledged before the backup began is
there, with its record. A backup with one byte changed, or one file missing, must be refused.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

GUATU = [sys.executable, "-c", "import sys; from guatu.cli.main import main; main(sys.argv[1:])"]
WRITER = """
import django, os, pathlib, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"
django.setup()
from django.conf import settings
from django.utils import timezone
from guatu.hub.accounts.actions.units import open_unit
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.audit.source import Door, Source
from guatu.text import Text
root, by = Unit.objects.get(parent=None), Person.objects.get(username="system")
files = pathlib.Path(settings.STORAGES["default"]["OPTIONS"]["location"])
for number in range(100_000):
    at = timezone.now()
    name = f"{sys.argv[1]}-{number}"
    (files / name).write_bytes(os.urandom(2000))  # an attachment is on the disk before the row that knows it
    unit = open_unit(parent=root, kind="department", title=Text(name, name), on=timezone.localdate(at),
                     by=Actor.of(by, at=at, source=Source(Door.CLI)), at=at)
    print(unit.pk, name, flush=True)
"""
READ = """
import django, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"
django.setup()
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.models import Record
recorded = set(Record.objects.filter(kind="unit.opened").values_list("subject_id", flat=True))
print(json.dumps({"units": list(Unit.objects.values_list("pk", flat=True)), "recorded": sorted(map(int, recorded))}))
"""


@dataclass
class Place:
    """Where a site lives: its folder, and the environment that leads commands there."""

    home: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*GUATU, *words], env=self.environment, capture_output=True, text=True, timeout=120)

    def python(self, program: str, *words: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-c", program, *words]
        return subprocess.Popen(line, env=self.environment, stdout=subprocess.PIPE, text=True)


@dataclass
class Told:
    """What the drill found."""

    backups: int = 0
    rows: int = 0
    attachments: int = 0
    sealed: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    refused: int = 0
    accepted_though_damaged: list[str] = field(default_factory=list)


Places = Callable[[], Iterator[Place]]


@contextmanager
def sqlite_place() -> Iterator[Place]:
    home = Path(tempfile.mkdtemp(prefix="guatu-drill-"))
    try:
        yield Place(home, _environment(home))
    finally:
        shutil.rmtree(home)


@contextmanager
def postgresql_place(superuser: str) -> Iterator[Place]:
    """A database of its own, owned by one role, used by another."""
    import psycopg

    home = Path(tempfile.mkdtemp(prefix="guatu-drill-"))
    name, word = f"guatu_drill_{secrets.token_hex(4)}", secrets.token_hex(8)
    owner, application = f"{name}_owner", f"{name}_app"
    server = superuser.rpartition("/")[0]
    place = server.rpartition("@")[2]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        for role in (owner, application):
            admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{word}'")
        admin.execute(f"CREATE DATABASE {name} OWNER {owner}")
        try:
            environment = _environment(home)
            environment["GUATU_DATABASE"] = f"postgresql://{application}:{word}@{place}/{name}"
            environment["GUATU_MIGRATION_DATABASE"] = f"postgresql://{owner}:{word}@{place}/{name}"
            yield Place(home, environment)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            for role in (owner, application):
                admin.execute(f"DROP ROLE {role}")
            shutil.rmtree(home)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUATU_", "DJANGO_"))}
    return {**kept, "GUATU_HOME": str(home), "GUATU_LOG": "json", "GUATU_LANG": "en"}


def drill(
    place_of: Callable[[], object], *, backups: int, writers: int, between: float = 2.0, damage: bool = True
) -> Told:
    """One site written to without pause, `backups` backups, each restored elsewhere and held to what was acknowledged."""
    told = Told()
    with ExitStack() as stack:
        site: Place = stack.enter_context(place_of())  # type: ignore[arg-type]
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guatu-backups-")))
        _must(site.run("hub", "init", "--unit", "演练市", "--json"))
        (site.home / "files").mkdir(exist_ok=True)
        worker = subprocess.Popen([*GUATU, "hub", "worker"], env=site.environment, stderr=subprocess.DEVNULL)
        stack.callback(_end, worker)
        writing = [_Writer(site, f"w{number}", kept) for number in range(writers)]
        for writer in writing:
            stack.callback(writer.end)
        _until(lambda: all(writer.acknowledged() for writer in writing))
        for _ in range(backups):
            time.sleep(between)
            before = [unit for writer in writing for unit in writer.acknowledged()]
            made = json.loads(_must(site.run("hub", "backup", "-o", str(kept / "made"), "--json")))
            _restore(Path(made["folder"]), place_of, before, told)
        if damage:
            _damage(Path(made["folder"]), place_of, told)
    return told


def _restore(folder: Path, place_of: Callable[[], object], before: list[tuple[int, str]], told: Told) -> None:
    with place_of() as elsewhere:  # type: ignore[attr-defined]
        done = json.loads(_must(elsewhere.run("hub", "restore", str(folder), "--json")))
        reading = elsewhere.python(READ)
        found = json.loads(reading.communicate(timeout=60)[0])
        files = {path.name for path in (elsewhere.home / "files").iterdir()}
        told.backups += 1
        told.rows += done["rows"]
        told.attachments += done["files"]
        told.sealed += done["sealed"]
        told.acknowledged += len(before)
        told.lost += [f"unit {pk}" for pk, _ in before if pk not in set(found["units"])]
        told.lost += [f"record of {pk}" for pk, _ in before if pk not in set(found["recorded"])]
        told.lost += [f"attachment {name}" for _, name in before if name not in files]


def _damage(folder: Path, place_of: Callable[[], object], told: Told) -> None:
    """One byte in the middle of each kind of file, and each of them missing."""
    database = next(path for path in folder.iterdir() if path.name.startswith("database."))
    attachment = next((folder / "files").iterdir())
    for path in (database, attachment, folder / "manifest.json", folder / "manifest.sha256"):
        content = path.read_bytes()
        for kind, damaged in (("changed", _flipped(content)), ("missing", None)):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with place_of() as elsewhere:  # type: ignore[attr-defined]
                refused = elsewhere.run("hub", "restore", str(folder), "--json").returncode == 3
            path.write_bytes(content)
            told.refused += refused
            if not refused:
                told.accepted_though_damaged.append(f"{path.name} {kind}")


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :]


class _Writer:
    """A process that opens units and prints each one when its transaction is committed."""

    def __init__(self, site: Place, name: str, folder: Path) -> None:
        self._told = (folder / f"{name}.txt").open("w+", encoding="utf-8")
        line = [sys.executable, "-c", WRITER, name]
        self._process = subprocess.Popen(line, env=site.environment, stdout=self._told)

    def acknowledged(self) -> list[tuple[int, str]]:
        if self._process.poll() is not None:
            raise SystemExit("A writer stopped; what it says is above.")
        lines = Path(self._told.name).read_text(encoding="utf-8").split("\n")[:-1]
        return [(int(pk), name) for pk, name in (line.split() for line in lines)]

    def end(self) -> None:
        _end(self._process)
        self._told.close()


def _must(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        raise SystemExit(f"{done.args[3:]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("The writers did not begin.")
        time.sleep(0.2)


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", help="a superuser's address, as postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--backups", type=int, default=3)
    parser.add_argument("--writers", type=int, default=2)
    given = parser.parse_args()
    place_of = (lambda: postgresql_place(given.postgres)) if given.postgres else sqlite_place
    told = drill(place_of, backups=given.backups, writers=given.writers)
    print(
        f"{told.backups} backups under {given.writers} writers, each restored elsewhere: {told.rows} rows, {told.attachments} attachments, "
        f"{told.sealed} sealed records as backed up"
    )
    print(
        f"{told.acknowledged} writes acknowledged before a backup, {len(told.lost)} of them not in it {told.lost[:5]}"
    )
    print(f"{told.refused} of 8 damaged backups refused {told.accepted_though_damaged}")
    return 1 if told.lost or told.accepted_though_damaged else 0


if __name__ == "__main__":
    sys.exit(main())
