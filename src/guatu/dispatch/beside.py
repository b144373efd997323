"""Work done beside our own on another core, where the system can fork; elsewhere it is done at once."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable

_CAN_FORK = hasattr(os, "fork") and sys.platform.startswith("linux")


def beside(task: Callable[[], None]) -> Callable[[], None]:
    """Begin a task that only writes files; the answer, called, waits for its end.

    The child shares everything made so far and changes none of it here. If it fails, whatever the reason, the task is done
    again by the caller, who then meets the fault itself.
    """
    if not _CAN_FORK or (os.cpu_count() or 1) < 2:
        task()
        return lambda: None
    gc.freeze()  # nothing made so far is looked at again, which would copy every page the two share
    with warnings.catch_warnings():
        # Python 3.12 warns of threads at a fork: the child uses nothing a thread of ours could have locked.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _work(task)

    def wait() -> None:
        _, status = os.waitpid(child, 0)
        if status != 0:
            task()

    return wait


def _work(task: Callable[[], None]) -> None:
    code = 1
    try:
        gc.disable()
        task()
        code = 0
    finally:
        os._exit(code)  # neither buffers nor exit handlers of the parent are the child's to run
