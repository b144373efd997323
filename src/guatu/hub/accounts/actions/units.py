"""Open, rename, move, merge and close units. The tree of now and the spans of history change together."""

from __future__ import annotations

from datetime import date, datetime

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit, UnitAncestry, UnitSpan
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.text import Refusal, Text


class WrongDay(Refusal):
    """A change of the tree on a day on which it cannot be."""

    def __init__(self, unit: Unit, what: Text) -> None:
        super().__init__(
            str(unit),
            what,
            Text("写上一次变动之后、今天或以前的日期。", "Give a day after the last change, today or earlier."),
        )


@action("unit.open")
def open_unit(
    *, parent: Unit, kind: str, title: Text, code: str = "", order: int = 0, on: date, by: Actor, at: datetime
) -> Unit:
    """A new unit under `parent` from a day on."""
    under = require(by, Permission.MANAGE_UNITS, unit=parent)
    unit = placed(parent=parent, kind=kind, title=title, code=code, order=order, on=on, at=at)
    record(
        Event.UNIT_OPENED,
        subject=unit,
        after={"kind": kind, "title_zh": title.zh, "title_en": title.en, "code": code, "parent": parent.pk, "on": on},
        by=under,
        at=at,
    )
    return unit


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


@action("unit.rename")
def rename_unit(*, unit: Unit, title: Text, on: date, by: Actor, at: datetime) -> Unit:
    """Another name from a day on; what it was called before stays on its spans."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    before = {"title_zh": unit.title_zh, "title_en": unit.title_en}
    _turn_over(unit, on=on, at=at, title_zh=title.zh, title_en=title.en)
    record(
        Event.UNIT_RENAMED,
        subject=unit,
        before=before,
        after={"title_zh": title.zh, "title_en": title.en, "on": on},
        by=under,
        at=at,
    )
    return unit


def _turn_over(unit: Unit, *, on: date, at: datetime, **changed: object) -> None:
    """End the unit's open span on a day and begin the next one, the unit's row along with it."""
    open_span = UnitSpan.objects.select_for_update().get(unit=unit, valid_to=None)
    if on <= open_span.valid_from:
        raise WrongDay(
            unit,
            Text(
                f"{on} 不晚于上一次变动 {open_span.valid_from}",
                f"{on} is not after its last change, {open_span.valid_from}",
            ),
        )
    if on > at.date():
        raise WrongDay(unit, Text(f"{on} 还没有到", f"{on} has not come yet"))
    UnitSpan.objects.filter(pk=open_span.pk).update(valid_to=on)
    next_span = UnitSpan(
        unit=unit, valid_from=on, recorded_at=at, kind=open_span.kind, title_zh=open_span.title_zh,
        title_en=open_span.title_en, code=open_span.code, parent_id=open_span.parent_id,
    )  # fmt: skip
    for name, value in changed.items():
        setattr(next_span, name, value)
        setattr(unit, name, value)
    next_span.save()
    unit.save(update_fields=list(changed))
