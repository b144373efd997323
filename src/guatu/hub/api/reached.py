"""What was reached of targets that no item tells of, for programs, on the router of `targets`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Schema, Status

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, Day, Reason, one_line
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.api.targets import Value, indicator_in, kept_value, router, target_seen
from guatu.hub.ledger.actions.reached import enter_reached
from guatu.hub.ledger.models import Reached, SequenceNumber

__all__ = ["router"]


class ReachedOut(Schema):
    """What somebody said was reached by a day, in force or put right since."""

    on: date = Field(title="到哪天 by which day", examples=["2026-06-30"])
    value: str = Field(title="累计完成 reached since the period began", examples=["0.052"])
    evidence: str = Field(title="依据 evidence", examples=["市统计局 6 月月报"])
    reason: str = Field(title="更正的理由 why it is put right", examples=[""])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])
    superseded_by_sequence: int | None = Field(
        title="被哪次变更取代 sequence of the word that superseded it; null: in force", examples=[None]
    )
    record_id: int | None = Field(title="审计记录 record of the audit", examples=[1203])


class ReachedPage(Page):
    items: list[ReachedOut]


class ReachedIn(Body):
    """What was reached since the period began, by the end of a day."""

    on: Annotated[Day, Field(title="到哪天 by which day", examples=["2026-06-30"])]
    value: Value
    evidence: Annotated[str, one_line(500, least=1)] = Field(title="依据 evidence", examples=["市统计局 6 月月报"])
    reason: Reason = ""


@router.get(
    "/{int:target_id}/reached", response=ReachedPage, url_name="target_reached", summary="填报的完成值 What was reached"
)
def reached(request: ActorRequest, target_id: int, page: Query[PageQuery]) -> object:
    """没有事项可算的指标，由人填报；更正过的也在。 Of indicators that no item tells of; what was put right since too."""
    held = page_of(Reached.objects.filter(target=target_seen(request, target_id)), page)
    return {"items": _words(held["items"]), "next": held["next"]}


@router.post(
    "/{int:target_id}/reached",
    response={201: ReachedOut},
    url_name="target_reached",
    summary="填报完成值 Enter what was reached",
)
def reach(request: ActorRequest, target_id: int, body: ReachedIn) -> Status[dict[str, Any]]:
    """同一天再填就是更正，要写理由。 Entered again for the same day it is put right, with the reason."""
    found = target_seen(request, target_id)
    made = enter_reached(
        target=found, on=body.on, value=kept_value(indicator_in(found), body.value), evidence=body.evidence, reason=body.reason,
        by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return Status(201, _words([made])[0])


def _words(held: list[Reached]) -> list[dict[str, Any]]:
    numbers = SequenceNumber.objects.filter(number__in=[one.sequence for one in held])
    records = dict(numbers.values_list("number", "record_id"))
    said = ("on", "value", "evidence", "reason", "sequence", "superseded_by_sequence")
    return [{name: getattr(one, name) for name in said} | {"record_id": records.get(one.sequence)} for one in held]
