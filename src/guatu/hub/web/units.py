"""The unit tree, and a unit with its history and posts: today's, or any day's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Post, Succession, Unit, UnitAncestry, UnitSpan
from guatu.hub.accounts.models.units import KINDS
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.accounts.tree import Node, Tree, tree_on
from guatu.hub.composed import ByKey
from guatu.hub.web.page_forms import OFFERED
from guatu.hub.web.posted import asked_for
from guatu.hub.web.rounds.lit import unit_lit
from guatu.text import Text

WHOLE_TREE = 1200
"""Units up to which the page shows the tree whole; of a larger one, two levels."""
_FOUND_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree: lists are opened and closed around it, so that one loop prints any depth."""

    node: Node
    kind: Text
    holders: Sequence[Post]
    below: int
    opened: bool
    closes: Sequence[int]
    """As many lists end after it."""
    hidden: bool
    """Whether it has units below that are not shown here."""


def tree(request: ActorRequest) -> HttpResponse:
    day = asked_day(request)
    sought = asked_for(request, "q").strip()
    seen = set(Unit.objects.visible_to(request.actor).values_list("pk", flat=True))
    whole = tree_on(day)
    visible = Tree(day, {pk: _from_what_is_seen(node, seen) for pk, node in whole.nodes.items() if pk in seen})
    words = {
        "day": day,
        "today": localdate(),
        "sought": sought,
        "count": len(visible.nodes),
        "found": _found(sought, request.actor) if sought else None,
        "branches": [] if sought else list(_branches(visible, _holders(visible, day))),
        "may_manage": request.actor.may(Permission.MANAGE_UNITS),
    }
    return render(request, "units/tree.html", words)


def _from_what_is_seen(node: Node, seen: set[int]) -> Node:
    """A unit whose parent is not visible stands at the top."""
    if node.parent_id is None or node.parent_id in seen:
        return node
    return Node(node.unit_id, node.kind, node.title, node.code, None, node.order)


def _holders(tree: Tree, day: date) -> Mapping[int, list[Post]]:
    held: dict[int, list[Post]] = {}
    shown = Post.objects.active_on(day).filter(unit_id__in=list(tree.nodes)).select_related("person")
    for post in shown.order_by("role", "pk"):
        held.setdefault(post.unit_id, []).append(post)
    return held


def _branches(tree: Tree, held: Mapping[int, Sequence[Post]]) -> Iterator[Branch]:
    deepest = None if len(tree.nodes) <= WHOLE_TREE else 1
    line: list[tuple[Node, int]] = []
    waiting = [(node, 0) for node in reversed(tree.children.get(None, ()))]
    while waiting:
        node, depth = waiting.pop()
        line.append((node, depth))
        if deepest is None or depth < deepest:
            waiting.extend((child, depth + 1) for child in reversed(tree.children.get(node.unit_id, ())))
    for place, (node, depth) in enumerate(line):
        following = line[place + 1][1] if place + 1 < len(line) else 0
        below = len(tree.children.get(node.unit_id, ()))
        hidden = bool(below) and deepest is not None and depth >= deepest
        yield Branch(
            node,
            KINDS[node.kind],
            held.get(node.unit_id, ()),
            below,
            depth == 0,
            range(max(depth - following, 0)),
            hidden,
        )


@dataclass(frozen=True, slots=True)
class Found:
    unit: Unit
    kind: Text
    path: str
    former: Text | None
    """The name that was sought, if it is no longer the unit's."""


def _found(sought: str, actor: Actor) -> list[Found]:
    """Units by name or code, the names they used to have too."""
    named = Q(title_zh__icontains=sought) | Q(title_en__icontains=sought) | Q(code__startswith=sought)
    spans = UnitSpan.objects.filter(named).order_by("unit_id", "valid_from")
    former = {span.unit_id: span.title for span in spans}
    units = list(Unit.objects.visible_to(actor).filter(pk__in=list(former)).order_by("order", "pk")[:_FOUND_AT_MOST])
    paths = _paths([unit.pk for unit in units])
    return [
        Found(
            unit,
            KINDS[unit.kind],
            paths.get(unit.pk, ""),
            None if sought.lower() in f"{unit.title_zh} {unit.title_en} {unit.code}".lower() else former[unit.pk],
        )
        for unit in units
    ]


def _paths(unit_ids: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    above = UnitAncestry.objects.filter(descendant_id__in=unit_ids, depth__gt=0).select_related("ancestor")
    for pair in above.order_by("-depth"):
        found.setdefault(pair.descendant_id, []).append(pair.ancestor.title_zh)
    return {unit_id: " › ".join(names) for unit_id, names in found.items()}


def unit(request: ActorRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(Unit.objects.visible_to(request.actor).select_related("parent"), pk=unit_id)
    day = asked_day(request)
    posts = Post.objects.filter(unit=found).select_related("person", "stands_in_for__person")
    current = list(posts.active_on(day).order_by("role", "starts_on", "pk"))
    words = {
        "unit": found,
        "kind": KINDS[found.kind],
        "day": day,
        "today": localdate(),
        "then": UnitSpan.objects.on(day).filter(unit=found).select_related("parent").first(),
        "above": _above(found),
        "spans": found.spans.select_related("parent").order_by("-valid_from"),
        "children": UnitSpan.objects.on(day).filter(parent=found).order_by("unit__order", "unit_id"),
        "closed_children": Unit.objects.filter(parent=found).exclude(closed_on=None).order_by("-closed_on", "pk"),
        "posts": current,
        "other_posts": posts.exclude(pk__in=[post.pk for post in current]).order_by("-starts_on", "-pk"),
        "became": Succession.objects.filter(unit=found).select_related("successor"),
        "came_from": Succession.objects.filter(successor=found).select_related("unit").order_by("-on"),
        "may": permissions_at(request.actor, found),
        "seen": _seen_beside(request.actor, found),
        "lit": unit_lit(found, request.actor),
    }
    return render(request, "units/unit.html", words)


def _seen_beside(actor: Actor, unit: Unit) -> set[int]:
    """Of the units that its page names beside it, those the reader may open: above it, and those it came from or became."""
    above = UnitAncestry.objects.filter(descendant=unit).values("ancestor")
    before, after = Succession.objects.filter(successor=unit), Succession.objects.filter(unit=unit)
    beside = Q(pk__in=above) | Q(pk__in=before.values("unit")) | Q(pk__in=after.values("successor"))
    former = Q(pk__in=unit.spans.exclude(parent=None).values("parent"))
    return set(Unit.objects.visible_to(actor).filter(beside | former).values_list("pk", flat=True))


def seen_units(actor: Actor, units: Iterable[int | None]) -> set[int]:
    """Those of some units that the reader may open, so that no link leads to a refusal."""
    named = tuple(sorted({one for one in units if one is not None}))
    return set(_SEEN.all(named, actor.tops(Permission.SEE_UNITS))) if named else set()


_SEEN = ByKey(
    lambda units, tops: Unit.objects.under(tops).filter(pk__in=units).values_list("pk", flat=True),
)


def _above(unit: Unit) -> list[Unit]:
    pairs = UnitAncestry.objects.filter(descendant=unit, depth__gt=0).select_related("ancestor").order_by("-depth")
    return [pair.ancestor for pair in pairs]


_ABOVE = ByKey(lambda unit: UnitAncestry.objects.filter(descendant=unit).values_list("ancestor_id", flat=True))


def permissions_at(actor: Actor, unit: Unit | None) -> set[str]:
    """What the actor's posts allow at a unit, by name: what a page offers there."""
    if unit is None:
        return set()
    above = set(_ABOVE.all(unit.pk))
    return {one.value for post in actor.posts if post.unit_id in above for one in ROLES[post.role].permissions}


def units_to_choose(actor: Actor) -> QuerySet[Unit]:
    """The units a list may be narrowed to, in their order."""
    return Unit.objects.visible_to(actor).filter(closed_on=None).order_by("order", "pk")[:OFFERED]


def asked_day(request: ActorRequest) -> date:
    """The day of `?on=`; today if none is given, or nonsense."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return localdate()
