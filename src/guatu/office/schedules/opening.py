"""Which software wrote a schedule file: told by what is in it, never by its ending."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from guatu.office.containers.limits import Limits, limits_in_force, megabytes, setting
from guatu.office.containers.trial import try_out
from guatu.office.schedules.facts import ScheduleFile
from guatu.office.schedules.mspdi import read_mspdi
from guatu.office.schedules.refusals import refused
from guatu.office.schedules.xer import read_xer
from guatu.text import Text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_schedule(path: Path, limits: Limits | None = None) -> ScheduleFile:
    """Read a Microsoft Project XML or a Primavera XER file, tried out in a child within the limits first.

    Raises UnreadableSchedule for anything else, UnreadableWorkbook for one that takes more than the limits.
    """
    limits = limits or limits_in_force()
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise _too_large(path.name, size, limits)
    content = path.read_bytes()
    try_out(path.name, partial(_read, path.name, content, limits), limits)
    return _read(path.name, content, limits)


def _read(name: str, content: bytes, limits: Limits) -> ScheduleFile:
    if content.startswith(b"ERMHDR\t"):
        return read_xer(name, content, limits)
    if content.startswith(_OLE):
        raise refused(
            name, "是 .mpp（Microsoft Project 的二进制格式）", "is .mpp, the binary form of Microsoft Project"
        )
    if content.startswith(b"MPX"):
        raise refused(name, "是 MPX（Microsoft Project 98 的旧格式）", "is MPX, the old form of Microsoft Project 98")
    if content.lstrip().startswith(b"<") or content.startswith(_BOMS):
        return read_mspdi(name, content, limits)
    raise refused(name, "不是进度计划", "is no schedule")


def _too_large(name: str, size: int, limits: Limits) -> Exception:
    return refused(
        name,
        f"有 {megabytes(size)} MB，上限 {limits.file_mb} MB",
        f"has {megabytes(size)} MB, the limit is {limits.file_mb} MB",
        Text(
            f"拆成几份计划，或请系统管理员调大 {setting('file_mb')}。",
            f"Split the schedule, or ask the operator to raise {setting('file_mb')}.",
        ),
    )
