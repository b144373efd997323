"""A line as small as a word: how a figure went, round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.hub.web.charts.parts import worded
from guatu.hub.web.charts.scales import Scale, Value, place
from guatu.standards.unit_titles import behind
from guatu.text import Text

WIDTH, HEIGHT = 96, 24
_EDGE = 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A path with its last point marked; `told` says the figures in words, which is the table behind so small a picture."""

    title: Text
    told: Text
    path: str
    last: tuple[str, str] | None
    width: int = WIDTH
    height: int = HEIGHT


NO_UNIT = Text("", "")


def sparkline(title: Text, values: Sequence[Value | None], *, unit: Text = NO_UNIT) -> Sparkline:
    """Figures one after the other, the newest at the right, from the least to the greatest; None leaves a gap."""
    known = [Decimal(one) for one in values if one is not None]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(0))
    up = Scale(low, high, HEIGHT - _EDGE, _EDGE) if low != high else Scale(low, low, HEIGHT / 2, HEIGHT / 2)
    step = (WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    parts, pen, last = [], "M", None
    for number, one in enumerate(values):
        if one is None:
            pen = "M"
            continue
        last = (place(_EDGE + step * number), place(up.at(one)))
        parts.append(f"{pen}{last[0]} {last[1]}")
        pen = "L"
    said = [worded(one) for one in values]
    told = Text("、".join(one.zh for one in said), ", ".join(one.en for one in said))
    measured = behind(unit)
    return Sparkline(title, Text(f"{told.zh}{measured.zh}", f"{told.en}{measured.en}"), "".join(parts), last)
