"""Read workbooks each in a child process of its own: one that harms its reader costs its sender's report, not the round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.limits import Limits, limits_in_force
from guatu.office.containers.refusals import UnreadableWorkbook, packed_refusal, unpacked_refusal
from guatu.office.workbooks.packed import NotAReading, pack_reading, unpack_reading
from guatu.office.workbooks.reading import WorkbookReading
from guatu.text import Refusal

Read = Callable[[], WorkbookReading]
"""`read_workbook` with everything it needs, as a partial: it may have to travel to another interpreter."""

_READ, _UNREADABLE, _REFUSED = b"R", b"U", b"N"


def read_each(
    reads: Sequence[tuple[Path, Read]],
    *,
    done: Callable[[int], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
    room: int = 1,
) -> list[WorkbookReading | UnreadableWorkbook]:
    """What each workbook gives, in the order given, or why it cannot be read; several are read at once.

    `done` hears how many have been read; `meanwhile` is done here once all are begun. `room` is how many times the usual
    time a reader may work, for workbooks with as many times the usual sheets. Raises any other refusal of the first
    workbook that meets one: a mapping file that does not fit is no fault of the workbook.
    """
    usual = limits_in_force()
    limits = replace(usual, seconds=room * usual.seconds)
    answers = run_each([partial(_packed, read) for _, read in reads], limits, done=done, meanwhile=meanwhile)
    return [_unpacked(path, answer, limits) for (path, _), answer in zip(reads, answers, strict=True)]


def _packed(read: Read) -> bytes:
    """In the child."""
    try:
        return _READ + pack_reading(read())
    except UnreadableWorkbook as refused:
        return _UNREADABLE + packed_refusal(refused)
    except Refusal as refused:
        return _REFUSED + packed_refusal(refused)


def _unpacked(path: Path, answer: bytes | BrokenOff, limits: Limits) -> WorkbookReading | UnreadableWorkbook:
    if isinstance(answer, BrokenOff):
        return answer.refusal(path.name, limits)
    match answer[:1]:
        case b"R":
            try:
                return unpack_reading(answer[1:], path)
            except NotAReading as error:
                return BrokenOff("fault", str(error)).refusal(path.name, limits)
        case b"U":
            return UnreadableWorkbook(*unpacked_refusal(answer[1:]))
        case _:
            raise Refusal(*unpacked_refusal(answer[1:]))
