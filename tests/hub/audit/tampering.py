"""What somebody who rules the database can do to the record. Used inside `past_the_triggers`."""

from __future__ import annotations

from django.db import connection

from guatu.hub.audit.models import Seal
from guatu.hub.audit.stored import sealed_rows
from guatu.hub.audit.verifier import COLUMNS, digest, sealed
from tests.hub.past_triggers import past_the_triggers

__all__ = ["CONTENTS", "hash_anew", "past_the_triggers", "renumber", "run"]

CONTENTS = tuple(column for column in COLUMNS if column != "id")
"""All that a record says but its id."""


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def renumber(start: int, *, by: int) -> None:
    """Shift the places from `start` on; by way of negative numbers, for a place must stay one of its kind."""
    run(f"UPDATE audit_seal SET place = -place WHERE place >= {start}")
    run(f"UPDATE audit_seal SET place = -place + {by} WHERE place < 0")


def hash_anew(start: int) -> None:
    """Seal everything from a place on once more, so that the chain agrees with itself."""
    previous, hashes = Seal.objects.get(place=start - 1).hash if start > 1 else "", []
    for row in list(sealed_rows(connection, start)):
        previous = sealed(previous, row.place, row.algorithm, row.sealed_at, digest(row.algorithm, row.text))
        hashes.append((previous, row.place))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            said = [[hash for hash, _ in hashes], [place for _, place in hashes]]
            cursor.execute(
                "UPDATE audit_seal s SET hash = v.hash FROM unnest(%s::text[], %s::bigint[]) v(hash, place) "
                "WHERE s.place = v.place",
                said,
            )
        else:
            cursor.executemany("UPDATE audit_seal SET hash = %s WHERE place = %s", hashes)
