"""Every route with every method, knocked at by everybody, for objects at every place: nobody gets in who should not."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from itertools import count

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from guatu.hub.audit.models import Record
from guatu.hub.config.policy import POLICY
from tests.hub.permissions.doors import ARGUMENTS, DOORS, Door
from tests.hub.permissions.matching import lets_in, places_of
from tests.hub.permissions.routes import METHODS, Route, all_routes
from tests.hub.permissions.world import Caller, World

ROUTES = all_routes()
CALLERS = [
    "anonymous",
    "dispatcher", "reporter", "reviewer", "leader", "inspector",
    "system_administrator", "security_administrator", "audit_administrator",
    "without a post", "post ended today", "post begins tomorrow", "disabled",
    "token of dispatcher", "token of reporter", "token of reviewer", "token of leader", "token of inspector",
    "token of system_administrator", "token of security_administrator", "token of audit_administrator",
    "token expired today", "token revoked", "token of a disabled person", "token of an ended post", "token nobody issued",
]  # fmt: skip
REFUSALS: frozenset[str] = frozenset()
"""Kinds of records that tell of something refused."""
SAFE = ("GET", "HEAD", "OPTIONS")
_keys = count(1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thousands_of_refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django")


def test_every_route_has_its_row_in_the_policy_and_every_row_its_route() -> None:
    routes = {route.name for route in ROUTES}

    assert routes - set(POLICY) == set(), "Give these routes a row in config.policy.POLICY."
    assert set(POLICY) - routes == set(), "These rows of config.policy.POLICY are for routes that are not there."


def test_who_may_come_in_is_written_down_for_every_row_of_the_policy() -> None:
    rows = {(name, method) for name, methods in POLICY.items() for method in methods}

    assert rows - set(DOORS) == set(), "Say in tests/hub/permissions/doors.py whom these let in, and over what."
    assert set(DOORS) - rows == set(), "These doors of tests/hub/permissions/doors.py are not in config.policy.POLICY."


def test_every_door_that_changes_something_says_what_is_sent_and_what_is_recorded() -> None:
    silent = {key for key, door in DOORS.items() if key[1] not in SAFE and door.body is None}

    assert silent == set(), "Give these a body in tests/hub/permissions/doors.py, and the kind of record they leave."


def test_there_is_an_object_at_every_place_for_every_argument_of_a_route() -> None:
    unknown = {f"{name} of {route.name}" for route in ROUTES for name in route.arguments if name not in ARGUMENTS}

    assert unknown == set(), "Say in ARGUMENTS of tests/hub/permissions/doors.py where such an object comes from."


def test_everybody_who_might_knock_is_known(world: World) -> None:
    assert sorted(world.callers) == sorted(CALLERS)


@pytest.mark.parametrize("name", CALLERS)
def test_nobody_gets_in_where_they_should_not_and_everybody_where_they_should(
    world: World, name: str, record_property: pytest.RecordProperty
) -> None:
    caller, cells, wrong = world.callers[name], 0, []
    for route in ROUTES:
        for method in METHODS:
            door = DOORS.get((route.name, "GET" if method == "HEAD" else method))
            for place in places_of(route, door, caller):
                answer, written = knock(world, caller, route, method, door, place)
                cells += 1
                should = lets_in(door, caller, route, place)
                complaint = judged(answer, method, should) or judged_by_record(written, door, method, should)
                if complaint is not None:
                    wrong.append(f"{method} {route.name} of {place}: {complaint}")
    record_property("permission cells", cells)

    assert wrong == []


def knock(
    world: World, caller: Caller, route: Route, method: str, door: Door | None, place: str
) -> tuple[HttpResponse, set[str]]:
    """One request and the kinds of records it wrote, all it did taken back."""
    address = reverse(route.name, kwargs={name: ARGUMENTS[name](world, caller, place) for name in route.arguments})
    cookies = dict(caller.client.cookies)
    cache.clear()  # how often one may knock is another test's matter
    with transaction.atomic():
        body = door.body(world, caller, place) if door is not None and door.body is not None else {}
        there = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        sent = _sent(route, method, body) | {"headers": caller.headers(f"knock-{next(_keys)}")}
        answer: HttpResponse = getattr(caller.client, method.lower())(address, **sent)
        written = set(Record.objects.filter(pk__gt=there).values_list("kind", flat=True))
        transaction.set_rollback(True)
    caller.client.cookies.clear()
    caller.client.cookies.update(cookies)
    return answer, written


def _sent(route: Route, method: str, body: Mapping[str, object]) -> dict[str, object]:
    if method in ("GET", "HEAD", "OPTIONS"):
        return {}
    if route.is_api:
        return {"data": json.dumps(body), "content_type": "application/json"}
    return {"data": body} if method == "POST" else {}


def judged(answer: HttpResponse, method: str, should: bool) -> str | None:
    """What is wrong with an answer, or None. HEAD need not be answered, but tells nobody more than GET would."""
    status = answer.status_code
    if status >= 500:
        return f"fails with {status}"
    is_in = status < 400 and not to_sign_in(answer)
    if is_in and not should:
        return f"lets in with {status} who should stay outside"
    if should and not is_in and method != "HEAD":
        return f"keeps out with {status} who should be let in: {answer.content[:200].decode(errors='replace')}"
    return None


def judged_by_record(written: set[str], door: Door | None, method: str, should: bool) -> str | None:
    """What is wrong with what was recorded: a change by whoever was let in to make it, nothing by anybody else."""
    changes = written - REFUSALS
    if should and door is not None and door.records is not None and method not in SAFE:
        return None if changes == {door.records} else f"should have recorded {door.records}, but {changes or 'nothing'}"
    return f"should record no change, but {changes}" if changes and not should else None


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
