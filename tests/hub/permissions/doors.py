"""Who should be let in where: written by hand beside the code, never read from it.

A row for every route and method that is open to anybody. What has no row must let nobody in. Adding a route means adding its
row here, beside the one in `config.policy`: two hands must write the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.hub.permissions.world import Caller, World, soon

Body = Callable[[World, Caller, str], Mapping[str, Any]]
"""What is sent, for a place of the world; right in everything but perhaps who sends it."""

MINE = frozenset({"mine"})
SUBTREE = frozenset({"mine", "own", "child"})
"""Where a role counts: at the unit of the post and under it; what is one's own lies there."""
SYSTEM = frozenset({"system_administrator"})
SECURITY = frozenset({"security_administrator"})
AUDIT = frozenset({"audit_administrator"})
ROLES = SYSTEM | SECURITY | AUDIT | {"dispatcher", "reporter", "reviewer", "leader", "inspector"}
EVERYBODY, SIGNED_IN = "everybody", "whoever is signed in"


@dataclass(frozen=True, slots=True)
class Let:
    """Whom, and to objects at which places."""

    who: frozenset[str] | str
    over: frozenset[str] = SUBTREE


class Door:
    """Whom a route and method let in, what they send there, and the kind of record that is then left.

    `records` is None for what changes nothing in the database.
    """

    def __init__(self, *lets: Let, body: Body | None = None, records: str | None = None) -> None:
        self.lets, self.body, self.records = lets, body, records


def nothing(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """For a door that says by its address alone what is meant."""
    return {}


def _token(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"post": world.post(place, caller).pk, "name": "export", "expires_on": soon()}


DOORS: Mapping[tuple[str, str], Door] = {
    # pages
    ("home", "GET"): Door(Let(SIGNED_IN)),
    ("language", "POST"): Door(Let(EVERYBODY), body=lambda *_: {"language": "en", "back": "/units"}),
    ("units", "GET"): Door(Let(ROLES)),
    ("unit", "GET"): Door(Let(ROLES)),
    ("tokens", "GET"): Door(Let(SIGNED_IN)),
    ("token_issue", "POST"): Door(Let(ROLES - {"leader"}, MINE), body=_token, records="token.issued"),
    ("token_revoke", "POST"): Door(Let(SIGNED_IN, MINE), Let(SECURITY), body=nothing, records="token.revoked"),
    # signing in
    ("account_login", "GET"): Door(Let(EVERYBODY)),
    ("account_login", "POST"): Door(Let(EVERYBODY), body=nothing),
    ("account_logout", "GET"): Door(Let(SIGNED_IN)),
    ("account_logout", "POST"): Door(Let(SIGNED_IN), body=nothing),
    # watching the site
    ("health_live", "GET"): Door(Let(EVERYBODY)),
    ("health_ready", "GET"): Door(Let(EVERYBODY)),
    ("metrics", "GET"): Door(Let(EVERYBODY)),
    # API
    ("api-1:openapi-json", "GET"): Door(Let(EVERYBODY)),
    ("api-1:units", "GET"): Door(Let(ROLES)),
}

ARGUMENTS: Mapping[str, Callable[[World, Caller, str], object]] = {
    "unit_id": lambda world, caller, place: world.unit(place, caller).pk,
    "person_id": lambda world, caller, place: world.person(place, caller).pk,
    "post_id": lambda world, caller, place: world.post(place, caller).pk,
    "token_id": lambda world, caller, place: world.token(place, caller).pk,
}
"""An object at a place for every argument a route may take, by the argument's name."""
