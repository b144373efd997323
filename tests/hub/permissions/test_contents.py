"""What a page, a list, a search, a count or an export says: nothing about places its reader may not see. What it offers: nothing
its reader would be refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as once
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.models import Load, LoadState, Person, Unit, UnitSpan
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.source import Door as By
from guatu.hub.audit.source import OnBehalf, Source
from guatu.hub.ledger.actions.revising import Told, enter
from guatu.hub.ledger.models import Import, Target
from guatu.hub.ledger.rows import Row
from guatu.hub.web.helping.seen import COOKIE
from guatu.text import Text
from tests.hub.permissions.doors import ARGUMENTS, DOORS
from tests.hub.permissions.matching import is_known, lets_in, places_of
from tests.hub.permissions.offering import refused
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.world import MADE, SHARED, SINCE, STRANGE, Caller, World, settle

READERS = [
    "dispatcher", "reporter", "reviewer", "leader", "inspector",
    "system_administrator", "security_administrator", "audit_administrator", "without a post", "post ended today",
    "token of dispatcher", "token of reporter", "token of inspector", "token of system_administrator",
    "token of security_administrator", "token of audit_administrator",
]  # fmt: skip
each_reader = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"what {name} reads")) for name in READERS]
)
"""The tests of a reader run in one process, which reads once for all of them."""
MAY_BE_SHARED = {"item_id", "goal_id", "target_id", "paper_id", "attachment_id", "link_id", "duty_id"}
"""Arguments of a route that name an item, a goal, or something of it."""
SEARCHES = ("", "?q=canary&search=canary&name=canary&page=1", "?on=2021-06-01&day=2021-06-01&q=13900001")
CHANGING = (
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(r'name="idempotency_key" value="[^"]+"'),
    re.compile(r'nonce="[^"]+"'),
    re.compile(r'"challenge": ?"[^"]+"'),  # what a passkey is to sign, new every time
    re.compile(r'"known_to": ?\d+'),  # the count of all changes of the site
    re.compile(r"^DTSTAMP:\S+", re.MULTILINE),  # when a calendar was made
    re.compile(r'<section class="chain".*?</section>', re.DOTALL),  # how far the one chain of the whole site is sealed
)
"""What differs from one showing of a page to the next, whoever looks."""
NUMBERS = re.compile(r"1390000111\d|11010119900307221\d|97,?531|\b777\d{4}\b")
"""Phones, id numbers, targets of a goal that a share in it does not show, and ids of strange things."""
COUNTERS = ("/metrics", "/api/audit/chain", "/api/audit/checkpoints")
"""Addresses that count requests, and so change with every look, or tell of the one chain of the whole site."""
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading all that opens to a caller."""

    read: int
    leaks: list[str]
    differing: list[str]
    refused: list[str]


Reads = Callable[[str], Reading]


@pytest.fixture(scope="module")
def reads(world: World) -> Reads:
    """Of a caller, by name; read once for all tests."""
    return once(lambda name: reading(world, world.callers[name], all_routes()))


@pytest.fixture(autouse=True)
def refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django")


@each_reader
def test_nobody_reads_about_places_they_may_not_see(
    reads: Reads, name: str, record_property: pytest.RecordProperty
) -> None:
    found = reads(name)
    record_property("pages and answers read for canaries", found.read)

    assert found.leaks == []


@each_reader
def test_what_happens_elsewhere_changes_no_byte_of_what_somebody_reads(reads: Reads, name: str) -> None:
    """Lists, counts, exports and searches alike: were anything drawn from elsewhere, it would differ."""
    assert reads(name).differing == []


@each_reader
def test_nobody_is_offered_a_link_or_a_button_that_would_be_refused_them(reads: Reads, name: str) -> None:
    assert reads(name).refused == []


def leaks(contents: Mapping[str, str]) -> Iterator[str]:
    """What a reader is shown of strange places, by name, number or id; a refusal repeats the address."""
    for address, content in contents.items():
        for found in sorted(set(re.findall(r"canary-[a-z_]+-[a-z]+", content))):
            if found.split("-")[1] in STRANGE:
                yield f"{address} shows {found}"
        yield from (f"{address} shows {one}" for one in NUMBERS.findall(content) if one not in address)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """What a reader reads that depends on strange places."""
    for address, said in before.items():
        if said != after[address] and not address.startswith(COUNTERS):
            yield f"{address} depends on what its reader may not see"


def reading(world: World, caller: Caller, routes: Sequence[Route]) -> Reading:
    """What a caller reads and is offered, and what they read when elsewhere everything has changed."""
    with transaction.atomic():
        asked = list(addresses(world, caller, routes))  # what is made for an address is there before anything is read
        strange_loads_wait(world)
        before = dict(contents(world, caller, routes))
        offered = list(refused(world, caller, before))
        elsewhere_everything_changes(world)
        after = dict(contents(world, caller, routes))
        transaction.set_rollback(True)
    return Reading(len(asked), list(leaks(before)), sorted(differing(before, after)), offered)


def strange_loads_wait(world: World) -> None:
    """For whoever gives posts there. They are no part of the world, in which actions look for the one load there is."""
    for place in STRANGE:
        Load.objects.create(
            submitter=world.residents[place], submitted_at=MADE, name=f"canary-{place}-load", on=SINCE, content=b"x",
            state=LoadState.POSTS,
        )  # fmt: skip


def contents(world: World, caller: Caller, routes: Sequence[Route]) -> Iterator[tuple[str, str]]:
    """What each page and answer that opens to this caller says, searches included; one that lies at no place, once.

    To somebody who has looked at nothing yet: what a page leaves in the cache, such as how much news there is, is for the next.
    """
    cache.clear()
    for address in dict.fromkeys(addresses(world, caller, routes)):
        yield address, read(caller, address)


def addresses(world: World, caller: Caller, routes: Sequence[Route]) -> Iterator[str]:
    for route in routes:
        door = DOORS.get((route.name, "GET"))
        if door is None:
            continue
        for place in places_of(route, door, caller):
            if lets_in(door, caller, route, place):
                yield from (address_of(world, caller, route, place) + search for search in SEARCHES)
                if "ledger_key" in route.arguments and not route.is_api:  # opened for changing; asked for by a unit
                    yield address_of(world, caller, route, place) + "?edit=1&columns=name,way,delivered"
                    yield address_of(world, caller, route, place) + f"?unit={world.units['elsewhere'].pk}"
        if is_known(door, caller, route) and shows_a_share(route):  # what is not shown of it is refused
            yield address_of(world, caller, route, SHARED)


def shows_a_share(route: Route) -> bool:
    """Whether it speaks of something that may be shared."""
    return bool(MAY_BE_SHARED & set(route.arguments)) and "unit_id" not in route.arguments


def address_of(world: World, caller: Caller, route: Route, place: str) -> str:
    return reverse(route.name, kwargs={name: ARGUMENTS[name](world, caller, place) for name in route.arguments})


def read(caller: Caller, address: str) -> str:
    caller.client.cookies.pop(COOKIE, None)
    with transaction.atomic():
        answer = caller.client.get(address, headers=caller.headers("read"))
        transaction.set_rollback(True)
    body = b"".join(answer) if answer.streaming else answer.content
    said = _sheets(body) if body.startswith(b"PK") else str(body.decode(errors="replace"))
    for changing in CHANGING:
        said = changing.sub("", said)
    return said


def elsewhere_everything_changes(world: World) -> None:
    """Every strange unit and person gets another name; a unit and its people come in beside them."""
    for place in STRANGE:
        unit, person = world.units[place], world.residents[place]
        Unit.objects.filter(pk=unit.pk).update(title_zh=f"改-{place}", title_en=f"Changed {place}")
        UnitSpan.objects.filter(unit=unit).update(title_zh=f"改-{place}", title_en=f"Changed {place}")
        Person.objects.filter(pk=person.pk).update(name=f"改-{place}", is_active=False)
        Target.objects.filter(unit=unit).update(value="13579", version=2)
        Import.objects.filter(unit=unit).update(state="taken", period="2026-06")
        enter_another(world, unit)
        key = f"more_{place}"
        world.units[key] = placed(
            parent=unit, kind="enterprise", title=Text(f"新-{place}", f"New {place}"), on=SINCE, at=MADE
        )
        settle(world, key)


def enter_another(world: World, unit: Unit) -> None:
    row = Row(unit=unit.pk, name=f"新-{unit.pk}", values={}, lists=("idle",))
    told = record(
        Event.ITEM_ENTERED, subject=world.ledger, after=row.facts(), by=OnBehalf(None, None, unit.pk, Source(By.WEB)),
        at=MADE,
    )  # fmt: skip
    enter(world.ledger, row, Told("entered", SINCE, MADE, told))


def _sheets(workbook: bytes) -> str:
    """What a workbook says, without when it was made."""
    with ZipFile(BytesIO(workbook)) as parts:
        return "\n".join(
            parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith(("xl/", "word/"))
        )
