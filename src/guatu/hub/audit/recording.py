"""Write a record beside the change it tells of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models

from guatu.hub.audit.events import Event
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.source import OnBehalf
from guatu.hub.audit.verifier import digest
from guatu.hub.written import insert, insert_all


@dataclass(frozen=True, slots=True)
class Personal:
    """A value about a person: the record holds a salted commitment to it, the value lies where it can be erased."""

    value: str
    about: int | None
    """The person it is about, by id."""


@dataclass(slots=True)
class _Parts:
    found: list[PersonalPart] = field(default_factory=list)

    def plain(self, value: Any) -> Any:
        """What JSON can say, personal values replaced by their commitments."""
        if isinstance(value, Personal):
            return {"commitment": self._commit(value)} if value.value else ""
        if isinstance(value, Mapping):
            return {str(key): self.plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(one) for one in value]
        if isinstance(value, date | datetime):
            return value.isoformat()
        if value is None or isinstance(value, str | int):  # floats are no facts
            return value
        raise TypeError(f"A record cannot hold {type(value).__name__}: {value!r}.")

    def _commit(self, personal: Personal) -> str:
        salt = secrets.token_hex(16)
        commitment = committed(settings.AUDIT_HASH, salt, personal.value)
        self.found.append(
            PersonalPart(commitment=commitment, salt=salt, value=personal.value, about_person_id=personal.about)
        )
        return commitment


def committed(algorithm: str, salt: str, value: str) -> str:
    """What stands in the record for a value about a person."""
    return digest(algorithm, f"{salt}{value}")


_recorded: ContextVar[int] = ContextVar("recorded", default=0)


def records_written() -> int:
    """How many records this context has written so far; only its growth means anything."""
    return _recorded.get()


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(rows: Iterable[Any]) -> str:
    """What the one record of a bulk change says of all its rows: a hash over them in their order, as `sha256:…`.

    Whoever has the rows (the workbook that was loaded) can show that they are the ones. Values about people stay out: nobody
    could erase them from a digest.
    """
    parts = _Parts()
    said = canonical(parts.plain(list(rows)))
    if parts.found:
        raise TypeError("A digest over rows cannot hold values about people; leave them out of the rows.")
    return f"{settings.AUDIT_HASH}:{digest(settings.AUDIT_HASH, said)}"


def record(
    kind: Event,
    *,
    subject: models.Model | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    by: OnBehalf,
    at: datetime,
) -> Record:
    """Write what was done to `subject`; the caller's transaction makes change and record one.

    `before` and `after` hold what changed, by field; values about people go in as `Personal`. A bulk change is one record
    whose `after` holds its count and the digest over its rows (`digest_of`).
    """
    parts = _Parts()
    context: dict[str, Any] = {
        "request": by.source.request,
        "idempotency_key": by.source.idempotency_key,
        "reason": reason,
        "address": Personal(by.source.address, by.person_id) if by.source.address else "",
    }
    if by.source.token_id is not None:
        context["token"] = by.source.token_id
    written = insert(
        Record(
            kind=kind.value,
            at=at,
            person_id=by.person_id,
            post_id=by.post_id,
            unit_id=by.unit_id,
            door=by.source.door.value,
            subject_kind=subject._meta.label_lower if subject is not None else "",
            subject_id=str(subject.pk) if subject is not None else "",
            before=canonical(parts.plain(before or {})),
            after=canonical(parts.plain(after or {})),
            context=canonical(parts.plain(context)),
        )
    )
    for part in parts.found:
        part.record = written
    insert_all(parts.found)
    _recorded.set(_recorded.get() + 1)
    return written
