"""A workbook of units and people: submitted, read by the worker, shown, then accepted whole or given up.

Units and people are accepted by whoever looks after both; posts by whoever gives posts. What is accepted the worker carries out:
`taking_loads`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta

from django.conf import settings

from guatu.hub.accounts.actions.posts import NotForOneself
from guatu.hub.accounts.actions.tree_changes import require_past
from guatu.hub.accounts.actor import Actor, NotAllowed, require, under_post
from guatu.hub.accounts.loading.planning import Plan, plan_of
from guatu.hub.accounts.loading.preview import Preview
from guatu.hub.accounts.loading.rows import Read
from guatu.hub.accounts.models import Load, LoadState, Person, Unit, UnitAncestry
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


class WrongLoad(Refusal):
    """A file that cannot be a load."""


class NotReady(Conflict):
    """The load cannot be accepted as it is now."""

    def __init__(self, load: Load, what: Text) -> None:
        super().__init__(load.name, what, Text("改好工作簿，重新上传。", "Mend the workbook and submit it again."))


@action("units.submit_load")
def submit_load(*, content: bytes, name: str, on: date, by: Actor, at: datetime) -> Load:
    """Keep a workbook until it has been read and decided on; nothing is changed by it yet."""
    under = under_post(by, Permission.MANAGE_UNITS, Permission.MANAGE_PEOPLE)
    if not content or len(content) > settings.LOAD_BYTES:
        most = settings.LOAD_BYTES >> 20
        raise WrongLoad(
            name,
            Text(f"文件是空的，或大于 {most} MB", f"the file is empty, or larger than {most} MB"),
            Text("只留单位表和人员表，另存后再传。", "Keep only the sheets of units and people, and submit it again."),
        )
    require_past(Unit.objects.filter(parent=None).order_by("pk")[0], on=on, at=at)
    _empty_old(at)
    load = Load.objects.create(
        submitter_id=by.person_id, submitted_at=at, name=name[-200:], on=on, content=content,
        digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    record(Event.LOAD_SUBMITTED, subject=load, after={"digest": load.digest, "on": on}, by=under, at=at)
    return load


@action("units.keep_reading")
def keep_reading(*, load: Load, read: Read, marked: bytes, by: Actor, at: datetime) -> Load:
    """What reading the workbook found, beside it; from here on it can be looked at."""
    load = locked_load(load)
    _require_own(load, by)
    if load.state != LoadState.WAITING:
        raise NotReady(load, Text("已经读过", "has been read already"))
    load.read, load.marked = json.dumps(read.plain(), ensure_ascii=False), marked
    plan = preview_anew(load, by)
    after = {"counts": plan.counts(), "plan": plan.digest()}
    record(Event.LOAD_READ, subject=load, after=after, by=by.as_self(), at=at)
    return load


@action("units.accept_load")
def accept_load(*, load: Load, by: Actor, at: datetime) -> Load:
    """What is shown is to be done: the worker does it, all of it or nothing."""
    under = under_post(by, Permission.MANAGE_UNITS, Permission.MANAGE_PEOPLE)
    load = locked_load(load)
    _require_own(load, by)
    if load.state != LoadState.READY:
        raise NotReady(load, Text("现在不能载入", "cannot be taken now"))
    _accepted(load, LoadState.ACCEPTED, by)
    record(Event.LOAD_ACCEPTED, subject=load, after={"plan": load.plan_digest}, by=under, at=at)
    return load


@action("units.accept_posts")
def accept_posts(*, load: Load, by: Actor, at: datetime) -> Load:
    """The posts a load asks for are to be given: the worker does it, all of them or none."""
    load = locked_load(load)
    if load.state != LoadState.POSTS:
        raise NotReady(load, Text("没有待核准的岗位", "no posts of it wait"))
    under = require_posts_given(load, by)
    _accepted(load, LoadState.POSTS_ACCEPTED, by)
    record(Event.LOADED_POSTS_ACCEPTED, subject=load, after={"rows": digest_of(load.read)}, by=under, at=at)
    return load


@action("units.give_up_load")
def give_up_load(*, load: Load, by: Actor, at: datetime) -> Load:
    """Not taken, or not its posts; what it held is emptied."""
    if not Load.objects.visible_to(by).filter(pk=load.pk).exists():
        raise NotAllowed(Permission.MANAGE_UNITS, load.name)
    load = locked_load(load)
    if load.state in (LoadState.TAKEN, LoadState.GIVEN_UP):
        raise NotReady(load, Text("已经办结", "is settled already"))
    own = load.submitter_id == by.person_id
    under = by.as_self() if own else under_post(by, Permission.ASSIGN_POSTS)
    empty_load(load, LoadState.GIVEN_UP)
    record(Event.LOAD_DISCARDED, subject=load, by=under, at=at)
    return load


def plan_shown(load: Load, by: Actor) -> Plan:
    """What a load would do now."""
    return plan_of(Read.of(json.loads(load.read)), on=load.on, by=by)


def preview_anew(load: Load, by: Actor) -> Plan:
    """Hold what was read against what is there, and keep what a page shows of it; a load that changes nothing is done."""
    plan = plan_shown(load, by)
    load.counts, load.plan_digest, load.preview = plan.counts(), plan.digest(), Preview.of_plan(plan).text
    load.state, load.accepted_by_id = LoadState.WRONG if plan.hindered else LoadState.READY, None
    load.save()
    if plan.does_nothing and not plan.hindered:
        empty_load(load, LoadState.TAKEN)
    return plan


def require_posts_given(load: Load, by: Actor) -> OnBehalf:
    """The post under which `by` may give every post a load asks for; none of them is their own."""
    rows = json.loads(load.read)
    asked = {row[1] for row in rows}
    over = UnitAncestry.objects.filter(ancestor_id__in=by.units_with(Permission.ASSIGN_POSTS), descendant_id__in=asked)
    allowed = set(over.values_list("descendant_id", flat=True))
    unit = Unit.objects.filter(pk__in=asked - allowed or asked).order_by("pk")[0]
    under = require(by, Permission.ASSIGN_POSTS, unit=unit)
    own = Person.objects.filter(pk=by.person_id, username__in=[row[0] for row in rows]).first()
    if own is not None:
        raise NotForOneself(own)
    return under


def locked_load(load: Load) -> Load:
    found: Load = Load.objects.select_for_update().get(pk=load.pk)
    return found


def empty_load(load: Load, state: LoadState) -> None:
    load.content, load.marked, load.read, load.preview = b"", b"", "", ""
    load.refusal_zh, load.refusal_en, load.state = "", "", state
    load.save()


def _accepted(load: Load, state: LoadState, by: Actor) -> None:
    load.state, load.accepted_by_id = state, by.person_id
    load.refusal_zh = load.refusal_en = ""
    load.save(update_fields=["state", "accepted_by", "refusal_zh", "refusal_en"])


def _require_own(load: Load, by: Actor) -> None:
    """A load is read and accepted by whoever submitted it, and shows what they may see."""
    if load.submitter_id != by.person_id:
        raise NotAllowed(Permission.MANAGE_UNITS, load.name)


def _empty_old(at: datetime) -> None:
    """What nobody decided on in time is given up."""
    undecided = (LoadState.WAITING, LoadState.WRONG, LoadState.READY)
    old = Load.objects.filter(state__in=undecided, submitted_at__lt=at - timedelta(hours=settings.LOAD_HOURS))
    old.update(content=b"", marked=b"", read="", preview="", state=LoadState.GIVEN_UP)
