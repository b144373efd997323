"""The rows of a table as markup, and its head. Like its cells they are put together here: a page has many, all alike."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from guatu.hub.ledger.models import Item
from guatu.hub.web.grid.heads import Head
from guatu.hub.web.grid.lines import GroupLine, Line
from guatu.hub.web.templatetags.saying import unit_said
from guatu.text import Language, Text

_ALL = Text("全选本页", "Choose all on the page")
_OPEN = Text("打开", "Open")


def head_markup(heads: Sequence[Head], language: Language, *, ticks: bool) -> SafeString:
    """The cells over the columns; `ticks` lets all items of the page be chosen at once, before the first name."""
    chooses = f'<input class="tick" type="checkbox" data-ticks aria-label="{_ALL.in_(language)}"> '
    found = (_head(one, language, chooses if ticks and not place else "") for place, one in enumerate(heads))
    return mark_safe("".join(found))  # every part is escaped in `_head`


def _head(head: Head, language: Language, before: str) -> str:
    figure = ' class="figure"' if head.is_number else ""
    way = f' aria-sort="{head.sorted}"' if head.sorted else ""
    title = escape(head.title.in_(language))
    said = f'<a href="{escape(head.sort)}">{title}</a>' if head.sort else title
    unit = f' <span class="soft">{escape(unit_said(head.unit))}</span>' if head.unit else ""
    period = f' <span class="soft">{escape(head.period)}</span>' if head.period else ""
    return f'<th scope="col"{figure}{way}>{before}{said}{unit}{period}</th>'


def rows_markup(lines: Sequence[Line], language: Language) -> SafeString:
    """A row for each line: of a group, or of an item by its name."""
    found = (_group(one.group, one.cells, language) if one.group else _item(one, language) for one in lines)
    return mark_safe("".join(found))  # every part is escaped in the two


def _group(group: GroupLine, cells: str, language: Language) -> str:
    is_open = "false" if group.is_folded else "true"
    folds = f'<a class="folds" href="{escape(group.fold)}" aria-expanded="{is_open}">{escape(group.title.in_(language))}</a>'
    count = f'<span class="count">{group.count}</span>'
    return f'<tr class="group"><th scope="rowgroup" class="d{group.depth}">{folds} {count}</th>{cells}</tr>\n'


def _item(line: Line, language: Language) -> str:
    assert line.item is not None
    depth = f' class="d{line.depth}"' if line.depth else ""
    name = _to_change(line.item, language) if line.is_open else _to_read(line.item)
    return f'<tr><th scope="row"{depth}>{name}</th>{line.cells}</tr>\n'


def _to_read(item: Item) -> str:
    return f'<a href="/items/{item.pk}">{escape(item.name)}</a>'


def _to_change(item: Item, language: Language) -> str:
    """The name as a cell that can be changed, with a box to choose the item by and a way to open it."""
    name, opens = escape(item.name), _OPEN.in_(language)
    return (
        f'<input class="tick" type="checkbox" name="item" value="{item.pk}:{item.revision}" form="bulk" aria-labelledby="i{item.pk}"> '
        f'<span class="naming" id="i{item.pk}"><a class="cell" href="/items/{item.pk}/cells/name">{name}</a></span> '
        f'<a class="opens" href="/items/{item.pk}" title="{opens}"><span aria-hidden="true">↗</span>'
        f'<span class="unseen">{opens} {name}</span></a>'
    )
