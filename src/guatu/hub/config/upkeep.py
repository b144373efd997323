"""Bring the database and the static files to this version."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from guatu.hub.audit.rights import restrict
from guatu.hub.config.health import missing_migrations
from guatu.hub.ledger.indexing import make_indexes
from guatu.text import Refusal, Text


class NotMigrated(Refusal):
    """The database is of an earlier version, or empty."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            "GUATU_DATABASE",
            Text(
                f"数据库不是这一版，还差 {len(missing)} 步",
                f"the database is not of this version: {len(missing)} steps are missing",
            ),
            Text(
                "先备份，再运行 guatu hub migrate；新站点运行 guatu hub init。",
                "Back up, then run guatu hub migrate; for a new site run guatu hub init.",
            ),
        )


def migrate() -> list[str]:
    """Every missing migration, indexes of fields, the application's rights, and the static files; the names of what was done."""
    missing = missing_migrations()
    call_command("migrate", interactive=False, verbosity=0)
    make_indexes()
    if role := os.environ.get("GUATU_APPLICATION_ROLE"):
        restrict(role)
    gather_static()
    return missing


def require_migrated() -> None:
    if missing := missing_migrations():
        raise NotMigrated(missing)


class FrontMissing(Refusal):
    """The scripts that pages load were never gathered from the npm lock."""

    def __init__(self) -> None:
        super().__init__(
            "static/front",
            Text("网页要用的脚本还没有收集", "the scripts of the pages have not been gathered"),
            Text("在源码里运行 make front；安装包里自带。", "Run make front in the checkout; the wheel carries them."),
        )


def gather_static() -> bool:
    """Gather what pages load, compressed and fingerprinted; does nothing when it lies there from the same sources."""
    if is_gathered():
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    _mark().write_text(_sources_digest(), encoding="ascii")
    return True


def is_gathered() -> bool:
    """Whether what pages load lies gathered from the sources as they are."""
    if finders.find("front") is None:
        raise FrontMissing
    mark = _mark()
    return mark.exists() and mark.read_text(encoding="ascii") == _sources_digest()


def _mark() -> Path:
    return Path(settings.STATIC_ROOT) / ".gathered"


def _sources_digest() -> str:
    digest = hashlib.sha256(version("guatu").encode())
    for finder in finders.get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
