"""Hold the record in the database to its chain, to what holders outside have, and to the personal parts it commits to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from guatu.hub.audit.models import PersonalPart, Record, Seal
from guatu.hub.audit.recording import committed
from guatu.hub.audit.stored import sealed_rows
from guatu.hub.audit.verifier import ALGORITHMS, Fault, Held, Row, Verdict, walk

COMMITMENT = re.compile(r'\{\\"commitment\\":\\"([0-9a-f]{64})\\"\}')  # as it stands inside a record's canonical text
RECORD_ID = re.compile(r'\{"id":(\d+),')
BATCH = 2000
LISTED = 10_000
LATE = timedelta(minutes=1)


@dataclass
class Verified:
    """What the verification of a database found."""

    chain: Verdict
    commitments: int = 0
    kept: int = 0
    """Personal parts that are still there and are what the record commits to."""
    erased: list[tuple[int, str]] = field(default_factory=list)
    """Place and commitment of parts that are gone, up to `LISTED` of them."""
    erased_count: int = 0
    unsealed: int = 0
    """Records a sealer should have sealed by now."""


def verify_database(
    held: Iterable[Held],
    *,
    at: datetime,
    first: int = 1,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Verified:
    """Follow the chain from `first` to its end; from a later place, the hash stated before it is taken as given."""
    before = Seal.objects.filter(place=first - 1).values_list("hash", flat=True).first() or ""
    total = Seal.objects.aggregate(last=Max("place"))["last"] or 0
    parts = _PersonalParts()

    def seen(row: Row) -> None:
        parts.add(row)
        if row.place % BATCH == 0:
            tell(row.place, total)

    chain = walk(
        lambda start: sealed_rows(connection, start),
        [one for one in held if one.place >= first],
        first=first,
        previous=before,
        seen=seen,
    )
    parts.check()
    if chain.fault is None or (parts.fault is not None and parts.fault.place < chain.fault.place):
        chain.fault = parts.fault or chain.fault
    unsealed = Record.objects.filter(seal=None, at__lt=at - LATE).count()
    return Verified(chain, parts.commitments, parts.kept, parts.erased, parts.erased_count, unsealed)


class _Part(NamedTuple):
    id: int
    commitment: str
    salt: str
    value: str


class _PersonalParts:
    """Personal parts against the commitments of the records walked over, some thousand records at a time."""

    def __init__(self) -> None:
        self.commitments = self.kept = self.erased_count = 0
        self.erased: list[tuple[int, str]] = []
        self.fault: Fault | None = None
        self._waiting: dict[int, tuple[int, list[str]]] = {}

    def add(self, row: Row) -> None:
        if found := COMMITMENT.findall(row.text):
            head = RECORD_ID.match(row.text)
            assert head is not None
            self._waiting[int(head[1])] = row.place, found
            if len(self._waiting) >= BATCH:
                self.check()

    def check(self) -> None:
        parts: dict[int, dict[str, _Part]] = {}
        found = PersonalPart.objects.filter(record_id__in=list(self._waiting))
        for record_id, number, commitment, salt, value in found.values_list(
            "record_id", "id", "commitment", "salt", "value"
        ):
            parts.setdefault(record_id, {})[commitment] = _Part(number, commitment, salt, value)
        for record_id, (place, commitments) in self._waiting.items():
            there = parts.get(record_id, {})
            for commitment in commitments:
                self._one(place, commitment, there.pop(commitment, None))
            for part in there.values():
                self._wrong(place, part)
        self._waiting = {}

    def _one(self, place: int, commitment: str, part: _Part | None) -> None:
        self.commitments += 1
        if part is None:
            self.erased_count += 1
            if len(self.erased) < LISTED:
                self.erased.append((place, commitment))
        elif any(committed(algorithm, part.salt, part.value) == commitment for algorithm in ALGORITHMS):
            self.kept += 1
        else:
            self._wrong(place, part)

    def _wrong(self, place: int, part: _Part) -> None:
        if self.fault is None:
            self.fault = Fault(
                place,
                "changed",
                f"个人信息（第 {part.id} 号）与记录里的承诺不符",
                f"personal part {part.id} is not what the record commits to",
            )
