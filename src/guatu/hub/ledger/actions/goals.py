"""Open goals, change them, end them, say who answers, link the items that bring them about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guatu.declarations.goals import Goals
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Record
from guatu.hub.audit.recording import canonical, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import held_goal, nothing_different
from guatu.hub.ledger.goals.schemes import NotDeclared, scheme_named, scheme_of
from guatu.hub.ledger.models import Goal, GoalAccess, GoalDuty, GoalItem, GoalRevision, Item, Target
from guatu.hub.ledger.models.goals import GoalState
from guatu.text import Refusal, Text


class WrongGoal(Refusal):
    """What a goal cannot be; `field` says which part of it."""

    def __init__(self, field: str, where: str, what: Text, remedy: Text) -> None:
        self.field = field
        super().__init__(where, what, remedy)


class GoalChanged(Conflict):
    """Somebody changed it since it was read."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            Text("打开后有人改过", "was changed since it was opened"),
            Text("看看新的内容，再办一次。", "Look at what it says now, and do it again."),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a goal says: its title, what is wanted in words, its days (the last inclusive), and the outside lists it is on."""

    title: str
    starts_on: date
    ends_on: date
    statement: str = ""
    flags: tuple[str, ...] = ()


@action("goal.open")
def open_goal(
    *, pack: str, level: str, parent: Goal | None, unit: Unit, wanted: Wanted, by: Actor, at: datetime
) -> Goal:
    """A new goal that a unit owns, at the top or under another whose days hold its own."""
    under = require(by, Permission.MANAGE_GOALS, unit=unit)
    if parent is not None:
        parent = held_goal(parent)
        require(by, Permission.MANAGE_GOALS, unit=parent.unit)
        require_active(parent)
        pack = parent.pack
    scheme = scheme_named(pack)
    _require_level(scheme, level, parent)
    _require_sense(scheme, wanted, parent)
    goal = Goal(
        pack=pack, level=level, parent=parent, unit=unit, title=wanted.title.strip(), statement=wanted.statement.strip(),
        starts_on=wanted.starts_on, ends_on=wanted.ends_on, flags=sorted(set(wanted.flags)),
    )  # fmt: skip
    goal.save()
    told = record(Event.GOAL_OPENED, subject=goal, after=row_of(goal), by=under, at=at)
    _write(goal, "opened", told, at)
    keep_access(goal)
    return goal


@action("goal.change")
def change_goal(*, goal: Goal, seen: int, wanted: Wanted, reason: str, by: Actor, at: datetime) -> Goal:
    """Other words, days or lists. `seen` is the revision the change was made from."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    require_reason(goal, reason)
    if goal.revision != seen:
        raise GoalChanged(goal.title)
    _require_sense(scheme_of(goal), wanted, goal.parent)
    outside = goal.children.filter(state=GoalState.ACTIVE).exclude(
        starts_on__gte=wanted.starts_on, ends_on__lte=wanted.ends_on
    )
    if (child := outside.first()) is not None:
        raise WrongGoal(
            "ends_on", goal.title,
            Text(f"下级“{child.title}”的起止日期在此之外", f"'{child.title}' below it would lie outside these days"),
            Text("先改下级的日期。", "Change the dates below first."),
        )  # fmt: skip
    before = row_of(goal)
    goal.title, goal.statement = wanted.title.strip(), wanted.statement.strip()
    goal.starts_on, goal.ends_on, goal.flags = wanted.starts_on, wanted.ends_on, sorted(set(wanted.flags))
    return _changed(goal, before, Event.GOAL_CHANGED, "changed", reason, under, at)


@action("goal.end")
def end_goal(*, goal: Goal, state: GoalState, reason: str, by: Actor, at: datetime) -> Goal:
    """Ended or withdrawn, with everything below it ended or withdrawn before."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    require_reason(goal, reason)
    if state is GoalState.ACTIVE:
        raise WrongGoal(
            "state", goal.title, Text("还在进行", "it is active already"), Text("选结束或撤回。", "End or withdraw it.")
        )
    if (child := goal.children.filter(state=GoalState.ACTIVE).first()) is not None:
        raise Conflict(
            goal.title,
            Text(f"下级“{child.title}”还在进行", f"'{child.title}' below it is active"),
            Text("先结束下级。", "End what is below first."),
        )
    before = row_of(goal)
    goal.state = state
    return _changed(goal, before, Event.GOAL_ENDED, state.value, reason, under, at)


@action("goal.assign")
def assign_goal(
    *, goal: Goal, slot: str, person: Person | None, unit: Unit | None, on: date, by: Actor, at: datetime
) -> GoalDuty | None:
    """A person or a unit answers in a slot from a day on, whoever did before does no longer; neither: nobody does."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    scheme = scheme_of(goal)
    if slot not in scheme.slots:
        raise NotDeclared("slot", slot, list(scheme.slots))
    if person is not None and unit is not None:
        raise WrongGoal(
            "unit",
            goal.title,
            Text("写了人，又写了单位", "a person and a unit are given"),
            Text("只写一个。", "Give one."),
        )
    held = goal.duties.filter(slot=slot, valid_to=None).first()
    if held is None and person is None and unit is None:
        raise WrongGoal(
            "person", goal.title, Text("没有写由谁负责", "nobody is named"), Text("写人或单位。", "Name one.")
        )
    _end(held, on)
    duty = GoalDuty(goal=goal, slot=slot, person=person, unit=unit, valid_from=on)
    after = {"slot": slot, "on": on, "person": person.pk if person else None, "unit": unit.pk if unit else None}
    before = {"person": held.person_id, "unit": held.unit_id} if held is not None else {}
    record(Event.GOAL_ASSIGNED, subject=goal, before=before, after=after, by=under, at=at)
    if person is not None or unit is not None:
        duty.save()
    keep_access(goal)
    return duty if duty.pk else None


@action("goal.link")
def link_items(*, goal: Goal, items: Sequence[Item], on: date, by: Actor, at: datetime) -> int:
    """Items that bring the goal about from a day on; how many are new to it."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    there = set(goal.items.filter(valid_to=None).values_list("item_id", flat=True))
    seen = set(Item.objects.visible_to(by).filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True))
    fresh = sorted(seen - there)
    if not fresh:
        raise Conflict(
            goal.title,
            Text("这些事项已经联上，或看不到", "these items are linked already, or not to be seen"),
            Text("换一个事项。", "Choose another item."),
        )
    record(Event.GOAL_LINKED, subject=goal, after={"items": fresh, "on": on}, by=under, at=at)
    GoalItem.objects.bulk_create(GoalItem(goal=goal, item_id=key, valid_from=on) for key in fresh)
    return len(fresh)


@action("goal.unlink")
def unlink_item(*, goal: Goal, item: Item, on: date, by: Actor, at: datetime) -> None:
    """The item has nothing to do with the goal from a day on."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    held = goal.items.filter(item=item, valid_to=None).first()
    if held is None:
        raise Conflict(
            goal.title, Text("没有联着这个事项", "the item is not linked"), Text("不必再办。", "Nothing is left to do.")
        )
    record(Event.GOAL_UNLINKED, subject=goal, before={"items": [item.pk]}, after={"on": on}, by=under, at=at)
    _end(held, on)


def keep_access(goal: Goal) -> None:
    """Who may see it: the owner, units and the units of people that answer for it, units with a share."""
    duties = goal.duties.filter(valid_to=None)
    wanted = {goal.unit_id, *duties.exclude(unit=None).values_list("unit_id", flat=True)}
    wanted |= set(duties.exclude(person__unit=None).values_list("person__unit_id", flat=True)) - {None}
    wanted |= set(Target.objects.in_force().filter(goal=goal).values_list("unit_id", flat=True))
    there = set(goal.accesses.values_list("unit_id", flat=True))
    GoalAccess.objects.bulk_create(GoalAccess(goal=goal, unit_id=key) for key in sorted(wanted - there))
    goal.accesses.filter(unit_id__in=there - wanted).delete()


def require_active(goal: Goal) -> None:
    if goal.state != GoalState.ACTIVE:
        raise Conflict(
            goal.title,
            Text("已经结束或撤回", "has ended or was withdrawn"),
            Text("另立一个目标。", "Open another goal."),
        )


def require_reason(goal: Goal, reason: str) -> None:
    if not reason.strip():
        raise WrongGoal(
            "reason", goal.title, Text("没有写理由", "no reason is given"), Text("写明为什么。", "Say why.")
        )


def row_of(goal: Goal) -> dict[str, Any]:
    """What a revision and the record say of a goal."""
    return {
        "level": goal.level, "parent": goal.parent_id, "unit": goal.unit_id, "title": goal.title,
        "statement": goal.statement, "starts_on": goal.starts_on.isoformat(), "ends_on": goal.ends_on.isoformat(),
        "state": str(goal.state), "flags": list(goal.flags),
    }  # fmt: skip


def _require_level(scheme: Goals, level: str, parent: Goal | None) -> None:
    allowed = [key for key, one in scheme.levels.items() if (parent.level in one.under if parent else not one.under)]
    if level not in allowed:
        raise NotDeclared("level", level, allowed)


def _require_sense(scheme: Goals, wanted: Wanted, parent: Goal | None) -> None:
    where = wanted.title.strip() or "—"
    if not wanted.title.strip() or len(wanted.title.strip()) > 200:
        raise WrongGoal(
            "title", where, Text("名称空着或太长", "the title is missing or too long"), Text("最多 200 字。", "At most 200 characters.")
        )  # fmt: skip
    if wanted.ends_on < wanted.starts_on:
        raise WrongGoal(
            "ends_on", where, Text("结束早于开始", "it ends before it starts"), Text("改日期。", "Change the dates.")
        )
    if parent is not None and not parent.starts_on <= wanted.starts_on <= wanted.ends_on <= parent.ends_on:
        raise WrongGoal(
            "ends_on", where,
            Text(
                f"不在上级的 {parent.starts_on} 至 {parent.ends_on} 之内",
                f"lies outside {parent.starts_on} to {parent.ends_on}, the days of what it stands under",
            ),
            Text("改日期，或先改上级的。", "Change the dates, or those above first."),
        )  # fmt: skip
    for flag in wanted.flags:
        if flag not in scheme.flags:
            raise NotDeclared("flags", flag, list(scheme.flags))


def _changed(
    goal: Goal, before: dict[str, Any], event: Event, kind: str, reason: str, under: OnBehalf, at: datetime
) -> Goal:
    after = row_of(goal)
    differing = [key for key in after if after[key] != before[key]]
    if not differing:
        raise nothing_different(goal.title)
    goal.revision += 1
    goal.save()
    told = record(
        event, subject=goal, before={key: before[key] for key in differing}, after={key: after[key] for key in differing},
        reason=reason.strip(), by=under, at=at,
    )  # fmt: skip
    _write(goal, kind, told, at, reason.strip())
    return goal


def _write(goal: Goal, kind: str, told: Record, at: datetime, reason: str = "") -> None:
    GoalRevision.objects.create(
        goal=goal, number=goal.revision, recorded_at=at, record_id=told.pk, kind=kind, row=canonical(row_of(goal)),
        reason=reason,
    )  # fmt: skip


def _end(held: GoalDuty | GoalItem | None, on: date) -> None:
    """In force until a day; what would end before it began never was."""
    if held is None:
        return
    if on <= held.valid_from:
        held.delete()
    else:
        held.valid_to = on
        held.save(update_fields=["valid_to"])
