"""Make a backup: one consistent picture of the database, the attachments, and what both hold."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from guatu.hub.config.manifest import FILES, BadBackup, Head, Manifest, Piece, fingerprint
from guatu.text import Refusal, Text

Ask = Callable[[str], list[tuple[Any, ...]]]
"""Sends a query, returns its rows."""
PREFIX = "guatu-"


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    manifest: Manifest
    digest: str

    @property
    def rows(self) -> int:
        return sum(self.manifest.tables.values())


@dataclass(frozen=True, slots=True)
class Picture:
    """What the database held at the moment of the backup."""

    file: Path
    tables: dict[str, int]
    migrations: tuple[str, ...]
    head: Head | None


class ToolMissing(Refusal):
    """PostgreSQL's own programs are not on this machine, or refuse."""

    def __init__(self, tool: str, what: Text) -> None:
        super().__init__(
            tool,
            what,
            Text(
                "安装不低于服务器版本的 postgresql-client；核对 GUATU_MIGRATION_DATABASE 的角色。",
                "Install postgresql-client of the server's version or later; check the role in GUATU_MIGRATION_DATABASE.",
            ),
        )


def back_up(into: Path, at: datetime) -> Made:
    """A new folder in `into`. It gets its name when everything in it is on the disk; nothing half-made is left."""
    name = f"{PREFIX}{at:%Y%m%dT%H%M%SZ}"
    folder, unfinished = into / name, into / f".{name}.unfinished"
    if folder.exists():
        raise BadBackup(str(folder), Text("这一秒已经有一份备份", "there is a backup of this very second"))
    into.mkdir(parents=True, exist_ok=True)
    unfinished.mkdir(mode=0o700)
    try:
        picture = _database(unfinished)
        manifest = Manifest(
            version=version("guatu"),
            made_at=at.isoformat(),
            engine=connection.vendor,
            database=picture.file.name,
            piece=Piece.of(picture.file),
            tables=picture.tables,
            migrations=picture.migrations,
            files=_attachments(unfinished / FILES),
            head=picture.head,
            secret=fingerprint(settings.SECRET_KEY),
        )
        digest = manifest.write(unfinished)
        _sync(unfinished)
        unfinished.rename(folder)
        _sync(into)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Made(folder, manifest, digest)


def forget_old(into: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; folders that are no backups of ours are not touched."""
    found = sorted(path for path in into.glob(f"{PREFIX}*") if (path / "manifest.json").is_file())
    old = found[:-keep]
    for path in old:
        shutil.rmtree(path)
    return old


def _database(folder: Path) -> Picture:
    return _from_sqlite(folder) if connection.vendor == "sqlite" else _from_postgresql(folder)


def _from_sqlite(folder: Path) -> Picture:
    """By the online backup: one picture while others write, and nobody waits for it."""
    file = folder / "database.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BadBackup(str(file), Text("数据库自检不通过", f"the database fails its own check: {found}"))
        names = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        picture = _picture(file, names, lambda query: list(copy.execute(query).fetchall()))
    file.chmod(0o600)
    return picture


def _from_postgresql(folder: Path) -> Picture:
    """By pg_dump in the snapshot of one transaction, in which the rows are counted too."""
    file = folder / "database.dump"
    with _snapshot() as (ask, snapshot):
        tables = [row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        run_tool("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={file}")
        picture = _picture(file, tables, ask)
    file.chmod(0o600)
    return picture


@contextmanager
def _snapshot() -> Iterator[tuple[Ask, str]]:
    with closing(connection.get_new_connection(connection.get_connection_params())) as apart, apart.cursor() as cursor:

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield ask, ask("SELECT pg_export_snapshot()")[0][0]
        cursor.execute("COMMIT")


def _picture(file: Path, names: list[str], ask: Ask) -> Picture:
    tables = {
        name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in sorted(names) if not name.startswith("sqlite_")
    }
    head = ask("SELECT place, hash FROM audit_seal ORDER BY place DESC LIMIT 1") if "audit_seal" in tables else []
    applied = ask("SELECT app, name FROM django_migrations ORDER BY id") if "django_migrations" in tables else []
    return Picture(file, tables, tuple(f"{app}.{name}" for app, name in applied), Head(*head[0]) if head else None)


def run_tool(tool: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, on our database."""
    given: dict[str, Any] = dict(connection.settings_dict)
    named = {"--host": "HOST", "--port": "PORT", "--username": "USER", "--dbname": "NAME"}
    place = [f"{option}={given[key]}" for option, key in named.items() if given[key]]
    environment = {**os.environ, "PGPASSWORD": str(given["PASSWORD"])} if given["PASSWORD"] else None
    try:
        done = subprocess.run([tool, *place, *arguments], env=environment, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise ToolMissing(tool, Text("没有这个程序", "there is no such program")) from error
    if done.returncode:
        said = " ".join(done.stderr.split())[:300]
        raise ToolMissing(tool, Text(f"没有成功：{said}", f"it failed: {said}"))


def attachments() -> Path:
    return settings.ATTACHMENTS


def _attachments(into: Path) -> dict[str, Piece]:
    """Copied after the database: every attachment its rows know was there before them."""
    source, found = attachments(), {}
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            name = path.relative_to(source).as_posix()
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, into / name)
            except FileNotFoundError:  # erased since it was listed
                continue
            found[name] = Piece.of(into / name)
    return found


def _sync(folder: Path) -> None:
    """Everything under a folder on the disk."""
    for path in [*(one for one in folder.rglob("*") if one.is_file()), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
