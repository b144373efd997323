"""Forms that give and end posts, name stand-ins and hand over."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.actions.posts import assign_post, end_post, hand_over_post, name_stand_in
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    LineField,
    PageForm,
    PersonField,
    ReasonField,
    answered,
    manageable,
)
from guatu.text import Text

END_HELP = Text(
    "不再任职的第一天；没有期限就空着。", "The first day it is no longer held; leave it blank if it has no end."
)


class PostForm(PageForm):
    """Asks for a person first, by a title of its own; anybody the actor may see but themselves."""

    who: Text

    def __init__(self, request: ActorRequest) -> None:
        super().__init__(request.POST or None)
        people: QuerySet[Person] = Person.objects.visible_to(request.actor, Permission.SEE_UNITS)
        self.fields["person"] = PersonField(self.who, people.exclude(pk=request.actor.person_id))
        self.order_fields(["person", "role"])


class AssignForm(PostForm):
    who = Text("谁", "Who")
    role = ChosenField(Text("角色", "Role"), {key: role.title for key, role in ROLES.items()})
    title_zh = LineField(
        Text("职务", "Title"),
        required=False,
        help=Text("文件上印的职务，空着就用角色名。", "As papers print it; the role's name if left blank."),
    )
    title_en = LineField(Text("职务（英文）", "Title in English"), most=200, required=False)
    starts_on = DayField(Text("从哪天起", "From"), initial=localdate)
    ends_on = DayField(Text("到哪天止", "Until"), required=False, help=END_HELP)


class EndForm(PageForm):
    on = DayField(Text("从哪天起不再任职", "No longer held from"), initial=localdate)
    reason = ReasonField(required=False)


class StandInForm(PostForm):
    who = Text("由谁代班", "Who stands in")
    starts_on = DayField(Text("从哪天起", "From"), initial=localdate)
    ends_on = DayField(
        Text("到哪天止", "Until"), help=Text("不再代班的第一天。", "The first day the stand-in is no longer one.")
    )
    reason = ReasonField(required=False)


class HandOverForm(PostForm):
    who = Text("交给谁", "To whom")
    on = DayField(Text("交接日", "Day"), initial=localdate)
    reason = ReasonField(required=False)


def assign(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(manageable(request.actor, Permission.ASSIGN_POSTS), pk=unit_id)
    return answered(
        request,
        AssignForm(request),
        lambda data: assign_post(
            person=data["person"], unit=unit, role=data["role"], title=Text(data["title_zh"], data["title_en"]),
            starts_on=data["starts_on"], ends_on=data["ends_on"], by=request.actor, at=timezone.now(),
        ),
        title=Text("任职", "Assign a post"),
        done=Text("已任职。", "The post has been assigned."),
        **_of(unit),
    )  # fmt: skip


def end(request: ActorRequest, post_id: int) -> HttpResponse:
    post = _post(request, post_id)
    return answered(
        request,
        EndForm(request.POST or None),
        lambda data: end_post(post=post, on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text("免职", "End the post"),
        explained=_said(post),
        grave=True,
        done=Text("岗位已结束。", "The post has been ended."),
        **_of(post.unit),
    )


def stand_in(request: ActorRequest, post_id: int) -> HttpResponse:
    post = _post(request, post_id)
    return answered(
        request,
        StandInForm(request),
        lambda data: name_stand_in(
            post=post, person=data["person"], starts_on=data["starts_on"], ends_on=data["ends_on"], reason=data["reason"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text("指定代班", "Name a stand-in"),
        explained=_said(post),
        done=Text("已指定代班。", "The stand-in has been named."),
        **_of(post.unit),
    )  # fmt: skip


def hand_over(request: ActorRequest, post_id: int) -> HttpResponse:
    post = _post(request, post_id)
    return answered(
        request,
        HandOverForm(request),
        lambda data: hand_over_post(
            post=post, to=data["person"], on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text("交接岗位", "Hand the post over"),
        explained=_said(post),
        done=Text("岗位已交接。", "The post has been handed over."),
        **_of(post.unit),
    )


def _post(request: ActorRequest, post_id: int) -> Post:
    units = request.actor.units_with(Permission.ASSIGN_POSTS)
    posts = Post.objects.filter(unit__in=Unit.objects.under(units)).select_related("unit", "person")
    return get_object_or_404(posts, pk=post_id)


def _said(post: Post) -> Text:
    return Text(
        f"{post.person.name} · {post.title.zh} · {post.starts_on} 起",
        f"{post.person.name} · {post.title.en} · from {post.starts_on}",
    )


def _of(unit: Unit) -> dict[str, Any]:
    return {"subject": unit.title.in_(spoken()), "back": reverse("unit", args=[unit.pk])}
