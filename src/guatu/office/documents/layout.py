"""The page of an official document in numbers: GB/T 9704-2012, read by both renderers.

Lengths in millimetres, type in points. 22 lines of 28 characters of 3号 (16 pt) fill the type area of 156 × 225 mm.
"""

from __future__ import annotations

from dataclasses import dataclass

PAGE_WIDTH = 210
PAGE_HEIGHT = 297
TOP = 37
LEFT = 28
RIGHT = 26
BOTTOM = 35
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
LINES = 22
CHARACTERS = 28
LINE_PITCH_TWIPS = 580
"""225 mm / 22 lines = 28.99 pt."""
TRACKING = -0.25
"""156 mm / 28 characters = 15.79 pt, 0.21 pt less than 16; Word counts in twentieths. Set on
the type, not as a character grid: Word, WPS and LibreOffice differ on a grid of characters, not on one of lines."""
LINE = 29.0
OUTER_RULE = 0.35
INNER_RULE = 0.25
FOLIO_BELOW = 7
"""The page number stands this far below the type area."""

SIZE_TITLE = 22.0  # 2号
SIZE_BODY = 16.0  # 3号
SIZE_SMALL = 14.0  # 4号
SIZE_TABLE = {"normal": 12.0, "small": 10.5, "fine": 9.0}  # 小4号, 5号, 小5号
SIZE_CAPTION = 12.0
SIZE_NOTE = 10.5  # 5号
SIZE_MASTHEAD = 36.0  # 小初


@dataclass(frozen=True, slots=True)
class Face:
    """A face of type: what a DOCX names (the reader's machine has it) and what a PDF embeds (free fonts)."""

    named: str
    also_named: str
    embedded: tuple[str, ...]
    heavier: float = 0.0
    """Stroke, in em, that stands in for a bold the free font lacks."""


TITLE = Face("方正小标宋简体", "宋体", ("FZXiaoBiaoSong-B05S", "Noto Serif CJK SC"), heavier=0.024)
BODY = Face("仿宋_GB2312", "仿宋", ("FandolFang R", "FandolFang", "Noto Serif CJK SC"))
HEI = Face("黑体", "SimHei", ("Noto Sans CJK SC",), heavier=0.012)
KAI = Face("楷体_GB2312", "楷体", ("FandolKai", "Noto Serif CJK SC"), heavier=0.008)
SONG = Face("宋体", "SimSun", ("Noto Serif CJK SC",))
LATIN = "Times New Roman"


def signature_indents(signer: str, dated: str) -> tuple[float, float]:
    """How far signer and date stand from the right edge, in characters: the date four, the signer centred on it."""
    date_indent = 4.0
    difference = (width(signer) - width(dated)) / 2
    return max(2.0, date_indent - difference), date_indent + max(0.0, difference - 2.0)


def width(text: str) -> float:
    """How wide a text sets, in Chinese characters."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)
