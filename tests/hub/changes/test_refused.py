"""An action asks for its permission itself, whatever door it was called through."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.hub.changes.actions import CHANGES
from tests.hub.changes.refusing import let_in_wrongly, reaches_wrongly


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_nobody_but_those_meant_makes_a_change(db: None, name: str) -> None:
    assert let_in_wrongly(name) == []


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_post_is_enough_where_its_unit_reaches_and_nowhere_else(db: None, name: str) -> None:
    """Over both sides, where an action has two."""
    assert reaches_wrongly(name) == [], "Say in tests/hub/changes/reach.py how far a post reaches in this action."


def test_asking_who_is_refused_leaves_the_settings_as_they_were(db: None) -> None:
    holders = settings.AUDIT_HOLDERS

    assert let_in_wrongly("audit.note_printed") == reaches_wrongly("audit.note_printed") == []
    assert [*settings.AUDIT_HOLDERS] == [*holders]
