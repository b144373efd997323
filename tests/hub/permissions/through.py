"""Which actions, doors and readings come through which functions with a check in them, listened for once, without mutants.

Each of those functions notes that it was called, and is otherwise as it is. What never calls a function goes on as before
whatever becomes of it: a mutant of it need only be looked for where it was heard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from tests.hub.changes.actions import CHANGES
from tests.hub.changes.refusing import let_in_wrongly, reaches_wrongly
from tests.hub.permissions.doors import DOORS
from tests.hub.permissions.knocking import knocks_at, methods_of
from tests.hub.permissions.matching import lets_in, places_of
from tests.hub.permissions.mutants import HEARD, Mutant
from tests.hub.permissions.offering import refused
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.test_contents import (
    READERS,
    addresses,
    contents,
    differing,
    elsewhere_everything_changes,
    leaks,
    strange_loads_wait,
)
from tests.hub.permissions.world import Caller, World

T = TypeVar("T")
PARTS = ("actions", "doors", "pages")
Places = dict[str, dict[T, None]]
"""Where each function was heard, by its module and name; in the order in which it was."""


@dataclass(slots=True)
class Through:
    """Where the functions were heard: in actions; with callers at routes; with readers of routes."""

    actions: Places[str] = field(default_factory=dict)
    doors: Places[tuple[str, str]] = field(default_factory=dict)
    pages: Places[tuple[str, str]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    """Of anybody, though there is no mutant."""


def write_through(through: Through, kept: Path, state: str) -> None:
    """Keep what was heard, and on which state of the sources."""
    heard = {part: {name: list(places) for name, places in getattr(through, part).items()} for part in PARTS}
    kept.write_text(json.dumps({"state": state, **heard}), encoding="utf-8")


def read_through(kept: Path, state: str) -> Through | None:
    """What was heard before; nothing if it was on another state of the sources."""
    heard = json.loads(kept.read_text(encoding="utf-8"))
    if heard["state"] != state:
        return None
    actions, doors, pages = (
        {name: dict.fromkeys(map(_place, places)) for name, places in heard[part].items()} for part in PARTS
    )
    return Through(actions, doors, pages)


def _place(kept: str | list[str]) -> Any:
    return kept if isinstance(kept, str) else tuple(kept)


@contextmanager
def listening(mutants: Iterable[Mutant]) -> Iterator[None]:
    """The functions of these mutants note in `HEARD` that they are called."""
    with ExitStack() as every_function:
        for noting in {one.touches: one.noting for one in mutants if one.noting is not None}.values():
            every_function.enter_context(noting())
        yield


def listen_in_actions(through: Through, names: Iterable[str] = tuple(CHANGES)) -> None:
    """Nothing may be in the database yet."""
    for name in names:
        HEARD.clear()
        through.complaints += [*let_in_wrongly(name), *reaches_wrongly(name)]
        _keep(through.actions, name)


def listen_at_doors(through: Through, world: World, caller: Caller, routes: Iterable[Route] | None = None) -> None:
    for route in all_routes() if routes is None else routes:
        HEARD.clear()
        knocks = knocks_at(world, caller, route, methods_of(route), once=True)
        through.complaints += [str(one) for one in knocks if one.wrong is not None]
        _keep(through.doors, (caller.name, route.name))


def listen_to_readers(through: Through, world: World) -> None:
    for name in READERS:
        _listen_to(through, world, world.callers[name])


def _listen_to(through: Through, world: World, reader: Caller) -> None:
    """What one reader reads before and after everything changes elsewhere: what `reading` does, route by route."""
    with transaction.atomic():
        list(addresses(world, reader, all_routes()))
        strange_loads_wait(world)
        before = _heard_reading(through, world, reader)
        through.complaints += refused(world, reader, before)
        elsewhere_everything_changes(world)
        after = _heard_reading(through, world, reader)
        transaction.set_rollback(True)
    through.complaints += [*leaks(before), *differing(before, after)]


def _heard_reading(through: Through, world: World, reader: Caller) -> dict[str, str]:
    said: dict[str, str] = {}
    for route in all_routes():
        if opens_to(route, reader):
            HEARD.clear()
            said.update(contents(world, reader, [route]))
            _keep(through.pages, (reader.name, route.name))
    return said


def opens_to(route: Route, reader: Caller) -> bool:
    """Whether a reader is let in to anything at a route."""
    door = DOORS.get((route.name, "GET"))
    return door is not None and any(lets_in(door, reader, route, one) for one in places_of(route, door, reader))


def _keep(places: Places[T], place: T) -> None:
    for function in HEARD:
        places.setdefault(function, {})[place] = None
