"""A backup is one picture of the site; it comes back whole into an empty place, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from drills.restore_elsewhere import drill, postgresql_place, sqlite_place

from guatu.hub.accounts.models import Person
from guatu.hub.config import backup
from guatu.hub.config.backup import Made, back_up, forget_old
from guatu.hub.config.manifest import BadBackup, Manifest
from guatu.hub.config.restore import NotAsBackedUp, NotEmpty, require_attachments, require_counts, restore
from guatu.hub.config.upkeep import missing_migrations
from tests.hub.people import NOW, build_city


@pytest.fixture
def made(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A backup of the test city with two attachments."""
    files = tmp_path / "files"
    (files / "2026").mkdir(parents=True)
    (files / "2026" / "甲.pdf").write_bytes(b"one")
    (files / "乙.xlsx").write_bytes(b"two")
    monkeypatch.setattr(backup, "attachments", lambda: files)
    monkeypatch.setattr("guatu.hub.config.restore.attachments", lambda: files)
    build_city()
    return back_up(tmp_path / "kept", NOW)


def test_a_backup_says_what_it_holds(made: Made) -> None:
    manifest, digest = Manifest.read(made.folder)

    assert manifest == made.manifest and digest == made.digest
    assert manifest.tables["accounts_person"] == Person.objects.count() == 9
    assert sorted(manifest.files) == ["2026/甲.pdf", "乙.xlsx"]
    assert manifest.engine == connection.vendor
    assert [one for one in manifest.migrations if one.startswith("audit.")]
    manifest.require_whole(made.folder)


def test_a_backup_is_for_its_owner_alone(made: Made) -> None:
    assert made.folder.stat().st_mode & 0o077 == 0
    assert (made.folder / made.manifest.database).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["database", "files/2026/甲.pdf", "manifest.json", "manifest.sha256"])
@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(made: Made, name: str, damage: str) -> None:
    path = made.folder / (made.manifest.database if name == "database" else name)
    content = path.read_bytes()
    path.unlink() if damage == "missing" else path.write_bytes(content[:1] + bytes([content[1] ^ 1]) + content[2:])

    with pytest.raises(BadBackup):
        restore(made.folder, NOW)


def test_a_place_that_holds_anything_is_left_alone(made: Made) -> None:
    with pytest.raises(NotEmpty, match="tables already"):
        restore(made.folder, NOW)

    assert Person.objects.count() == 9


def test_a_backup_of_a_later_version_is_refused(made: Made) -> None:
    text = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    fields = {
        key: value for key, value in text.items() if key not in ("format", "piece", "files", "head", "migrations")
    }
    later = Manifest(
        piece=made.manifest.piece,
        files=made.manifest.files,
        head=None,
        migrations=(*made.manifest.migrations, "audit.0999_from_later"),
        **fields,
    )
    later.write(made.folder)

    with pytest.raises(BadBackup, match="later version"):
        restore(made.folder, NOW)


def test_rows_that_did_not_come_back_are_noticed(made: Made) -> None:
    Person.objects.create(username="new", name="新")

    with pytest.raises(NotAsBackedUp, match="has 10 rows; it had 9"):
        require_counts(made.manifest.tables)


@pytest.mark.parametrize("damage", ["changed", "missing", "added"])
def test_attachments_that_are_not_as_they_were_are_noticed(made: Made, damage: str) -> None:
    place = backup.attachments()
    if damage == "missing":
        (place / "乙.xlsx").unlink()
    else:
        (place / ("乙.xlsx" if damage == "changed" else "丙.pdf")).write_bytes(b"other")

    with pytest.raises(NotAsBackedUp):
        require_attachments(made.manifest.files)


def test_a_backup_that_fails_leaves_nothing_behind(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path) -> dict[str, object]:
        raise OSError("no space left")

    monkeypatch.setattr(backup, "_attachments", full)

    with pytest.raises(OSError, match="no space"):
        back_up(tmp_path / "kept", NOW)

    assert list((tmp_path / "kept").iterdir()) == []


def test_only_the_newest_backups_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    for day in range(1, 6):
        folder = tmp_path / f"guatu-{datetime(2026, 6, day, tzinfo=UTC):%Y%m%dT%H%M%SZ}"
        folder.mkdir()
        (folder / "manifest.json").write_text("{}")
    (tmp_path / "guatu-notes").mkdir()
    (tmp_path / "other").mkdir()

    forget_old(tmp_path, 2)

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["guatu-20260604T000000Z", "guatu-20260605T000000Z", "guatu-notes", "other"]


def test_a_site_written_to_is_backed_up_and_restored_elsewhere_without_loss(db: None) -> None:
    """The drill in short, on the database at hand; `drills/restore_elsewhere.py` runs it whole."""
    assert missing_migrations() == []
    given = connection.settings_dict
    server = f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/postgres"
    place_of = sqlite_place if connection.vendor == "sqlite" else (lambda: postgresql_place(server))

    told = drill(place_of, backups=1, writers=1, between=1, damage=False)

    assert told.acknowledged > 0
    assert told.lost == []
