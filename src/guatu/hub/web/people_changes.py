"""Forms that add people, change them, close and open their accounts, reveal and erase what is personal."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.people import (
    Details,
    change_person,
    create_person,
    disable_person,
    enable_person,
    print_slips,
)
from guatu.hub.accounts.actions.personal_data import DETAIL_FIELDS, DetailField, erase_person, reveal_personal_data
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.masking import masked_email, masked_id_number, masked_phone
from guatu.hub.accounts.models import Person, PersonalDetails
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.web.page_forms import (
    ChosenField,
    LineField,
    PageForm,
    ReasonField,
    ReasonForm,
    UnitField,
    answered,
    manageable,
)
from guatu.hub.web.people import person_page
from guatu.hub.web.posted import all_posted
from guatu.text import Text

SLIPS_AT_MOST = 2000
MASKS = {"phone": masked_phone, "id_number": masked_id_number, "email": masked_email}


class _DetailsForm(PageForm):
    name = LineField(Text("姓名", "Name"), most=64, personal=True)
    phone = LineField(Text("电话", "Phone"), most=32, required=False, personal=True)
    id_number = LineField(Text("身份证号", "Id number"), most=32, required=False, personal=True)
    email = LineField(Text("邮箱", "Email"), most=200, required=False, personal=True)

    def __init__(self, request: ActorRequest, initial: dict[str, str] | None = None) -> None:
        super().__init__(request.POST or None, initial=initial)
        self.fields["unit"] = UnitField(
            Text("所在单位", "Unit"),
            manageable(request.actor, Permission.MANAGE_PEOPLE),
            help=Text(
                "在哪里上班；岗位另由安全管理员任命。",
                "Where they work; posts are given by the security administrator.",
            ),
        )

    @staticmethod
    def details(data: dict[str, Any]) -> Details:
        return Details.checked(phone=data["phone"], id_number=data["id_number"], email=data["email"])


class CreateForm(_DetailsForm):
    username = LineField(
        Text("登录名", "Sign-in name"),
        most=64,
        personal=True,
        help=Text("小写字母、数字、汉字；定了不再改。", "Letters, digits, Chinese characters; it stays what it is."),
    )

    def __init__(self, request: ActorRequest) -> None:
        super().__init__(request)
        self.order_fields(["name", "username", "unit"])


class ChangeForm(_DetailsForm):
    """What is personal stands masked; whatever is sent back as it stood stays what it is."""

    def __init__(self, request: ActorRequest, person: Person) -> None:
        kept = PersonalDetails.objects.filter(person=person).first() or PersonalDetails()
        self._kept = {str(field): getattr(kept, field) for field in DETAIL_FIELDS}
        self._shown = {field: MASKS[field](value) for field, value in self._kept.items()}
        unit = f"{person.unit.title.in_(spoken())} #{person.unit.pk}" if person.unit else ""
        super().__init__(request, {"name": person.name, "unit": unit, **self._shown})
        self.order_fields(["name", "unit"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        return said | {field: kept for field, kept in self._kept.items() if said.get(field) == self._shown[field]}


class RevealForm(PageForm):
    field = ChosenField(Text("看哪一项", "Which"), {str(key): title for key, title in DETAIL_FIELDS.items()})
    reason = ReasonField()


def create(request: ActorRequest) -> HttpResponse:
    return answered(
        request,
        CreateForm(request),
        lambda data: create_person(
            unit=data["unit"], username=data["username"], name=data["name"], details=_DetailsForm.details(data),
            by=request.actor, at=timezone.now(),
        ),
        title=Text("新增人员", "Add a person"),
        subject="",
        back=reverse("people"),
        explained=Text(
            "新增后打印初始密码条交给本人；首次登录须改密码。", "Then print a first-password slip; it is changed at the first sign-in."
        ),
        done=Text("已新增。请打印初始密码条，并请安全管理员任职。",
                  "Added. Print the first-password slip, and have the security administrator assign a post."),
    )  # fmt: skip


def change(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id, Permission.MANAGE_PEOPLE)
    return answered(
        request,
        ChangeForm(request, person),
        lambda data: change_person(
            person=person, name=data["name"], unit=data["unit"], details=_DetailsForm.details(data), by=request.actor,
            at=timezone.now(),
        ),
        title=Text("修改资料", "Change details"),
        done=Text("已修改。", "The details have been changed."),
        **_of(person),
    )  # fmt: skip


def disable(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id, Permission.MANAGE_PEOPLE)
    return answered(
        request,
        ReasonForm(request.POST or None),
        lambda data: disable_person(person=person, reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text("停用账号", "Disable the account"),
        explained=Text("下一次请求起就不能再用；岗位保留，可重新启用。",
                       "Nothing is open to them from the next request on; posts stay, and it can be enabled again."),
        grave=True,
        done=Text("账号已停用。", "The account has been disabled."),
        **_of(person),
    )  # fmt: skip


@require_POST
def enable(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id, Permission.MANAGE_PEOPLE)
    enable_person(person=person, by=request.actor, at=timezone.now())
    messages.success(request, Text("账号已启用。", "The account has been enabled.").in_(spoken()))
    return redirect("person", person_id)


@never_cache
def reveal(request: ActorRequest, person_id: int) -> HttpResponse:
    """The value stands on the answer to this one request and nowhere else."""
    person = _person(request, person_id, Permission.REVEAL_PERSONAL_DATA)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        field: DetailField = form.cleaned_data["field"]
        value = reveal_personal_data(
            person=person, field=field, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
        )
        shown = {"title": DETAIL_FIELDS[field], "value": value or "—"}
        return render(request, "people/person.html", person_page(request, person) | {"revealed": shown})
    return answered(
        request,
        form,
        lambda data: None,
        title=Text("查看个人信息", "Reveal personal data"),
        explained=Text("谁看了什么、为什么，都记入审计。", "Who saw what, and why, goes into the record."),
        done=Text("", ""),
        **_of(person),
    )


def erase(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id, Permission.ERASE_PERSONAL_DATA)
    if person.pk == request.actor.person_id:  # nobody erases themselves
        raise Http404
    return answered(
        request,
        ReasonForm(request.POST or None),
        lambda data: erase_person(person=person, reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text("删除个人信息", "Erase personal data"),
        explained=Text(
            "姓名、登录名、电话、证件号以及审计中的个人信息都会删除，不能恢复；历任岗位保留，显示为“已注销人员”。",
            "Name, sign-in name, phone, id number and the personal data in the record are erased for good; posts stay, held by "
            "somebody without a name.",
        ),
        grave=True,
        done=Text("个人信息已删除。", "The personal data has been erased."),
        **_of(person),
    )


@never_cache
@require_POST
def slips(request: ActorRequest) -> HttpResponse:
    """A sheet of first-password slips, to be printed now: it cannot be shown again."""
    chosen = [int(one) for one in all_posted(request, "person") if re.fullmatch("[0-9]{1,18}", one)][:SLIPS_AT_MOST]
    people = list(Person.objects.visible_to(request.actor, Permission.MANAGE_PEOPLE).filter(pk__in=chosen))
    printed = print_slips(people=people, by=request.actor, at=timezone.now())
    return render(request, "people/slips.html", {"slips": printed, "address": request.build_absolute_uri("/")})


def _person(request: ActorRequest, person_id: int, permission: Permission) -> Person:
    people = Person.objects.visible_to(request.actor, permission).select_related("unit")
    person: Person = get_object_or_404(people, pk=person_id)
    return person


def _of(person: Person) -> dict[str, Any]:
    return {"subject": person.name, "back": reverse("person", args=[person.pk])}
