"""Finding items by what people type: part of a name, a code, pinyin or initials, traditional or simplified."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from guatu.standards.pinyin import spelt
from guatu.standards.traditional import to_simplified

MOST_WORDS, LONGEST_WORD = 8, 64
LONGEST = 200
"""Characters of a question; what comes after them is not looked for."""
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z\-]{5,63}")
_BETWEEN_SCRIPTS = re.compile(r"(?<=[a-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z])|\s+")


def search_text(name: str, code: str, values: Mapping[str, Any]) -> str:
    """All an item can be found by, a line each: its name, its codes, its name in pinyin, the initials of that.

    Codes are its own and every value that has the form of one (project codes, credit codes).
    """
    plain = _folded(name)
    syllables = spelt(plain)
    codes = [code, *(one for one in values.values() if isinstance(one, str) and _CODE.fullmatch(one))]
    lines = [plain, *map(_folded, codes), "".join(syllables), "".join(map(_initial, syllables))]
    return "\n".join(filter(None, dict.fromkeys(lines)))


def words_of(asked: str) -> list[str]:
    """What is looked for, as `search_text` spells it: an item must hold every word. 东关 daqiao are two."""
    text = _spelling(asked[:LONGEST]).replace("ü", "v")
    return [word[:LONGEST_WORD] for word in _BETWEEN_SCRIPTS.split(text) if word][:MOST_WORDS]


def _folded(text: str) -> str:
    return "".join(_spelling(text).split())


def _spelling(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFKC", text).replace("\x00", "")).casefold()


def _initial(said: str) -> str:
    """Of a syllable its first letter; numbers stay whole: T6楼 is t6l."""
    return said if any(char.isdigit() for char in said) else said[0]
