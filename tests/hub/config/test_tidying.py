"""What time makes useless goes by itself."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from guatu.hub.accounts.models import KeptSession
from guatu.hub.audit.idempotency import Answer, Asked, done_once
from guatu.hub.audit.models import IdempotencyKey
from guatu.hub.config import tidying


def test_old_keys_and_ended_sessions_go_and_the_others_stay(db: None) -> None:
    at = timezone.now()
    for name, age in (("old", timedelta(hours=49)), ("new", timedelta(hours=47))):
        done_once(Asked("token:1", name, ""), lambda: Answer(200, ""), at=at - age)
        ends = at - timedelta(hours=1) if name == "old" else at + timedelta(hours=1)
        KeptSession.objects.create(session_key=name, session_data="", expire_date=ends)

    tidying.tidy(at)

    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert list(KeptSession.objects.values_list("pk", flat=True)) == ["new"]


def test_a_database_that_is_away_is_tried_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, tries = threading.Event(), []

    def away(at: object) -> int:
        tries.append(at)
        if len(tries) == 2:
            stop.set()
        raise OSError("away")

    monkeypatch.setattr(tidying, "tidy", away)
    monkeypatch.setattr(tidying, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(tidying, "close_old_connections", lambda: None)
    monkeypatch.setattr(tidying.connection, "close", lambda: None)
    tidying.keep_tidy(stop)

    assert len(tries) == 2
