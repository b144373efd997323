"""What the table of doors says of a caller at a door."""

from __future__ import annotations

from tests.hub.permissions.door import EVERYBODY, SIGNED_IN, Door, Let, nothing
from tests.hub.permissions.routes import Route
from tests.hub.permissions.world import PLACES, Caller


def places_of(route: Route, door: Door | None, caller: Caller) -> tuple[str, ...]:
    """All places where a route that is open to somebody speaks of an object; one where it does not, or is closed to all."""
    if door is None or not speaks_of_a_place(route, door):
        return ("own",)
    return PLACES if caller.post is None else ("mine", *PLACES)


def lets_in(door: Door | None, caller: Caller, route: Route, place: str) -> bool:
    """What the table of doors says of this caller."""
    if door is None:
        return False
    return any(_let(one, caller, route, place, speaks_of_a_place(route, door)) for one in door.lets)


def is_known(door: Door | None, caller: Caller, route: Route) -> bool:
    """Whether the table lets this caller in over anything at all: whom it does not, the policy stops before any page."""
    return door is not None and any(_is_meant(one, caller, route) for one in door.lets)


def speaks_of_a_place(route: Route, door: Door) -> bool:
    return bool(route.arguments) or door.body not in (None, nothing)


def _let(let: Let, caller: Caller, route: Route, place: str, matters: bool) -> bool:
    return _is_meant(let, caller, route) and (let.who == EVERYBODY or place in let.over or not matters)


def _is_meant(let: Let, caller: Caller, route: Route) -> bool:
    if let.who == EVERYBODY:
        return True
    if (caller.token is not None) is not route.is_api:
        return False  # the API knows tokens alone, pages the session alone
    return caller.signed_in if let.who == SIGNED_IN else caller.role in let.who
