"""One world for all cells of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from guatu.hub.audit.holders import holders_named
from tests.hub.permissions.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:  # type: ignore[no-untyped-def]
    """One world for all cells; each cell is taken back to it."""
    papers = override_settings(AUDIT_HOLDERS=holders_named(["box=paper"]))
    with django_db_blocker.unblock(), transaction.atomic(), papers:
        yield build_world()
        transaction.set_rollback(True)
