"""Cells as markup. A page has hundreds: they are put together here, a template would take longer over them than the database."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from guatu.hub.ledger.grid.columns import Column
from guatu.hub.ledger.shown import Shown
from guatu.text import Language


def cells_markup(cells: Sequence[Shown], columns: Sequence[Column], language: Language) -> SafeString:
    """A row's cells beside its name; whatever people wrote is escaped."""
    found = (_cell(one, column.is_number, language) for one, column in zip(cells, columns, strict=True))
    return mark_safe("".join(found))  # every part is escaped in `_cell`


def _cell(one: Shown, is_number: bool, language: Language) -> str:
    kind = ' class="figure"' if is_number else ""
    why = f' title="{escape(one.missing.in_(language))}"' if one.missing is not None else ""
    return f"<td{kind}{why}>{escape(one.said.in_(language))}</td>"
