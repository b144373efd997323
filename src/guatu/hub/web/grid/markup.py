"""Cells as markup. A page has hundreds: they are put together here, a template would take longer over them than the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.shown import Shown
from guatu.hub.web.templatetags.lights import light, strip
from guatu.text import Language

CLOSED: Mapping[str, str] = {}


def cells_markup(
    cells: Sequence[Shown],
    columns: Sequence[Column],
    language: Language,
    why: str = "",
    opens: Mapping[str, str] = CLOSED,
) -> SafeString:
    """A row's cells beside its name; whatever people wrote is escaped. `opens` leads from a column to the form that changes its
    cell; a light leads to its reasons (`why`)."""
    found = (_cell(one, column, language, why, opens) for one, column in zip(cells, columns, strict=True))
    return mark_safe("".join(found))  # every part is escaped in `_cell`


def _cell(one: Shown, column: Column, language: Language, reasons: str, opens: Mapping[str, str]) -> str:
    kind = ' class="figure"' if column.is_number else ""
    why = f' title="{escape(one.missing.in_(language))}"' if one.missing is not None else ""
    if column.kind is Kind.LIGHT:
        lit = _lights(one.said.zh.split(), column.key)
        return (
            f'<td><a class="lamp" href="{reasons}">{lit}</a></td>'
            if reasons and column.key == "light"
            else f"<td>{lit}</td>"
        )
    said = escape(one.said.in_(language))
    if column.key in opens:
        said = f'<a class="cell" href="{escape(opens[column.key])}">{said}</a>'
    return f"<td{kind}{why}>{said}</td>"


def _lights(severities: Sequence[str], key: str) -> str:
    """Lights are drawn by the tags that draw them everywhere."""
    if key == "strip":
        return strip(severities) if severities else ""
    return light(severities[0]) if severities else ""
