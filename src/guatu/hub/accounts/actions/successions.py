"""Merge units into one, and divide one into several. What was stays as a tombstone that names its successors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guatu.hub.accounts.actions.tree_changes import (
    free_code,
    lock_tree,
    placed,
    put_under,
    require_free_name,
    require_open,
    require_past,
    require_there,
    shut,
)
from guatu.hub.accounts.actions.units import Nameless, StillInUse, require_unused, require_without_posts
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Succession, Unit, UnitAncestry
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.text import Refusal, Text


class NoMerger(Refusal):
    """These units cannot become one."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(where, what, Text("改选并入哪里、并入哪些。", "Choose again what is merged, and into what."))


class NoDivision(Refusal):
    """The unit cannot be divided like this."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(
            where,
            what,
            Text("写出至少两个新单位，并把每个下级单位分给其中一个。",
                 "Name two new units at least, and give every unit below to one of them."),
        )  # fmt: skip


@action("unit.merge")
def merge_units(*, units: Sequence[Unit], into: Unit, on: date, reason: str = "", by: Actor, at: datetime) -> Unit:
    """Several units become part of one from a day on: what stood under them stands under it, they are no more."""
    gone = {unit.pk for unit in units}
    if not gone or into.pk in gone:
        raise NoMerger(str(into), Text("并入的单位里没有别的单位", "no other unit is merged into it"))
    under = {unit.pk: require(by, Permission.MANAGE_UNITS, unit=unit) for unit in units}
    require(by, Permission.MANAGE_UNITS, unit=into)
    lock_tree()
    into.refresh_from_db()
    require_there(into, on=on)
    if UnitAncestry.objects.filter(ancestor_id__in=gone, descendant=into).exists():
        raise NoMerger(str(into), Text("它自己在被并入的单位下面", "it stands under a unit that is merged into it"))
    for unit in _deepest_first(gone):
        require_open(unit)
        require_without_posts(unit, on=on)
        moved = _moved_children(unit, into, gone, on=on, at=at)
        require_unused(unit, on=on)
        shut(unit, on=on, at=at)
        Succession.objects.create(unit=unit, successor=into, on=on)
        record(
            Event.UNITS_MERGED,
            subject=unit,
            before={"title_zh": unit.title_zh, "code": unit.code, "parent": unit.parent_id},
            after={"into": into.pk, "children": moved, "on": on},
            reason=reason,
            by=under[unit.pk],
            at=at,
        )
    return into


def _deepest_first(unit_ids: set[int]) -> list[Unit]:
    units = Unit.objects.select_for_update().filter(pk__in=unit_ids).order_by("pk")
    depths = {unit.pk: UnitAncestry.objects.filter(descendant=unit).count() for unit in units}
    return sorted(units, key=lambda unit: -depths[unit.pk])


def _moved_children(unit: Unit, into: Unit, gone: set[int], *, on: date, at: datetime) -> list[int]:
    children = list(Unit.objects.filter(parent=unit, closed_on=None).exclude(pk__in=gone).order_by("order", "pk"))
    for child in children:
        put_under(child, into, on=on, at=at)
    return [child.pk for child in children]


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that comes of a division, and the units below the divided one that go to it."""

    title: Text
    code: str = ""
    children: tuple[int, ...] = ()


@action("unit.divide")
def divide_unit(
    *, unit: Unit, parts: Sequence[Part], on: date, reason: str = "", by: Actor, at: datetime
) -> list[Unit]:
    """One unit becomes several of its kind in its place from a day on; every unit below it goes to one of them."""
    lock_tree()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    parent = unit.parent
    under = require(by, Permission.MANAGE_UNITS, unit=parent or unit)
    require_open(unit)
    require_past(unit, on=on, at=at)
    if parent is None:
        raise NoDivision(str(unit), Text("最上级单位不能拆分", "the top unit cannot be divided"))
    require_without_posts(unit, on=on)
    children = _shared_out(unit, parts)
    opened = []
    for part in parts:
        successor = _opened(unit, parent, part, on=on, at=at)
        for child_id in part.children:
            put_under(children[child_id], successor, on=on, at=at)
        opened.append(successor)
    require_unused(unit, on=on)
    shut(unit, on=on, at=at)
    Succession.objects.bulk_create(Succession(unit=unit, successor=one, on=on) for one in opened)
    record(
        Event.UNIT_DIVIDED,
        subject=unit,
        before={"title_zh": unit.title_zh, "code": unit.code, "parent": parent.pk},
        after={
            "parts": [
                {"unit": one.pk, "title_zh": one.title_zh, "code": one.code, "children": list(part.children)}
                for one, part in zip(opened, parts, strict=True)
            ],
            "on": on,
        },
        reason=reason,
        by=under,
        at=at,
    )
    return opened


def _shared_out(unit: Unit, parts: Sequence[Part]) -> dict[int, Unit]:
    """The open units below, each given to exactly one part."""
    if len(parts) < 2:
        raise NoDivision(str(unit), Text("拆出的单位不到两个", "it comes to fewer than two units"))
    children = {child.pk: child for child in Unit.objects.filter(parent=unit, closed_on=None)}
    given = [child_id for part in parts for child_id in part.children]
    if len(set(given)) != len(given) or not set(given) <= children.keys():
        raise NoDivision(str(unit), Text("有下级单位分给了两处，或不是它的下级",
                                         "a unit is given twice, or does not stand under it"))  # fmt: skip
    left = [child.title_zh for child_id, child in children.items() if child_id not in given]
    if left:
        raise StillInUse(
            unit,
            Text(
                f"下级单位还没有分配：{'、'.join(left[:5])}",
                f"units below are not given to any part: {', '.join(left[:5])}",
            ),
            Text("把每个下级单位分给一个新单位。", "Give every unit below to one of the new units."),
        )
    return children


def _opened(unit: Unit, parent: Unit, part: Part, *, on: date, at: datetime) -> Unit:
    title = Text(part.title.zh.strip(), part.title.en.strip())
    if not title.zh:
        raise Nameless(str(unit))
    if title.zh != unit.title_zh:  # the divided unit's own name is free once it is no more
        require_free_name(title.zh, parent=parent)
    good = free_code(unit.kind, part.code, parent=parent, on=on, where=title.zh, but=unit)
    if good and good == unit.code:
        raise NoDivision(title.zh, Text("拆出的单位不能沿用原代码", "a part cannot keep the divided unit's code"))
    return placed(parent=parent, kind=unit.kind, title=title, code=good, order=unit.order, on=on, at=at)
