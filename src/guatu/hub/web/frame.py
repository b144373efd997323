"""What every page's frame needs: who is signed in, where they may go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from guatu.hub.accounts.roles import Permission
from guatu.text import Text

PLACES: tuple[tuple[str, Text, Permission | None], ...] = (
    ("home", Text("我的桌面", "My desk"), None),
    ("ledgers", Text("台账", "Ledgers"), Permission.SEE_ITEMS),
    ("goals", Text("目标", "Goals"), Permission.SEE_ITEMS),
    ("units", Text("单位", "Units"), Permission.SEE_UNITS),
    ("people", Text("人员", "People"), Permission.SEE_UNITS),
    ("packs", Text("业务包", "Packs"), Permission.MANAGE_PACKS),
    ("audit", Text("审计", "Audit"), Permission.SEE_AUDIT),
    ("tokens", Text("接口令牌", "API tokens"), Permission.ISSUE_TOKENS),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    places = [
        {"route": route, "title": title}
        for route, title, permission in PLACES
        if actor is not None and (permission is None or actor.may(permission))
    ]
    return {"actor": actor, "places": places, "may_search": actor is not None and actor.may(Permission.SEE_ITEMS)}
