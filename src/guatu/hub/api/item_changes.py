"""Changes of items for programs: on the routers of `ledgers` and `items`, for an address has one router for all its methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from django.utils import timezone
from ninja import Field, Status

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, From, Given, Id, Key, Reason, one_line, unit_in_body
from guatu.hub.api.items import ItemOut, item_out, item_seen, lists_of, router
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.ledger.actions.items import (
    change_item,
    enter_item,
    move_item,
    require_declared,
    set_item_state,
)
from guatu.hub.ledger.encodings import Value, valued
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared

__all__ = ["ledger_router", "router"]

Name = Annotated[str, one_line(300, least=1), Field(title="名称 name", examples=["东关大桥"])]
Code = Annotated[str, one_line(64), Field(title="代码 code", examples=["W-1"])]
Lists = Annotated[list[Key], Field(max_length=50, title="清单 lists", examples=[["roads"]])]
_EXAMPLE = [{"cost": 12345678900, "begun": True, "due": "2027-08-31"}]


class ItemIn(Body):
    """A new item."""

    unit_id: Annotated[Id, Field(title="责任单位 the unit that answers for it", examples=[7])]
    name: Name
    code: Code = ""
    values: dict[Key, Given] = Field({}, title="字段的值 values of fields", examples=_EXAMPLE)
    lists: Lists = Field(default_factory=list)
    on: From
    reason: Reason = ""


@ledger_router.post(
    "/{slug:ledger_key}/items", response={201: ItemOut}, url_name="ledger_items", summary="新增事项 Enter an item"
)
def enter(request: ActorRequest, ledger_key: str, body: ItemIn) -> Status[dict[str, object]]:
    """从某日起进入台账。 A new item from a day on."""
    ledger = ledger_of(ledger_key)
    item = enter_item(
        ledger=ledger,
        unit=unit_in_body(request.actor, "unit_id", body.unit_id),
        name=body.name,
        code=body.code,
        values={key: value for key, value in _values(declared(ledger), body.values).items() if value is not None},
        lists=tuple(body.lists),
        on=body.on,
        reason=body.reason,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, item_out(item, ledger.key, sorted(set(body.lists))))


class ItemChangeIn(Body):
    """What becomes different; what is left out stays, a value of null takes one away."""

    seen: int = Field(
        ge=1, le=2**31 - 1, strict=True, title="从第几版改的 the revision it is changed from", examples=[3]
    )
    name: Name | None = Field(None, title="名称 name", examples=["北关大桥"])
    code: Code | None = Field(None, title="代码 code", examples=["W-2"])
    values: dict[Key, Given | None] = Field({}, title="字段的值 values of fields", examples=_EXAMPLE)
    lists: Lists | None = Field(None, title="全部清单 all its lists", examples=[["roads"]])
    on: From
    reason: Reason


@router.post("/{int:item_id}/change", response=ItemOut, url_name="item_change", summary="修改事项 Change an item")
def change(request: ActorRequest, item_id: int, body: ItemChangeIn) -> object:
    """别人已经改过就不办，先读新的。 Refused if somebody was faster: read it anew first."""
    item = item_seen(request, item_id)
    changed = change_item(
        item=item,
        seen=body.seen,
        name=body.name,
        code=body.code,
        values=_values(declared(item.ledger), body.values),
        lists=tuple(body.lists) if body.lists is not None else None,
        on=body.on,
        reason=body.reason,
        by=request.actor,
        at=timezone.now(),
    )
    return _told(changed)


class ItemMoveIn(Body):
    """Another unit from a day on."""

    unit_id: Annotated[Id, Field(title="新的责任单位 the unit that answers for it from then on", examples=[8])]
    on: From
    reason: Reason


@router.post("/{int:item_id}/move", response=ItemOut, url_name="item_move", summary="划转事项 Move an item")
def move(request: ActorRequest, item_id: int, body: ItemMoveIn) -> object:
    """从某日起归另一个单位。 Another unit answers for it from a day on."""
    unit = unit_in_body(request.actor, "unit_id", body.unit_id)
    item = item_seen(request, item_id)
    return _told(move_item(item=item, unit=unit, on=body.on, reason=body.reason, by=request.actor, at=timezone.now()))


class ItemStateIn(Body):
    """Suspended, withdrawn or active again from a day on."""

    state: ItemState = Field(title="状态 state", examples=["suspended"])
    on: From
    reason: Reason


@router.post(
    "/{int:item_id}/state",
    response=ItemOut,
    url_name="item_state",
    summary="暂停、退出、恢复 Suspend, withdraw, resume",
)
def state(request: ActorRequest, item_id: int, body: ItemStateIn) -> object:
    """以前各期不变。 Past rounds keep what they said."""
    item = item_seen(request, item_id)
    return _told(
        set_item_state(item=item, state=body.state, on=body.on, reason=body.reason, by=request.actor, at=timezone.now())
    )


def _values(ledger: LedgerDeclaration, given: Mapping[str, object]) -> dict[str, Value | None]:
    require_declared(ledger, given)
    return {key: None if said is None else valued(ledger.fields[key], said) for key, said in given.items()}


def _told(item: Item) -> dict[str, object]:
    return item_out(item, item.ledger.key, lists_of([item.pk]).get(item.pk, []))
