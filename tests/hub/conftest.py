"""The test city, fast password hashes, and tables that can be emptied between tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from guatu.hub.composed import anew
from guatu.hub.ledger.folds import forget
from tests.hub.past_triggers import past_the_triggers
from tests.hub.people import City, build_city

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.API_PER_ADDRESS = settings.API_PER_TOKEN = 1_000_000  # how often one may ask is what few tests are about

if connection.vendor == "sqlite":  # a file, as on a real site: threads share one in memory in ways a file does not have
    connection.settings_dict["TEST"]["NAME"] = str(Path(settings.HOME) / "test.sqlite3")

if connection.vendor == "sqlite":
    collect_ignore = ["config/test_postgresql.py"]

if connection.vendor == "postgresql":  # the run on SQLite has been here: these ask no database, or one of their own
    collect_ignore = [
        "accounts/test_sign_in_flood.py", "audit/test_hashes.py", "audit/test_holders.py", "config/test_proxies.py",
        "config/test_serving.py", "config/test_settings.py", "config/test_steady_load.py", "web/test_forms.py",
    ]  # fmt: skip

_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_past_the_triggers(operations: BaseDatabaseOperations, sql_list: Any) -> None:
    """What Django does between tests with real transactions: it empties every table, which the record refuses."""
    with past_the_triggers(operations.connection):
        _flush(operations, sql_list)


BaseDatabaseOperations.execute_sql_flush = _flush_past_the_triggers  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Of another test: neither what ledgers came to, whose numbers come again, nor what questions were composed of."""
    forget()
    with anew():
        pass


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """The cache is empty before every test: what a page keeps for the next is for the next of the same test."""
    cache.clear()


@pytest.fixture
def city(db: None) -> City:
    return build_city()


@pytest.fixture
def on_postgresql(db: None) -> bool:
    return connection.vendor == "postgresql"
