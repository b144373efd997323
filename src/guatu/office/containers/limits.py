"""What one file may ask of the machine. The defaults hold for a city; the operator of a machine may set others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from guatu.office.containers.grid import address
from guatu.office.containers.refusals import SAVE_AGAIN, UnreadableWorkbook, refused
from guatu.text import Refusal, Text

PREFIX = "GUATU_MOST_"
"""`GUATU_MOST_ROWS=50000` sets the limit `rows`."""

HEADING_ROWS = 100
"""Rows beside those of the table itself, for titles, header, totals and notes."""

_MB = 1024 * 1024
_SPLIT = Text(
    "只留本期要报的表；确需更多，分成几个文件报，或请系统管理员调大 {setting}。",
    "Keep only the tables of this round; send more in several files, or ask the operator to raise {setting}.",
)
_FAR = Text(
    "删去表外的内容（{cell} 附近的整行整列）后另存；确需这么大，请系统管理员调大 {setting}。",
    "Delete what lies outside the table (whole rows and columns around {cell}) and save; "
    "if it must be that large, ask the operator to raise {setting}.",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of one machine. Megabytes are 1,048,576 bytes."""

    file_mb: int = 10
    unpacked_mb: int = 100
    entries: int = 200
    rows: int = 20_000
    columns: int = 100
    memory_mb: int = 512
    seconds: int = 20

    @property
    def file_bytes(self) -> int:
        return self.file_mb * _MB

    @property
    def unpacked_bytes(self) -> int:
        return self.unpacked_mb * _MB

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb * _MB


def setting(limit: str) -> str:
    """The environment variable that sets a limit."""
    return f"{PREFIX}{limit.upper()}"


def limits_in_force() -> Limits:
    """The limits of this machine: the defaults, or what its environment sets; a wrong setting is refused."""
    known = {setting(one.name) for one in fields(Limits)}
    return _limits(tuple(sorted((key, os.environ[key]) for key in known & os.environ.keys())))


@lru_cache
def _limits(given: tuple[tuple[str, str], ...]) -> Limits:
    return read_limits(dict(given))


def read_limits(environment: Mapping[str, str]) -> Limits:
    """The limits an environment sets. Raises Refusal for a value that is no whole number above 0."""
    found = {}
    for limit in (one.name for one in fields(Limits)):
        written = environment.get(setting(limit), "").strip()
        if not written:
            continue
        if not written.isascii() or not written.isdigit() or int(written) == 0:
            raise Refusal(
                setting(limit),
                Text(f"“{written}”不是大于 0 的整数", f"'{written}' is no whole number above 0"),
                Text(
                    "改成整数，或去掉这个设置用默认值。", "Write a whole number, or remove the setting for the default."
                ),
            )
        found[limit] = int(written)
    return Limits(**found)


def too_large(name: str, size: int, limits: Limits) -> UnreadableWorkbook:
    most, is_ = limits.file_mb, megabytes(size)
    return refused(name, f"有 {is_} MB，上限 {most} MB", f"has {is_} MB, the limit is {most} MB", _split("file_mb"))


def unpacks_too_far(name: str, size: int, limits: Limits) -> UnreadableWorkbook:
    most, is_ = limits.unpacked_mb, megabytes(size)
    return refused(
        name,
        f"解压后有 {is_} MB，上限 {most} MB",
        f"unpacks to {is_} MB, the limit is {most} MB",
        _split("unpacked_mb"),
    )


def too_many_entries(name: str, entries: int, limits: Limits) -> UnreadableWorkbook:
    return refused(
        name,
        f"由 {entries} 个部件组成，上限 {limits.entries} 个",
        f"is made of {entries} parts, the limit is {limits.entries}",
        Text(
            f"{SAVE_AGAIN.zh}仍不行，请删去图片和附件，或请系统管理员调大 {setting('entries')}。",
            f"{SAVE_AGAIN.en} If that does not help, delete pictures and attachments, "
            f"or ask the operator to raise {setting('entries')}.",
        ),
    )


def require_extent(name: str, sheet: str, height: int, width: int, limits: Limits) -> None:
    """Refuse a sheet that uses more rows or columns than a ledger has; blank cells with a format do not count."""
    if height > limits.rows + HEADING_ROWS:
        raise refused(
            name,
            f"的工作表“{sheet}”用到第 {height} 行，上限 {limits.rows} 行",
            f"uses row {height} in its sheet '{sheet}', the limit is {limits.rows} rows",
            _FAR.filled(cell=address(height - 1, 0), setting=setting("rows")),
        )
    if width > limits.columns:
        raise refused(
            name,
            f"的工作表“{sheet}”用到第 {width} 列，上限 {limits.columns} 列",
            f"uses column {width} in its sheet '{sheet}', the limit is {limits.columns} columns",
            _FAR.filled(cell=address(0, width - 1), setting=setting("columns")),
        )


def megabytes(size: int) -> str:
    return f"{size / _MB:,.1f}"


def _split(limit: str) -> Text:
    return _SPLIT.filled(setting=setting(limit))
