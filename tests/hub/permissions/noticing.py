"""Who notices a mutant: the matrix of permissions at doors near it, the refusals of actions, the reading of contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tests.hub.changes.actions import CHANGES
from tests.hub.changes.refusing import let_in_wrongly
from tests.hub.permissions.knocking import knocks_at
from tests.hub.permissions.mutants import Mutant
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.test_contents import READERS, reading
from tests.hub.permissions.world import Caller, World

Through = Mapping[str, set[str]]
"""Which routes come through which functions of the hub, by their module and name."""


def at_doors(world: World, mutant: Mutant, through: Through) -> Iterator[str]:
    """What the matrix says, at routes that come through what was changed; first by whoever bears the mutant's name."""
    kind, _, what = mutant.touches.partition(" ")
    near = {what} if kind == "route" else through.get(mutant.touches, set())
    role = mutant.name.split(" ")[0]
    for caller in sorted(world.callers.values(), key=lambda one: (role not in one.name, one.token is None)):
        if kind != "all" or role in caller.name:
            yield from wrong_at(world, caller, (one for one in all_routes() if kind == "all" or one.name in near))


def wrong_at(world: World, caller: Caller, routes: Iterable[Route]) -> Iterator[str]:
    """What the matrix says of one caller at some routes."""
    for route in routes:
        yield from (str(one) for one in knocks_at(world, caller, route) if one.wrong is not None)


def in_actions(names: Iterable[str] = tuple(CHANGES)) -> Iterator[str]:
    """Who was let in to an action by the action itself. Nothing may be in the database yet."""
    for name in names:
        yield from let_in_wrongly(name)


def in_contents(world: World) -> Iterator[str]:
    """What somebody reads of places they may not see."""
    for name in READERS:
        read = reading(world, world.callers[name])
        yield from (*read.leaks, *read.differing)
