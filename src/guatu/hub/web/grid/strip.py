"""The views of one filter: whichever is opened, the address says the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.models import Ledger
from guatu.text import Text

VIEWS: tuple[tuple[str, Text], ...] = (
    ("items", Text("表格", "Table")),
    ("items_board", Text("看板", "Board")),
    ("items_calendar", Text("日历", "Calendar")),
    ("items_gantt", Text("甘特图", "Gantt")),
    ("items_map", Text("地图", "Map")),
    ("items_charts", Text("图表", "Charts")),
)
"""Route and name of each view, in the order of the strip. A route takes `ledger_key` and reads `ItemsAsked.of(request.GET)`."""


@dataclass(frozen=True, slots=True)
class View:
    """A view of the items that are asked for, and where it is."""

    title: Text
    address: str
    is_open: bool


def views_of(request: ActorRequest, ledger: Ledger) -> list[View]:
    """All views of a ledger, each with what the open one is asked for; pages are counted anew in each."""
    said = request.GET.copy()
    said.pop("page", None)
    query = f"?{said.urlencode()}" if said else ""
    here = request.resolver_match.view_name if request.resolver_match is not None else ""
    return [View(title, reverse(route, args=[ledger.key]) + query, route == here) for route, title in VIEWS]
