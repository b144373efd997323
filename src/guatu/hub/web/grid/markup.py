"""Cells as markup. A page has hundreds: they are put together here, a template would take longer over them than the database."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.shown import Shown
from guatu.text import Language


def cells_markup(cells: Sequence[Shown], columns: Sequence[Column], language: Language, item: int = 0) -> SafeString:
    """A row's cells beside its name; whatever people wrote is escaped. Of an item that may be changed (`item`) each field is
    a link to the form that changes it."""
    found = (_cell(one, column, language, item) for one, column in zip(cells, columns, strict=True))
    return mark_safe("".join(found))  # every part is escaped in `_cell`


def _cell(one: Shown, column: Column, language: Language, item: int) -> str:
    kind = ' class="figure"' if column.is_number else ""
    why = f' title="{escape(one.missing.in_(language))}"' if one.missing is not None else ""
    said = escape(one.said.in_(language))
    if item and column.kind is Kind.FIELD:
        key = escape(column.key)
        said = f'<a class="cell" href="/items/{item}/cells/{key}">{said}</a>'
    return f"<td{kind}{why}>{said}</td>"
