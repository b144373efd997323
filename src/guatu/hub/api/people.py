"""People for programs. What is personal about them goes in and is never told; neither are first passwords.

Both are for the pages: masked, revealed for a reason, printed once. And an answer to a POST is kept for repeats, so it says
no name either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from annotated_types import MinLen
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from guatu.hub.accounts.actions.people import Details, change_person, create_person, disable_person, enable_person
from guatu.hub.accounts.actions.personal_data import erase_person
from guatu.hub.accounts.models import Person, PersonalDetails, Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, Id, IdAsked, Reason, one_line, unit_in_body
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.text import Refusal, Text

router = Router(tags=["人员 people"])

Username = Annotated[str, one_line(64, least=2)]
Name = Annotated[str, one_line(64, least=1)]
Phone = Annotated[str, one_line(32)]
IdNumber = Annotated[str, one_line(32)]  # what its action makes of it has 18
Email = Annotated[str, one_line(254)]


class PersonOut(Schema):
    """A person without their phone, id number and address."""

    id: int = Field(title="编号 id", examples=[12])
    username: str = Field(title="登录名 sign-in name", examples=["li"])
    name: str = Field(title="姓名 name", examples=["李填报"])
    unit_id: int | None = Field(title="所在单位 the unit they work at", examples=[7])
    is_active: bool = Field(title="启用 may sign in", examples=[True])


class PersonPage(Page):
    items: list[PersonOut]


class PeopleQuery(PageQuery):
    unit: IdAsked | None = Field(None, title="所在单位 works at", examples=[7])
    is_active: bool | None = Field(None, title="启用 may sign in", examples=[True])


@router.get("", response=PersonPage, url_name="people", summary="人员列表 List people")
def people(request: ActorRequest, page: Query[PeopleQuery]) -> object:
    """在管辖范围内工作或任职的人。 Whoever works or holds a post where one may see."""
    wanted = {"unit_id": page.unit, "is_active": page.is_active}
    found = Person.objects.visible_to(request.actor)
    return page_of(found.filter(**{name: value for name, value in wanted.items() if value is not None}), page)


@router.get("/{int:person_id}", response=PersonOut, url_name="person", summary="一个人 One person")
def person(request: ActorRequest, person_id: int) -> object:
    return _seen(request, person_id)


class PersonRef(Schema):
    """Which person was changed."""

    id: int = Field(title="编号 id", examples=[12])
    unit_id: int | None = Field(title="所在单位 the unit they work at", examples=[7])
    is_active: bool = Field(title="启用 may sign in", examples=[True])


class PersonIn(Body):
    """A new account."""

    unit_id: Id = Field(title="所在单位 the unit they work at", examples=[7])
    username: Username = Field(title="登录名 sign-in name", examples=["li"])
    name: Name = Field(title="姓名 name", examples=["李填报"])
    phone: Phone = Field("", title="电话 phone", examples=["13800000000"])
    id_number: IdNumber = Field("", title="身份证号 id number", examples=["11010519491231002X"])
    email: Email = Field("", title="邮箱 e-mail", examples=["li@example.cn"])


@router.post("", response={201: PersonRef}, url_name="people", summary="新增人员 Add a person")
def create(request: ActorRequest, body: PersonIn) -> Status[Person]:
    """初始密码在网页打印密码条。 The first password is printed on the site, as a slip."""
    slip = create_person(
        unit=_unit(request, body.unit_id),
        username=body.username,
        name=body.name,
        details=Details.checked(phone=body.phone, id_number=body.id_number, email=body.email),
        by=request.actor,
        at=timezone.now(),
    )
    return Status(201, slip.person)


class NoUnit(Refusal):
    """An account is looked after by the administrators of a unit."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            str(person),
            Text("还没有所在单位", "works at no unit yet"),
            Text("写上 unit_id。", "Give unit_id."),
        )


class PersonChange(Body):
    """What is to be otherwise; what is left out stays."""

    unit_id: Id | None = Field(None, title="所在单位 the unit they work at", examples=[7])
    name: Name | None = Field(None, title="姓名 name", examples=["李填报"])
    phone: Phone | None = Field(None, title="电话 phone", examples=["13800000000"])
    id_number: IdNumber | None = Field(None, title="身份证号 id number", examples=["11010519491231002X"])
    email: Email | None = Field(None, title="邮箱 e-mail", examples=["li@example.cn"])


@router.post(
    "/{int:person_id}/change", response=PersonRef, url_name="person_change", summary="修改资料 Change a person"
)
def change(request: ActorRequest, person_id: int, body: PersonChange) -> object:
    """换名字、单位或联系方式；没写的不变。 Another name, unit or details; what is left out stays."""
    found = _seen(request, person_id)
    unit = found.unit if body.unit_id is None else _unit(request, body.unit_id)
    if unit is None:
        raise NoUnit(found)
    return change_person(
        person=found,
        name=found.name if body.name is None else body.name,
        unit=unit,
        details=_details(found, body),
        by=request.actor,
        at=timezone.now(),
    )


class ReasonIn(Body):
    """Why it is done, for the record."""

    reason: Annotated[Reason, MinLen(1)]


@router.post(
    "/{int:person_id}/disable", response=PersonRef, url_name="person_disable", summary="停用账号 Disable an account"
)
def disable(request: ActorRequest, person_id: int, body: ReasonIn) -> object:
    """从下一个请求起就进不来；岗位照旧，不算数。 Nobody from the next request on; posts stay and count for nothing."""
    return disable_person(person=_seen(request, person_id), reason=body.reason, by=request.actor, at=timezone.now())


@router.post(
    "/{int:person_id}/enable", response=PersonRef, url_name="person_enable", summary="启用账号 Enable an account"
)
def enable(request: ActorRequest, person_id: int) -> object:
    """又能登录。 They may sign in again."""
    return enable_person(person=_seen(request, person_id), by=request.actor, at=timezone.now())


@router.post(
    "/{int:person_id}/erase", response=PersonRef, url_name="person_erase", summary="删除个人信息 Erase personal data"
)
def erase(request: ActorRequest, person_id: int, body: ReasonIn) -> object:
    """姓名、登录名、联系方式都不留，不能恢复；岗位的历史还在。 Name, sign-in name and details are gone for good; posts stay in history."""
    return erase_person(person=_seen(request, person_id), reason=body.reason, by=request.actor, at=timezone.now())


def _details(person: Person, body: PersonChange) -> Details:
    known = PersonalDetails.objects.filter(person=person).first()
    details = Details(known.phone, known.id_number, known.email) if known else Details()
    given = body.dict(include={"phone", "id_number", "email"}, exclude_none=True)
    checked = Details.checked(**given)
    return replace(details, **{name: getattr(checked, name) for name in given})


def _seen(request: ActorRequest, person_id: int) -> Person:
    found: Person = get_object_or_404(Person.objects.visible_to(request.actor).select_related("unit"), pk=person_id)
    return found


def _unit(request: ActorRequest, unit_id: int) -> Unit:
    return unit_in_body(request.actor, "unit_id", unit_id)
