"""The whole job of a round: read, evaluate, write.

What judges and writes is loaded while the workbooks are being read, by children that need none of it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from guatu.dispatch.arrow import load_arrow
from guatu.dispatch.folder import reserved
from guatu.dispatch.given import read_given, settled
from guatu.dispatch.reading import Notice
from guatu.dispatch.request import RoundRequest
from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from guatu.dispatch.issuing import Papers
    from guatu.dispatch.round import Known, Round
    from guatu.dispatch.writing import Outcome


def nothing() -> None:
    """What is loaded where nobody is shown anything."""


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


def run_round(request: RoundRequest, notice: Notice, load_shown: Callable[[], None] = nothing) -> Outcome:
    """Everything `guatu run` does. Raises a Refusal when it cannot be done; what stood in the folder then still stands.

    `load_shown` loads what the outcome is shown with, while the workbooks are being read.
    """
    with reserved(request.out), _collecting_later():
        made, papers = _read(request, notice, load_shown)
        from guatu.dispatch.round import evaluate_round
        from guatu.dispatch.writing import write_round

        try:
            return write_round(made, papers, partial(evaluate_round, made, notice), notice)
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
    return _read(request, notice, nothing)[0]


def _read(request: RoundRequest, notice: Notice, load_shown: Callable[[], None]) -> tuple[Round, Papers]:
    """The round, and what its papers are written by, made ready while the workbooks are being read."""
    given = settled(request)
    ready: list[tuple[Known, Papers]] = []

    def load() -> None:
        load_arrow()
        from guatu.dispatch import issuing, round, writing  # noqa: F401 (writing is only loaded)

        known = round.known_of(given)
        ready.append((known, issuing.papers_of(given.pack, given.request.language)))
        round.judge_nothing(given, known)
        load_shown()

    readings = read_given(given, notice, load)
    from guatu.dispatch.round import joined

    ((known, papers),) = ready
    return joined(given, known, readings), papers
