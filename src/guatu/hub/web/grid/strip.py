"""The views of one filter: whichever is opened, the address says the same."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.models import Ledger
from guatu.hub.web.templatetags.addresses import address_of
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
    address: SafeString
    is_open: bool


def views_of(request: ActorRequest, ledger: Ledger) -> list[View]:
    """All views of a ledger, each with what the open one is asked for; pages are counted anew in each."""
    pairs = [(name, value) for name, values in request.GET.lists() if name != "page" for value in values]
    query = escape(f"?{urlencode(pairs)}" if pairs else "")
    here = request.resolver_match.view_name if request.resolver_match is not None else ""
    return [View(title, address_of(route, ledger.key) + query, route == here) for route, title in VIEWS]
