"""Who should be let in where: written by hand beside the code, never read from it.

A row for every route and method that is open to anybody. What has no row must let nobody in. Adding a route means adding its
row here, beside the one in `config.policy`: two hands must write the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.hub.permissions.world import World

Body = Callable[[World, str], Mapping[str, Any]]
"""What is sent, for a place of the world; right in everything but perhaps who sends it."""

SUBTREE = frozenset({"own", "child"})
"""Where a role counts: at the unit of the post and under it."""
ADMINISTRATORS = frozenset({"system_administrator", "security_administrator", "audit_administrator"})
ROLES = ADMINISTRATORS | {"dispatcher", "reporter", "reviewer", "leader", "inspector"}
EVERYBODY, SIGNED_IN = "everybody", "whoever is signed in"


@dataclass(frozen=True, slots=True)
class Door:
    """Whom a route and method let in, and to objects at which places."""

    who: frozenset[str] | str
    over: frozenset[str] = SUBTREE
    body: Body | None = None
    records: str | None = None
    """The kind of record that must be there when somebody was let in; None for what changes nothing in the database."""


def _nothing(world: World, place: str) -> Mapping[str, Any]:
    return {}


DOORS: Mapping[tuple[str, str], Door] = {
    # pages
    ("home", "GET"): Door(SIGNED_IN),
    ("language", "POST"): Door(EVERYBODY, body=lambda world, place: {"language": "en", "back": "/units"}),
    ("units", "GET"): Door(ROLES),
    ("unit", "GET"): Door(ROLES),
    # signing in
    ("account_login", "GET"): Door(EVERYBODY),
    ("account_login", "POST"): Door(EVERYBODY, body=_nothing),
    ("account_logout", "GET"): Door(SIGNED_IN),
    ("account_logout", "POST"): Door(SIGNED_IN, body=_nothing),
    # API
    ("api-1:openapi-json", "GET"): Door(EVERYBODY),
    ("api-1:units", "GET"): Door(ROLES),
}

ARGUMENTS: Mapping[str, Callable[[World, str], object]] = {
    "unit_id": lambda world, place: world.units[place].pk,
    "person_id": lambda world, place: world.residents[place].pk,
    "post_id": lambda world, place: world.posts[place].pk,
    "token_id": lambda world, place: world.tokens[place].pk,
}
"""An object at a place for every argument a route may take, by the argument's name."""
