"""What a number format code says: a percentage, a figure shown on another scale, a unit written behind it."""

from __future__ import annotations

import re

from guatu.standards.units import UnitKind, unit_named

BUILT_IN_PERCENT = frozenset({9, 10})
"""Ids of the built-in formats 0% and 0.00% in every Excel file."""

_WRITTEN = re.compile(r'"[^"]*"|[\\!_*].|\[[^]]*\]')
_WRITTEN_POINT = re.compile(r'[0#?](?:[\\!]\.|"\.")[0#?]')


def is_percent(code: str) -> bool:
    """Whether a cell of that format shows 0.813 as 81.3 %."""
    return "%" in _bare(code)


def _bare(code: str) -> str:
    """A format code without what it only writes: quoted and escaped characters, paddings, colours and locales."""
    return _WRITTEN.sub("", code)


def scales(code: str) -> bool:
    """Whether a number format moves the decimal point: `0.00,` and `0!.0,` show less than the cell holds."""
    positive = code.split(";")[0]
    return bool(_WRITTEN_POINT.search(positive) or re.search(r"[0#?],+(?![0#?,.])", _bare(positive)))


def unit_in(code: str) -> str:
    """The unit a number format writes behind the figure (`0.00"亿元"`); empty when it writes none."""
    positive = re.sub(r"\[[^]]*\]|[_*].", "", code.split(";")[0])
    words = re.sub(r"[\"\\!0#?.,\s]", "", positive)
    unit = unit_named(words) if words else None
    return unit.name if unit is not None and unit.kind is not UnitKind.PERCENT else ""
