"""One world for all cells of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.hub.permissions.surroundings import surroundings
from tests.hub.permissions.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[World]:  # type: ignore[no-untyped-def]
    """One world for all cells; each cell is taken back to it."""
    chosen = surroundings(tmp_path_factory.mktemp("profile"))
    with django_db_blocker.unblock(), transaction.atomic(), chosen:
        yield build_world()
        transaction.set_rollback(True)
