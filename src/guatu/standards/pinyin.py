"""Chinese characters as pinyin without tones, for finding names by how they sound: 重庆路 is chong qing lu, ü is v.

The dictionary behind it takes some 40 MB and a quarter of a second: it is read when the first name is spelt, so that a process
which only looks names up never holds it.
"""

from __future__ import annotations


def spelt(text: str) -> tuple[str, ...]:
    """A syllable for each Chinese character; of anything else each run as it stands, without blanks."""
    from pypinyin import lazy_pinyin

    return tuple(filter(None, (one.strip() for one in lazy_pinyin(text))))
