"""An action asks for its permission itself, whatever door it was called through."""

from __future__ import annotations

import pytest

from tests.hub.changes.actions import CHANGES
from tests.hub.changes.refusing import let_in_wrongly


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_nobody_but_those_meant_makes_a_change(db: None, name: str) -> None:
    assert let_in_wrongly(name) == []
