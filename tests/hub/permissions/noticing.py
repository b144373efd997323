"""Who notices a mutant: the matrix of permissions at doors, the refusals of actions, the reading of contents.

All of them are asked who could notice: for a function, those that come through it; for a row of the policy, whoever knocks at
its route, which is all that reads it; for a right of a role, everybody. Those go first who are likely to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random

from guatu.hub.config.policy import POLICY
from tests.hub.changes.actions import CHANGES
from tests.hub.changes.refusing import let_in_wrongly, reaches_wrongly
from tests.hub.permissions.knocking import knocks_at, methods_of
from tests.hub.permissions.mutants import Mutant
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.test_contents import READERS, reading
from tests.hub.permissions.through import Through
from tests.hub.permissions.world import Caller, World

Step = Callable[[], Sequence[str]]
"""A question that can be asked with a mutant and without; the answer is what is wrong."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked about a mutant, in which order."""

    actions: Sequence[str]
    doors: Sequence[tuple[str, str]]
    """Names of callers and routes."""
    readers: Sequence[tuple[str, tuple[str, ...]]]
    """Names of readers, each with the routes they read."""


def asked_about(mutant: Mutant, world: World, through: Through) -> Asked:
    kind, _, what = mutant.touches.partition(" ")
    routes = [one.name for one in all_routes()]
    if kind == "all":
        return _of_a_right(mutant, world, routes)
    if kind == "route":
        return Asked((), _by_lot(mutant, ((one, what) for one in world.callers)), [(one, (what,)) for one in READERS])
    doors = _by_lot(mutant, through.doors.get(mutant.touches, {}))
    return Asked(
        list(through.actions.get(mutant.touches, {})), doors, _by_reader(through.pages.get(mutant.touches, {}))
    )


def _by_lot(mutant: Mutant, doors: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """In an order of the mutant's own: neither one caller nor one route comes last with all it has."""
    drawn = list(doors)
    Random(mutant.name).shuffle(drawn)
    return drawn


def _by_reader(pages: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    pages = list(pages)
    return [(reader, tuple(route for one, route in pages if one == reader)) for reader in dict(pages)]


def _of_a_right(mutant: Mutant, world: World, routes: Sequence[str]) -> Asked:
    """Doors for whoever bears the role, first those whose row of the policy names the permission; then all else."""
    role, *_, permission = mutant.name.split(" ")

    def bears(name: str) -> bool:
        post = world.callers[name].post
        return post is not None and post.role == role

    def names_it(route: str) -> bool:
        return any(getattr(rule, "value", "") == permission for rule in POLICY.get(route, {}).values())

    bearers = [(name, route) for name in world.callers if bears(name) for route in routes]
    doors = sorted(_by_lot(mutant, bearers), key=lambda one: not names_it(one[1]))
    readers = sorted(READERS, key=lambda name: not bears(name))
    return Asked(list(CHANGES), doors, [(one, tuple(routes)) for one in readers])


def wrong_at(world: World, caller: Caller, routes: Iterable[Route]) -> Iterator[str]:
    """What the matrix says of one caller at some routes."""
    for route in routes:
        knocks = knocks_at(world, caller, route, methods_of(route))
        yield from (str(one) for one in knocks if one.wrong is not None)


def at_doors(world: World, asked: Asked) -> Iterator[Step]:
    """What the matrix says, door by door."""
    routes = {one.name: one for one in all_routes()}
    for caller, route in asked.doors:
        yield partial(_wrong_at_one, world, world.callers[caller], routes[route])


def _wrong_at_one(world: World, caller: Caller, route: Route) -> list[str]:
    return list(islice(wrong_at(world, caller, [route]), 1))


def in_actions(names: Iterable[str] = tuple(CHANGES)) -> Iterator[Step]:
    """Who was let in to an action by the action itself, action by action. Nothing may be in the database yet."""
    for name in names:
        yield partial(_wrong_in, name)


def _wrong_in(action: str) -> list[str]:
    return [*let_in_wrongly(action), *reaches_wrongly(action)]


def in_contents(world: World, asked: Asked) -> Iterator[Step]:
    """What somebody reads of places they may not see, and is offered though it is not for them, reader by reader."""
    routes = {one.name: one for one in all_routes()}
    for reader, read in asked.readers:
        yield partial(_wrong_reading, world, world.callers[reader], [routes[one] for one in read])


def _wrong_reading(world: World, reader: Caller, routes: Sequence[Route]) -> list[str]:
    found = reading(world, reader, routes)
    return [*found.leaks, *found.differing, *found.refused]
