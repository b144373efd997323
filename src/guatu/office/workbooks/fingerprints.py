"""The layout of a table: what stays the same from month to month, and the fingerprint it is known by.

A layout is the depth of the header, the order of its titles with their units, the caption and the unit line. Years and
months are slots that count from the round, so 8月完成 in August and 9月完成 in September are one layout. Data, sheets,
months, spacing, full-width letters and the people a caption names do not count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guatu.office.workbooks.normalising import simplified, word_key
from guatu.office.workbooks.tables import Table
from guatu.office.workbooks.titles import MONTH_WORDS, TO_DATE_WORDS, read_title
from guatu.standards.quantities import UnitKind, parse_unit

VERSION = 1
"""Of the way a layout is made out. A higher one gives other fingerprints for the same sheets."""

AMOUNTS = (UnitKind.MONEY, UnitKind.AREA)
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LOOSE_SPACE = re.compile(r"(?<![0-9a-z])\s+|\s+(?![0-9a-z])", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")
_ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_TIMES = re.compile(
    "|".join(
        (
            r"(?P<day>(?<!\d)20\d\d(?:年\d{1,2}月\d{1,2}日?|(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2}(?!\d)))",
            r"(?P<span>(?<!\d)20\d\d年?[-/至~—]20\d\d(?!\d)年?)",
            r"(?P<digits>(?<!\d)20\d\d[-/.]\d\d(?!\d))",
            r"(?P<year>(?<!\d)20\d\d(?!\d)(?:年度?)?)",
            rf"(?P<ytd>{TO_DATE_WORDS.pattern})",
            rf"(?P<month>(?:{MONTH_WORDS.pattern})(?:\d{{1,2}}日)?)",
            r"(?P<quarter>第?[一二三四1-4]季度|(?<![a-z0-9])q[1-4](?![a-z0-9]))",
            r"(?P<half>[上下]半年)",
            r"(?P<week>第?\d{1,2}周)",
            rf"(?P<english>(?<![a-z]){_ENGLISH_MONTH}(?![a-z]))",
        )
    )
)
SERIES = ("{month}", "{ytd}")


@dataclass(frozen=True, slots=True)
class Column:
    """One titled column of a layout, or a series of columns that differ in nothing but their month."""

    title: tuple[str, ...]
    """The title path, outermost first, as keys with slots: {year}, {month}, {ytd} …"""
    unit: str | None = None
    """Unit of money or area the title names."""

    @property
    def shown(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return " | ".join(self.title) + unit


@dataclass(frozen=True)
class Layout:
    """Everything that identifies the shape of a table."""

    depth: int
    """How many rows the header has."""
    caption: tuple[str, ...]
    """Lines above the header, with slots; those that name people, days or units are left out."""
    units: tuple[str, ...]
    """Units of money and area the lines above the table give for it."""
    columns: tuple[Column, ...]

    @cached_property
    def fingerprint(self) -> str:
        """The version and sixteen hexadecimal digits: `1-3f2a9c0d4b5e6f70`."""
        said = [self.depth, self.caption, self.units, [[one.title, one.unit] for one in self.columns]]
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return f"{VERSION}-{hashlib.sha256(written.encode()).hexdigest()[:16]}"

    @cached_property
    def keys(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        """Each column's title and how many columns before it have the same: two 备注 are told apart by order."""
        seen: dict[tuple[str, ...], int] = {}
        keys = []
        for one in self.columns:
            keys.append((one.title, seen.get(one.title, 0)))
            seen[one.title] = keys[-1][1] + 1
        return tuple(keys)


@dataclass(frozen=True)
class LaidOut:
    """A layout and where its columns stand on the sheet at hand."""

    layout: Layout
    places: tuple[tuple[int, ...], ...]
    """For each column of the layout the sheet's columns, from 0; several for a series of months."""


def lay_out(table: Table, captions: Sequence[str], above: Sequence[str], year: int) -> LaidOut:
    """The layout of a table. `year` is the round's; `captions` stand above it, `above` over the tables before it."""
    columns: list[Column] = []
    places: list[list[int]] = []
    months: list[set[int | None]] = []
    for index, path in enumerate(table.paths):
        if not path:
            continue
        one, month = _column(path, year), read_title(path, year).month
        series = any(slot in level for level in one.title for slot in SERIES)
        known = next(
            (at for at, other in enumerate(columns) if series and other == one and month not in months[at]), None
        )
        if known is None:
            columns.append(one)
            places.append([index])
            months.append({month})
        else:
            places[known].append(index)
            months[known].add(month)
    layout = Layout(
        depth=table.header[1] - table.header[0] + 1,
        caption=tuple(filter(None, (_caption(text, year) for text in captions))),
        units=_unit_line((*captions, *above)),
        columns=tuple(columns),
    )
    return LaidOut(layout, tuple(map(tuple, places)))


@lru_cache(maxsize=4096)
def _column(path: tuple[str, ...], year: int) -> Column:
    unit = next(
        (found for part in reversed(path) for kind in AMOUNTS if (found := parse_unit(part, expecting=kind))), None
    )
    levels = (_without_unit(simplified(part), unit.name if unit else None) for part in path)
    title = tuple(slotted for level in levels if (slotted := slots(level, year)))
    # A title that is nothing but a unit keeps it as its name.
    return Column(title or (slots(path[-1], year),), unit.name if unit else None)


def _without_unit(text: str, unit: str | None) -> str:
    if unit is None:
        return text
    bare = _BRACKETS.sub(
        lambda match: "" if any(parse_unit(match[0], expecting=kind) for kind in AMOUNTS) else match[0], text
    )
    return bare.strip().removesuffix(f"/{unit}").removesuffix(unit) or bare


@lru_cache(maxsize=8192)
def slots(text: str, year: int) -> str:
    """A title as a key in which years and months are slots that count from the round's year: {year-1}, {month}."""
    spaced = _LOOSE_SPACE.sub("", simplified(text)).casefold()
    return word_key(_TIMES.sub(lambda match: _slot(match, year), spaced))


def _slot(match: re.Match[str], year: int) -> str:
    text = match[0]
    match match.lastgroup:
        case "year":
            return _year(int(text[:4]), year)
        case "digits":
            first, second = int(text[:4]), int(text[5:])
            if second == (first + 1) % 100:
                return f"{_year(first, year)}/"  # 2021-22: a financial year
            return "{month}" if 1 <= second <= 12 else text
        case "span":
            first, last = (int(found) for found in re.findall(r"20\d\d", text))
            return f"{_year(first, year)}/" if last == first + 1 else text  # 2021-2025: a plan's years do not move
        case "ytd":
            return "{ytd}"
        case "month" | "english":
            return "{month}"
        case kind:
            return f"{{{kind}}}"


def _year(written: int, year: int) -> str:
    return "{year}" if written == year else f"{{year{written - year:+d}}}"


def _caption(text: str, year: int) -> str:
    """A line above the table without what changes with every filing: counts, and lines such as 填报人: …"""
    key = slots(text, year)
    return "" if ":" in key else _FIGURES.sub("#", key)


def _unit_line(lines: Sequence[str]) -> tuple[str, ...]:
    """The units the reader takes for columns that name none: for money and area the first line that gives one."""
    found = (
        next((unit for line in lines if (unit := parse_unit(line, expecting=kind)) is not None), None)
        for kind in AMOUNTS
    )
    return tuple(unit.name for unit in found if unit is not None)


def leaf(text: str, year: int) -> str:
    """A single title as the innermost level of a layout's column has it."""
    return _column((text,), year).title[-1]


def columns_by_place(laid: LaidOut) -> Mapping[int, int]:
    """Sheet column -> its position in the layout."""
    return {column: position for position, places in enumerate(laid.places) for column in places}
