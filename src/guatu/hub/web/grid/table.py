"""A page of the table, in groups or without."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet

from guatu.hub.ledger.grid.sorting import order_by
from guatu.hub.ledger.models import Item
from guatu.hub.web.grid.groups import grouped
from guatu.hub.web.grid.lines import PER_PAGE, Asked, Table, item_lines


def table(asked: Asked, number: str | None) -> Table:
    """The page of this number; another than there is becomes the nearest."""
    if asked.arranged.group:
        return grouped(asked, number)
    rows = asked.items.order_by(*order_by(asked.ledger, asked.arranged.sort, asked.light))
    count = asked.fold("count", asked.items.order_by().count)
    page = Paginator(range(count), PER_PAGE).get_page(number)
    return Table(item_lines(asked, between(rows, count, max(page.start_index() - 1, 0), page.end_index())), page, count)


def between(rows: QuerySet[Item], count: int, start: int, end: int) -> list[Item]:
    """Rows number `start` up to, not including, `end` of so many, read from the nearer end: the last page costs what the
    first does."""
    if start <= count - end:
        return list(rows[start:end])
    return list(rows.reverse()[count - end : count - start])[::-1]
