"""Where `guatu/standards/data/pinyin*.txt` come from: python -m tests.standards.pinyin_table writes them anew from pypinyin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files

from pypinyin import Style
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.style import convert

from guatu.standards.pinyin import LONGEST, read_by

FIRST, LAST = 0x4E00, 0x9FFF  # CJK Unified Ideographs, the block names are written in


def syllables() -> dict[str, str]:
    """Each character's most usual syllable, without its tone."""
    return {
        chr(code): convert(readings.split(",")[0], Style.NORMAL, strict=True)
        for code, readings in PINYIN_DICT.items()
        if FIRST <= code <= LAST
    }


def words(usual: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Words whose characters are not all read as usual, shortest first, those that follow from shorter ones left out."""
    found: dict[str, tuple[str, ...]] = {}
    for length in range(2, LONGEST + 1):
        for word in sorted(word for word in PHRASES_DICT if len(word) == length):
            said = tuple(convert(one[0], Style.NORMAL, strict=True) for one in PHRASES_DICT[word])
            if len(said) == length and all(char in usual for char in word) and read_by(word, usual, found) != said:
                found[word] = said
    return found


def characters_written(usual: Mapping[str, str]) -> str:
    """A line a syllable: the syllable, and all characters read so."""
    by_syllable: dict[str, str] = defaultdict(str)
    for char in sorted(usual):
        by_syllable[usual[char]] += char
    return "".join(f"{said} {chars}\n" for said, chars in sorted(by_syllable.items()))


def words_written(found: Mapping[str, tuple[str, ...]]) -> str:
    return "".join(f"{word} {' '.join(said)}\n" for word, said in sorted(found.items()))


if __name__ == "__main__":
    data = files("guatu.standards") / "data"
    usual = syllables()
    for name, text in (("pinyin.txt", characters_written(usual)), ("pinyin_words.txt", words_written(words(usual)))):
        (data / name).write_text(text, encoding="utf-8")  # type: ignore[attr-defined]  # a folder on disk here
