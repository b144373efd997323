"""The one way a change is made: a named action in one transaction that leaves a record, with places where tests may kill it."""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from guatu.hub.audit.recording import records_written

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS: dict[str, Callable[..., object]] = {}
"""Every action by its name: what tests go through, and all that may change the database."""

MOMENTS = ("begun", "changed", "committed")
"""Where an action can be killed: at its start, with everything done but nothing committed, and after its commit."""


class NothingRecorded(Exception):
    """An action ended without a record: a fault of ours, and its changes are taken back."""


_all_or_nothing: ContextVar[bool] = ContextVar("all_or_nothing", default=False)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Within a transaction: what an action refuses takes back all of it, so that the action needs no savepoint. Actions that it
    calls have theirs, for it may go on when they refuse."""
    before = _all_or_nothing.set(True)
    try:
        yield
    finally:
        _all_or_nothing.reset(before)


def action(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: one transaction, a record that must be there at its end, failpoints at its moments.

    Arguments are keyword-only; `by` says who acts and `at` when.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        if not {"by", "at"} <= set(parameters) or any(one.kind is not one.KEYWORD_ONLY for one in parameters.values()):
            raise TypeError(f"Action {name} must take keyword-only arguments, 'by' and 'at' among them.")
        if name in ACTIONS:
            raise TypeError(f"There are two actions {name}.")

        @wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            alone = _all_or_nothing.get()
            within = _all_or_nothing.set(False)
            try:
                with transaction.atomic(savepoint=not alone):
                    reach(f"{name}.begun")
                    before = records_written()
                    result = function(*args, **kwargs)
                    if records_written() == before:
                        raise NothingRecorded(name)
                    reach(f"{name}.changed")
            finally:
                _all_or_nothing.reset(within)
            reach(f"{name}.committed")
            return result

        ACTIONS[name] = act
        return act

    return decorate


def reach(failpoint: str) -> None:
    """Die here, without any clearing up, when the environment names this failpoint; only drills set it."""
    if os.environ.get("GUATU_FAILPOINT") == failpoint:
        os.kill(os.getpid(), signal.SIGKILL)
