"""Whatever is done to items, milestones and links in whatever order: nothing is half done, nothing known is lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.hub.ledger.life import LifeOfItems


@pytest.mark.django_db(transaction=True)
def test_what_was_known_stays_known_whatever_is_done() -> None:
    run_state_machine_as_test(
        LifeOfItems,
        settings=settings(
            max_examples=3,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
