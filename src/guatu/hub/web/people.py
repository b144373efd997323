"""People: who there is, who holds what, and one's own data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.people import awaiting_slips
from guatu.hub.accounts.actions.personal_data import copy_personal_data
from guatu.hub.accounts.masking import masked_email, masked_id_number, masked_phone
from guatu.hub.accounts.models import Person, PersonalDetails, Post, Unit, below
from guatu.hub.accounts.models.people import PersonQuerySet
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.web.posted import asked_for
from guatu.hub.web.units import permissions_at, seen_units
from guatu.text import Text

PER_PAGE = 50
STATES: dict[str, Text] = {
    "active": Text("在用", "active"),
    "disabled": Text("停用", "disabled"),
    "waiting": Text("还没有自己的密码", "without a password of their own"),
    "postless": Text("没有岗位", "without a post"),
}


def people(request: ActorRequest) -> HttpResponse:
    """Filtered as the sentence above the list says; a page costs the same queries whatever it shows."""
    today = localdate()
    asked = {name: asked_for(request, name).strip() for name in ("q", "unit", "role", "state")}
    found = _asked_for(Person.objects.visible_to(request.actor), asked, today)
    held = Post.objects.active_on(today).select_related("unit").order_by("starts_on", "pk")
    listed = (
        found.select_related("unit").prefetch_related(Prefetch("posts", held, to_attr="held")).order_by("name", "pk")
    )
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    words = {
        "page": page,
        "asked": asked,
        "roles": {key: role.title for key, role in ROLES.items()},
        "states": STATES,
        "units": Unit.objects.visible_to(request.actor)
        .filter(closed_on=None)
        .exclude(kind="town")
        .order_by("order", "pk")[:200],
        "may_manage": request.actor.may(Permission.MANAGE_PEOPLE),
        "carried": "&".join(f"{name}={value}" for name, value in asked.items() if value),
    }
    return render(request, "people/people.html", words)


def _asked_for(found: PersonQuerySet, asked: dict[str, str], today: date) -> QuerySet[Person]:
    chosen: QuerySet[Person] = found
    if asked["q"]:
        chosen = chosen.filter(Q(name__icontains=asked["q"]) | Q(username__icontains=asked["q"].lower()))
    posts = Post.objects.active_on(today).filter(person=OuterRef("pk"))
    if asked["role"]:
        chosen = chosen.filter(Exists(posts.filter(role=asked["role"])))
    if (unit := whole_number(asked["unit"])) is not None:
        inside = below([unit])
        works = inside.filter(descendant_id=OuterRef("unit_id"))
        chosen = chosen.filter(Exists(works) | Exists(posts.filter(unit__in=inside)))
    match asked["state"]:
        case "active":
            chosen = chosen.filter(is_active=True)
        case "disabled":
            chosen = chosen.filter(is_active=False)
        case "waiting":
            chosen = chosen.filter(awaiting_slips())
        case "postless":
            chosen = chosen.filter(~Exists(posts), is_active=True)
    return chosen


def person(request: ActorRequest, person_id: int) -> HttpResponse:
    found = get_object_or_404(Person.objects.visible_to(request.actor).select_related("unit"), pk=person_id)
    return render(request, "people/person.html", person_page(request, found))


def person_page(request: ActorRequest, found: Person) -> dict[str, Any]:
    """What the page of a person shows, personal data masked."""
    today = localdate()
    posts = found.posts.select_related("unit", "stands_in_for__person").order_by("-starts_on", "-pk")
    current = list(posts.active_on(today))
    place = found.unit or (current[0].unit if current else None)
    details = PersonalDetails.objects.filter(person=found).first() or PersonalDetails()
    return {
        "person": found,
        "own": found.pk == request.actor.person_id,
        "posts": current,
        "seen_units": seen_units(request.actor, [one.unit_id for one in posts]),
        "coming": [post for post in posts if post.starts_on > today],
        "earlier": [post for post in posts if post.ends_on is not None and post.ends_on <= today],
        "waiting": found.password_changed_at is None and found.is_active,
        "may": permissions_at(request.actor, place),
        "masked": [
            ("phone", Text("电话", "Phone"), masked_phone(details.phone)),
            ("id_number", Text("身份证号", "Id number"), masked_id_number(details.id_number)),
            ("email", Text("邮箱", "Email"), masked_email(details.email)),
        ],
    }


@never_cache
def own_data(request: ActorRequest) -> HttpResponse:
    """What is kept about oneself, in full, and where a copy is to be had."""
    me = Person.objects.select_related("unit").get(pk=request.actor.person_id)
    details = PersonalDetails.objects.filter(person=me).first() or PersonalDetails()
    posts = me.posts.select_related("unit").order_by("-starts_on", "-pk")
    seen = (
        seen_units(request.actor, [one.unit_id for one in posts]) if request.actor.may(Permission.SEE_UNITS) else set()
    )
    words = {"person": me, "details": details, "posts": posts, "seen_units": seen}
    return render(request, "people/own_data.html", words)


@never_cache
@require_POST
def copy_of_own_data(request: ActorRequest) -> HttpResponse:
    """The copy as a file, recorded."""
    answer = JsonResponse(
        copy_personal_data(by=request.actor, at=timezone.now()), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
