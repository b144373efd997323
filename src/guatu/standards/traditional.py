"""Traditional characters brought to simplified ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def to_simplified(text: str) -> str:
    """`text` in simplified characters; what GB 2312 can write is left as it is."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text))
    return text


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC  # most texts need none of it

    return OpenCC("t2s")
