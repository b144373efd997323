"""Work done beside our own on another core, where the system can fork; elsewhere it is done at once."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import NoReturn, Self

_CAN_FORK = hasattr(os, "fork") and sys.platform.startswith("linux")


class beside:
    """Begin a task that only writes files; called, it waits for the task's end, as does the end of a `with` block.

    The child shares everything made so far and changes none of it here. If it fails, whatever the reason, the task is done
    again by the caller, who then meets the fault itself. A block that breaks off leaves no child behind that still writes.
    """

    def __init__(self, task: Callable[[], None]) -> None:
        self._task = task
        self._child = _forked(task) if _CAN_FORK and (os.cpu_count() or 1) > 1 else None
        if self._child is None:
            task()

    def __call__(self) -> None:
        if self._reaped() != 0:
            self._task()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self()
        elif self._child is not None:
            os.kill(self._child, signal.SIGKILL)
            self._reaped()

    def _reaped(self) -> int:
        child, self._child = self._child, None
        return os.waitpid(child, 0)[1] if child is not None else 0


def _forked(task: Callable[[], None]) -> int:
    gc.freeze()  # nothing made so far is looked at again, which would copy every page the two share
    with warnings.catch_warnings():
        # Python 3.12 warns of threads at a fork: the child uses nothing a thread of ours could have locked.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _work(task)
    return child


def _work(task: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        gc.disable()
        task()
        code = 0
    finally:
        os._exit(code)  # neither buffers nor exit handlers of the parent are the child's to run
