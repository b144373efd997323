"""No SQLite that can lose committed data is ever used."""

from __future__ import annotations

import sqlite3

import pysqlite3
import pytest
from django.db import connection

from guatu.hub.config.sqlite import UnsafeSqlite, is_safe, use_bundled_sqlite


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),  # Debian 12
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_releases_with_the_fix_are_safe(version: tuple[int, int, int], safe: bool) -> None:
    assert is_safe(version) is safe


def test_the_site_does_not_start_on_an_unsafe_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(pysqlite3, "sqlite_version", "3.40.1")

    with pytest.raises(UnsafeSqlite) as refused:
        use_bundled_sqlite()

    assert "3.40.1" in refused.value.what.en and "PostgreSQL" in refused.value.remedy.en


def test_the_bundled_library_stands_in_the_place_of_the_systems() -> None:
    assert sqlite3.sqlite_version_info == pysqlite3.sqlite_version_info
    assert is_safe(sqlite3.sqlite_version_info)


def test_an_acknowledged_commit_survives_a_power_cut(db: None) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL's default is the same promise
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
