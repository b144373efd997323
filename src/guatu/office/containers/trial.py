"""Do work on a file in a child first, for its ceilings alone: what the child survives, the parent survives too.

For files whose content is small and plain once read: doing the work twice is simpler than carrying its result over, and as safe,
because the same bytes take the same memory and time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.limits import Limits
from guatu.text import Refusal

Work = Callable[[], object]
"""A partial: it may have to travel to another interpreter."""


def try_out(name: str, work: Work, limits: Limits) -> None:
    """Do `work` on the file `name` within the limits and forget what came of it.

    Raises `UnreadableWorkbook` when it took too much memory or time or broke off. A refusal of its own is left for the caller to meet.
    """
    [answer] = run_each([partial(_done, work)], limits)
    if isinstance(answer, BrokenOff):
        raise answer.refusal(name, limits)


def _done(work: Work) -> bytes:
    """In the child."""
    with suppress(Refusal):
        work()
    return b""
