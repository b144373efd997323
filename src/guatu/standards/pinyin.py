"""Chinese characters as pinyin without tones, for finding names by how they sound: 重庆路 is chong qing lu, ü is v.

The dictionary behind it takes some 50 MB and a quarter of a second: it is read when the first name is spelt, so that a process
which only looks names up never holds it. Processes that share their memory read it before they part.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def spelt(text: str) -> tuple[str, ...]:
    """A syllable for each Chinese character; of anything else each run as it stands, without blanks."""
    return tuple(filter(None, (one.strip() for one in read().lazy_pinyin(text))))


@lru_cache(maxsize=1)
def read() -> Any:
    """The library with its dictionary, of whose 180,000 syllables in words each that is the same is held once."""
    import pypinyin
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.phrases_dict import phrases_dict

    once: dict[tuple[str, ...], list[str]] = {}
    for word, said in PHRASES_DICT.items():
        phrases_dict[word] = PHRASES_DICT[word] = [once.setdefault(tuple(one), one) for one in said]
    return pypinyin
