"""Run work on a file nobody can vouch for in a child process with ceilings of memory and processor time, and a clock.

The child gives bytes back and nothing else: what came of a hostile file is never unpickled. Where there is fork the
child begins with everything imported; elsewhere the work is sent to a fresh interpreter and so must be picklable.
"""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from traceback import extract_tb
from typing import IO, Literal

from guatu.office.containers.limits import Limits, setting
from guatu.office.containers.refusals import UnreadableWorkbook, refused
from guatu.text import Text

Task = Callable[[], bytes]

_DONE, _NO_MEMORY, _BROKE = b"=", b"M", b"!"
_STATM = Path("/proc/self/statm")
_MOST_WORDS = 1024 * 1024
_OUT_OF_MEMORY = ("memory allocation of", "bad_alloc", "Cannot allocate memory")
"""What Rust and C++ say on standard error before they end a process that got no memory."""
_CAN_FORK = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
_LEAST_WAIT = 0.001
PATIENCE = 5
"""Seconds on the clock for each second of work a task may take: a busy machine makes no workbook slow to read."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """Why a child gave nothing."""

    reason: Literal["time", "clock", "memory", "fault"]
    """It worked too long, it was not done when the clock ran out, it wanted too much memory, it met a fault."""
    detail: str = ""

    def refusal(self, name: str, limits: Limits) -> UnreadableWorkbook:
        """The refusal of the file the child was at."""
        limit = "memory_mb" if self.reason == "memory" else "seconds"
        most = getattr(limits, limit)
        smaller = Text(
            f"删去多余的工作表、图片和表外内容，另存后再报；确需这么大，请系统管理员调大 {setting(limit)}。",
            "Delete sheets, pictures and content outside the tables, save and send it again; if it must be that "
            f"large, ask the operator to raise {setting(limit)}.",
        )
        match self.reason:
            case "time":
                return refused(name, f"读了 {most} 秒还没有读完", f"took longer than {most} s to read", smaller)
            case "clock":
                waited = PATIENCE * most
                return refused(name, f"等了 {waited} 秒还没有读完", f"was not read after {waited} s", smaller)
            case "memory":
                return refused(name, f"读取要用的内存超过 {most} MB", f"needed more than {most} MB to read", smaller)
            case _:
                detail = f" ({self.detail})" if self.detail else ""
                return refused(name, f"读到一半读不下去{detail}", f"could not be read: the reader broke off{detail}")


def run_each(
    tasks: Sequence[Task],
    limits: Limits,
    *,
    at_once: int | None = None,
    done: Callable[[int], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[bytes | BrokenOff]:
    """The bytes each task gives, in the order of the tasks, or why it gave none.

    As many run at once as there are cores, unless told; `done` hears how many have ended. `meanwhile` is done here as
    soon as no task waits for its turn; what it raises ends the tasks. Nothing a task does to the state of the process
    is seen here.
    """
    waiting = deque(enumerate(tasks))
    running: list[_Child] = []
    results: dict[int, bytes | BrokenOff] = {}
    try:
        while waiting or running or meanwhile is not None:
            while waiting and len(running) < (at_once or _cores()):
                running.append(_Child(*waiting.popleft(), limits))
            if not waiting and meanwhile is not None:
                meanwhile()
                meanwhile = None
            for child in _ended(running) if running else ():
                running.remove(child)
                results[child.index] = child.result()
                if done is not None:
                    done(len(results))
    finally:
        for child in running:
            child.end()
    return [results[index] for index in range(len(tasks))]


def _ended(running: Sequence[_Child]) -> Iterator[_Child]:
    """The children that have something to say or ran out of time; waits until there is one."""
    soonest = min(child.deadline for child in running) - time.monotonic()
    said = wait([child.receiver for child in running], timeout=max(soonest, _LEAST_WAIT))
    now = time.monotonic()
    return (child for child in list(running) if child.receiver in said or child.deadline <= now)


class _Child:
    """One task at work in a process of its own."""

    def __init__(self, index: int, task: Task, limits: Limits) -> None:
        self.index = index
        self._limits = limits
        context: BaseContext = multiprocessing.get_context("fork" if _CAN_FORK else "spawn")
        self.receiver, sender = context.Pipe(duplex=False)
        # A process that is aborted says why on standard error and nowhere else; only a fork can share the file.
        self._words: IO[bytes] | None = tempfile.TemporaryFile() if _CAN_FORK else None  # noqa: SIM115 (closed in `end`)
        words = self._words.fileno() if self._words else None
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=_work, args=(task, limits, sender, words), daemon=True
        )
        with warnings.catch_warnings():
            # Python 3.12 warns of threads at a fork: the child uses nothing a thread of ours could have locked.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        sender.close()
        self.deadline = time.monotonic() + PATIENCE * limits.seconds

    def result(self) -> bytes | BrokenOff:
        if not self.receiver.poll():
            self.end()
            return BrokenOff("clock")
        try:
            message = self.receiver.recv_bytes(self._limits.memory_bytes)
        except EOFError:
            self._process.join()
            return self._aborted()
        except OSError as error:
            return BrokenOff("memory", str(error))  # it wanted to say more than it may hold
        finally:
            self.end()
        if message[:1] == _NO_MEMORY:
            return BrokenOff("memory")
        return message[1:] if message[:1] == _DONE else BrokenOff("fault", message[1:].decode("utf-8", "replace"))

    def _aborted(self) -> BrokenOff:
        words = ""
        if self._words is not None:
            self._words.seek(0)
            words = self._words.read(4096).decode("utf-8", "replace")
        if any(said in words for said in _OUT_OF_MEMORY):
            return BrokenOff("memory")
        code = self._process.exitcode or 0
        if code == -_number_of("SIGXCPU"):
            return BrokenOff("time")
        return BrokenOff("fault", signal.Signals(-code).name if code < 0 else f"exit {code}")

    def end(self) -> None:
        """Stop it if it still runs, and give everything back."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self.receiver.close()
        if self._words is not None:
            self._words.close()
            self._words = None


def _work(task: Task, limits: Limits, sender: Connection, words: int | None) -> None:
    """In the child: the task under its ceilings, its bytes sent back."""
    gc.freeze()  # what was there before the fork is never garbage here
    faulthandler.disable()  # where a fault is told, it is told to the parent
    if words is not None:
        os.dup2(words, 2)
    try:
        _confine(limits)
        message = _DONE + task()
    except MemoryError:
        message = _NO_MEMORY
    except BaseException as error:
        message = _BROKE + _where(error).encode()
    try:
        sender.send_bytes(message)
    except (BrokenPipeError, MemoryError):
        pass
    finally:
        os._exit(0)  # nothing of the parent's is flushed, closed or finalised twice


def _confine(limits: Limits) -> None:
    """Ceilings for this process: memory from what it already has, processor time, no large files, no core dump."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, which ends its children
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WORDS, _MOST_WORDS))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    if _STATM.exists():
        # Not RLIMIT_AS: reserved address space is no memory, and Arrow and thread stacks reserve gigabytes.
        written = int(_STATM.read_text().split()[5]) * resource.getpagesize()
        most = written + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _where(error: BaseException) -> str:
    """The kind of a fault and the line it happened at, for whoever mends it; never what the file says."""
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _number_of(name: str) -> int:
    return int(getattr(signal, name, 0))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
