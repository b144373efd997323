"""Kill a process in the midst of a change and look at what is left.

A child process makes the change on a connection of its own and writes a receipt to a pipe after the commit: what a person would
have been told. Then it is dead, by itself at a named failpoint or by SIGKILL at a moment of chance.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from itertools import count
from typing import Any

from django.db import connection

from guatu.hub.accounts.actions.loading import accept_load, keep_reading, submit_load
from guatu.hub.accounts.actions.people import Details, create_person, print_slips
from guatu.hub.accounts.actions.taking_loads import carry_out_load
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.actions.units import move_unit
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.audit.acting import MOMENTS
from guatu.hub.audit.models import Record
from guatu.text import Text
from tests.hub.changes.actions import CHANGES
from tests.hub.changes.databases import Databases
from tests.hub.changes.invariants import broken, state
from tests.hub.people import LONG_AGO, NOW, City, found_city

Receipt = Callable[[str], None]
WAIT = 20.0
"""Seconds after which a child that should be dead is given up."""
BULK, SUBTREE = 60, 30
FIRST = 0.1
"""Seconds a first write may take, for the moment at which to kill in its midst."""


@dataclass(slots=True)
class Toll:
    """What came of some kills."""

    kills: int = 0
    before_commit: int = 0
    after_commit: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: Toll) -> Toll:
        return Toll(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def counted(self) -> dict[str, Any]:
        return asdict(self)


def child(work: Callable[[Receipt], None], failpoint: str = "") -> tuple[int, int]:
    """Start a process that does `work`; its id, and the end of the pipe its receipts come out of."""
    connection.close()  # a connection is not shared with a process that dies
    receipts, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, receipts
    try:
        os.close(receipts)
        if failpoint:
            os.environ["GUATU_FAILPOINT"] = failpoint
        work(lambda said: _say(writing, said))
    except BaseException:
        _say(writing, f"! {traceback.format_exc()!r}")
    finally:
        os._exit(0)


def _say(pipe: int, said: str) -> None:
    os.write(pipe, f"{said}\n".encode())


def told(receipts: int) -> list[str]:
    """Everything a child wrote before its end."""
    with os.fdopen(receipts, "rb") as pipe:
        return [line.decode() for line in pipe.read().splitlines(keepends=False)]


def ended(pid: int) -> int:
    """The signal that ended a child, 0 if it went by itself."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            settle()
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


def settle() -> None:
    """Wait until the database has noticed that a process is gone, and ended what it was doing."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + WAIT
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.005)


def killed_at_every_failpoint(databases: Databases, name: str) -> Toll:
    """An action killed at each of its moments: nothing is done before its commit, everything after it."""
    toll, change = Toll(), CHANGES[name]
    databases.fresh(empty=change.on_an_empty_site)
    if not change.on_an_empty_site:
        change.before(found_city())
    for moment in MOMENTS:
        before, records = state(), Record.objects.count()
        pid, receipts = child(lambda receipt: _make(name, receipt), f"{name}.{moment}")
        said, by = told(receipts), ended(pid)
        toll.kills += 1
        if by != signal.SIGKILL or said:
            toll.faults.append(f"{name} was not killed at {moment}: {by} {said}")
        elif moment == "committed":
            toll.after_commit += 1
            if state() == before or Record.objects.count() == records:
                toll.faults.append(f"{name} was lost after its commit")
        else:
            toll.before_commit += 1
            if state() != before:
                toll.faults.append(f"{name} left something behind when killed at {moment}")
    toll.faults += [f"{name}: {fault}" for fault in broken()]
    return toll


def _make(name: str, receipt: Receipt) -> None:
    change = CHANGES[name]
    change.make(name, found_city() if not change.on_an_empty_site else City())
    receipt(name)


def killed_at_random(databases: Databases, name: str, *, kills: int, seed: int) -> Toll:
    """One write after another, the process killed at a moment of chance; again and again on the same database."""
    toll, chance, shape = Toll(), random.Random(seed), SHAPES[name]
    databases.fresh(empty=False)
    shape.prepare(found_city())
    for number in range(kills):
        before, looked = shape.written(), shape.look()
        pid, receipts = child(lambda receipt: _write_on(shape, receipt))
        said = waited_for(receipts, chance.randint(0, 3), chance.uniform(0, 1.3))
        os.kill(pid, signal.SIGKILL)
        said, by = said + told(receipts), ended(pid)
        toll.kills += 1
        if by != signal.SIGKILL or any(one.startswith("!") for one in said):
            toll.faults.append(f"{name} {number} did not work until it was killed: {by} {said}")
            continue
        done = shape.written() - before
        toll.acknowledged += len(said)
        toll.after_commit += done == len(said) + 1
        toll.before_commit += done == len(said)
        if not len(said) <= done <= len(said) + 1:
            toll.faults.append(f"{name} {number}: {len(said)} writes acknowledged, {done} there")
        toll.faults += [f"{name} {number}: {fault}" for fault in shape.torn(looked, shape.look(), done)]
        last = number == kills - 1
        toll.faults += [f"{name} {number}: {fault}" for fault in broken(chain=last or number % 20 == 0)]
    return toll


def waited_for(receipts: int, count_of: int, share: float) -> list[str]:
    """The receipts of some writes; returns when a share of the time of one more has gone by."""
    said: list[str] = []
    _line(receipts)  # says only that the process is at work
    began, length = time.monotonic(), FIRST
    for _ in range(count_of):
        said.append(_line(receipts))
        began, length = time.monotonic(), time.monotonic() - began
    time.sleep(share * length)
    return said


def _line(receipts: int) -> str:
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(receipts, 1)
        if not one:
            break
        line += one
    return line.decode().strip()


def _write_on(shape: Shape, receipt: Receipt) -> None:
    city = found_city()
    receipt(".")
    for number in count(1):
        shape.write(city, number)
        receipt(str(number))


Look = Mapping[int, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of writing: what one write is, the record it leaves, and how half of it would look."""

    kind: str
    prepare: Callable[[City], None]
    write: Callable[[City, int], object]
    look: Callable[[], Look]
    torn: Callable[[Look, Look, int], list[str]]

    def written(self) -> int:
        return Record.objects.filter(kind=self.kind).count()


def _one_person(city: City, number: int) -> None:
    create_person(
        unit=city.units["town"], username=f"killed-{os.getpid()}-{number}", name="某人",
        details=Details(phone="13900000000"), by=city.actor("sun"), at=NOW,
    )  # fmt: skip


def _people() -> Look:
    return dict.fromkeys(Person.objects.values_list("pk", flat=True), True)


def _people_torn(before: Look, after: Look, done: int) -> list[str]:
    came = len(after) - len(before)
    return [] if came == done else [f"{done} people are on the record, {came} are there"]


def _a_load(city: City, number: int) -> None:
    """A workbook of units and people, already read by the worker: submitted, kept, accepted, carried out."""
    mark = f"{os.getpid()}-{number}"
    unit_rows = [
        Row(
            "单位",
            at + 2,
            {"name": f"批{mark}-{at}", "kind": "enterprise", "parent": f"批{mark}-0" if at else "东关镇"},
        )
        for at in range(BULK)
    ]
    people_rows = [
        Row("人员", at + 2, {"username": f"killed-{mark}-{at}", "person": "某人", "unit": f"批{mark}-{at}"})
        for at in range(BULK)
    ]
    read, sun = Read({"units": tuple(unit_rows), "people": tuple(people_rows)}, ()), city.actor("sun")
    load = submit_load(content=b"x", name="load.xlsx", on=NOW.date(), by=sun, at=NOW)
    load = keep_reading(load=load, read=read, marked=b"", by=sun, at=NOW)
    accept_load(load=load, by=sun, at=NOW)
    carry_out_load(load=load, by=sun, at=NOW)


def _loaded() -> Look:
    """Units and people that loads brought; a load still on its way is no unit."""
    units = Unit.objects.filter(title_zh__startswith="批").values_list("pk", flat=True)
    people = Person.objects.filter(username__startswith="killed-").values_list("pk", flat=True)
    return {**dict.fromkeys(units, "unit"), **dict.fromkeys((-pk for pk in people), "person")}


def _loaded_torn(before: Look, after: Look, done: int) -> list[str]:
    came = {kind: sum(one == kind for key, one in after.items() if key not in before) for kind in ("unit", "person")}
    meant = {"unit": done * BULK, "person": done * BULK}
    return [] if came == meant else [f"{done} loads are on the record, and of units and people came {came}"]


def _a_roomful(city: City) -> None:
    for number in range(BULK):
        person = Person(username=f"roomful-{number}", name="某人", unit=city.units["town"], must_change_password=True)
        person.set_unusable_password()
        person.save()


def _slips_for_all(city: City, number: int) -> None:
    people = list(Person.objects.filter(username__startswith="roomful-"))
    print_slips(people=people, by=city.actor("sun"), at=NOW)


def _passwords() -> Look:
    return dict(Person.objects.filter(username__startswith="roomful-").values_list("pk", "password"))


def _passwords_torn(before: Look, after: Look, done: int) -> list[str]:
    changed = sum(before[pk] != after[pk] for pk in after)
    return (
        [] if changed == (len(after) if done else 0) else [f"{changed} of {len(after)} passwords changed, {done} times"]
    )


def _a_branch(city: City) -> None:
    above = placed(parent=city.units["east"], kind="town", title=Text("大院", "Yard"), on=LONG_AGO, at=NOW)
    for number in range(SUBTREE):
        unit = placed(parent=above, kind="enterprise", title=Text(f"院{number}", f"Yard {number}"), on=LONG_AGO, at=NOW)
        above = unit if number % 5 == 0 else above


def _the_branch_across(city: City, number: int) -> None:
    branch = Unit.objects.get(title_zh="大院")
    east, west = city.units["east"], city.units["west"]
    parent = west if branch.parent_id == east.pk else east
    move_unit(unit=branch, parent=parent, on=date(2025, 5, 1), by=city.actor("sun"), at=NOW)


def _parents() -> Look:
    return dict(Unit.objects.values_list("pk", "parent_id"))


def _parents_torn(before: Look, after: Look, done: int) -> list[str]:
    moved = sum(before[pk] != after[pk] for pk in after)
    return [] if moved == done % 2 else [f"{moved} units have another parent after {done} moves of one"]


SHAPES: Mapping[str, Shape] = {
    "single": Shape("person.created", lambda city: None, _one_person, _people, _people_torn),
    "bulk": Shape("unit.loaded", lambda city: None, _a_load, _loaded, _loaded_torn),
    "slips": Shape("person.slips_printed", _a_roomful, _slips_for_all, _passwords, _passwords_torn),
    "tree": Shape("unit.moved", _a_branch, _the_branch_across, _parents, _parents_torn),
}
