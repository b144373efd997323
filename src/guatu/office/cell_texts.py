"""Text that is safe in a cell of whatever spreadsheet program opens it: no formula, no more than a cell holds."""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters no XML may hold, and so no Word document and no workbook."""
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def safe_text(text: str) -> str:
    """`text` so that no spreadsheet program takes it for a formula, and short enough for a cell."""
    clean = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    if begins_like_formula(clean) or (clean.startswith("<r>") and clean.endswith("</r>")):  # XlsxWriter's own markup
        clean = "'" + clean
    return clean if len(clean) <= LONGEST_TEXT // 2 else _cut(clean)


def _cut(text: str) -> str:
    """As much of a text as a cell holds, which counts in units of 16 bits."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def begins_like_formula(value: object) -> bool:
    """Whether a text may be taken for a formula: by a program that opens it, or by one in which it is edited."""
    return isinstance(value, str) and value.lstrip(" \u3000\xa0\ufeff").startswith(_STARTS)
