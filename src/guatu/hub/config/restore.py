"""Bring a backup back into an empty place, and hold what came back to what was backed up."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from guatu.hub.audit.verifier import Held
from guatu.hub.audit.verifying import Verified, verify_database
from guatu.hub.config.backup import attachments, run_tool
from guatu.hub.config.manifest import FILES, BadBackup, Manifest, Piece, fingerprint
from guatu.hub.config.upkeep import migrate
from guatu.text import Refusal, Text


class NotEmpty(Refusal):
    """Something is there already; a restoration writes over nothing."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(
            where,
            what,
            Text(
                "换一个空的数据库和空的 GUATU_HOME 再恢复。",
                "Name an empty database and an empty GUATU_HOME, then restore.",
            ),
        )


class NotAsBackedUp(Refusal):
    """What came back is not what was backed up."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(
            where,
            what,
            Text("不要用它。清空后换一份备份再恢复。", "Do not use it. Empty the place and restore another backup."),
        )


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    digest: str
    verified: Verified
    steps: int
    """Migrations that brought an older backup to this version."""
    same_secret: bool


def restore(folder: Path, at: datetime) -> Restored:
    """All of it: refused where anything is there, and where what came back differs in a row, a file or a seal."""
    manifest, digest = Manifest.read(folder)
    _require_ours(manifest, folder)
    manifest.require_whole(folder)
    _require_empty()
    _database(folder / manifest.database)
    require_counts(manifest.tables)
    _attachments(folder / FILES)
    require_attachments(manifest.files)
    steps = migrate()
    return Restored(
        manifest, digest, require_chain(manifest, at), len(steps), manifest.secret == fingerprint(settings.SECRET_KEY)
    )


def _require_ours(manifest: Manifest, folder: Path) -> None:
    if manifest.engine != connection.vendor:
        raise BadBackup(
            str(folder),
            Text(
                f"是 {manifest.engine} 的备份，这里的数据库是 {connection.vendor}",
                f"is a backup of {manifest.engine}; the database here is {connection.vendor}",
            ),
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    installed = {one.label for one in apps.get_app_configs()}
    later = [one for one in manifest.migrations if one not in known and one.partition(".")[0] in installed]
    if later:
        raise BadBackup(
            str(folder),
            Text(
                f"由更新的版本 {manifest.version} 备份（{later[0]}）；请装那个版本再恢复",
                f"was made by a later version, {manifest.version} ({later[0]}); install that one and restore with it",
            ),
        )


def _require_empty() -> None:
    if tables := connection.introspection.table_names():
        raise NotEmpty(
            "GUATU_DATABASE",
            Text(f"数据库里已经有 {len(tables)} 张表", f"the database has {len(tables)} tables already"),
        )
    place = attachments()
    if place.is_dir() and any(place.iterdir()):
        raise NotEmpty(str(place), Text("附件文件夹不是空的", "the folder of attachments is not empty"))


def _database(file: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
        connection.close()  # the next one takes up the write-ahead log again
    else:
        run_tool("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(file))


def _attachments(source: Path) -> None:
    """All of them under another name first, so that a place is never half filled."""
    place = attachments()
    unfinished = place.with_name(f".{place.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, unfinished)
        if place.is_dir():
            place.rmdir()
        os.rename(unfinished, place)


def require_counts(tables: Mapping[str, int]) -> None:
    """Every table has as many rows as it had."""
    with connection.cursor() as cursor:
        for name, count in tables.items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            if (found := cursor.fetchone()[0]) != count:
                raise NotAsBackedUp(
                    name,
                    Text(f"有 {found} 行，备份时是 {count} 行", f"has {found} rows; it had {count} when backed up"),
                )


def require_attachments(files: Mapping[str, Piece]) -> None:
    """Every attachment is there, with the same content, and no other."""
    place = attachments()
    if strange := set(_names(place)) - set(files):
        raise NotAsBackedUp(str(place / min(strange)), Text("备份里没有", "is not in the backup"))
    for name, piece in files.items():
        path = place / name
        if not path.is_file() or Piece.of(path) != piece:
            raise NotAsBackedUp(str(path), Text("附件缺失或内容不同", "the attachment is missing or not the same"))


def _names(place: Path) -> Iterator[str]:
    return (path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def require_chain(manifest: Manifest, at: datetime) -> Verified:
    """The chain of the record is whole and passes through the head it had."""
    head = manifest.head
    held = [Held(head.place, head.hash, manifest.made_at, "manifest")] if head else []
    verified = verify_database(held, at=at)
    if fault := verified.chain.fault:
        raise NotAsBackedUp(f"record {fault.place}", Text(fault.zh, fault.en))
    return verified
