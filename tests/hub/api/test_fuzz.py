"""The short form of drills/api_fuzz.py: whatever is asked, the answer is one that the description of the API declares."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import ignored_auth, positive_data_acceptance

from guatu.hub.api.routes import api
from guatu.hub.config.wsgi import application
from tests.hub.api.conftest import Program
from tests.hub.ledger.conftest import bridge, works  # noqa: F401  # fixtures
from tests.hub.people import City

OPERATIONS = sorted((path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods)
OF_LEDGERS = tuple(
    f"/api/{area}"
    for area in ("ledgers", "items", "duties", "links", "goals", "targets", "attachments", "imports", "papers")
)
_keys = itertools.count()


def _asked_by(path: str) -> str:
    """Somebody whose post lets most of what is right through."""
    if path.startswith(OF_LEDGERS):
        return "zhao"
    return "zhou" if "/posts" in path or "erase" in path else "sun"


@pytest.fixture(autouse=True)
def the_connection_stays() -> Iterator[None]:
    """Of the test's transaction; a site gives its own back after each request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_what_is_asked_at_random_is_answered_as_described(
    city: City, program: Callable[[str], Program], caplog: pytest.LogCaptureFixture,
    path: str, method: str, mode: GenerationMode, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    caplog.set_level(logging.CRITICAL)
    token = program(_asked_by(path)).token
    there = {}
    if path.startswith(("/api/ledgers/", "/api/items/")):
        there = {"ledger_key": "works", "item_id": request.getfixturevalue("bridge").pk}
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", application)[path][method]

    @examples(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}  # who asks here unpacks nothing
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: one for name, one in there.items() if name in case.path_parameters})
        if case.headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = f"fuzz-{next(_keys)}"
        with transaction.atomic():
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance, ignored_auth])
            transaction.set_rollback(True)

    asked()
