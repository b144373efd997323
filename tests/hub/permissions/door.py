"""Whom a route and method let in, and where: the words the tables of doors are written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.hub.permissions.world import PLACES, Caller, World

Body = Callable[[World, Caller, str], Mapping[str, Any]]
"""What is sent, for a place of the world; right in everything but perhaps who sends it. It may make what it speaks of."""
MINE = frozenset({"mine"})
SUBTREE = frozenset({"mine", "own", "child"})
"""Where a role counts: at the unit of the post and under it; what is one's own lies there."""
OTHERS = SUBTREE - MINE
CHILD = frozenset({"child"})
"""Where a change is possible that needs a unit above, under which the role counts too, or a unit that nobody works at."""
SYSTEM = frozenset({"system_administrator"})
SECURITY = frozenset({"security_administrator"})
AUDIT = frozenset({"audit_administrator"})
ROLES = SYSTEM | SECURITY | AUDIT | {"dispatcher", "reporter", "reviewer", "leader", "inspector"}
REVEALERS = frozenset({"dispatcher", "reviewer", "inspector"})
DISPATCHER = frozenset({"dispatcher"})
CLAIMERS = frozenset({"dispatcher", "reporter"})
CHECKERS = frozenset({"dispatcher", "reviewer"})
EVERYWHERE = frozenset({"mine", *PLACES})
"""For what lies at no place: checkpoints are of the whole chain."""
SEERS = frozenset({"dispatcher", "reporter", "reviewer", "leader", "inspector"})
SENDERS = frozenset({"dispatcher", "reporter"})
NOWHERE: frozenset[str] = frozenset()
"""A pack is the whole site's: none of these callers, whose posts lie in one town, may change one."""
ANSWERERS = frozenset({"reporter", "leader"})
LEADER = frozenset({"leader"})
EVERYBODY, SIGNED_IN = "everybody", "whoever is signed in"


@dataclass(frozen=True, slots=True)
class Let:
    """Whom, and to objects at which places."""

    who: frozenset[str] | str
    over: frozenset[str] = SUBTREE


class Door:
    """Whom a route and method let in, what they send there, and the kind of record that is then left.

    `records` is None for what changes nothing in the database. A door that does not stay in leads on, to the page of signing
    in or out of the site, when nothing has gone before: what it does is another test's matter.
    """

    def __init__(self, *lets: Let, body: Body | None = None, records: str | None = None, stays_in: bool = True) -> None:
        self.lets, self.body, self.records, self.stays_in = lets, body, records, stays_in


def nothing(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """For a door that says by its address alone what is meant."""
    return {}
