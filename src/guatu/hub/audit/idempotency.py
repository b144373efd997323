"""One request, one effect: a key that a door's caller chose, and the answer it got, kept with what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from guatu.hub.audit.models import IdempotencyKey
from guatu.hub.audit.refusals import Conflict
from guatu.hub.written import insert, update
from guatu.text import Text

LONGEST = 128
"""Characters of a key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may come again: whose it is, under which key, and a digest of all that it says."""

    owner: str
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a repeat is given: a status, and the text the door makes its answer from."""

    status: int
    text: str


class KeyReused(Conflict):
    """The same key came with another request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            key,
            Text(
                "这个幂等键已经用于另一个内容不同的请求，这次没有办理",
                "this idempotency key was used for a request that said something else; nothing was done this time",
            ),
            Text(
                "确实要再办一件事，就换一个新键（网页请重新打开表单）。",
                "For something new use a new key (on a page: open the form anew).",
            ),
        )


def done_once(asked: Asked, act: Callable[[], Answer | None], *, at: datetime) -> Answer | None:
    """Call `act` unless this was done before; then return the answer kept of that time. None: it was called just now.

    Key, answer and effects are one transaction, the key first: of requests at the same time one acts, the others wait for
    it. A key that is taken says by that alone that it was done; what is new, and nearly all is, asks nothing first. When
    `act` returns None or raises, nothing is left, the key included, so that the next repeat is judged anew.
    """
    while True:
        claimed = False
        try:
            with transaction.atomic():
                row = insert(
                    IdempotencyKey(
                        owner=asked.owner, key=asked.key, request_digest=asked.digest, status=0, answer="", at=at
                    )
                )
                claimed = True
                answer = act()
                if answer is None:
                    transaction.set_rollback(True)
                else:
                    row.status, row.answer = answer.status, answer.text
                    update(row, "status", "answer")
            return None
        except IntegrityError:
            if claimed:  # not the key's: a fault inside `act`
                raise
        if (kept := _kept(asked)) is not None:  # none: whoever had the key gave it back
            return kept


def _kept(asked: Asked) -> Answer | None:
    row = IdempotencyKey.objects.filter(owner=asked.owner, key=asked.key).first()
    if row is None:
        return None
    if row.request_digest != asked.digest:
        raise KeyReused(asked.key)
    return Answer(row.status, row.answer)


def forget_keys(at: datetime) -> int:
    """Remove keys older than they must be kept; how many there were. Nothing of what was done goes with them."""
    old = IdempotencyKey.objects.filter(at__lt=at - timedelta(hours=settings.IDEMPOTENCY_HOURS))
    return old.delete()[0]
