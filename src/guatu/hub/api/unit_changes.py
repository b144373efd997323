"""Changes of the unit tree for programs: on the router of `units`, for an address has one router for all its methods."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from ninja import Field, Schema, Status

from guatu.hub.accounts.actions.successions import Part, divide_unit, merge_units
from guatu.hub.accounts.actions.units import (
    close_unit,
    correct_unit,
    move_unit,
    open_unit,
    recode_unit,
    rename_unit,
)
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.models.units import UnitKind
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, From, Id, Reason, unit_in_body
from guatu.hub.api.units import Code, NameEn, NameZh, UnitOut, router, unit_seen
from guatu.text import Text

__all__ = ["router"]

Order = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True, title="次序 place among its siblings", examples=[3])]
Parent = Annotated[Id, Field(title="上级 the unit above", examples=[2])]


class UnitIn(Body):
    """A new unit."""

    parent_id: Parent
    kind: UnitKind = Field(title="类别 kind", examples=["town"])
    title_zh: NameZh
    title_en: NameEn = ""
    code: Code = ""
    order: Order = 0
    on: From


@router.post("", response={201: UnitOut}, url_name="units", summary="设立单位 Open a unit")
def open_(request: ActorRequest, body: UnitIn) -> Status[Unit]:
    """从某日起在上级之下设立。 A new unit under another from a day on."""
    opened = open_unit(
        parent=_named(request, "parent_id", body.parent_id),
        kind=body.kind,
        title=Text(body.title_zh, body.title_en),
        code=body.code,
        order=body.order,
        on=body.on,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, opened)


class RenameIn(Body):
    """Another name from a day on."""

    title_zh: NameZh
    title_en: NameEn = ""
    on: From


@router.post("/{int:unit_id}/rename", response=UnitOut, url_name="unit_rename", summary="单位更名 Rename a unit")
def rename(request: ActorRequest, unit_id: int, body: RenameIn) -> object:
    """从某日起改名；以前的名称留在沿革里。 Another name from a day on; the old one stays in its history."""
    title = Text(body.title_zh, body.title_en)
    unit = unit_seen(request, unit_id)
    return rename_unit(unit=unit, title=title, on=body.on, by=request.actor, at=timezone.now())


class RecodeIn(Body):
    """Another code from a day on; a blank one takes the code away."""

    code: Code
    on: From


@router.post("/{int:unit_id}/recode", response=UnitOut, url_name="unit_recode", summary="变更代码 Change a unit's code")
def recode(request: ActorRequest, unit_id: int, body: RecodeIn) -> object:
    """从某日起换代码，例如撤县设区。 Another code from a day on, as when a county becomes a district."""
    unit = unit_seen(request, unit_id)
    return recode_unit(unit=unit, code=body.code, on=body.on, by=request.actor, at=timezone.now())


class CorrectIn(Body):
    """What should have been written of the unit as it is now."""

    title_zh: NameZh
    title_en: NameEn = ""
    code: Code = ""
    order: Order = 0


@router.post("/{int:unit_id}/correct", response=UnitOut, url_name="unit_correct", summary="更正单位 Correct a unit")
def correct(request: ActorRequest, unit_id: int, body: CorrectIn) -> object:
    """改正写错的，不算变动。 Puts right what was written wrongly; no new span of history begins."""
    return correct_unit(
        unit=unit_seen(request, unit_id),
        title=Text(body.title_zh, body.title_en),
        code=body.code,
        order=body.order,
        by=request.actor,
        at=timezone.now(),
    )


class MoveIn(Body):
    """Under another unit from a day on."""

    parent_id: Parent
    on: From


@router.post("/{int:unit_id}/move", response=UnitOut, url_name="unit_move", summary="单位划转 Move a unit")
def move(request: ActorRequest, unit_id: int, body: MoveIn) -> object:
    """连同下级一起划到另一个上级之下。 Under another unit, with everything below it."""
    parent = _named(request, "parent_id", body.parent_id)
    return move_unit(unit=unit_seen(request, unit_id), parent=parent, on=body.on, by=request.actor, at=timezone.now())


class CloseIn(Body):
    """No more from a day on."""

    on: From
    reason: Reason = ""


@router.post("/{int:unit_id}/close", response=UnitOut, url_name="unit_close", summary="撤销单位 Close a unit")
def close(request: ActorRequest, unit_id: int, body: CloseIn) -> object:
    """还有下级或在任岗位时不能撤销。 Refused while units stand under it or posts are held at it."""
    unit = unit_seen(request, unit_id)
    return close_unit(unit=unit, on=body.on, reason=body.reason, by=request.actor, at=timezone.now())


class MergeIn(Body):
    """Units that become part of one."""

    units: list[Id] = Field(min_length=1, max_length=50, title="并入的单位 the units merged", examples=[[7, 8]])
    on: From
    reason: Reason = ""


@router.post("/{int:unit_id}/merge", response=UnitOut, url_name="unit_merge", summary="合并单位 Merge units into one")
def merge(request: ActorRequest, unit_id: int, body: MergeIn) -> object:
    """把别的单位并入这一个；它们的下级也归它。 Others become part of this one, what stood under them included."""
    into = unit_seen(request, unit_id)
    units = [_named(request, "units", one) for one in dict.fromkeys(body.units)]
    return merge_units(units=units, into=into, on=body.on, reason=body.reason, by=request.actor, at=timezone.now())


class PartIn(Body):
    """A unit that comes of the division, and the units below the divided one that go to it."""

    title_zh: NameZh
    title_en: NameEn = ""
    code: Code = ""
    children: list[Id] = Field([], max_length=500, title="归它的下级 units that go to it", examples=[[11, 12]])


class DivideIn(Body):
    """One unit becomes several."""

    parts: list[PartIn] = Field(
        min_length=2,
        max_length=50,
        title="拆成 the parts",
        examples=[[{"title_zh": "城东镇", "children": [11]}, {"title_zh": "城西镇", "children": [12]}]],
    )
    on: From
    reason: Reason = ""


class Parts(Schema):
    """The units that came of a division."""

    items: list[UnitOut]


@router.post(
    "/{int:unit_id}/divide",
    response={201: Parts},
    url_name="unit_divide",
    summary="拆分单位 Divide a unit into several",
)
def divide(request: ActorRequest, unit_id: int, body: DivideIn) -> Status[dict[str, object]]:
    """每个下级都要分给其中一个。 Every unit below it goes to one of them."""
    opened = divide_unit(
        unit=unit_seen(request, unit_id),
        parts=[Part(Text(one.title_zh, one.title_en), one.code, tuple(one.children)) for one in body.parts],
        on=body.on,
        reason=body.reason,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, {"items": opened})


def _named(request: ActorRequest, field: str, unit_id: int) -> Unit:
    return unit_in_body(request.actor, field, unit_id)
