"""Every byte of every column of the record, turned into another one as far as the database can hold it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

RECORD_COLUMNS = {
    "id": "number", "kind": "text", "at": "instant", "person_id": "number", "post_id": "number", "unit_id": "number",
    "door": "text", "subject_kind": "text", "subject_id": "text", "before": "text", "after": "text", "context": "text",
}  # fmt: skip
SEAL_COLUMNS = {"place": "number", "record_id": "number", "algorithm": "text", "hash": "text", "sealed_at": "instant"}
KEYS = frozenset({"id", "place", "record_id"})
"""Columns in which no value may stand twice: flipped row by row where two might be the same, else in all rows at a time."""
DAY = 86_400_000_000
EARLIEST, LATEST = -210_866_803_200_000_000, 9_224_318_016_000_000_000  # what PostgreSQL's timestamptz can hold


@dataclass(frozen=True, slots=True)
class Column:
    table: str
    name: str
    kind: str

    @property
    def key(self) -> str:
        return "place" if self.table == "audit_seal" else "id"


COLUMNS = [Column("audit_record", name, kind) for name, kind in RECORD_COLUMNS.items()] + [
    Column("audit_seal", name, kind) for name, kind in SEAL_COLUMNS.items()
]


def stored(column: Column) -> dict[int, bytes | None]:
    """The column's bytes by the key of the row: text as it lies there, numbers and PostgreSQL's instants as eight bytes."""
    on_postgresql = connection.vendor == "postgresql"
    if column.kind == "text" or (column.kind == "instant" and not on_postgresql):
        said = f"convert_to({column.name}, 'UTF8')" if on_postgresql else f"CAST({column.name} AS BLOB)"
    elif column.kind == "instant":
        said = f"(extract(epoch FROM {column.name}) * 1000000)::bigint"
    else:
        said = column.name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column.key}, {said} FROM {column.table}")
        return {key: _as_bytes(value) for key, value in cursor.fetchall()}


def _as_bytes(value: Any) -> bytes | None:
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return None if value is None else bytes(value)


def flipped(column: Column, value: bytes | None, at: int, taken: frozenset[bytes], dice: random.Random) -> bytes | None:
    """The value with a bit of one byte turned; something where there was nothing. None if the database could not hold it."""
    if value is None:
        return (0).to_bytes(8, "big") if at == 0 else None
    if not value:
        return b"x"
    bits = list(range(8))
    dice.shuffle(bits)
    for bit in bits:
        other = value[:at] + bytes([value[at] ^ (1 << bit)]) + value[at + 1 :]
        if other not in taken and _holds(column, other):
            return other
    return None


def _holds(column: Column, value: bytes) -> bool:
    if connection.vendor != "postgresql" or column.kind == "number":
        return True
    if column.kind == "instant":
        return EARLIEST <= int.from_bytes(value, "big", signed=True) < LATEST
    try:
        return "\0" not in value.decode("utf-8")
    except UnicodeDecodeError:
        return False


def write(column: Column, values: list[tuple[int, bytes]]) -> None:
    """Put values into rows by their keys."""
    if connection.vendor == "postgresql":
        _write_at_once(column, values)
        return
    said = "%s" if column.kind == "number" else "CAST(%s AS TEXT)"
    given = [(_number(value) if column.kind == "number" else value, key) for key, value in values]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {column.table} SET {column.name} = {said} WHERE {column.key} = %s", given)


def _write_at_once(column: Column, values: list[tuple[int, bytes]]) -> None:
    keys = [key for key, _ in values]
    if column.kind == "instant":
        days, rest = zip(*(divmod(_number(value), DAY) for _, value in values), strict=True)
        said = "timestamptz '1970-01-01 00:00:00+00' + make_interval(days => v.days) + (v.rest || ' microseconds')::interval"
        given, arrays = (
            (keys, list(days), list(rest)),
            "unnest(%s::bigint[], %s::int[], %s::bigint[]) v(key, days, rest)",
        )
    elif column.kind == "number":
        said, arrays = "v.said", "unnest(%s::bigint[], %s::bigint[]) v(key, said)"
        given = (keys, [_number(value) for _, value in values])  # type: ignore[assignment]  # two arrays, not three
    else:
        said, arrays = "v.said", "unnest(%s::bigint[], %s::text[]) v(key, said)"
        given = (keys, [value.decode("utf-8") for _, value in values])  # type: ignore[assignment]  # two arrays, not three
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {column.table} t SET {column.name} = {said} FROM {arrays} WHERE t.{column.key} = v.key", given
        )


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big", signed=True)


def rounds(column: Column, keys: list[int], dice: random.Random) -> Iterator[tuple[list[tuple[int, bytes]], int]]:
    """For each byte position of the column: the flipped values of all rows that reach it, and how many cannot be held."""
    there = stored(column)
    values = {key: there[key] for key in keys}
    taken = frozenset(value for value in there.values() if value) if column.name in KEYS else frozenset()
    for at in range(max((len(value or b"\0") for value in values.values()), default=0)):
        reached = {key: value for key, value in values.items() if at < len(value or b"\0")}
        turned = {key: flipped(column, value, at, taken, dice) for key, value in reached.items()}
        yield [(key, value) for key, value in turned.items() if value is not None], list(turned.values()).count(None)
