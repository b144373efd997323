"""The drill of tampering in its short form: nothing done up to the last checkpoint goes unfound."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.hub.audit.tamper_drill import DEEDS, Drill
from tests.hub.past_triggers import past_the_triggers


def test_every_turned_byte_and_every_deed_is_found(db: None) -> None:
    drill = Drill(100)
    with past_the_triggers(connection):
        drill.flip_every_byte(2)
        drill.flip_personal_parts(5)
        drill.tamper(4)
    transaction.set_rollback(True)

    assert drill.counts.missed == []
    assert sum(drill.counts.tried.values()) > 900
    assert all(drill.counts.tried[name] == 4 for name in DEEDS)


def test_the_drill_itself_would_tell_if_something_went_unfound(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    drill = Drill(100)
    drill.held = []  # nobody outside holds anything
    with past_the_triggers(connection):
        drill.tamper(2)
    transaction.set_rollback(True)

    assert {missed.split(":")[0] for missed in drill.counts.missed} >= {"truncated", "re-hashed", "old copy restored"}
