"""Text as units type it brought to plain characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CIRCLED = {chr(code) for start, end in ((0x2460, 0x2473), (0x2776, 0x2793)) for code in range(start, end + 1)}
_KEPT = str.maketrans({mark: chr(0xE000 + index) for index, mark in enumerate(sorted(_CIRCLED))})
_BACK = {ord(str(kept)): chr(mark) for mark, kept in _KEPT.items()}
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


@lru_cache(maxsize=65536)
def plain(raw: str) -> str:
    """Full-width to half-width (NFKC; 〔〕 and ①② stay), invisible characters dropped, ends trimmed."""
    if raw.isascii() or (raw.isprintable() and unicodedata.is_normalized("NFKC", raw)):
        return raw.strip()
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw).translate(_KEPT)).translate(_BACK)
    return text.strip()
