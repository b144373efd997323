"""Take a workbook of units and people: submitted, read elsewhere, shown, then accepted whole or given up.

Units and people are accepted by whoever looks after both; posts by whoever gives posts. Each acceptance is one event, with a
digest over its rows.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta

from django.conf import settings

from guatu.hub.accounts.actions.carrying_out_loads import carry_out_people, carry_out_units
from guatu.hub.accounts.actions.posts import NotForOneself, require_fit
from guatu.hub.accounts.actions.tree_changes import lock_tree, require_past
from guatu.hub.accounts.actor import Actor, NotAllowed, require
from guatu.hub.accounts.loading.planning import Plan, plan_of
from guatu.hub.accounts.loading.rows import Read
from guatu.hub.accounts.models import Load, LoadState, Person, Post, Unit
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
    under = _under(by, Permission.MANAGE_UNITS, Permission.MANAGE_PEOPLE)
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
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state != LoadState.WAITING:
        raise NotReady(load, Text("已经读过", "has been read already"))
    plan = plan_of(read, on=load.on, by=by)
    load.read, load.counts, load.plan_digest = (
        json.dumps(read.plain(), ensure_ascii=False),
        plan.counts(),
        plan.digest(),
    )
    load.state, load.marked = LoadState.WRONG if plan.hindered else LoadState.READY, marked
    load.save()
    if plan.does_nothing and not plan.hindered:
        _emptied(load, LoadState.TAKEN)
    record(
        Event.LOAD_READ, subject=load, after={"counts": plan.counts(), "plan": load.plan_digest}, by=by.as_self(), at=at
    )
    return load


@action("units.accept_load")
def accept_load(*, load: Load, by: Actor, at: datetime) -> Load:
    """Open and change units, add and change people, exactly as was shown; all of it or nothing."""
    under = _under(by, Permission.MANAGE_UNITS, Permission.MANAGE_PEOPLE)
    lock_tree()
    load = Load.objects.select_for_update().get(pk=load.pk)
    plan = _as_shown(load, by)
    units = carry_out_units(plan, on=load.on, by=by, at=at)
    people = carry_out_people(plan, units, by=by)
    _settle(load, LoadState.POSTS if plan.posts else LoadState.TAKEN, plan)
    done = {"units": [one.pk for one in units.values()], "people": people}
    after = {"counts": plan.counts(), "rows": digest_of([plan.digest(), done]), "on": load.on}
    record(Event.UNITS_LOADED, subject=load, after=after, by=under, at=at)
    return load


@action("units.accept_posts")
def accept_posts(*, load: Load, by: Actor, at: datetime) -> Load:
    """Give the posts a load asks for; all of them or none. Its units and people have been accepted before."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state != LoadState.POSTS:
        raise NotReady(load, Text("没有待核准的岗位", "no posts of it wait"))
    under, given = None, []
    people = {
        one.username: one for one in Person.objects.filter(username__in=[row[0] for row in json.loads(load.read)])
    }
    units = Unit.objects.in_bulk({row[1] for row in json.loads(load.read)})
    allowed: dict[int, OnBehalf] = {}
    for username, unit_id, role, title, starts_on in json.loads(load.read):
        person, unit = people[username], units[unit_id]
        under = allowed[unit_id] = allowed.get(unit_id) or require(by, Permission.ASSIGN_POSTS, unit=unit)
        if person.pk == by.person_id:
            raise NotForOneself(person)
        post = Post(person=person, unit=unit, role=role, title_zh=title, starts_on=date.fromisoformat(starts_on))
        require_fit(post, person=person, unit=unit)
        post.save()
        given.append([post.pk, person.pk, unit.pk, role, starts_on])
    assert under is not None
    load.read, load.state = "", LoadState.TAKEN
    load.save()
    record(Event.POSTS_LOADED, subject=load, after={"count": len(given), "rows": digest_of(given)}, by=under, at=at)
    return load


@action("units.give_up_load")
def give_up_load(*, load: Load, by: Actor, at: datetime) -> Load:
    """Not taken, or not its posts; what it held is emptied."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.state in (LoadState.TAKEN, LoadState.GIVEN_UP):
        raise NotReady(load, Text("已经办结", "is settled already"))
    own = load.submitter_id == by.person_id
    under = by.as_self() if own else _under(by, Permission.ASSIGN_POSTS)
    _emptied(load, LoadState.GIVEN_UP)
    record(Event.LOAD_DISCARDED, subject=load, by=under, at=at)
    return load


def plan_shown(load: Load, by: Actor) -> Plan:
    """What a load would do now."""
    return plan_of(Read.of(json.loads(load.read)), on=load.on, by=by)


def _as_shown(load: Load, by: Actor) -> Plan:
    if load.state != LoadState.READY or load.submitter_id != by.person_id:
        raise NotReady(load, Text("现在不能载入", "cannot be taken now"))
    plan = plan_shown(load, by)
    if plan.hindered or plan.digest() != load.plan_digest:
        raise NotReady(load, Text("读过以后单位或人员有变动", "units or people have changed since it was read"))
    return plan


def _settle(load: Load, state: LoadState, plan: Plan) -> None:
    """Only what the security administrator is to decide on stays, without anybody's details."""
    _emptied(load, state)
    if state is not LoadState.POSTS:
        return
    posts = []
    for post in plan.posts:
        unit = post.unit if isinstance(post.unit, int) else plan.tree.opened[post.unit]
        posts.append([post.username, unit, post.role, post.title, post.starts_on.isoformat()])
    load.read = json.dumps(posts, ensure_ascii=False)
    load.save()


def _emptied(load: Load, state: LoadState) -> None:
    load.content, load.marked, load.read, load.state = b"", b"", "", state
    load.save()


def _empty_old(at: datetime) -> None:
    """What nobody decided on in time is given up."""
    undecided = (LoadState.WAITING, LoadState.WRONG, LoadState.READY)
    old = Load.objects.filter(state__in=undecided, submitted_at__lt=at - timedelta(hours=settings.LOAD_HOURS))
    old.update(content=b"", marked=b"", read="", state=LoadState.GIVEN_UP)


def _under(by: Actor, *permissions: Permission) -> OnBehalf:
    """The post of the actor that allows all of these somewhere; over which units, each step asks for itself."""
    for post in by.posts:
        if all(post.unit_id in by.units_with(permission) for permission in permissions):
            return OnBehalf(by.person_id, post.post_id, post.unit_id, by.source)
    raise NotAllowed(permissions[0], "")
