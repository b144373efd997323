"""Figures of a round reported by programs, on the router of items."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from ninja import Field, Schema
from pydantic import StringConstraints

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, Given, Key, one_line
from guatu.hub.api.items import FigureOut, Sequence, item_seen, router
from guatu.hub.ledger.actions.figures import MOST_CHARACTERS, NotAsked, report_figures
from guatu.hub.ledger.encodings import valued
from guatu.hub.ledger.packs import declared

__all__ = ["router"]

CheckKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=130)]


class FiguresIn(Body):
    """Some figures of one round: all are taken, or none."""

    period: Annotated[str, one_line(16, least=4)] = Field(title="期 period", examples=["2026-06"])
    figures: dict[Key, Given] = Field(
        title="字段的数 figures by field",
        description="金额为分，面积为百万分之一亩，小数为文字 Money in 分, areas in millionths of a 亩, decimals as text",
        examples=[{"month_done": 120000000, "ytd_done": 980000000}],
    )
    seen: Sequence = Field(
        title="看到的变更序号 the sequence number of the latest of its figures that was seen",
        description="该事项该期各数里最大的 sequence；还没有数就写 0 The largest `sequence` among the round's figures of the item; 0 if "
        "there are none",
        examples=[0],
    )
    reasons: dict[CheckKey, Annotated[str, one_line(MOST_CHARACTERS, least=1)]] = Field(
        {},
        title="有疑问而确实如此的理由 why a figure that is asked about stands, by check",
        examples=[{"cumulative_fell": "上期多报，已核减"}],
    )


class RemarkedOut(Schema):
    """What a check remarks on a figure that was taken."""

    check: str = Field(title="核对规则 check", examples=["done_beyond_plan"])
    field: str = Field(title="字段 field", examples=["ytd_done"])
    detail: str = Field(title="说明 what", examples=["超过年度计划 beyond the plan"])


class FiguresOut(Schema):
    """The round's figures as they are in force now."""

    items: list[FigureOut]
    same: bool = Field(title="此前已这样报过 they had been reported like this already", examples=[False])
    warnings: list[RemarkedOut] = Field(title="提醒 what the checks remark", examples=[[]])


@router.post(
    "/{int:item_id}/figures",
    response=FiguresOut,
    url_name="item_figures",
    summary="填报一期数据 Report a round's figures",
)
def report(request: ActorRequest, item_id: int, body: FiguresIn) -> object:
    """与手工填报一样核对；有疑问的写明理由再报。 Checked as on the page; questions want a reason."""
    item = item_seen(request, item_id)
    ledger = declared(item.ledger)
    for key in body.figures:
        if key not in ledger.fields:
            raise NotAsked(ledger, key)
    taken = report_figures(
        item=item,
        period=body.period,
        figures={key: valued(ledger.fields[key], said) for key, said in body.figures.items()},
        seen=body.seen,
        reasons=body.reasons,
        by=request.actor,
        at=timezone.now(),
    )
    warnings = [
        {"check": one.check, "field": one.field, "detail": one.reason.in_(spoken())} for one in taken.warnings
    ]  # fmt: skip
    return {"items": taken.figures, "same": taken.same, "warnings": warnings}
