"""What every page's frame needs: who is signed in, where they may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.roles import Permission
from guatu.hub.web import news
from guatu.hub.web.helping.texts import HELP
from guatu.text import Language, Text


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the site in the masthead."""

    route: str
    title: Text
    permission: Permission | None
    """Who is offered it; None is everybody."""
    segments: tuple[str, ...]
    """What addresses of its pages begin with."""


_PAGE, _PART = mark_safe(' aria-current="page"'), mark_safe(' aria-current="true"')
PLACES = (
    Place("home", Text("我的桌面", "My desk"), None, ("", "due")),
    Place("report", Text("填报", "Report"), Permission.REPORT_ITEMS, ("report",)),
    Place("ledgers", Text("台账", "Ledgers"), Permission.SEE_ITEMS, ("ledgers", "items", "imports", "views")),
    Place("goals", Text("目标", "Goals"), Permission.SEE_ITEMS, ("goals", "targets", "papers")),
    Place("units", Text("单位", "Units"), Permission.SEE_UNITS, ("units",)),
    Place("people", Text("人员", "People"), Permission.SEE_UNITS, ("people", "posts")),
    Place("packs", Text("业务包", "Packs"), Permission.MANAGE_PACKS, ("packs",)),
    Place("audit", Text("审计", "Audit"), Permission.SEE_AUDIT, ("audit",)),
)


@lru_cache(maxsize=1024)
def _links(
    places: tuple[Place, ...], page: Place | None, part: tuple[Place, ...], language: Language, prefix: str
) -> SafeString:
    """The masthead's links: of these places one may be the page itself, others what it is a part of. The same for many pages."""
    return format_html_join(
        "",
        '<a href="{}"{}>{}</a>',
        (
            (
                reverse(one.route),
                _PAGE if one is page else _PART if one in part else "",
                one.title.in_(language),
            )
            for one in places
        ),
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    actor: Any = getattr(request, "actor", None)
    segment = request.path.split("/")[1]
    places = tuple(one for one in PLACES if actor is not None and (one.permission is None or actor.may(one.permission)))
    name = request.resolver_match.url_name if request.resolver_match is not None else None
    page = next((one for one in places if one.route == name), None)
    part = tuple(one for one in places if segment in one.segments)
    match = request.resolver_match if actor is not None else None
    help_ = HELP.get(match.view_name) if match is not None else None
    sees_items = actor is not None and actor.may(Permission.SEE_ITEMS)
    return {
        "help": help_,
        "actor": actor,
        "places": _links(places, page, part, spoken(), get_script_prefix()),
        "may_search": sees_items,
        "news": (lambda: news.count(actor)) if sees_items else 0,
    }
