"""How a change of the tree is carried out: the unit's row, its spans of history and the pairs of the tree together.

Nothing here asks for permission or records; actions do.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from guatu.hub.accounts.codes import checked_code
from guatu.hub.accounts.models import Unit, UnitAncestry, UnitSpan
from guatu.hub.audit.refusals import Conflict
from guatu.text import Refusal, Text


class WrongDay(Refusal):
    """A change of the tree on a day on which it cannot be."""

    def __init__(self, unit: Unit, what: Text) -> None:
        super().__init__(
            str(unit),
            what,
            Text("写上一次变动之后、今天或以前的日期。", "Give a day after the last change, today or earlier."),
        )


class AlreadyClosed(Conflict):
    """The unit is no more."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(
            str(unit),
            Text(f"已于 {unit.closed_on} 撤销", f"was closed on {unit.closed_on}"),
            Text("改选仍在的单位。", "Choose a unit that is still there."),
        )


class NameTaken(Conflict):
    """Two units directly under one cannot share a name."""

    def __init__(self, name: str, parent: Unit) -> None:
        super().__init__(
            name,
            Text(f"“{parent}”下面已有同名单位", f"there is a unit of this name under {parent.title.en}"),
            Text("换一个名称，或先给原单位更名。", "Take another name, or rename that unit first."),
        )


class CodeTaken(Conflict):
    """Two open units cannot share a code."""

    def __init__(self, code: str, other: Unit) -> None:
        super().__init__(
            code,
            Text(f"代码已由“{other}”使用", f"the code is in use by {other.title.en}"),
            Text("核对代码，或先改正那个单位的。", "Check the code, or correct that unit's first."),
        )


class NoCircle(Refusal):
    """A unit cannot come to stand under itself, on any day."""

    def __init__(self, unit: Unit, parent: Unit, day: date) -> None:
        super().__init__(
            str(unit),
            Text(f"“{parent}”在 {day} 就在它下面", f"{parent.title.en} stood under it on {day}"),
            Text("换一个上级，或写更晚的日期。", "Choose another unit above it, or a later day."),
        )


def lock_tree() -> None:
    """Changes of the tree happen one after another: what follows sees no other until its transaction ends."""
    list(Unit.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk"))


def require_open(unit: Unit) -> None:
    if unit.closed_on is not None:
        raise AlreadyClosed(unit)


def require_past(unit: Unit, *, on: date, at: datetime) -> None:
    if on > localdate(at):
        raise WrongDay(unit, Text(f"{on} 还没有到", f"{on} has not come yet"))


def require_there(parent: Unit, *, on: date) -> None:
    """What is put under a unit on a day needs it to be there from that day on."""
    require_open(parent)
    if on < parent.opened_on:
        raise WrongDay(
            parent,
            Text(f"{on} 时还没有设立（{parent.opened_on}）", f"was not there on {on}, but from {parent.opened_on}"),
        )


def require_free_name(title_zh: str, *, parent: Unit | None, but: Unit | None = None) -> None:
    siblings = Unit.objects.filter(parent=parent, title_zh=title_zh, closed_on=None)
    if parent is not None and siblings.exclude(pk__in=[but.pk] if but else []).exists():
        raise NameTaken(title_zh, parent)


def free_code(kind: str, code: str, *, parent: Unit | None, on: date, where: str, but: Unit | None = None) -> str:
    """The code in its normal form, held to its standard and not in use."""
    good = checked_code(kind, code, under=parent.code if parent else "", on=on, where=where)
    other = (
        Unit.objects.filter(code=good, closed_on=None).exclude(pk__in=[but.pk] if but else []).first() if good else None
    )
    if other is not None:
        raise CodeTaken(good, other)
    return good


def placed(
    *, parent: Unit | None, kind: str, title: Text, code: str = "", order: int = 0, on: date, at: datetime
) -> Unit:
    """A unit with its first span and its place in the tree, for actions that open units; records nothing."""
    described = {"kind": kind, "title_zh": title.zh, "title_en": title.en, "code": code, "parent": parent}
    unit = Unit.objects.create(order=order, opened_on=on, **described)
    UnitSpan.objects.create(unit=unit, valid_from=on, recorded_at=at, **described)
    UnitAncestry.objects.create(ancestor=unit, descendant=unit, depth=0)
    if parent is not None:
        UnitAncestry.objects.bulk_create(
            UnitAncestry(ancestor_id=above.ancestor_id, descendant=unit, depth=above.depth + 1)
            for above in UnitAncestry.objects.filter(descendant=parent)
        )
    return unit


def turn_over(unit: Unit, *, on: date, at: datetime, **changed: object) -> None:
    """End the unit's open span on a day and begin the next one, the unit's row along with it.

    Several changes on one day make one span; the day a unit was opened on is changed by correcting it.
    """
    require_open(unit)
    open_span = UnitSpan.objects.select_for_update().get(unit=unit, valid_to=None)
    same_day = on == open_span.valid_from and on > unit.opened_on
    if on <= open_span.valid_from and not same_day:
        raise WrongDay(
            unit,
            Text(
                f"{on} 不晚于上一次变动 {open_span.valid_from}",
                f"{on} is not after its last change, {open_span.valid_from}",
            ),
        )
    require_past(unit, on=on, at=at)
    if not same_day:
        _begin_span(open_span, on=on, at=at)
    amend(unit, **changed)


def _begin_span(open_span: UnitSpan, *, on: date, at: datetime) -> None:
    UnitSpan.objects.filter(pk=open_span.pk).update(valid_to=on)
    UnitSpan.objects.create(
        unit_id=open_span.unit_id, valid_from=on, recorded_at=at, kind=open_span.kind, title_zh=open_span.title_zh,
        title_en=open_span.title_en, code=open_span.code, parent_id=open_span.parent_id,
    )  # fmt: skip


def amend(unit: Unit, **changed: object) -> None:
    """Say something else of the unit in its open span and its row."""
    UnitSpan.objects.filter(unit=unit, valid_to=None).update(**changed)
    for name, value in changed.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(changed))


def put_under(unit: Unit, parent: Unit, *, on: date, at: datetime) -> None:
    """Under another unit from a day on: span, row and the pairs of the whole subtree."""
    require_there(parent, on=on)
    if (day := _circle_on(unit, parent, on)) is not None:
        raise NoCircle(unit, parent, day)
    require_free_name(unit.title_zh, parent=parent, but=unit)
    turn_over(unit, on=on, at=at, parent=parent)
    _replant(unit, parent)


def _circle_on(unit: Unit, parent: Unit, on: date) -> date | None:
    """A day from `on` up to now on which `parent` is the unit itself or stands under it; None if there is none."""
    spans: dict[int, list[UnitSpan]] = {}
    frontier = {parent.pk}
    while frontier:
        for span in UnitSpan.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), unit_id__in=frontier):
            spans.setdefault(span.unit_id, []).append(span)
        frontier = {one.parent_id for found in spans.values() for one in found if one.parent_id} - spans.keys()
    days = {on, *(one.valid_from for found in spans.values() for one in found if one.valid_from > on)}
    return next((day for day in sorted(days) if unit.pk in _path(parent.pk, spans, day)), None)


def _path(start: int, spans: dict[int, list[UnitSpan]], day: date) -> list[int]:
    path: list[int] = []
    at: int | None = start
    while at is not None:
        path.append(at)
        at = next((one.parent_id for one in spans.get(at, ()) if one.holds_on(day)), None)
    return path


def _replant(unit: Unit, parent: Unit) -> None:
    """Write the pairs of a subtree anew under its new place."""
    subtree = UnitAncestry.objects.filter(ancestor=unit)
    below = dict(subtree.values_list("descendant_id", "depth"))
    inside = subtree.values("descendant_id")
    UnitAncestry.objects.filter(descendant_id__in=inside).exclude(ancestor_id__in=inside).delete()
    above = dict(UnitAncestry.objects.filter(descendant=parent).values_list("ancestor_id", "depth"))
    UnitAncestry.objects.bulk_create(
        UnitAncestry(ancestor_id=high, descendant_id=low, depth=up + 1 + down)
        for high, up in above.items()
        for low, down in below.items()
    )


def shut(unit: Unit, *, on: date, at: datetime) -> None:
    """The unit is no more from a day on; it stays in the tree as a tombstone."""
    require_open(unit)
    require_past(unit, on=on, at=at)
    open_span = UnitSpan.objects.select_for_update().get(unit=unit, valid_to=None)
    if on <= open_span.valid_from:
        raise WrongDay(
            unit,
            Text(f"{on} 不晚于上一次变动 {open_span.valid_from}", f"{on} is not after its last change, {open_span.valid_from}"),
        )  # fmt: skip
    UnitSpan.objects.filter(pk=open_span.pk).update(valid_to=on)
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
