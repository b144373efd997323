"""The record bent in every way we know, hundreds of times each, and whether each is found.

The short form runs in the suite, `drills/tamper_audit.py` runs it whole. Whoever tampers here is past triggers and rights.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from guatu.hub.audit.models import Checkpoint, PersonalPart, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.stored import sealed_rows
from guatu.hub.audit.verifier import Held, belongs, digest, sealed
from guatu.hub.audit.verifying import verify_database
from tests.hub.audit.chained import write_records
from tests.hub.audit.flips import COLUMNS, KEYS, Column, rounds, write
from tests.hub.audit.tampering import CONTENTS, hash_anew, renumber, run


@dataclass
class Counts:
    """How often each was tried, found, and refused by the database itself; what was not found, by name."""

    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def note(self, what: str, found: bool, detail: str) -> None:
        self.tried[what] += 1
        self.found[what] += found
        if not found:
            self.missed.append(f"{what}: {detail}")


class Drill:
    """A chain of some length, of which holders outside have a checkpoint every hundred places."""

    def __init__(self, rows: int, seed: int = 1) -> None:
        self.dice, self.counts, self.rows = random.Random(seed), Counts(), rows
        write_records(rows)
        seal_waiting()
        write_records(rows // 20, start=rows)  # after the last checkpoint: what happens here nobody promises to find
        seal_waiting()
        self.held = [Held(one.place, one.hash, source="outside") for one in Checkpoint.objects.filter(place__lte=rows)]
        self.hashes = ["", *Seal.objects.order_by("place").values_list("hash", flat=True)]
        self.place_of = dict(Seal.objects.values_list("record_id", "place"))

    # every byte

    def flip_every_byte(self, count: int) -> None:
        """Of the first `count` rows: each byte of each column, once."""
        for column in COLUMNS:
            places = range(1, count + 1)
            keys = (
                [key for key, place in self.place_of.items() if place in places] if column.key == "id" else list(places)
            )
            for values, refused in rounds(column, keys, self.dice):
                self.counts.refused[f"{column.table.removeprefix('audit_')}.{column.name}"] += refused
                if column.name in KEYS and len({value for _, value in values}) < len(values):
                    for value in values:
                        self._flip(column, [value])
                else:
                    self._flip(column, values)

    def _flip(self, column: Column, values: list[tuple[int, bytes]]) -> None:
        name = f"{column.table.removeprefix('audit_')}.{column.name}"
        places = [(key, self.place_of[key] if column.key == "id" else key) for key, _ in values]
        with undone():
            write(column, values)
            one = places[0][1] if len(places) == 1 else None
            read = islice(sealed_rows(connection, one, 1), 1) if one else sealed_rows(connection, 1)
            rows = {row.place: row for row in read}
            for key, place in places:
                stands = place in rows and belongs(rows[place], place, self.hashes[place - 1])
                self.counts.note(name, not stands, f"place {place}, key {key}")

    def flip_personal_parts(self, times: int) -> None:
        """One byte of what a record commits to."""
        parts = list(PersonalPart.objects.filter(record__seal__place__lte=self.rows))
        for part in self.dice.choices(parts, k=times):
            column = self.dice.choice(["commitment", "salt", "value"])
            value = getattr(part, column).encode()
            at = self.dice.randrange(len(value))
            other = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]  # digits and letters become others
            with undone():
                PersonalPart.objects.filter(pk=part.pk).update(**{column: other.decode()})
                fault = verify_database(self.held, at=timezone.now()).chain.fault
                self.counts.note(f"personalpart.{column}", fault is not None, f"part {part.pk}, byte {at}")

    # whole deeds

    def tamper(self, times: int) -> None:
        for name, deed in DEEDS.items():
            for _ in range(times):
                with undone():
                    detail = deed(self)
                    fault = verify_database(self.held, at=timezone.now()).chain.fault
                    self.counts.note(name, fault is not None, detail)

    def place(self, first: int = 1) -> int:
        """Anywhere up to the last checkpoint."""
        return self.dice.randint(first, self.rows)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Deeds: each says what it did.


def delete(drill: Drill) -> str:
    """A record with its seal, several in a row, the record alone, or with the gap closed."""
    place, count = drill.place(), drill.dice.choice([1, 1, 1, 5])
    last = min(place + count - 1, drill.rows)
    way = drill.dice.choice(["with seals", "records alone", "seals alone", "gap closed"])
    if way != "seals alone":
        run(f"DELETE FROM audit_record WHERE id IN ({_records(place, last)})")
    if way != "records alone":
        run(f"DELETE FROM audit_seal WHERE place BETWEEN {place} AND {last}")
    if way == "gap closed":
        renumber(last + 1, by=place - last - 1)
    return f"places {place} to {last}, {way}"


def swap(drill: Drill) -> str:
    """Two records under each other's seals, all they say exchanged, or their places."""
    one, other = sorted(drill.dice.sample(range(1, drill.rows + 1), 2))
    way = drill.dice.choice(["records", "contents", "places"])
    if way == "places":
        _exchange("place", one, other)
    elif way == "records":
        _exchange("record_id", one, other)
    else:
        first, second = Record.objects.get(seal__place=one), Record.objects.get(seal__place=other)
        for into, said in ((first.pk, second), (second.pk, first)):
            fields = {name: getattr(said, name) for name in CONTENTS}
            Record.objects.filter(pk=into).update(**fields)
    return f"places {one} and {other}, {way}"


def insert(drill: Drill) -> str:
    """A record put in at a place, with a seal of nonsense, one that fits, or with all after it sealed anew."""
    place = drill.place()
    way = drill.dice.choice(["nonsense", "fitting", "rest hashed anew"])
    renumber(place, by=1)
    write_records(1, start=drill.dice.randrange(10_000))
    record, at = Record.objects.latest("id"), timezone.now()
    Seal.objects.create(place=place, record_id=record.pk, algorithm="sha256", hash="0" * 64, sealed_at=at)
    if way != "nonsense":
        (row,) = islice(sealed_rows(connection, place, 1), 1)
        hash = sealed(drill.hashes[place - 1], place, "sha256", row.sealed_at, digest("sha256", row.text))
        Seal.objects.filter(place=place).update(hash=hash)
    if way == "rest hashed anew":
        hash_anew(place)
    return f"place {place}, {way}"


def truncate(drill: Drill) -> str:
    """The end cut off somewhere before the last checkpoint."""
    place = drill.place()
    _cut(place)
    return f"from place {place}"


def rehash(drill: Drill) -> str:
    """A record changed and everything from it on sealed anew: the chain agrees with itself."""
    place = drill.place()
    column, value = drill.dice.choice([("kind", "'x'"), ("person_id", "4242"), ("after", "'{}'"), ("door", "'worker'")])
    run(f"UPDATE audit_record SET {column} = {value} WHERE id IN ({_records(place, place)})")
    hash_anew(place)
    return f"place {place}, {column}"


def restore(drill: Drill) -> str:
    """The whole record as it was at an earlier moment, checkpoints and deliveries too; half the time work goes on from there."""
    place = drill.place()
    _cut(place)
    run(f"DELETE FROM audit_delivery WHERE checkpoint_id IN (SELECT id FROM audit_checkpoint WHERE place >= {place})")
    run(f"DELETE FROM audit_checkpoint WHERE place >= {place}")
    on = drill.dice.random() < 0.5
    if on:
        write_records(drill.rows - place + 60, start=20_000)
        seal_waiting()
    return f"as of place {place - 1}{', gone on' if on else ''}"


DEEDS: dict[str, Callable[[Drill], str]] = {
    "deleted": delete,
    "swapped": swap,
    "inserted": insert,
    "truncated": truncate,
    "re-hashed": rehash,
    "old copy restored": restore,
}


def _records(first: int, last: int) -> str:
    return f"SELECT record_id FROM audit_seal WHERE place BETWEEN {first} AND {last}"


def _cut(place: int) -> None:
    run(f"DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_seal WHERE place >= {place})")
    run(f"DELETE FROM audit_seal WHERE place >= {place}")


def _exchange(column: str, one: int, other: int) -> None:
    """By way of a value nobody has: seals of two places with each other's `column`."""
    first, second = (Seal.objects.values_list(column, flat=True).get(place=place) for place in (one, other))
    run(f"UPDATE audit_seal SET {column} = -1 WHERE place = {one}")
    run(f"UPDATE audit_seal SET {column} = {first} WHERE place = {other}")
    run(f"UPDATE audit_seal SET {column} = {second} WHERE {column} = -1")
