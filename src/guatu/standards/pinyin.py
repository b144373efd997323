"""Chinese characters as pinyin without tones, for finding names by how they sound: 重庆路 is chong qing lu, ü is v.

From two tables beside this module (`data/README.md`), so that a web process needs no dictionary of a hundred thousand words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LONGEST = 3
"""Characters of the longest word with a reading of its own."""


def spelt(text: str) -> tuple[str, ...]:
    """A syllable for each Chinese character; of anything else each run as it stands, without blanks."""
    return tuple(filter(None, (one.strip() for one in read_by(text, *_tables()))))


def read_by(text: str, usual: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """`text` by the longest words known at each place, else by each character's usual reading."""
    found: list[str] = []
    start, place = 0, 0  # `start`: of a run that is no Chinese
    while place < len(text):
        said = usual.get(text[place])
        if said is None:
            place += 1
            continue
        if start < place:
            found.append(text[start:place])
        word = next((text[place : place + n] for n in range(LONGEST, 1, -1) if text[place : place + n] in words), "")
        found.extend(words[word] if word else (said,))
        start = place = place + (len(word) or 1)
    if start < len(text):
        found.append(text[start:])
    return tuple(found)


@cache
def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    data = files("guatu.standards") / "data"
    lines = (line.split() for line in (data / "pinyin.txt").read_text(encoding="utf-8").splitlines())
    usual = {char: said for said, chars in lines for char in chars}
    words = (line.split() for line in (data / "pinyin_words.txt").read_text(encoding="utf-8").splitlines())
    return usual, {word: tuple(said) for word, *said in words}
