"""Enter items, change what is known of them, move them between units, take them off and back on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.composed import ByKey
from guatu.hub.ledger.actions.holding import held, nothing_different, require_not_merged, require_reason
from guatu.hub.ledger.actions.revising import Told, enter, require_past, revise
from guatu.hub.ledger.encodings import Json, Value, encoded
from guatu.hub.ledger.fields import ledger_code, stated_lists
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.places import geometry_of
from guatu.hub.ledger.rows import Changes, Row, differing
from guatu.standards.coordinates import LonLat
from guatu.text import Refusal, Text


class UnknownField(Refusal):
    """The ledger declares no such field, or it is about people and kept apart."""

    def __init__(self, ledger: LedgerDeclaration, key: str) -> None:
        super().__init__(
            key,
            Text(f"{ledger.title.zh}没有可填的字段“{key}”", f"{ledger.title.en} has no field '{key}' to be filled"),
            Text("核对字段名；人员和电话另行登记。", "Check the name; names and phones of people are kept apart."),
        )


class CodeTaken(Conflict):
    """Another item goes by this code."""

    def __init__(self, other: Item, code: str = "") -> None:
        super().__init__(
            code or other.code,
            Text(f"代码已属于“{other.name}”（{other.unit}）", f"the code is that of '{other.name}' ({other.unit})"),
            Text("核对代码；同一个项目请合并。", "Check the code; if it is one project, merge the two."),
        )


class ChangedMeanwhile(Conflict):
    """Somebody changed the item since it was read."""

    def __init__(self, item: Item, seen: int) -> None:
        super().__init__(
            item.name,
            Text(
                f"打开后有人改过（第 {seen} 版，现为第 {item.revision} 版）",
                f"was changed since it was opened (revision {seen}, now {item.revision})",
            ),
            Text("看看新的内容，再改一次。", "Look at what it says now, and change it again."),
        )  # fmt: skip


@action("item.enter")
def enter_item(
    *,
    ledger: Ledger,
    unit: Unit,
    name: str,
    code: str = "",
    values: Mapping[str, Value] | None = None,
    lists: tuple[str, ...] = (),
    on: date,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Item:
    """A new item of a ledger, from a day on, for which a unit answers."""
    under = require(by, Permission.CHANGE_ITEMS, unit=unit)
    require_past(name, on, at)
    declaration = declared(ledger)
    row = Row(
        unit=unit.pk, name=checked_name(name), code=code.strip(), values=as_kept(declaration, values or {}),
        lists=checked_lists(declaration, lists),
    )  # fmt: skip
    require_free_code(ledger, row.code)
    told = record(Event.ITEM_ENTERED, subject=ledger, after=row.facts(), reason=reason, by=under, at=at)
    return enter(ledger, row, Told("entered", on, at, told, reason))


@action("item.change")
def change_item(
    *,
    item: Item,
    seen: int,
    name: str | None = None,
    code: str | None = None,
    values: Mapping[str, Value | None] | None = None,
    lists: tuple[str, ...] | None = None,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> Item:
    """Other facts from a day on; a value of None takes one away. `seen` is the revision the change was made from."""
    locked = held(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=locked.unit)
    if locked.revision != seen:
        raise ChangedMeanwhile(locked, seen)
    declaration = declared(locked.ledger)
    core: dict[str, Any] = {}
    if name is not None:
        core["name"] = checked_name(name)
    if code is not None:
        core["code"] = code.strip()
        require_free_code(locked.ledger, core["code"], but=locked)
    if lists is not None:
        core["lists"] = checked_lists(declaration, lists)
    given = values or {}
    kept = as_kept(declaration, {key: value for key, value in given.items() if value is not None})
    taken = {key: None for key, value in given.items() if value is None}
    require_declared(declaration, taken)
    return _revised(locked, Changes(core, {**kept, **taken}), Event.ITEM_CHANGED, on, reason, under=under, at=at)


@action("item.move")
def move_item(*, item: Item, unit: Unit, on: date, reason: str, by: Actor, at: datetime) -> Item:
    """Another unit answers for it from a day on. Whoever moves it may change items at both."""
    locked = held(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=locked.unit)
    require(by, Permission.CHANGE_ITEMS, unit=unit)
    return _revised(locked, Changes({"unit": unit.pk}), Event.ITEM_MOVED, on, reason, under=under, at=at)


@action("item.set_state")
def set_item_state(*, item: Item, state: ItemState, on: date, reason: str, by: Actor, at: datetime) -> Item:
    """Suspended, withdrawn or active again from a day on; past rounds keep what they said."""
    locked = held(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=locked.unit)
    if state is ItemState.MERGED or locked.state == state.value:
        raise Conflict(
            locked.name,
            Text("已经是这个状态，或要用“合并”", "is in that state already, or is to be merged"),
            Text("看看现在的状态。", "Look at the state it is in."),
        )
    return _revised(locked, Changes({"state": state.value}), Event.ITEM_STATE_SET, on, reason, under=under, at=at)


@action("item.place")
def place_item(*, item: Item, seen: int, place: LonLat | None, on: date, reason: str, by: Actor, at: datetime) -> Item:
    """Where it lies from a day on, in CGCS2000; None: nobody knows. `seen` is the revision the map showed."""
    locked = held(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=locked.unit)
    if locked.revision != seen:
        raise ChangedMeanwhile(locked, seen)
    geometry = geometry_of(place) if place is not None else None
    return _revised(locked, Changes({"geometry": geometry}), Event.ITEM_PLACED, on, reason, under=under, at=at)


def _revised(item: Item, changes: Changes, event: Event, on: date, reason: str, *, under: Any, at: datetime) -> Item:
    """Written, with what differs in the record; refused when nothing does."""
    require_past(item.name, on, at)
    require_not_merged(item)
    require_reason(item.name, reason)
    now = row_of(item)
    differences = differing(now, now.changed(changes))
    if not differences:
        raise nothing_different(item.name)
    told = record(
        event,
        subject=item,
        before={key: before for key, (before, _) in differences.items()},
        after={key: after for key, (_, after) in differences.items()} | {"on": on},
        reason=reason,
        by=under,
        at=at,
    )
    return revise(item, changes, Told(event.value.split(".")[1], on, at, told, reason))


def row_of(item: Item) -> Row:
    """The row an item's columns and lists show now."""
    return Row.shown_by(item, item.memberships.filter(valid_to=None).values_list("list", flat=True))


def as_kept(ledger: LedgerDeclaration, values: Mapping[str, Value]) -> dict[str, Json]:
    """Values of declared fields as they are kept; refuses fields that are not there or hold something else."""
    require_declared(ledger, values)
    return {key: encoded(ledger.fields[key], value) for key, value in sorted(values.items())}


def require_declared(ledger: LedgerDeclaration, values: Mapping[str, object]) -> None:
    for key in values:
        if key not in ledger.fields or ledger.fields[key].is_personal or key in ("name", ledger_code(ledger)):
            raise UnknownField(ledger, key)


def checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > 300:
        raise Refusal(
            plain[:40] or "—",
            Text("名称空着或太长", "the name is missing or too long"),
            Text("写名称，最多 300 字。", "Give a name of at most 300 characters."),
        )
    return plain


def checked_lists(ledger: LedgerDeclaration, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Lists the ledger declares as stated by people; a derived list is worked out, never given."""
    known = stated_lists(ledger)
    for key in lists:
        if key not in known:
            raise Refusal(
                key,
                Text("没有这个清单", "there is no such list to be put on"),
                Text(f"可选：{'、'.join(known)}。", f"Choose among: {', '.join(known)}."),
            )
    return tuple(sorted(set(lists)))


_OF_CODE = ByKey(
    lambda ledger, code: (
        Item.objects.filter(ledger=ledger, code=code).exclude(state=ItemState.MERGED).values_list("pk", flat=True)
    )
)


def require_free_code(ledger: Ledger, code: str, but: Item | None = None) -> None:
    """No other item of the ledger goes by this code."""
    if not code:
        return
    others = [one for one in _OF_CODE.all(ledger.pk, code) if but is None or one != but.pk]
    if others:
        raise CodeTaken(Item.objects.select_related("unit").get(pk=others[0]))
