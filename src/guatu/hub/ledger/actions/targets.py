"""Set targets, adjust them in mid-course, split them with an exact sum check, and answer for a share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from guatu.declarations.goals import GoalIndicator
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Record
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.goals import GoalChanged, WrongGoal, keep_access, require_active, require_reason
from guatu.hub.ledger.actions.holding import held_goal
from guatu.hub.ledger.goals.schemes import indicator_of, scheme_of
from guatu.hub.ledger.goals.values import kept, shown_value
from guatu.hub.ledger.models import Goal, Item, Split, Target, TargetVersion
from guatu.hub.ledger.models.targets import Along, Standing
from guatu.standards.periods import Period
from guatu.text import Text


class SumDiffers(Conflict):
    """The parts do not make up the whole; `difference` is the whole less the parts."""

    def __init__(self, target: Target, indicator: GoalIndicator, difference: Fraction) -> None:
        self.difference = difference
        self.field = "reason"
        said = shown_value(indicator, kept(abs(difference))).with_unit
        more = Text("少" if difference > 0 else "多", "short of" if difference > 0 else "over")
        super().__init__(
            indicator.title.zh,
            Text(f"各部分之和比总数{more.zh} {said.zh}", f"the parts are {said.en} {more.en} the whole"),
            Text("改到相等；确要这样分，写明理由。", "Make them equal; to take it as it is, say why."),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a split: whose, and how much (as values are kept). One of unit, period and item, as the split goes."""

    value: str
    unit: Unit | None = None
    period: str = ""
    item: Item | None = None


@action("target.set")
def set_target(*, goal: Goal, indicator: str, period: str, value: str, by: Actor, at: datetime) -> Target:
    """A value the goal as a whole is to reach in a period."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    indicator_of(scheme_of(goal), indicator)
    spoken = str(Period.parse(period))
    if Target.objects.filter(goal=goal, indicator=indicator, period=spoken, whole=None).exists():
        raise Conflict(
            goal.title,
            Text("这一期的目标值已经定了", "there is a target for this period already"),
            Text("在那个目标值上调整。", "Adjust that one."),
        )
    target = Target(goal=goal, indicator=indicator, period=spoken, unit=goal.unit, value=value, standing=Standing.SET)
    target.save()
    after = {"indicator": indicator, "period": spoken, "value": value}
    told = record(Event.TARGET_SET, subject=target, after=after, by=under, at=at)
    _version(target, told, at)
    keep_access(goal)
    return target


@action("target.adjust")
def adjust_target(*, target: Target, seen: int, value: str, reason: str, by: Actor, at: datetime) -> Target:
    """Another value of the whole, from now on. Its parts stay until it is split anew; the difference shows meanwhile."""
    target = locked_target(target)
    under = require(by, Permission.MANAGE_GOALS, unit=target.goal.unit)
    require_active(target.goal)
    require_reason(target.goal, reason)
    if target.whole_id is not None:
        raise Conflict(
            target.goal.title,
            Text("这是分解出来的一部分", "this is a part of a split"),
            Text("把总目标重新分解。", "Split the whole anew."),
        )
    if target.version != seen:
        raise GoalChanged(target.goal.title)
    if target.value == value:
        raise WrongGoal(
            "value",
            target.goal.title,
            Text("和原来一样", "it is what it was"),
            Text("写新的值。", "Give another value."),
        )
    before, target.value, target.version = target.value, value, target.version + 1
    target.save()
    told = record(
        Event.TARGET_ADJUSTED, subject=target, before={"value": before}, after={"value": value}, reason=reason.strip(),
        by=under, at=at,
    )  # fmt: skip
    _version(target, told, at, reason.strip())
    return target


@action("target.split")
def split_target(
    *, target: Target, seen: int, along: Along, parts: Sequence[Part], reason: str = "", by: Actor, at: datetime
) -> Split:
    """All parts along units, periods or items. They make up the whole exactly, or a reason says why not.

    A share that changes is proposed anew; one left out is dropped. Rates do not add up and are not held to a sum.
    """
    target = locked_target(target)
    under = require(by, Permission.MANAGE_GOALS, unit=target.unit)
    require_active(target.goal)
    if target.version != seen or target.dropped:
        raise GoalChanged(target.goal.title)
    indicator = indicator_of(scheme_of(target.goal), target.indicator)
    keyed = _keyed(target, along, parts, by)
    difference = Fraction(0)
    if indicator.adds:
        difference = target.amount - sum((Fraction(part.value) for part in parts), Fraction())
        if difference and not reason.strip():
            raise SumDiffers(target, indicator, difference)
    told = record(
        Event.TARGET_SPLIT, subject=target,
        after={
            "along": str(along), "difference": kept(difference),
            "parts": [[key, part.value] for key, part in sorted(keyed.items(), key=lambda one: str(one[0]))],
        },
        reason=reason.strip(), by=under, at=at,
    )  # fmt: skip
    _write_parts(target, along, keyed, told, at)
    keep_access(target.goal)
    return Split.objects.create(
        target=target, along=along, of_version=target.version, difference=kept(difference), reason=reason.strip(),
        recorded_at=at, record_id=told.pk,
    )  # fmt: skip


@action("target.answer")
def answer_target(*, target: Target, seen: int, agrees: bool, reason: str = "", by: Actor, at: datetime) -> Target:
    """The unit agrees to its share, or objects and says why. `seen` is the version that was read."""
    target = locked_target(target)
    under = require(by, Permission.ANSWER_TARGETS, unit=target.unit)
    require_active(target.goal)
    if target.standing == Standing.SET or target.dropped:
        raise Conflict(
            target.goal.title,
            Text("这个目标值不用答复", "this target asks for no answer"),
            Text("看看分给本单位的那一份。", "Look at the share of your own unit."),
        )
    if target.version != seen:
        raise GoalChanged(target.goal.title)
    if not agrees:
        require_reason(target.goal, reason)
    before = target.standing
    target.standing = Standing.AGREED if agrees else Standing.OBJECTED
    target.objection = "" if agrees else reason.strip()
    if (before, agrees) == (Standing.AGREED, True):
        raise Conflict(
            target.goal.title, Text("已经同意", "it is agreed already"), Text("不必再办。", "Nothing is left to do.")
        )
    target.save()
    told = record(
        Event.TARGET_ANSWERED, subject=target, before={"standing": str(before)},
        after={"standing": str(target.standing), "version": target.version}, reason=reason.strip(), by=under, at=at,
    )  # fmt: skip
    _version(target, told, at, reason.strip())
    return target


Key = int | str


def _keyed(target: Target, along: Along, parts: Sequence[Part], by: Actor) -> Mapping[Key, Part]:
    """Each part by what tells it from the others; refuses what is there twice, outside, or not to be seen."""
    keyed: dict[Key, Part] = {}
    for part in parts:
        key = _key(target, along, part)
        if key in keyed:
            raise _bad_part(target, Text("有一部分写了两次", "a part is given twice"))
        keyed[key] = part
    if not keyed:
        raise _bad_part(target, Text("一个部分也没有", "there is no part"))
    if along is Along.UNIT:
        seen = set(Unit.objects.visible_to(by).filter(pk__in=keyed, closed_on=None).values_list("pk", flat=True))
    elif along is Along.ITEM:
        seen = set(Item.objects.visible_to(by).filter(pk__in=keyed).values_list("pk", flat=True))
    else:
        return keyed
    if set(keyed) - seen:
        raise _bad_part(target, Text("有看不到或已撤销的单位、事项", "a unit or item is closed or not to be seen"))
    return keyed


def _key(target: Target, along: Along, part: Part) -> Key:
    whole = Period.parse(target.period)
    if along is Along.UNIT and part.unit is not None:
        return part.unit.pk
    if along is Along.ITEM and part.item is not None:
        return part.item.pk
    if along is Along.PERIOD and part.period:
        period = Period.parse(part.period)
        if period != whole and whole.first_day <= period.first_day and period.last_day <= whole.last_day:
            return str(period)
        raise _bad_part(target, Text(f"{period} 不在 {whole} 之内", f"{period} does not lie inside {whole}"))
    raise _bad_part(target, Text("有一部分没有写分给谁", "a part does not say whose it is"))


def _bad_part(target: Target, what: Text) -> WrongGoal:
    return WrongGoal("parts", target.goal.title, what, Text("核对各部分再分。", "Check the parts and split again."))


def _write_parts(target: Target, along: Along, keyed: Mapping[Key, Part], told: Record, at: datetime) -> None:
    there = {_key_of(one, along): one for one in target.parts.select_for_update().filter(along=along).order_by("pk")}
    for key, one in there.items():
        if key not in keyed and not one.dropped:
            one.dropped = True
            one.save()
    for key, part in keyed.items():
        one = there.get(key) or Target(
            goal=target.goal, indicator=target.indicator, whole=target, along=along, version=0,
            period=str(key) if along is Along.PERIOD else target.period, item=part.item or target.item,
            unit=part.unit or (part.item.unit if part.item is not None else target.unit),
        )  # fmt: skip
        if one.pk and one.value == part.value and not one.dropped:
            continue
        one.value, one.version, one.dropped, one.objection = part.value, one.version + 1, False, ""
        one.standing = Standing.SET if along is Along.PERIOD else Standing.PROPOSED
        one.save()
        _version(one, told, at)


def _key_of(part: Target, along: Along) -> Key:
    if along is Along.PERIOD:
        return part.period
    return part.unit_id if along is Along.UNIT else part.item_id or 0


def _version(target: Target, told: Record, at: datetime, reason: str = "") -> None:
    TargetVersion.objects.create(
        target=target, number=target.version, value=target.value, standing=target.standing, reason=reason,
        recorded_at=at, record_id=told.pk,
    )  # fmt: skip


def locked_target(target: Target) -> Target:
    """The target as it is now, locked until the caller's commit."""
    found: Target = (
        Target.objects.select_for_update(of=("self",)).select_related("goal__unit", "unit", "item").get(pk=target.pk)
    )
    return found
