"""A page of the table, in groups or without."""

from __future__ import annotations

from django.core.paginator import Paginator

from guatu.hub.ledger.grid.sorting import order_by
from guatu.hub.web.grid.groups import grouped
from guatu.hub.web.grid.lines import PER_PAGE, Asked, Table, item_lines


def table(asked: Asked, number: str | None) -> Table:
    """The page of this number; another than there is becomes the nearest."""
    if asked.arranged.group:
        return grouped(asked, number)
    rows = asked.items.order_by(*order_by(asked.ledger, asked.arranged.sort, asked.light))
    page = Paginator(rows, PER_PAGE).get_page(number)
    return Table(item_lines(asked, list(page.object_list)), page, page.paginator.count)
