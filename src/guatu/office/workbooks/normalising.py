"""Cells as units type them brought to one spelling, for matching and identity; the raw text is kept elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

from guatu.office.containers.spelling import plain
from guatu.standards.traditional import to_simplified

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(rf"(?<=[\u3400-\u9fff])[(](?=[^()]*[{_TONED}])[a-zü'\s{_TONED}]+[)]")
_QUOTES = re.compile("[\"'“”‘’「」『』«»《》]")
_DASHES = re.compile("[‐‑‒–—―−~～]")
_QUOTE_OR_DASH = re.compile(f"{_QUOTES.pattern}|{_DASHES.pattern}")


@lru_cache(maxsize=65536)
def simplified(raw: str) -> str:
    """`plain`, with pinyin noise taken out and machine-made traditional characters turned back."""
    text = plain(raw)
    if "(" in text:
        text = _PINYIN.sub("", text)
    return to_simplified(text)


@lru_cache(maxsize=65536)
def squeezed(raw: str) -> str:
    """`simplified` without any white space: for words in cells (合 计, 已 纳统)."""
    return "".join((raw if raw.isascii() else simplified(raw)).split())


@lru_cache(maxsize=16384)
def word_key(raw: str) -> str:
    """A title or list name for comparison: squeezed, without quotes, dashes alike, lower case."""
    text = squeezed(raw)
    if _QUOTE_OR_DASH.search(text):
        text = _DASHES.sub("-", _QUOTES.sub("", text))
    return text.casefold()


@lru_cache(maxsize=65536)
def name_key(raw: str) -> str:
    """An item's name for identity: spelling and spaces do not count, 一期/二期 and places do."""
    return word_key(raw)
