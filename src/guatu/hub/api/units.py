"""Units for programs."""

from __future__ import annotations

from ninja import Router, Schema

from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest

router = Router(tags=["单位 units"])


class UnitOut(Schema):
    """A unit as it is now."""

    id: int
    kind: str
    title_zh: str
    title_en: str
    code: str
    parent_id: int | None


@router.get("", response=list[UnitOut], url_name="units", summary="单位 units")
def units(request: ActorRequest) -> object:
    return Unit.objects.visible_to(request.actor).order_by("id")
