"""What many items come to, kept by each process for as long as nothing of any ledger changes.

Items, their lists, figures and milestones change under a number of `SequenceCounter` alone, in the transaction that takes it
(`tests/hub/changes` holds every action to that). An answer found after the number was read says at least what that number says,
so it is given again only while the number is the same: a change shows in the very next answer, whichever process wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.db import connection

from guatu.hub.composed import ByKey
from guatu.hub.ledger.models import SequenceCounter

Answer = TypeVar("Answer")
MOST = 200
"""Answers kept at a time."""
_last = ByKey(lambda: SequenceCounter.objects.filter(pk=1).values_list("last", flat=True))
_lock = Lock()
_held: dict[Hashable, Any] = {}
_held_at: list[int | None] = [None]


def fold(items: Hashable | None, what: Hashable, work: Callable[[], Answer]) -> Answer:
    """What `work` finds, or found before. Whoever is given it changes nothing of it.

    `items` and `what` name all the answer follows from beside what is numbered. Without a name of the items it follows from
    more, and is found each time; so it is inside a transaction, whose changes nobody else sees and which may yet be undone.
    """
    if items is None or connection.in_atomic_block:
        return work()
    number, of = _last.first() or 0, (items, what)
    with _lock:
        if _held_at[0] != number or len(_held) >= MOST:
            _held.clear()
            _held_at[0] = number
        if of in _held:
            found: Answer = _held[of]
            return found
    answer = work()
    with _lock:
        if _held_at[0] == number:
            _held[of] = answer
    return answer


def forget() -> None:
    """Keep nothing: the database is another one."""
    with _lock:
        _held.clear()
        _held_at[0] = None
