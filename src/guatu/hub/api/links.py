"""What items have to do with one another, for programs: links on the router of `items`, one of them on its own."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from guatu.hub.accounts.models import valid_on
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.duties import NoMoreIn
from guatu.hub.api.fields import Body, Day, From, Id, Key, Reason, named_in_body
from guatu.hub.api.items import item_seen
from guatu.hub.api.items import router as item_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.links import end_link, link_items
from guatu.hub.ledger.models import Item, Link

router = Router(tags=["关联 links"])


class LinkOut(Schema):
    """The source has to do with the target in a way its ledger declares."""

    id: int = Field(title="编号 id", examples=[9])
    source_id: int = Field(title="事项 source item", examples=[12])
    kind: str = Field(title="怎样关联 kind", examples=["part_of"])
    target_id: int = Field(title="关联到 target item", examples=[3])
    valid_from: date = Field(title="起 from", examples=["2026-01-10"])
    valid_to: date | None = Field(title="止 up to, not including", examples=[None])
    reason: str = Field(title="事由 reason", examples=[""])


class LinkPage(Page):
    items: list[LinkOut]


class LinksQuery(PageQuery):
    kind: Key | None = Field(None, title="怎样关联 kind", examples=["part_of"])
    on: Day | None = Field(None, title="某日有效的 in force on a day", examples=["2026-06-15"])


class LinkIn(Body):
    """A link from the item of the address to another."""

    kind: Annotated[Key, Field(title="怎样关联 kind", examples=["part_of"])]
    target_id: Annotated[Id, Field(title="关联到 target item", examples=[3])]
    on: From
    reason: Reason = ""


@item_router.get(
    "/{int:item_id}/links", response=LinkPage, url_name="item_links", summary="事项的关联 Links of an item"
)
def links(request: ActorRequest, item_id: int, page: Query[LinksQuery]) -> object:
    """从它出去的和连到它的；另一端看不到的不列。 Both from it and to it; those whose other end you may not see are left out."""
    item, seen = item_seen(request, item_id), Item.objects.visible_to(request.actor).values("pk")
    held = Link.objects.filter(Q(source=item, target__in=seen) | Q(target=item, source__in=seen))
    if page.kind:
        held = held.filter(kind=page.kind)
    if page.on is not None:
        held = held.filter(valid_on(page.on))
    return page_of(held, page)


@item_router.post(
    "/{int:item_id}/links", response={201: LinkOut}, url_name="item_links", summary="建立关联 Link an item"
)
def link(request: ActorRequest, item_id: int, body: LinkIn) -> Status[Link]:
    """从某日起关联到另一个事项。 From a day on it has to do with another item."""
    others = Item.objects.visible_to(request.actor).select_related("unit", "ledger").defer("ledger__pack__files")
    made = link_items(
        source=item_seen(request, item_id), target=named_in_body(others, "target_id", body.target_id), kind=body.kind,
        on=body.on, reason=body.reason, by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return Status(201, made)


@router.post("/{int:link_id}/end", response=LinkOut, url_name="link_end", summary="解除关联 End a link")
def end(request: ActorRequest, link_id: int, body: NoMoreIn) -> object:
    """从某日起不再关联。 It holds no more from a day on."""
    seen = Item.objects.visible_to(request.actor).values("pk")
    held = Link.objects.select_related("source__ledger__pack", "target").filter(source__in=seen, target__in=seen)
    return end_link(
        link=get_object_or_404(held, pk=link_id), on=body.on, reason=body.reason, by=request.actor, at=timezone.now()
    )
