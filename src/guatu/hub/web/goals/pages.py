"""The tree of goals, and one goal: how far it has come, who answers, what holds it up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations.goals import Goals
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.goals import assign_goal, change_goal, end_goal, link_items, open_goal, unlink_item
from guatu.hub.ledger.goals.progress import drags_of, linked_below
from guatu.hub.ledger.goals.schemes import scheme_named, scheme_of, schemes
from guatu.hub.ledger.models import Goal, GoalItem, Item, Target
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.packs import declared
from guatu.hub.web.goals.forms import AssignForm, ChangeForm, EndForm, LinkForm, OpenForm, initial_of
from guatu.hub.web.goals.shown import STATES, Branch, branches_of, forest, lines_of, papers_of
from guatu.hub.web.page_forms import answered
from guatu.hub.web.units import asked_day, permissions_at
from guatu.text import Text

MOST_DRAGS = 10
PER_PAGE = 50


def goals(request: ActorRequest) -> HttpResponse:
    """All goals the reader may see, as trees; a few queries whatever their number."""
    day = asked_day(request)
    state = request.GET.get("state", "active")
    state = state if state in STATES else "active"
    visible = Goal.objects.visible_to(request.actor).filter(state=state).select_related("unit")
    found = list(visible.order_by("starts_on", "ends_on", "pk"))
    targets = Target.objects.visible_to(request.actor).in_force().filter(whole=None, goal__in=[one.pk for one in found])
    known = schemes()
    words = {
        "nodes": forest(found, known, list(targets.select_related("goal").order_by("pk")), day),
        "day": day,
        "today": localdate(),
        "state": state,
        "states": STATES,
        "known": bool(known),
        "may_manage": request.actor.may(Permission.MANAGE_GOALS),
    }
    return render(request, "goals/goals.html", words)


def goal(request: ActorRequest, goal_id: int) -> HttpResponse:
    found = found_goal(request, goal_id)
    scheme, day = scheme_of(found), localdate()
    targets = list(
        Target.objects.visible_to(request.actor)
        .in_force()
        .filter(goal=found, whole=None)
        .order_by("indicator", "period")
    )
    owned = Goal.objects.owned_under(request.actor, Permission.SEE_ITEMS).filter(pk=found.pk).exists()
    linked = (
        GoalItem.objects.filter(goal=found, valid_to=None, item__in=Item.objects.visible_to(request.actor).values("pk"))
        .select_related("item__unit")
        .order_by("item__name", "pk")
    )
    branches = _branches(request, found, scheme, day)
    words = {
        "goal": found,
        "level": scheme.levels[found.level].title if found.level in scheme.levels else Text(found.level, found.level),
        "state": STATES[found.state],
        "above": _above(request, found),
        "flags": [scheme.flags[key] for key in found.flags if key in scheme.flags],
        "duties": _duties(found, scheme),
        "lines": lines_of(targets, found.pack, scheme, day),
        "drags": _drags(request, found, day),
        "branches": branches,
        "dragging": [one for one in branches if one.drags],
        "page": Paginator(linked, PER_PAGE).get_page(request.GET.get("page")),
        "papers": papers_of(found, scheme) if owned else [],
        "history": _history(found),
        "today": day,
        "may": permissions_at(request.actor, found.unit) if found.state == GoalState.ACTIVE else set(),
    }
    return render(request, "goals/goal.html", words)


def _above(request: ActorRequest, found: Goal) -> list[Goal]:
    """Those above that the reader may see, from the top."""
    parents = dict(Goal.objects.filter(pack=found.pack).values_list("pk", "parent_id"))
    line: list[int] = []
    above = found.parent_id
    while above is not None:
        line.append(above)
        above = parents.get(above)
    seen = {one.pk: one for one in Goal.objects.visible_to(request.actor).filter(pk__in=line)}
    return [seen[key] for key in reversed(line) if key in seen]


def _duties(found: Goal, scheme: Goals) -> list[dict[str, Any]]:
    held = {one.slot: one for one in found.duties.filter(valid_to=None).select_related("person", "unit")}
    return [{"title": slot.title, "held": held.get(key)} for key, slot in scheme.slots.items()]


def _drags(request: ActorRequest, found: Goal, day: Any) -> list[dict[str, Any]]:
    items = [one.item for one in linked_below([found.pk], found.pack)[found.pk]]
    visible = Item.objects.visible_to(request.actor).filter(pk__in=items).values_list("pk", flat=True)
    return [
        {
            "drag": one,
            "title": milestones[one.milestone].title
            if one.milestone in (milestones := declared(one.item.ledger).milestones)
            else one.milestone,
        }
        for one in drags_of(visible, day, MOST_DRAGS)
    ]


def _branches(request: ActorRequest, found: Goal, scheme: Goals, day: date) -> list[Branch]:
    """The goals right below that the reader may see, those furthest behind first."""
    rows = Goal.objects.visible_to(request.actor).filter(parent=found).select_related("unit")
    children = list(rows.order_by("starts_on", "ends_on", "pk"))
    targets = Target.objects.visible_to(request.actor).in_force().filter(whole=None, goal__in=children)
    return branches_of(children, list(targets.order_by("pk")), scheme, found.pack, day)


KINDS: dict[str, Text] = {
    "opened": Text("设立", "opened"),
    "changed": Text("修改", "changed"),
    "ended": Text("结束", "ended"),
    "withdrawn": Text("撤回", "withdrawn"),
}


def _history(found: Goal) -> list[dict[str, Any]]:
    return [{"one": one, "kind": KINDS.get(one.kind, one.kind)} for one in found.revisions.order_by("-number")[:50]]


def open_(request: ActorRequest) -> HttpResponse:
    """A new goal; `?under=` names the one above."""
    parent = _parent(request)
    known = {parent.pack: scheme_of(parent)} if parent is not None else schemes()
    levels = {
        f"{pack}/{key}": level.title
        for pack, scheme in known.items()
        for key, level in scheme.levels.items()
        if (parent.level in level.under if parent is not None else not level.under)
    }
    scheme = next(iter(known.values())) if len(known) == 1 else None
    initial = {"starts_on": parent.starts_on, "ends_on": parent.ends_on} if parent is not None else {}
    form = OpenForm(request.POST or None, levels=levels, actor=request.actor, scheme=scheme, initial=initial)

    def act(said: dict[str, Any]) -> Goal:
        pack, _, level = said["level"].partition("/")
        return open_goal(
            pack=pack, level=level, parent=parent, unit=said["unit"], wanted=form.wanted(), by=request.actor,
            at=timezone.now(),
        )  # fmt: skip

    return answered(
        request, form, act, title=Text("立目标", "Open a goal"), subject=parent.title if parent is not None else "",
        back=reverse("goal", args=[parent.pk]) if parent is not None else reverse("goals"),
        done=Text("已立。", "Opened."),
    )  # fmt: skip


def _parent(request: ActorRequest) -> Goal | None:
    under = whole_number(request.GET.get("under", ""))
    return goal_to_manage(request, under) if under is not None else None


def change(request: ActorRequest, goal_id: int) -> HttpResponse:
    found = goal_to_manage(request, goal_id)
    form = ChangeForm(request.POST or None, scheme=scheme_named(found.pack), initial=initial_of(found))
    return answered(
        request, form,
        lambda said: change_goal(
            goal=found, seen=seen_of(request, found.revision), wanted=form.wanted(), reason=said["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text("修改目标", "Change the goal"), subject=found.title, back=_page(found),
        done=Text("已修改。", "Changed."),
    )  # fmt: skip


def seen_of(request: ActorRequest, now: int) -> int:
    """The revision or version the page showed; it stands in the address, and is today's where it does not."""
    seen = whole_number(request.GET.get("seen", ""))
    return seen if seen is not None else now


def end(request: ActorRequest, goal_id: int) -> HttpResponse:
    found = goal_to_manage(request, goal_id)
    return answered(
        request, EndForm(request.POST or None),
        lambda said: end_goal(
            goal=found, state=GoalState(said["state"]), reason=said["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text("结束目标", "End the goal"), subject=found.title, back=_page(found), done=Text("已结束。", "Ended."),
        grave=True,
    )  # fmt: skip


def assign(request: ActorRequest, goal_id: int) -> HttpResponse:
    found = goal_to_manage(request, goal_id)
    form = AssignForm(request.POST or None, scheme=scheme_of(found), actor=request.actor)
    return answered(
        request, form,
        lambda said: assign_goal(
            goal=found, slot=said["slot"], person=said["person"], unit=said["unit"], on=said["on"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text("明确责任", "Say who answers"), subject=found.title, back=_page(found), done=Text("已明确。", "Done."),
    )  # fmt: skip


def link(request: ActorRequest, goal_id: int) -> HttpResponse:
    found = goal_to_manage(request, goal_id)
    form = LinkForm(request.POST or None, actor=request.actor)
    return answered(
        request, form,
        lambda said: link_items(goal=found, items=[said["item"]], on=said["on"], by=request.actor, at=timezone.now()),
        title=Text("联上事项", "Link an item"), subject=found.title, back=_page(found), done=Text("已联上。", "Linked."),
        explained=Text("目标的完成情况从联上的事项算起。", "How far the goal has come is reckoned from the items linked to it."),
    )  # fmt: skip


@require_POST
def unlink(request: ActorRequest, goal_id: int, item_id: int) -> HttpResponse:
    found = goal_to_manage(request, goal_id)
    item = get_object_or_404(Item.objects.visible_to(request.actor), pk=item_id)
    unlink_item(goal=found, item=item, on=localdate(), by=request.actor, at=timezone.now())
    return redirect("goal", found.pk)


def found_goal(request: ActorRequest, goal_id: int) -> Goal:
    return get_object_or_404(Goal.objects.visible_to(request.actor).select_related("unit", "parent"), pk=goal_id)


def goal_to_manage(request: ActorRequest, goal_id: int) -> Goal:
    """One that lies where the reader manages goals: a share in it lets see, not change."""
    managed = Goal.objects.owned_under(request.actor, Permission.MANAGE_GOALS)
    return get_object_or_404(managed.select_related("unit", "parent"), pk=goal_id)


def _page(found: Goal) -> str:
    return reverse("goal", args=[found.pk])
