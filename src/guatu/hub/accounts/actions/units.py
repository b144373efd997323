"""Open, rename, recode, move and close units. The tree of now and the spans of history change together."""

from __future__ import annotations

from datetime import date, datetime

from guatu.hub.accounts.actions.tree_changes import (
    WrongDay,
    amend,
    free_code,
    lock_tree,
    placed,
    put_under,
    require_free_name,
    require_open,
    require_past,
    require_there,
    shut,
    turn_over,
)
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Post, Unit, UnitSpan
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.text import Refusal, Text

__all__ = [
    "Nameless",
    "StillInUse",
    "WrongDay",
    "close_unit",
    "correct_unit",
    "move_unit",
    "open_unit",
    "placed",
    "recode_unit",
    "rename_unit",
    "require_unused",
]

_NAMED_AT_MOST = 5


class Nameless(Refusal):
    """A unit needs a Chinese name."""

    def __init__(self, where: str) -> None:
        super().__init__(
            where, Text("单位没有名称", "the unit has no name"), Text("写上中文名称。", "Give its Chinese name.")
        )


class StillInUse(Conflict):
    """A unit with open units under it, or posts people hold, cannot be closed."""

    def __init__(self, unit: Unit, what: Text, remedy: Text) -> None:
        super().__init__(str(unit), what, remedy)


@action("unit.open")
def open_unit(
    *, parent: Unit, kind: str, title: Text, code: str = "", order: int = 0, on: date, by: Actor, at: datetime
) -> Unit:
    """A new unit under `parent` from a day on."""
    under = require(by, Permission.MANAGE_UNITS, unit=parent)
    lock_tree()
    parent.refresh_from_db()
    named = _named(title, str(parent))
    require_past(parent, on=on, at=at)
    require_there(parent, on=on)
    require_free_name(named.zh, parent=parent)
    good = free_code(kind, code, parent=parent, on=on, where=named.zh)
    unit = placed(parent=parent, kind=kind, title=named, code=good, order=order, on=on, at=at)
    record(
        Event.UNIT_OPENED,
        subject=unit,
        after={"kind": kind, "title_zh": named.zh, "title_en": named.en, "code": good, "parent": parent.pk, "on": on},
        by=under,
        at=at,
    )
    return unit


@action("unit.rename")
def rename_unit(*, unit: Unit, title: Text, on: date, by: Actor, at: datetime) -> Unit:
    """Another name from a day on; what it was called before stays on its spans."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    lock_tree()
    unit.refresh_from_db()
    named = _named(title, str(unit))
    require_free_name(named.zh, parent=unit.parent, but=unit)
    before = {"title_zh": unit.title_zh, "title_en": unit.title_en}
    turn_over(unit, on=on, at=at, title_zh=named.zh, title_en=named.en)
    after = {"title_zh": named.zh, "title_en": named.en, "on": on}
    record(Event.UNIT_RENAMED, subject=unit, before=before, after=after, by=under, at=at)
    return unit


@action("unit.recode")
def recode_unit(*, unit: Unit, code: str, on: date, by: Actor, at: datetime) -> Unit:
    """Another code from a day on, as when a county becomes a district; a blank one takes the code away."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    lock_tree()
    unit.refresh_from_db()
    good = free_code(unit.kind, code, parent=unit.parent, on=on, where=str(unit), but=unit)
    before = {"code": unit.code}
    turn_over(unit, on=on, at=at, code=good)
    record(Event.UNIT_RECODED, subject=unit, before=before, after={"code": good, "on": on}, by=under, at=at)
    return unit


@action("unit.correct")
def correct_unit(*, unit: Unit, title: Text, code: str, order: int, by: Actor, at: datetime) -> Unit:
    """Put right what was written wrongly of the unit as it is now; no new span of history begins."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    lock_tree()
    unit.refresh_from_db()
    require_open(unit)
    named = _named(title, str(unit))
    require_free_name(named.zh, parent=unit.parent, but=unit)
    since = UnitSpan.objects.get(unit=unit, valid_to=None).valid_from
    good = free_code(unit.kind, code, parent=unit.parent, on=since, where=str(unit), but=unit)
    before = {"title_zh": unit.title_zh, "title_en": unit.title_en, "code": unit.code, "order": unit.order}
    amend(unit, title_zh=named.zh, title_en=named.en, code=good)
    Unit.objects.filter(pk=unit.pk).update(order=order)
    unit.order = order
    after = {"title_zh": named.zh, "title_en": named.en, "code": good, "order": order}
    record(Event.UNIT_CORRECTED, subject=unit, before=before, after=after, by=under, at=at)
    return unit


@action("unit.move")
def move_unit(*, unit: Unit, parent: Unit, on: date, by: Actor, at: datetime) -> Unit:
    """Under another unit from a day on, with everything below it. Whoever moves it manages both places."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    require(by, Permission.MANAGE_UNITS, unit=parent)
    lock_tree()
    unit.refresh_from_db()
    parent.refresh_from_db()
    before = {"parent": unit.parent_id}
    put_under(unit, parent, on=on, at=at)
    record(Event.UNIT_MOVED, subject=unit, before=before, after={"parent": parent.pk, "on": on}, by=under, at=at)
    return unit


@action("unit.close")
def close_unit(*, unit: Unit, on: date, reason: str = "", by: Actor, at: datetime) -> Unit:
    """No more from a day on. Refused while anything still hangs on it."""
    under = require(by, Permission.MANAGE_UNITS, unit=unit)
    lock_tree()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require_open(unit)
    require_unused(unit, on=on)
    shut(unit, on=on, at=at)
    record(
        Event.UNIT_CLOSED,
        subject=unit,
        before={"title_zh": unit.title_zh, "code": unit.code, "parent": unit.parent_id},
        after={"on": on},
        reason=reason,
        by=under,
        at=at,
    )
    return unit


def require_unused(unit: Unit, *, on: date) -> None:
    """No unit stands under it and no post is held at it from a day on; says what to do with those that are."""
    require_without_posts(unit, on=on)
    children = Unit.objects.filter(parent=unit, closed_on=None).order_by("order", "pk")
    if names := list(children.values_list("title_zh", flat=True)):
        raise StillInUse(
            unit,
            Text(
                f"下面还有 {len(names)} 个单位：{_listed(names)}",
                f"{len(names)} units stand under it: {_listed(names)}",
            ),
            Text("先划转或撤销它们，或用“合并”“拆分”。", "Move or close them first, or merge or divide the unit."),
        )
    later = UnitSpan.objects.filter(parent=unit, valid_to__gt=on).order_by("-valid_to").first()
    if later is not None:
        raise WrongDay(
            unit,
            Text(
                f"“{later.title_zh}”到 {later.valid_to} 才离开它",
                f"{later.title.en} stood under it until {later.valid_to}",
            ),
        )


def require_without_posts(unit: Unit, *, on: date) -> None:
    held = Post.objects.not_over_on(on).filter(unit=unit).select_related("person")
    if held:
        names = [f"{post.person.name}（{post.title.zh}）" for post in held]
        raise StillInUse(
            unit,
            Text(
                f"还有 {len(names)} 个岗位在任：{_listed(names)}",
                f"{len(names)} posts are still held: {_listed(names)}",
            ),
            Text(
                f"请安全管理员先让这些岗位在 {on} 以前（含当日）结束，或交接到其他单位。",
                f"Have the security administrator end these posts by {on}, or hand them over first.",
            ),
        )


def _named(title: Text, where: str) -> Text:
    zh, en = title.zh.strip(), title.en.strip()
    if not zh:
        raise Nameless(where)
    return Text(zh, en)


def _listed(names: list[str]) -> str:
    more = "" if len(names) <= _NAMED_AT_MOST else " …"
    return "、".join(names[:_NAMED_AT_MOST]) + more
