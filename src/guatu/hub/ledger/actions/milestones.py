"""Plan milestones, claim that they are reached, check and verify it: whole facts, each superseding the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from guatu.declarations import MilestoneDeclaration
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Record
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import held_and_there, nothing_different, require_reason
from guatu.hub.ledger.actions.revising import next_sequence, put_in_force, require_past
from guatu.hub.ledger.models import Item, Milestone, SequenceNumber
from guatu.hub.ledger.models.milestones import COUNTING, Fact, Standing
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text


class UnknownMilestone(Refusal):
    """The ledger declares no such milestone."""

    def __init__(self, item: Item, key: str, known: Mapping[str, MilestoneDeclaration]) -> None:
        titles = Text(
            "、".join(one.title.zh for one in known.values()), ", ".join(one.title.en for one in known.values())
        )
        super().__init__(
            item.name,
            Text(f"台账没有节点“{key}”", f"its ledger has no milestone '{key}'"),
            Text(f"可用：{titles.zh}。", f"There are: {titles.en}."),
        )


class SameHands(Conflict):
    """Whoever claimed or checked a day may not pass it on."""

    def __init__(self, item: Item) -> None:
        super().__init__(
            item.name,
            Text(
                "申报、审核、核查不能是同一个人或同一个岗位",
                "claiming, checking and verifying take different people in different posts",
            ),
            Text("请另一位有权限的同事办理。", "Ask another colleague whose post allows it."),
        )


class NotAtThatStage(Conflict):
    """The actual day is not where this can be done with it."""

    def __init__(self, item: Item, needed: Text) -> None:
        super().__init__(
            item.name,
            Text(f"这一步要求节点{needed.zh}", f"this step needs a milestone that is {needed.en}"),
            Text("看看节点现在到了哪一步。", "Look at how far the milestone is."),
        )


@action("milestone.plan")
def plan_milestone(
    *,
    item: Item,
    key: str,
    on: date,
    precision: str = "",
    reason: str = "",
    agreed_by: Unit | None = None,
    by: Actor,
    at: datetime,
) -> Milestone:
    """The day it is planned for; a plan that stands is revised, with the reason and the unit that agreed to it."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_milestone(item, key)
    facts = in_force(item, key)
    before = plan_of(facts)
    _require_not_reached(item, facts)
    if before is not None and (before.on, before.precision) == (on, precision):
        raise nothing_different(item.name)
    if before is not None:
        require_agreed(item, reason, agreed_by)
    fact = Fact.PLANNED if before is None else Fact.REVISED
    told = record(
        Event.MILESTONE_PLANNED, subject=item, before=_said(before),
        after={"milestone": key, "on": on, "precision": precision, "agreed_by": agreed_by.pk if agreed_by else None},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    fresh = Milestone(
        item=item, key=key, fact=fact, on=on, precision=precision, reason=reason.strip(), agreed_by=agreed_by
    )
    return put_in_force(facts.get(fact), fresh, next_sequence(told))


@action("milestone.claim")
def claim_milestone(
    *, item: Item, key: str, on: date, evidence: str, precision: str = "", by: Actor, at: datetime
) -> Milestone:
    """The day it was reached, and what shows that its recognition standard is met."""
    item = held_and_there(item)
    under = require(by, Permission.REPORT_ITEMS, unit=item.unit)
    milestone = require_milestone(item, key)
    require_past(item.name, on, at)
    if not evidence.strip():
        raise Refusal(
            item.name,
            Text(f"没有写依据。认定标准：{milestone.standard.zh}", f"no evidence is named. The standard: {milestone.standard.en}"),
            Text("写明凭什么认定，如文号、日期、验收人单位。", "Say what shows it: the number and date of a paper, who accepted it."),
        )  # fmt: skip
    before = in_force(item, key).get(Fact.ACTUAL)
    if before is not None and before.standing == Standing.VERIFIED:
        raise NotAtThatStage(item, Text("尚未核实", "not yet verified"))
    told = record(
        Event.MILESTONE_CLAIMED, subject=item, before=_said(before), after={"milestone": key, "on": on, "precision": precision},
        by=under, at=at,
    )  # fmt: skip
    fresh = Milestone(
        item=item,
        key=key,
        fact=Fact.ACTUAL,
        on=on,
        precision=precision,
        standing=Standing.CLAIMED,
        evidence=evidence.strip(),
    )
    return put_in_force(before, fresh, next_sequence(told))


@action("milestone.check")
def check_milestone(*, item: Item, key: str, accepted: bool, note: str = "", by: Actor, at: datetime) -> Milestone:
    """What was claimed agrees with its evidence, or not; never by whoever claimed it."""
    item = held_and_there(item)
    under = require(by, Permission.CHECK_ITEMS, unit=item.unit)
    before = _at_stage(item, key, Standing.CLAIMED, Text("已申报、未审核", "claimed and not yet checked"))
    standing = Standing.CHECKED if accepted else Standing.REJECTED
    return _passed_on(item, before, standing, note, Event.MILESTONE_CHECKED, under=under, at=at)


@action("milestone.verify")
def verify_milestone(*, item: Item, key: str, accepted: bool, note: str = "", by: Actor, at: datetime) -> Milestone:
    """Seen to be so, or not; never by whoever claimed or checked it."""
    item = held_and_there(item)
    under = require(by, Permission.VERIFY_ITEMS, unit=item.unit)
    before = _at_stage(item, key, Standing.CHECKED, Text("已审核、未核查", "checked and not yet verified"))
    standing = Standing.VERIFIED if accepted else Standing.REJECTED
    return _passed_on(item, before, standing, note, Event.MILESTONE_VERIFIED, under=under, at=at)


@action("milestone.withdraw")
def withdraw_milestone(*, item: Item, key: str, reason: str, by: Actor, at: datetime) -> Milestone:
    """It was not reached after all; what was said stays known as said then."""
    item = held_and_there(item)
    under = require(by, Permission.REPORT_ITEMS, unit=item.unit)
    require_milestone(item, key)
    before = in_force(item, key).get(Fact.ACTUAL)
    if before is None or before.standing not in (Standing.CLAIMED, Standing.CHECKED):
        raise NotAtThatStage(item, Text("已申报、未核实", "claimed and not yet verified"))
    reason = require_reason(item.name, reason)
    told = record(
        Event.MILESTONE_WITHDRAWN, subject=item, before=_said(before), after={"milestone": key}, reason=reason, by=under, at=at
    )  # fmt: skip
    return put_in_force(before, _as(before, Standing.WITHDRAWN, reason), next_sequence(told))


def in_force(item: Item, key: str) -> dict[str, Milestone]:
    """What is known of a milestone, by fact."""
    return {one.fact: one for one in item.milestones.in_force().filter(key=key)}


def plan_of(facts: Mapping[str, Milestone]) -> Milestone | None:
    """The plan that stands: as last revised."""
    return facts.get(Fact.REVISED) or facts.get(Fact.PLANNED)


def require_milestone(item: Item, key: str) -> MilestoneDeclaration:
    known = declared(item.ledger).milestones
    if key not in known:
        raise UnknownMilestone(item, key, known)
    return known[key]


def require_agreed(item: Item, reason: str, agreed_by: Unit | None) -> None:
    """A plan that stands is not revised without a reason, nor without somebody's agreement."""
    require_reason(item.name, reason)
    if agreed_by is None:
        raise Refusal(
            item.name,
            Text("没有写哪个单位同意", "no unit is named that agreed"),
            Text("写同意调整的单位。", "Name the unit that agreed to the change."),
        )


def _require_not_reached(item: Item, facts: Mapping[str, Milestone]) -> None:
    actual = facts.get(Fact.ACTUAL)
    if actual is not None and actual.standing in COUNTING:
        raise NotAtThatStage(item, Text("尚未达到", "not reached yet"))


def _at_stage(item: Item, key: str, standing: Standing, needed: Text) -> Milestone:
    require_milestone(item, key)
    actual = in_force(item, key).get(Fact.ACTUAL)
    if actual is None or actual.standing != standing:
        raise NotAtThatStage(item, needed)
    return actual


def _passed_on(
    item: Item, before: Milestone, standing: Standing, note: str, event: Event, *, under: OnBehalf, at: datetime
) -> Milestone:
    _require_other_hands(item, before, under)
    if standing is Standing.REJECTED:
        require_reason(item.name, note)
    told = record(
        event, subject=item, before=_said(before), after={"milestone": before.key, "standing": standing.value}, reason=note,
        by=under, at=at,
    )  # fmt: skip
    return put_in_force(before, _as(before, standing, note.strip()), next_sequence(told))


def _require_other_hands(item: Item, before: Milestone, under: OnBehalf) -> None:
    """Nobody of those through whose hands the day went since it was claimed, nor anybody in their posts."""
    numbers = []
    facts = item.milestones.filter(key=before.key, fact=Fact.ACTUAL, sequence__lte=before.sequence)
    for one in facts.order_by("-sequence"):
        numbers.append(one.sequence)
        if one.standing == Standing.CLAIMED:
            break
    numbers += _said_of_those_merged(item, before.key)
    records = SequenceNumber.objects.filter(number__in=numbers).values_list("record_id", flat=True)
    for person, post in Record.objects.filter(pk__in=list(records)).values_list("person_id", "post_id"):
        if person == under.person_id or post == under.post_id:
            raise SameHands(item)


def _said_of_those_merged(item: Item, key: str) -> list[int]:
    """Numbers of actual days said of items that became this one: what it has may come from them."""
    numbers: list[int] = []
    edge = list(Item.objects.filter(merged_into=item).values_list("pk", flat=True))
    while edge:
        facts = Milestone.objects.filter(item__in=edge, key=key, fact=Fact.ACTUAL)
        numbers += facts.values_list("sequence", flat=True)
        edge = list(Item.objects.filter(merged_into__in=edge).values_list("pk", flat=True))
    return numbers


def _as(before: Milestone, standing: Standing, reason: str) -> Milestone:
    """The same day in another standing."""
    return Milestone(
        item=before.item, key=before.key, fact=before.fact, on=before.on, precision=before.precision, standing=standing,
        reason=reason, evidence=before.evidence,
    )  # fmt: skip


def _said(one: Milestone | None) -> dict[str, Any]:
    return {} if one is None else {"fact": one.fact, "on": one.on, "precision": one.precision, "standing": one.standing}
