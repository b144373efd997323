"""Write a record beside the change it tells of."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from guatu.hub.audit.events import Event
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.source import OnBehalf


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
            return {"commitment": self._commit(value)}
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
        commitment = hashlib.sha256(f"{salt}{personal.value}".encode()).hexdigest()
        self.found.append(
            PersonalPart(commitment=commitment, salt=salt, value=personal.value, about_person_id=personal.about)
        )
        return commitment


_recorded: ContextVar[int] = ContextVar("recorded", default=0)


def records_written() -> int:
    """How many records this context has written so far; only its growth means anything."""
    return _recorded.get()


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(rows: Any) -> str:
    """SHA-256 over the canonical text of rows: what the one record of a bulk change says of all of them."""
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


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
    whose `after` holds its count and the digest over its rows.
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
    written = Record.objects.create(
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
    for part in parts.found:
        part.record = written
    PersonalPart.objects.bulk_create(parts.found)
    _recorded.set(_recorded.get() + 1)
    return written
