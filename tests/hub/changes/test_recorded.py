"""Every change leaves its record in the same transaction, whatever makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.models import Record
from tests.hub.changes.actions import CHANGES, load_all_actions
from tests.hub.people import build_city

load_all_actions()
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)

NUMBERED = {"ledger_item", "ledger_listmembership", "ledger_figure", "ledger_milestone"}
"""What tables, boards and calendars are folded from (`guatu.hub.ledger.folds`)."""


@contextmanager
def written_tables(outside: list[str]) -> Iterator[list[str]]:
    """The tables written to, in order; those written to outside of any transaction of the action are put in `outside`."""
    seen: list[str] = []
    depth = len(connection.savepoint_ids)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            seen.append(found.group(2))
            if len(connection.savepoint_ids) == depth:
                outside.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def test_there_is_a_row_for_every_action_and_an_action_for_every_row() -> None:
    assert set(ACTIONS) - set(CHANGES) == set(), "Say in tests/hub/changes how these are made to happen."
    assert set(CHANGES) - set(ACTIONS) == set(), "These rows of tests/hub/changes are for no action."


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_every_action_leaves_its_record_in_its_own_transaction(
    db: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(settings, "AUDIT_HOLDERS", settings.AUDIT_HOLDERS)  # put back what some changes need
    change = CHANGES[name]
    city = build_city() if not change.on_an_empty_site else None
    if city is not None:
        change.before(city)
    outside: list[str] = []
    before = Record.objects.count()

    with transaction.atomic(), written_tables(outside) as tables:
        change.make(name, city)  # type: ignore[arg-type]  # on an empty site there is no city to speak of
        assert Record.objects.count() > before
        transaction.set_rollback(True)

    assert "audit_record" in tables
    assert not NUMBERED & set(tables) or "ledger_sequencecounter" in tables, (
        "What is kept of ledgers would not know of it."
    )
    assert outside == []
    assert Record.objects.count() == before
