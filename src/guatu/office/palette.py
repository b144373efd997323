"""The colours and sizes of everything Guatu prints: paper, ink, one seal red, one quiet blue.

Documents, charts and workbooks take their colours from here by token, so that a light looks the same on every page.
A colour never stands alone: whatever it says is also said by a shape and a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAPER = "#FFFFFF"
WARM = "#F6F2EA"
INK = "#1F1D1A"
QUIET = "#6B665E"
HAIRLINE = "#C9C2B6"
CINNABAR = "#B5301E"
BLUE = "#2F5D8A"

LIGHT_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "green": "#3E7A4E",
        "blue": BLUE,
        "yellow": "#9A6B00",
        "orange": "#B4570F",
        "red": CINNABAR,
        "grey": QUIET,
    }
)
"""Colour tokens a rulebook's palette may name. All keep 4.5 : 1 against white paper."""

LIGHT_TINTS: Mapping[str, str] = MappingProxyType(
    {
        "green": "#E7F0E8",
        "blue": "#E4ECF4",
        "yellow": "#FBF1D6",
        "orange": "#FAE6D6",
        "red": "#F7E1DD",
        "grey": "#EFEDE9",
    }
)
"""The same tokens as a quiet ground behind ink."""

LIGHT_FILLS: Mapping[str, str] = MappingProxyType(
    {"green": "#CFE0D2", "blue": PAPER, "yellow": PAPER, "orange": PAPER, "red": CINNABAR, "grey": PAPER}
)
"""Grounds in charts: what is well stays pale, what asks for action is dark, also in black and white."""

LIGHT_HATCHES: Mapping[str, str] = MappingProxyType(
    {"green": "", "blue": "..", "yellow": "//", "orange": "xx", "red": "", "grey": "--"}
)
"""With the grounds above, what tells the tokens apart where the printer has only black."""
