"""Carry out what was accepted of a load: for the worker and for commands, which have the time.

Each is one event, with a digest over its rows.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from guatu.hub.accounts.actions.carrying_out_loads import carry_out_people, carry_out_units
from guatu.hub.accounts.actions.loading import (
    NotReady,
    empty_load,
    locked_load,
    plan_shown,
    preview_anew,
    require_posts_given,
)
from guatu.hub.accounts.actions.posts import require_fit
from guatu.hub.accounts.actions.tree_changes import lock_tree
from guatu.hub.accounts.actor import Actor, NotAllowed, under_post
from guatu.hub.accounts.loading.planning import Plan
from guatu.hub.accounts.models import Load, LoadState, Person, Post, Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.text import Refusal, Text


@action("units.carry_out_load")
def carry_out_load(*, load: Load, by: Actor, at: datetime) -> Load:
    """Open and change units, add and change people, exactly as was shown; all of it or nothing."""
    under = under_post(by, Permission.MANAGE_UNITS, Permission.MANAGE_PEOPLE)
    lock_tree()
    load = _accepted(load, LoadState.ACCEPTED, by)
    plan = plan_shown(load, by)
    if plan.hindered or plan.digest() != load.plan_digest:
        raise NotReady(load, Text("读过以后单位或人员有变动", "units or people have changed since it was read"))
    units = carry_out_units(plan, on=load.on, by=by, at=at)
    people = carry_out_people(plan, units, by=by)
    _settle(load, plan)
    done = {"units": [one.pk for one in units.values()], "people": people}
    after = {"counts": plan.counts(), "rows": digest_of([plan.digest(), done]), "on": load.on}
    record(Event.UNITS_LOADED, subject=load, after=after, by=under, at=at)
    return load


@action("units.carry_out_posts")
def carry_out_posts(*, load: Load, by: Actor, at: datetime) -> Load:
    """Give the posts a load asks for; all of them or none. Its units and people are there already."""
    load = _accepted(load, LoadState.POSTS_ACCEPTED, by)
    under, given, rows = require_posts_given(load, by), [], json.loads(load.read)
    people = {one.username: one for one in Person.objects.filter(username__in=[row[0] for row in rows])}
    units = Unit.objects.in_bulk({row[1] for row in rows})
    for username, unit_id, role, title, starts_on in rows:
        person, unit = people[username], units[unit_id]
        post = Post(person=person, unit=unit, role=role, title_zh=title, starts_on=date.fromisoformat(starts_on))
        require_fit(post, person=person, unit=unit)
        post.save()
        given.append([post.pk, person.pk, unit.pk, role, starts_on])
    empty_load(load, LoadState.TAKEN)
    record(Event.POSTS_LOADED, subject=load, after={"count": len(given), "rows": digest_of(given)}, by=under, at=at)
    return load


@action("units.set_back_load")
def set_back_load(*, load: Load, refusal: Refusal, by: Actor, at: datetime) -> Load:
    """It could not be carried out: it is shown again as it would be now, with the reason, to be accepted or given up."""
    load = locked_load(load)
    _require_accepted_by(load, by)
    if load.state == LoadState.POSTS_ACCEPTED:
        load.state = LoadState.POSTS
        load.save(update_fields=["state"])
    elif load.state == LoadState.ACCEPTED:
        preview_anew(load, by)
    else:
        raise NotReady(load, Text("没有在办", "is not being carried out"))
    if load.read:
        load.refusal_zh = f"{refusal.where}：{refusal.what.zh}。{refusal.remedy.zh}"
        load.refusal_en = f"{refusal.where}: {refusal.what.en}. {refusal.remedy.en}"
        load.save(update_fields=["refusal_zh", "refusal_en"])
    record(Event.LOAD_SET_BACK, subject=load, after={"why": type(refusal).__name__}, by=by.as_self(), at=at)
    return load


def _accepted(load: Load, state: LoadState, by: Actor) -> Load:
    load = locked_load(load)
    _require_accepted_by(load, by)
    if load.state != state:
        raise NotReady(load, Text("没有待办的核准", "was not accepted, or is done already"))
    return load


def _require_accepted_by(load: Load, by: Actor) -> None:
    """On behalf of whoever accepted it, with the posts they hold now."""
    if load.accepted_by_id != by.person_id:
        raise NotAllowed(Permission.MANAGE_UNITS, load.name)


def _settle(load: Load, plan: Plan) -> None:
    """Only what the security administrator is to decide on stays, without anybody's details."""
    empty_load(load, LoadState.POSTS if plan.posts else LoadState.TAKEN)
    if not plan.posts:
        return
    posts = []
    for post in plan.posts:
        unit = post.unit if isinstance(post.unit, int) else plan.tree.opened[post.unit]
        posts.append([post.username, unit, post.role, post.title, post.starts_on.isoformat()])
    load.read = json.dumps(posts, ensure_ascii=False)
    load.save()
