"""Names that are alike: what tells items apart is kept, what says nothing is left out, and only likely pairs are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guatu.declarations.checks import Naming

_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_NUMBER = re.compile("[〇零一二三四五六七八九十]+")
_ROMAN = re.compile("(?<![a-z])(?:viii|vii|vi|iv|ix|iii|ii|v|x|i)(?![a-z])")
_ROMANS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


@lru_cache(maxsize=65536)
def identity_name(name: str) -> str:
    """The name as identity compares it: width, case and spaces folded, 一期/二期 and places kept."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


@dataclass(frozen=True, slots=True)
class ComparedName:
    """A name as comparison sees it."""

    bare: str
    """Without marks and words that say nothing."""
    marks: frozenset[str]
    """What tells the item apart: 1期, 南区, 2标段."""


@lru_cache(maxsize=65536)
def compared(name: str, naming: Naming) -> ComparedName:
    """Chinese and Roman numbers are written in digits, so that 二期, Ⅱ期 and 2期 are one mark."""
    text = _NUMBER.sub(lambda found: _digits(found[0]), identity_name(name))
    text = _ROMAN.sub(lambda found: _ROMANS[found[0]], text)
    marks: set[str] = set()
    for pattern in naming.marks:
        marks.update(found[0] for found in re.finditer(pattern, text))
        text = re.sub(pattern, "", text)
    for word in sorted(naming.noise, key=len, reverse=True):
        text = text.replace(identity_name(word), "")
    return ComparedName(re.sub(r"[\W_]", "", text), frozenset(marks))


def _digits(numeral: str) -> str:
    """十二 -> 12, 二十 -> 20, 一〇一 -> 101."""
    if "十" not in numeral:
        return "".join(_DIGITS[one] for one in numeral)
    tens, _, ones = numeral.partition("十")
    return (_digits(tens) if tens else "1") + (_digits(ones) if ones else "0")


def likely_pairs(
    left: Sequence[tuple[Hashable, ComparedName]],
    right: Sequence[tuple[Hashable, ComparedName]] | None,
    likeness: int,
) -> Iterator[tuple[int, int, int]]:
    """Positions of the pairs alike in at least `likeness` percent, and how alike they are.

    Each entry has a key besides its name; only entries of one key (the same credit code, the same amount) with the
    same marks are compared, so that a province's names are never all held against each other. Without `right`, pairs
    within `left`, each once.
    """
    from rapidfuzz import fuzz, process

    blocks: dict[tuple[Hashable, frozenset[str]], tuple[list[int], list[int]]] = {}
    for side, entries in enumerate((left, right or ())):
        for position, (key, name) in enumerate(entries):
            blocks.setdefault((key, name.marks), ([], []))[side].append(position)
    for first, second in blocks.values():
        for place, position in enumerate(first):
            others = first[place + 1 :] if right is None else second
            names = [(left if right is None else right)[other][1].bare for other in others]
            bare = left[position][1].bare
            found = process.extract(bare, names, scorer=fuzz.ratio, score_cutoff=likeness, limit=None)
            for _, score, index in found:
                yield position, others[index], int(score)
