"""Every route with every method, knocked at by everybody, for objects at every place: nobody gets in who should not."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from guatu.hub.accounts.actor import Actor
from guatu.hub.config.policy import POLICY
from guatu.hub.web import news
from tests.hub.permissions.doors import ARGUMENTS, DOORS
from tests.hub.permissions.knocking import SAFE, knocks_at, methods_of
from tests.hub.permissions.routes import METHODS, all_routes
from tests.hub.permissions.world import World

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
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thousands_of_refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("django", "guatu"):
        caplog.set_level(logging.CRITICAL, name)


@pytest.fixture(autouse=True)
def the_number_in_the_masthead_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each person, not for each of a hundred thousand answers: a site keeps it, too. What it counts is no door's matter."""
    counted: dict[int, int] = {}
    count = news.count

    def once(actor: Actor) -> int:
        if actor.person_id not in counted:
            counted[actor.person_id] = count(actor)
        return counted[actor.person_id]

    monkeypatch.setattr(news, "count", once)


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
    """On PostgreSQL each door once where the policy stops a caller in any case, and none that is closed to all: neither asks a
    database, and the run on SQLite has knocked at all of them."""
    caller, again = world.callers[name], connection.vendor == "postgresql"
    knocks = [
        one
        for route in ROUTES
        for one in knocks_at(world, caller, route, methods_of(route) if again else METHODS, once=again)
    ]
    record_property("permission cells", len(knocks))

    assert [str(one) for one in knocks if one.wrong is not None] == []
