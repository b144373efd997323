"""Records and seals as the database holds them, to the byte: what is sealed, and what is verified.

Django's own reading is too kind for this: SQLite keeps an instant as text, and several texts read as the same instant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from guatu.hub.audit.verifier import COLUMNS, Row, record_text

NUMBERS = frozenset({"id", "person_id", "post_id", "unit_id"})
NEVER_NULL = frozenset(COLUMNS) - {"person_id", "post_id", "unit_id"}
TEXTS = tuple(column for column in COLUMNS if column not in NUMBERS)

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(?!000000)(\d{6}))?")
BATCH = 5000


class Unreadable(Exception):
    """A stored value is not as we write it."""


def sealed_rows(connection: BaseDatabaseWrapper, start: int, batch_size: int = BATCH) -> Iterator[Row]:
    """Every seal from a place on with its record, in the order of places, a batch at a time."""
    query = (
        f"SELECT s.place, {_text(connection, 's.algorithm')}, {_instant(connection, 's.sealed_at')}, "
        f"{_text(connection, 's.hash')}, {_record(connection)} "
        "FROM audit_seal s LEFT JOIN audit_record r ON r.id = s.record_id "
        f"WHERE s.place >= %s ORDER BY s.place LIMIT {batch_size}"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [start])
            batch = cursor.fetchall()
        for place, *values in batch:
            yield _row(place, values)
        if len(batch) < batch_size:
            return
        start = batch[-1][0] + 1


def unsealed(connection: BaseDatabaseWrapper, above: int, limit: int) -> list[tuple[int, str]]:
    """Committed records without a place, lowest id first, with their canonical text.

    One that cannot be read was meddled with before it was sealed. It is sealed all the same, over what is wrong with it, and
    no verification will ever pass it.
    """
    query = (
        f"SELECT r.id, {_record(connection)} FROM audit_record r "
        "WHERE r.id > %s AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.record_id = r.id) "
        f"ORDER BY r.id LIMIT {limit}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [above])
        found = cursor.fetchall()
    texts = []
    for record_id, *values in found:
        try:
            texts.append((record_id, _canonical(values)))
        except Unreadable as problem:
            texts.append((record_id, f"unreadable: {problem}"))
    return texts


def _row(place: int, values: Sequence[Any]) -> Row:
    try:
        algorithm, sealed_at, hash = _plain(values[0]), _moment(values[1]), _plain(values[2])
    except Unreadable as problem:
        return Row(place, "", "", "", problem=str(problem))
    if values[3] is None:
        return Row(place, algorithm, sealed_at, hash, problem="gone")
    try:
        return Row(place, algorithm, sealed_at, hash, text=_canonical(values[3:]))
    except Unreadable as problem:
        return Row(place, algorithm, sealed_at, hash, problem=str(problem))


def _canonical(values: Sequence[Any]) -> str:
    record: dict[str, Any] = {}
    if not values[-1]:
        raise Unreadable("a column is of another type")
    for column, value in zip(COLUMNS, values[:-1], strict=True):
        if value is None:
            if column in NEVER_NULL:
                raise Unreadable(f"{column} is empty")
            record[column] = None
        elif column in NUMBERS:
            if type(value) is not int:
                raise Unreadable(f"{column} is no whole number")
            record[column] = value
        else:
            record[column] = _moment(value) if column == "at" else _plain(value)
    return record_text(record)


def _plain(value: Any) -> str:
    try:
        return value.decode("utf-8") if isinstance(value, bytes) else str(value)
    except UnicodeDecodeError as error:
        raise Unreadable("a text is not UTF-8") from error


def _moment(value: Any) -> str:
    """An instant as the chain has it: `2026-06-15T02:30:00.000000Z`."""
    text = _plain(value) if value is not None else ""
    if text.endswith("Z"):  # PostgreSQL wrote it so itself
        return text
    parts = _INSTANT.fullmatch(text)
    if parts is None:
        raise Unreadable("an instant is not as we write it")
    return f"{parts[1]}T{parts[2]}.{parts[3] or '000000'}Z"


def _record(connection: BaseDatabaseWrapper) -> str:
    columns = [
        f"r.{column}"
        if column in NUMBERS
        else _instant(connection, "r.at")
        if column == "at"
        else _text(connection, f"r.{column}")
        for column in COLUMNS
    ]
    if connection.vendor == "postgresql":
        return ", ".join([*columns, "true"])
    return ", ".join([*columns, " AND ".join(f"typeof(r.{column}) = 'text'" for column in TEXTS)])


def _text(connection: BaseDatabaseWrapper, column: str) -> str:
    return column if connection.vendor == "postgresql" else f"CAST({column} AS BLOB)"


def _instant(connection: BaseDatabaseWrapper, column: str) -> str:
    if connection.vendor != "postgresql":
        return f"CAST({column} AS BLOB)"
    within = f"{column} >= '0001-01-01 00:00:00+00' AND {column} < '10000-01-01 00:00:00+00'"
    return f"CASE WHEN {within} THEN to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') END"
