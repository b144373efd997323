"""The whole job of a round: read, evaluate, write."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from guatu.dispatch.folder import reserved
from guatu.dispatch.reading import Notice
from guatu.dispatch.round import RoundRequest, evaluate_round, read_round
from guatu.dispatch.writing import Outcome, write_round
from guatu.text import Refusal, Text


@contextmanager
def _collecting_later() -> Iterator[None]:
    """No garbage collection meanwhile: what a round makes it keeps to its end, and looking through it all costs time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def run_round(request: RoundRequest, notice: Notice) -> Outcome:
    """Everything `guatu run` does. Raises a Refusal before anything is written when it cannot be done."""
    with reserved(request.out), _collecting_later():
        made = read_round(request, notice)
        results = evaluate_round(made, notice)
        try:
            return write_round(made, results, notice)
        except OSError as error:
            raise Refusal(
                str(error.filename or request.out),
                Text(f"写不进去：{error.strerror}", f"cannot be written: {error.strerror}"),
                Text(
                    "检查磁盘空间和权限；原来的结果没有动。",
                    "Check space and permissions; the results from before stand.",
                ),
            ) from error
