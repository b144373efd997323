"""Work log, remarks and lists of items for programs, on the routers of `items` and `ledgers`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils import timezone
from ninja import Field, Query, Schema, Status
from pydantic import StringConstraints

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Because, Body, Day, From, Id, Key, NoSuch, Words, named_in_body
from guatu.hub.api.items import item_seen
from guatu.hub.api.items import router as item_router
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.remarks import add_remark
from guatu.hub.ledger.actions.years import Redrawn, redraw_list
from guatu.hub.ledger.models import Item, ListMembership, Remark

__all__ = ["item_router"]


class RemarkOut(Schema):
    """One entry of an item's work log or remarks: never changed; one that puts another right names it."""

    id: int = Field(title="编号 id", examples=[77])
    kind: str = Field(title="哪种日志 which book of remarks", examples=["work"])
    on: date = Field(title="日期 day", examples=["2026-06-10"])
    text: str = Field(title="内容 what", examples=["现场踏勘，管线迁改已过半。"])
    corrects_id: int | None = Field(title="更正哪一条 the entry it puts right", examples=[None])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


class RemarkPage(Page):
    items: list[RemarkOut]


class RemarksQuery(PageQuery):
    kind: Key | None = Field(None, title="哪种日志 which book of remarks", examples=["work"])


class RemarkIn(Body):
    """One more entry."""

    kind: Annotated[
        Key,
        Field(
            title="哪种日志 which book of remarks",
            description="台账的 schema 里有 See the ledger's schema",
            examples=["work"],
        ),
    ]
    on: Annotated[Day, Field(title="日期 day", examples=["2026-06-10"])]
    text: Annotated[Words, StringConstraints(min_length=1)] = Field(
        title="内容 what",
        description="不要写个人信息 No personal data",
        examples=["现场踏勘，管线迁改已过半。 Visited the site; half of the pipes are moved."],
    )
    corrects_id: Annotated[Id, Field(title="更正哪一条 the entry it puts right", examples=[76])] | None = Field(
        None, title="更正哪一条 the entry it puts right", examples=[None]
    )


@item_router.get(
    "/{int:item_id}/remarks",
    response=RemarkPage,
    url_name="item_remarks",
    summary="事项的日志和备注 Work log and remarks",
)
def remarks(request: ActorRequest, item_id: int, page: Query[RemarksQuery]) -> object:
    """从最早的一条起。 From the first entry on."""
    held = Remark.objects.filter(item=item_seen(request, item_id))
    return page_of(held.filter(kind=page.kind) if page.kind is not None else held, page)


@item_router.post(
    "/{int:item_id}/remarks", response={201: RemarkOut}, url_name="item_remarks", summary="记日志或备注 Write an entry"
)
def remark(request: ActorRequest, item_id: int, body: RemarkIn) -> Status[Remark]:
    """记下后不能改，只能更正。 It is never changed, only put right."""
    item = item_seen(request, item_id)
    corrects = (
        named_in_body(Remark.objects.filter(item=item), "corrects_id", body.corrects_id) if body.corrects_id else None
    )
    made = add_remark(
        item=item, kind=body.kind, on=body.on, text=body.text, corrects=corrects, by=request.actor, at=timezone.now()
    )
    return Status(201, made)


class MembershipOut(Schema):
    """An item on a list, for a time."""

    list: str = Field(title="清单 list", examples=["roads"])
    valid_from: date = Field(title="调入 entered", examples=["2026-01-10"])
    valid_to: date | None = Field(title="调出 left", examples=[None])
    reason: str = Field(title="调入理由 why it entered", examples=["市政府确定"])
    left_reason: str = Field(title="调出理由 why it left", examples=[""])


class MembershipPage(Page):
    items: list[MembershipOut]


@item_router.get(
    "/{int:item_id}/lists",
    response=MembershipPage,
    url_name="item_lists",
    summary="事项在哪些清单上 Lists an item is on",
)
def lists(request: ActorRequest, item_id: int, page: Query[PageQuery]) -> object:
    """现在的和以前的，进出各有理由。 Those now and before, each entry and exit with its reason."""
    return page_of(ListMembership.objects.filter(item=item_seen(request, item_id)), page)


class EntryIn(Body):
    """An item that enters or leaves."""

    item_id: Annotated[Id, Field(title="事项 item", examples=[12])]
    enters: bool = Field(strict=True, title="调入，否则调出 enters, or leaves", examples=[True])
    reason: Because


class RedrawIn(Body):
    """Which items enter a list and which leave it."""

    changes: list[EntryIn] = Field(
        min_length=1,
        max_length=500,
        title="进出 entries and exits",
        examples=[[{"item_id": 12, "enters": True, "reason": "市政府确定"}]],
    )
    on: From


class RedrawnOut(Schema):
    """The items that entered or left."""

    items: list[int] = Field(title="事项编号 ids of items", examples=[[12]])


@ledger_router.post(
    "/{slug:ledger_key}/lists/{slug:list_key}",
    response=RedrawnOut,
    url_name="list_redraw",
    summary="调整清单 Redraw a list",
)
def redraw(request: ActorRequest, ledger_key: str, list_key: str, body: RedrawIn) -> object:
    """都办，或都不办。 All of it, or none."""
    ledger = ledger_of(ledger_key)
    asked = [one.item_id for one in body.changes]
    seen = Item.objects.visible_to(request.actor).filter(ledger=ledger).select_related("unit").in_bulk(asked)
    if missing := [key for key in asked if key not in seen]:
        raise NoSuch("changes", missing[0])
    changes = [Redrawn(seen[one.item_id], one.enters, one.reason) for one in body.changes]
    redrawn = redraw_list(ledger=ledger, key=list_key, changes=changes, on=body.on, by=request.actor, at=timezone.now())
    return {"items": [one.pk for one in redrawn]}
