"""Every saying of the pages, gathered from where it is written: `{% say %}` in templates, `Text` in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HUB = Path(__file__).resolve().parents[3] / "src/guatu/hub"
CHINESE = re.compile("[\u4e00-\u9fff]")
MEASURED = frozenset(("万元", "亿元", "元", "个", "亩"))
"""Units a city measures in: on an English page they are data, as a pack wrote them."""
_SAY = re.compile(
    r"""\{%\s*say\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^%]*%\}"""
)
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def in_template(path: Path) -> Iterator[tuple[str, str]]:
    """Chinese and English of each saying in a template."""
    for chinese, english in _SAY.findall(path.read_text(encoding="utf-8")):
        yield chinese[1:-1], english[1:-1]


def beside_sayings(path: Path) -> str:
    """What a template says by itself, in one language."""
    return _SAY.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))


def in_module(path: Path) -> Iterator[tuple[str, str]]:
    """Those of `Text(…, …)` that hold nothing but words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(said) == 2:
                yield said[0], said[1]


@cache
def own_words() -> frozenset[str]:
    """All that pages say of themselves in Chinese, whole: what is filled in, and names people gave, are not among it."""
    found = {zh for path in HUB.rglob("*.html") for zh, en in in_template(path) if zh != en}
    found |= {zh for path in HUB.rglob("*.py") for zh, en in in_module(path) if zh != en}
    return frozenset(one.strip() for one in found if CHINESE.search(one) and "{" not in one) - MEASURED
