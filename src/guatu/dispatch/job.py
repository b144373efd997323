"""The whole job of a round: read, evaluate, write.

What judges and writes is loaded while the workbooks are being read, by children that need none of it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from guatu.dispatch.arrow import load_arrow
from guatu.dispatch.folder import reserved
from guatu.dispatch.given import read_given, settled
from guatu.dispatch.reading import Notice
from guatu.dispatch.request import RoundRequest
from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from guatu.dispatch.round import Known, Round
    from guatu.dispatch.writing import Outcome


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
        from guatu.dispatch.round import evaluate_round
        from guatu.dispatch.writing import write_round

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


def read_round(request: RoundRequest, notice: Notice) -> Round:
    """Read the workbooks, accept or refuse them, join their rows into items."""
    given = settled(request)
    known: list[Known] = []

    def load() -> None:
        load_arrow()
        from guatu.dispatch import round, writing  # noqa: F401 (writing is only loaded)

        known.append(round.known_of(given))

    readings = read_given(given, notice, load)
    from guatu.dispatch.round import joined

    return joined(given, known[0], readings)
