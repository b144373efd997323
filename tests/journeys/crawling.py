"""Go through every link of the site, one page of each route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from guatu.hub.config.policy import POLICY

NOT_PAGES = {
    "item_cell": "stands in a table that is opened for changing: a journey looks at it",
    "figure_cell": "the same",
    "items_together": "follows when rows of such a table are ticked: a journey looks at it",
    "items_paste": "the same",
    "view": "leads to the table, the board or the calendar",
    "metrics": "figures for a machine",
    "health_live": "a word for a machine",
    "health_ready": "a word for a machine",
    "account_logout": "nothing to look at: the button on each page posts",
    "attachment_file": "a file",
    "attachment_small": "a picture",
    "paper_word": "a Word file",
    "items_points": "what a map is drawn from",
    "items_areas": "the same",
    "load": "stands there once a workbook was sent",
    "import_file": "a workbook",
    "import_line": "a line of a list, asked for again",
    "import_progress": "a part of a page, asked for again",
    "visit_calendar": "an entry for a calendar",
    "import_marked": "a workbook",
    "milestone_verify": "for an inspector alone: looked at by itself",
    "milestone_withdraw": "the same, for whoever claimed it",
    "load_marked": "a workbook",
    "load_template": "a workbook",
    "account_reauthenticate": "comes between when something needs to be confirmed",
    "mfa_reauthenticate": "the same, by a code",
    "mfa_reauthenticate_webauthn": "the same, by a passkey",
    "mfa_authenticate": "a step of signing in",
    "mfa_login_webauthn": "a step of signing in",
    "mfa_view_recovery_codes": "follows at once when codes are made",
    "mfa_remove_webauthn": "stands there once there is a passkey",
    "person_slip": "shown once, after a password was reset",
    "openid_connect_login": "leads to a provider",
    "openid_connect_callback": "comes from a provider",
}
"""Routes that answer with something else than a page, or whose pages nobody among those who look comes to by links."""


def page_routes() -> set[str]:
    """All routes people can open as pages."""
    return {name for name, row in POLICY.items() if "GET" in row and not name.startswith("api-")} - set(NOT_PAGES)


OF_A_ROUTE = {"unit": 3, "target": 2}
"""Of how many addresses of a route the links are followed: a city, a district and a town offer different things, and so do
targets that items tell of and those that people enter."""


SOUGHT = "all => all.map(one => one.getAttribute('action') + '?q=北关')"
"""Where the search at the head of a page leads somebody who looks for what the city has."""


class DeadLink(AssertionError):
    """A link of a page leads nowhere."""


def every_page(page: Any, *starts: str) -> Iterator[str]:
    """The route of each kind of page within reach of links, the page standing at it; each kind once."""
    waiting, seen = [(start, "") for start in (*starts, "/", "/my-data")], Counter[str]()
    been, pages = set[str](), page_routes()
    while waiting:
        address, linked_from = waiting.pop(0)
        if address.startswith("/static/") or address in been:
            continue
        been.add(address)
        route = route_of(address)
        if route is None:
            raise DeadLink(f"{address} on {linked_from}")
        seen[route] += 1
        if seen[route] > OF_A_ROUTE.get(route, 1):
            continue
        if route in pages or "text/html" in page.request.get(address).headers.get("content-type", ""):
            page.goto(address)
            links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
            links += page.eval_on_selector_all("form[role=search]", SOUGHT)
            waiting += [(link, address) for link in dict.fromkeys(links) if link.startswith("/")]
            if seen[route] == 1:
                yield route


def route_of(address: str) -> str | None:
    try:
        return str(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return None
