"""Posts for programs: who is what, where, from when until when."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from guatu.hub.accounts.actions.posts import assign_post, end_post, hand_over_post, name_stand_in
from guatu.hub.accounts.models import Person, Post
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, Day, From, Id, IdAsked, Reason, RoleName, named_in_body, one_line, unit_in_body
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.text import Text

router = Router(tags=["岗位 posts"])


class PostOut(Schema):
    """A person's role at a unit for a time."""

    id: int = Field(title="编号 id", examples=[31])
    person_id: int = Field(title="人员 person", examples=[12])
    unit_id: int = Field(title="单位 unit", examples=[7])
    role: str = Field(title="角色 role", examples=["reporter"])
    title_zh: str = Field(title="职务 title in Chinese", examples=["镇经济发展办主任"])
    title_en: str = Field(title="英文职务 title in English", examples=["Head of the town's economic office"])
    starts_on: date = Field(title="起 from", examples=["2026-01-01"])
    ends_on: date | None = Field(title="止 first day no longer held", examples=[None])
    stands_in_for_id: int | None = Field(title="代谁的岗 the post it stands in for", examples=[None])


class PostPage(Page):
    items: list[PostOut]


class PostsQuery(PageQuery):
    on: Day | None = Field(None, title="某日在任 held on a day", examples=["2026-06-15"])
    unit: IdAsked | None = Field(None, title="单位 unit", examples=[7])
    person: IdAsked | None = Field(None, title="人员 person", examples=[12])
    role: RoleName | None = Field(None, title="角色 role", examples=["reporter"])


@router.get("", response=PostPage, url_name="posts", summary="岗位列表 List posts")
def posts(request: ActorRequest, page: Query[PostsQuery]) -> object:
    """管辖范围内的岗位，过去的和将来的也在。 The posts one may see, past and future ones included."""
    found = Post.objects.visible_to(request.actor)
    if page.on is not None:
        found = found.active_on(page.on)
    wanted = {"unit_id": page.unit, "person_id": page.person, "role": page.role}
    return page_of(found.filter(**{name: value for name, value in wanted.items() if value is not None}), page)


@router.get("/{int:post_id}", response=PostOut, url_name="post", summary="一个岗位 One post")
def post(request: ActorRequest, post_id: int) -> object:
    return _seen(request, post_id)


PersonId = Annotated[Id, Field(title="人员 person", examples=[12])]
Starts = Annotated[Day, Field(title="起 from", examples=["2026-01-01"])]
Ends = Annotated[Day, Field(title="止 first day no longer held", examples=["2026-02-01"])]
TitleZh = Annotated[str, one_line(100), Field(title="职务 title in Chinese", examples=["镇经济发展办主任"])]
TitleEn = Annotated[
    str, one_line(200), Field(title="英文职务 title in English", examples=["Head of the economic office"])
]


class PostIn(Body):
    """A role at a unit for a time. Without a title, papers print the role's."""

    person_id: PersonId
    unit_id: Id = Field(title="单位 unit", examples=[7])
    role: Annotated[RoleName, Field(title="角色 role", examples=["reporter"])]
    title_zh: TitleZh = ""
    title_en: TitleEn = ""
    starts_on: Starts
    ends_on: Day | None = Field(None, title="止 first day no longer held", examples=["2026-02-01"])


@router.post("", response={201: PostOut}, url_name="posts", summary="任职 Assign a post")
def assign(request: ActorRequest, body: PostIn) -> Status[Post]:
    """给人一个岗位；不能给自己。 Gives somebody a post; nobody gives one to themselves."""
    assigned = assign_post(
        person=_person(request, "person_id", body.person_id),
        unit=unit_in_body(request.actor, "unit_id", body.unit_id),
        role=body.role,
        title=Text(body.title_zh, body.title_en),
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, assigned)


class EndIn(Body):
    """No longer held from a day on."""

    on: From
    reason: Reason = ""


@router.post("/{int:post_id}/end", response=PostOut, url_name="post_end", summary="免职 End a post")
def end(request: ActorRequest, post_id: int, body: EndIn) -> object:
    """代班一并结束。 Its stand-ins end with it."""
    return end_post(post=_seen(request, post_id), on=body.on, reason=body.reason, by=request.actor, at=timezone.now())


class StandInIn(Body):
    """Somebody who does another's work for a time."""

    person_id: PersonId
    starts_on: Starts
    ends_on: Ends
    reason: Reason = ""


@router.post(
    "/{int:post_id}/stand-in", response={201: PostOut}, url_name="post_stand_in", summary="指定代班 Name a stand-in"
)
def stand_in(request: ActorRequest, post_id: int, body: StandInIn) -> Status[Post]:
    """请假期间由别人代办，权限相同，到期自止。 Somebody else does the work for a time, with the same rights."""
    named = name_stand_in(
        post=_seen(request, post_id),
        person=_person(request, "person_id", body.person_id),
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        reason=body.reason,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, named)


class HandOverIn(Body):
    """To whom, and from which day."""

    person_id: PersonId
    on: From
    reason: Reason = ""


@router.post(
    "/{int:post_id}/hand-over", response={201: PostOut}, url_name="post_hand_over", summary="岗位交接 Hand a post over"
)
def hand_over(request: ActorRequest, post_id: int, body: HandOverIn) -> Status[Post]:
    """一天不空，一天不重。 The one ends and the other begins on the same day."""
    successor = hand_over_post(
        post=_seen(request, post_id),
        to=_person(request, "person_id", body.person_id),
        on=body.on,
        reason=body.reason,
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, successor)


def _seen(request: ActorRequest, post_id: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.actor).select_related("unit", "person"), pk=post_id)


def _person(request: ActorRequest, field: str, person_id: int) -> Person:
    found: Person = named_in_body(Person.objects.visible_to(request.actor), field, person_id)
    return found
