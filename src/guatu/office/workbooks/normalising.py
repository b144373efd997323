"""Cells as units type them brought to one spelling, for matching and identity; the raw text is kept elsewhere."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_CIRCLED = {chr(code) for start, end in ((0x2460, 0x2473), (0x2776, 0x2793)) for code in range(start, end + 1)}
_KEPT = str.maketrans({mark: chr(0xE000 + index) for index, mark in enumerate(sorted(_CIRCLED))})
_BACK = {ord(str(kept)): chr(mark) for mark, kept in _KEPT.items()}
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(rf"(?<=[\u3400-\u9fff])[(](?=[^()]*[{_TONED}])[a-zü'\s{_TONED}]+[)]")
_SPACES = re.compile(r"\s+")
_QUOTES = re.compile("[\"'“”‘’「」『』«»《》]")
_DASHES = re.compile("[‐‑‒–—―−~～]")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=65536)
def plain(raw: str) -> str:
    """Full-width to half-width (NFKC; 〔〕 and ①② stay), invisible characters dropped, ends trimmed."""
    if raw.isascii() or (raw.isprintable() and unicodedata.is_normalized("NFKC", raw)):
        return raw.strip()
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw).translate(_KEPT)).translate(_BACK)
    return text.strip()


@lru_cache(maxsize=65536)
def simplified(raw: str) -> str:
    """`plain`, with pinyin noise taken out and machine-made traditional characters turned back."""
    text = plain(raw)
    if "(" in text:
        text = _PINYIN.sub("", text)
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_to_simplified().convert(text))
    return text


@lru_cache(maxsize=65536)
def squeezed(raw: str) -> str:
    """`simplified` without any white space: for words in cells (合 计, 已 纳统)."""
    return _SPACES.sub("", simplified(raw))


@lru_cache(maxsize=16384)
def word_key(raw: str) -> str:
    """A title or list name for comparison: squeezed, without quotes, dashes alike, lower case."""
    return _DASHES.sub("-", _QUOTES.sub("", squeezed(raw))).casefold()


def name_key(raw: str) -> str:
    """An item's name for identity: spelling and spaces do not count, 一期/二期 and places do."""
    return word_key(raw)
