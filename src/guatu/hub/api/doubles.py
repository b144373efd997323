"""Items that may be one, for programs: found, merged, told apart; on the routers of ledgers and items."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Schema, Status

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.api.fields import Because, Body, From, Id, Key, named_in_body
from guatu.hub.api.items import ItemOut, item_out, item_seen, items_seen, lists_of
from guatu.hub.api.items import router as item_router
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_in_order
from guatu.hub.ledger.actions.merging import merge_items, tell_apart
from guatu.hub.ledger.doubles import EQUAL, Double
from guatu.hub.ledger.doubles import doubles as found_doubles
from guatu.hub.ledger.models import Item, ToldApart
from guatu.hub.ledger.packs import declared

__all__ = ["item_router", "ledger_router"]


class DoubleOut(Schema):
    """Two items that may be one."""

    item_id: int = Field(title="先有的 the earlier one", alias="one.pk", examples=[12])
    name: str = Field(title="名称 its name", alias="one.name", examples=["东关大桥"])
    other_id: int = Field(title="后有的 the later one", alias="other.pk", examples=[31])
    other_name: str = Field(title="后者名称 the later one's name", alias="other.name", examples=["东关大桥工程"])
    because_zh: str = Field(title="为什么 why", alias="because.zh", examples=["同一单位、名称相同"])
    because_en: str = Field(
        title="为什么（英文） why, in English", alias="because.en", examples=["one unit, the same name"]
    )
    likeness: int = Field(title="名称相似度 how alike the names are, in percent", examples=[100])


class DoublePage(Page):
    items: list[DoubleOut]


@ledger_router.get(
    "/{slug:ledger_key}/doubles", response=DoublePage, url_name="doubles", summary="疑似重复 Items that may be one"
)
def doubles(request: ActorRequest, ledger_key: str, page: Query[PageQuery]) -> object:
    """能修改的事项里，最像的在前；判定为两个的不再列。 Among those one may change, the likeliest first; not those told apart."""
    ledger = ledger_of(ledger_key)
    mine = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).filter(ledger=ledger)
    return page_in_order(found_doubles(mine, declared(ledger)), page, name="double", numbers=3, place=_place)


def _place(double: Double) -> tuple[int, ...]:
    return EQUAL - double.likeness, double.one.pk, double.other.pk


class ItemMergeIn(Body):
    """Into which item, from which day on, and what is taken of the one that goes."""

    into_id: Annotated[Id, Field(title="并入哪个 into which", examples=[12])]
    take: list[Key] = Field(
        [],
        max_length=200,
        title="哪些以被并入的为准 taken from the one that goes",
        description="name、code 或字段；另一个没有的总会补上 `name`, `code` or fields; what the other has none of is taken anyway",
        examples=[["name"]],
    )
    on: From
    reason: Because


@item_router.post("/{int:item_id}/merge", response=ItemOut, url_name="item_merge", summary="合并事项 Merge an item")
def merge(request: ActorRequest, item_id: int, body: ItemMergeIn) -> object:
    """它成为指向另一个的存根，应答是另一个；不能撤销。 It becomes a tombstone that points to the other, which is the answer."""
    item = item_seen(request, item_id)
    into = named_in_body(items_seen(request), "into_id", body.into_id)
    stays = merge_items(
        item=item, into=into, take=body.take, on=body.on, reason=body.reason, by=request.actor, at=timezone.now()
    )
    return item_out(stays, stays.ledger.key, lists_of([stays.pk]).get(stays.pk, []))


class ApartIn(Body):
    """The other item, and why they are two."""

    other_id: Annotated[Id, Field(title="另一个 the other", examples=[31])]
    reason: Because


class ApartOut(Schema):
    """Two items that are not shown as one again."""

    item_id: int = Field(title="先有的 the earlier one", alias="one_id", examples=[12])
    other_id: int = Field(title="后有的 the later one", examples=[31])
    reason: str = Field(title="理由 reason", examples=["一期和二期"])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


@item_router.post(
    "/{int:item_id}/apart",
    response={201: ApartOut},
    url_name="item_apart",
    summary="判定为两个事项 Tell two items apart",
)
def apart(request: ActorRequest, item_id: int, body: ApartIn) -> Status[Any]:
    """以后不再列为疑似重复。 They are not listed as doubles again."""
    other = named_in_body(items_seen(request), "other_id", body.other_id)
    kept: ToldApart = tell_apart(
        one=item_seen(request, item_id), other=other, reason=body.reason, by=request.actor, at=timezone.now()
    )
    return Status(201, kept)
