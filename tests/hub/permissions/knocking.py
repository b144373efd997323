"""Knock at a door and judge the answer by the table of doors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from guatu.hub.audit.models import Record
from tests.hub.permissions.door import EVERYBODY, SIGNED_IN, Door
from tests.hub.permissions.doors import ARGUMENTS, DOORS
from tests.hub.permissions.matching import is_known, lets_in, places_of
from tests.hub.permissions.naming import named_elsewhere
from tests.hub.permissions.routes import METHODS, Route
from tests.hub.permissions.surroundings import reached
from tests.hub.permissions.world import PLACES, STRANGE, Caller, World

REFUSALS: frozenset[str] = frozenset()
"""Kinds of records that tell of something refused."""
ONES_OWN = frozenset({
    "view.saved", "view.renamed", "view.shared", "view.unshared", "view.deleted", "news.seen", "token.issued", "token.revoked",
})  # fmt: skip
"""Kinds of records that tell of what is one's own, whatever post one bears."""
SAFE = ("GET", "HEAD", "OPTIONS")
RECORD = Record._meta.db_table
_keys = count(1)
ASKED_EVERYWHERE = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""HEAD and OPTIONS knock at the strangest place alone: they get what GET gets, without its body."""
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
HOW_THE_SITE_RUNS = ("audit_", "django_", "config_", "accounts_tries", "accounts_lane", "accounts_keptsession")
"""Beginnings of the names of tables that hold sessions, jobs and the record itself: nothing anybody would ask after."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One cell of the matrix."""

    caller: str
    method: str
    route: str
    place: str
    wrong: str | None

    def __str__(self) -> str:
        return f"{self.caller}, {self.method} {self.route} of {self.place}: {self.wrong}"


def knocks_at(
    world: World, caller: Caller, route: Route, methods: Sequence[str] = METHODS, *, once: bool = False
) -> Iterator[Knock]:
    """A caller at a route, with every method, for objects at every place; `once` says that one place is enough where the
    policy stops this caller in any case."""
    for method in methods:
        door = DOORS.get((route.name, "GET" if method == "HEAD" else method))
        places = places_of(route, door, caller)
        if once and not is_known(door, caller, route):
            places = places[-1:]
        for place in places if method in ASKED_EVERYWHERE else places[-1:]:
            answer, written, tables, came_through, postless = knock(world, caller, route, method, door, place)
            should = lets_in(door, caller, route, place)
            leads_on = door is not None and not door.stays_in and answer.status_code < 500
            wrong = (
                (None if leads_on else judged(answer, method, should))
                or (judged_by_silence(answer, place) if not should and _opens_nearer(door, caller, route) else None)
                or judged_by_record(written, door, method, should)
                or judged_by_post(postless, door)
                or judged_by_tables(tables, written)
                or ("came as far as the page" if came_through and not is_known(door, caller, route) else None)
            )
            yield Knock(caller.name, method, route.name, place, wrong)
            if door is not None and method == "POST" and should and place == _nearest(door, caller, route):
                yield from _naming_elsewhere(world, caller, route, door, place)


def _nearest(door: Door, caller: Caller, route: Route) -> str | None:
    """A place over which somebody is let in to say what they want, by the API: a page leaves unread what its form does not ask."""
    return next((place for place in ("own", "child") if route.is_api and lets_in(door, caller, route, place)), None)


def _naming_elsewhere(world: World, caller: Caller, route: Route, door: Door, place: str) -> Iterator[Knock]:
    """Whoever is let in names something they do not see in what they send, field by field."""
    for name, other in named_elsewhere(world, caller, door, place):
        answer, written, tables, *_ = knock(world, caller, route, "POST", other, place)
        wrong = judged(answer, "POST", should=False) or judged_by_silence(answer, "elsewhere")
        yield Knock(
            caller.name, "POST", route.name, f"{place}, {name} of elsewhere",
            wrong or judged_by_record(written, door, "POST", False) or judged_by_tables(tables, written),
        )  # fmt: skip


def warm_up(world: World, routes: Sequence[Route]) -> None:
    """Whoever is let in looks once at each page: templates and words are read before processes are made from this one, not
    by each of them anew."""
    for caller in world.callers.values():
        for route in routes:
            door = DOORS.get((route.name, "GET"))
            if lets_in(door, caller, route, "own"):
                knock(world, caller, route, "GET", door, "own")


def methods_of(route: Route) -> list[str]:
    """The methods with which a route is open to anybody: with any other nothing of the platform hears of a request."""
    return [method for method in METHODS if (route.name, method) in DOORS]


def knock(
    world: World, caller: Caller, route: Route, method: str, door: Door | None, place: str
) -> tuple[HttpResponse, set[str], set[str], bool, set[str]]:
    """One request, the kinds of records it wrote, the tables it wrote to, whether a page heard of it, and which of the records
    name no post; all it did is taken back."""
    address = reverse(route.name, kwargs={name: ARGUMENTS[name](world, caller, place) for name in route.arguments})
    cookies = dict(caller.client.cookies)
    cache.clear()  # how often one may knock is another test's matter
    reached.clear()
    with transaction.atomic():
        body = door.body(world, caller, place) if door is not None and door.body is not None else {}
        sent = _sent(route, method, body) | {"headers": caller.headers(f"knock-{next(_keys)}")}
        noted = Noted()
        with connection.execute_wrapper(noted):
            answer: HttpResponse = getattr(caller.client, method.lower())(address, **sent)
        written, postless = noted.kinds_of_records(), noted.kinds_of_records(post_id=None)
        if answer.streaming:
            _ = b"".join(answer)  # type: ignore[arg-type]  # a file is closed at its end
        transaction.set_rollback(True)
    caller.client.cookies.clear()
    caller.client.cookies.update(cookies)
    return answer, written, noted.tables, bool(reached), postless


@dataclass(slots=True)
class Noted:
    """Where statements write; the record is read only if they wrote to it."""

    tables: set[str] = field(default_factory=set)
    _last: int = 0
    """The last record that was there before."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            if found.group(1) == RECORD and RECORD not in self.tables:
                self._last = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.tables.add(found.group(1))
        return execute(sql, params, many, context)

    def kinds_of_records(self, **such: None) -> set[str]:
        if RECORD not in self.tables:
            return set()
        return set(Record.objects.filter(pk__gt=self._last, **such).values_list("kind", flat=True))


def _sent(route: Route, method: str, body: Mapping[str, object]) -> dict[str, object]:
    if method in ("GET", "HEAD", "OPTIONS"):
        return {}
    if route.is_api and not any(hasattr(one, "read") for one in body.values()):
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


def judged_by_silence(answer: HttpResponse, place: str) -> str | None:
    """What is wrong with a refusal: of what lies where somebody sees nothing, they do not hear that it is there."""
    return "says that there is something, with 403" if answer.status_code == 403 and place in STRANGE else None


def _opens_nearer(door: Door | None, caller: Caller, route: Route) -> bool:
    """Whether it is for where something lies that somebody is refused, not for what they bear or do."""
    return any(lets_in(door, caller, route, place) for place in PLACES)


def judged_by_record(written: set[str], door: Door | None, method: str, should: bool) -> str | None:
    """What is wrong with what was recorded: a change by whoever was let in to make it, nothing by anybody else."""
    changes = written - REFUSALS
    if should and door is not None and door.records is not None and method not in SAFE:
        return None if changes == {door.records} else f"should have recorded {door.records}, but {changes or 'nothing'}"
    return f"should record no change, but {changes}" if changes and not should else None


def judged_by_post(postless: set[str], door: Door | None) -> str | None:
    """What is wrong with who did it: what a role allows is recorded with the post that allowed it, what is one's own without."""
    if (
        door is None
        or door.records not in postless
        or door.records in ONES_OWN
        or any(one.who in (SIGNED_IN, EVERYBODY) for one in door.lets)
    ):
        return None
    return f"recorded {door.records} without the post that allows it"


def judged_by_tables(tables: set[str], written: set[str]) -> str | None:
    """What is wrong with where it was written: whatever changes what the site knows leaves a record."""
    silent = {one for one in tables if not one.startswith(HOW_THE_SITE_RUNS)}
    return f"wrote to {sorted(silent)} without a record" if silent and not written else None


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
