"""A connection that stands is not asked whether it does; one that does not is found out before anybody relies on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from guatu.hub.config.postgresql import base
from tests.hub.people import LONG_AGO, City
from tests.hub.test_composed import BY_KEY, HELD

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A connection of our own that answered a moment ago."""
    own = connection.copy()
    own.ensure_connection()
    assert own.is_usable()
    yield own
    own.close()


def asked(own: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts the questions from now on."""
    asks = Mock(wraps=own.connection.cursor)
    monkeypatch.setattr(own.connection, "cursor", asks)
    return asks


def test_a_connection_that_answered_a_moment_ago_is_not_asked_again(
    kept: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = asked(kept, monkeypatch)

    assert kept.is_usable()
    assert not asks.called


@pytest.mark.parametrize("after", ["a pause", "an error"])
def test_after_a_pause_or_an_error_it_is_asked(
    kept: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    asks = asked(kept, monkeypatch)
    if after == "a pause":
        monkeypatch.setattr(base, "time", Mock(monotonic=Mock(return_value=time.monotonic() + base.TRUSTED_SECONDS)))
    else:
        kept.errors_occurred = True

    assert kept.is_usable()
    assert asks.call_count == 1


def test_a_connection_the_server_closed_is_opened_anew(kept: BaseDatabaseWrapper) -> None:
    first = kept.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])

    kept.close_if_unusable_or_obsolete()  # as a request begins
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert kept.connection.info.backend_pid != first


def test_a_connection_closed_on_our_side_is_not_usable(kept: BaseDatabaseWrapper) -> None:
    kept.connection.close()

    assert not kept.is_usable()


def test_questions_by_key_are_planned_once_and_no_others(city: City) -> None:
    for _ in range(4):
        BY_KEY.all(city.people["li"].pk, LONG_AGO)
        HELD.all(city.people["li"].pk, LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%accounts_post%%'", [])
        assert cursor.fetchone() == (1,)
