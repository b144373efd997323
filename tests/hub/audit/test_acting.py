"""An action is one transaction with a record; what it may be part of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guatu.hub.audit import acting
from guatu.hub.audit.acting import NothingRecorded, action, all_or_nothing
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Record
from guatu.hub.audit.recording import record
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text
from tests.hub.people import NOW, City

REFUSED = Refusal("x", Text("不行", "no"), Text("再试", "try again"))
Act = Callable[..., None]


@pytest.fixture
def by(city: City) -> OnBehalf:
    return city.actor("li").as_self()


@pytest.fixture
def see(monkeypatch: pytest.MonkeyPatch) -> Iterator[Act]:
    """An action that records, calls what it is given, and records again."""
    monkeypatch.setattr(acting, "ACTIONS", {})

    @action("news.see")
    def see(*, then: Callable[[], Any], by: OnBehalf, at: datetime) -> None:
        record(Event.NEWS_SEEN, subject=None, by=by, at=at)
        then()
        record(Event.NEWS_SEEN, subject=None, by=by, at=at)

    yield see


def refuse() -> None:
    raise REFUSED


def savepoints(queries: CaptureQueriesContext) -> int:
    return sum(one["sql"].startswith("SAVEPOINT") for one in queries.captured_queries)


def test_what_refuses_within_another_transaction_takes_back_itself_alone(see: Act, by: OnBehalf) -> None:
    with transaction.atomic():
        see(then=lambda: None, by=by, at=NOW)
        with pytest.raises(Refusal):
            see(then=refuse, by=by, at=NOW)
    assert Record.objects.count() == 2


def test_where_all_is_taken_back_no_savepoint_is_needed(see: Act, by: OnBehalf) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        see(then=lambda: None, by=by, at=NOW)
        assert savepoints(queries) == 1
        with all_or_nothing():
            see(then=lambda: None, by=by, at=NOW)
            assert savepoints(queries) == 1
        see(then=lambda: None, by=by, at=NOW)
        assert savepoints(queries) == 2
    assert Record.objects.count() == 6


def test_all_is_taken_back_even_when_somebody_hides_the_refusal(see: Act, by: OnBehalf) -> None:
    with transaction.atomic(), all_or_nothing():
        see(then=lambda: None, by=by, at=NOW)
        with pytest.raises(Refusal):
            see(then=refuse, by=by, at=NOW)
        with pytest.raises(transaction.TransactionManagementError):
            see(then=lambda: None, by=by, at=NOW)
    assert not Record.objects.exists()


def test_an_action_goes_on_when_one_that_it_called_refused(see: Act, by: OnBehalf) -> None:
    def call_and_go_on() -> None:
        with pytest.raises(Refusal):
            see(then=refuse, by=by, at=NOW)

    with transaction.atomic(), all_or_nothing():
        see(then=call_and_go_on, by=by, at=NOW)
        see(then=lambda: None, by=by, at=NOW)
    assert Record.objects.count() == 4


def test_an_action_without_a_record_is_taken_back(monkeypatch: pytest.MonkeyPatch, by: OnBehalf, see: Act) -> None:
    @action("news.pass_over")
    def pass_over(*, by: OnBehalf, at: datetime) -> None:
        return None

    with pytest.raises(NothingRecorded):
        pass_over(by=by, at=NOW)
    with transaction.atomic(), all_or_nothing():
        see(then=lambda: None, by=by, at=NOW)
        with pytest.raises(NothingRecorded):
            pass_over(by=by, at=NOW)
    assert not Record.objects.exists()
