"""Add people, change what is known of them, close and open their accounts, print their first passwords."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, require, require_over
from guatu.hub.accounts.models import Person, PersonalDetails, Post, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS, ROLES, Permission
from guatu.hub.accounts.sign_in.first_passwords import first_password, hashed_first_password
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import Personal, digest_of, record
from guatu.text import Refusal, Text

_USERNAME = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9._\u4e00-\u9fff-]{1,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,19}")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))  # GB 11643: a check character modulo 11


class WrongPerson(Refusal):
    """What is said of a person cannot be; `field` names what."""

    def __init__(self, field: str, where: str, what: Text, remedy: Text) -> None:
        super().__init__(where, what, remedy)
        self.field = field


@dataclass(frozen=True, slots=True)
class Details:
    """What is personal about somebody, in its normal form."""

    phone: str = ""
    id_number: str = ""
    email: str = ""

    @classmethod
    def checked(cls, *, phone: str = "", id_number: str = "", email: str = "") -> Details:
        """Refuses what is no phone, id number or address; blank is nothing known."""
        number = _plain(id_number).upper()
        return cls(
            _matching("phone", _plain(phone), _PHONE, Text("电话", "phone"), "13800000000"),
            _checked_id(
                _matching("id_number", number, _ID_NUMBER, Text("身份证号", "id number"), "18 位 · 18 characters")
            ),
            _matching("email", _plain(email), _EMAIL, Text("邮箱", "email"), "name@example.cn"),
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip of a first password says; nowhere else does the password stand in clear."""

    person: Person
    password: str


@action("person.create")
def create_person(
    *,
    unit: Unit,
    username: str,
    name: str,
    details: Details = Details(),
    by: Actor,
    at: datetime,
) -> Slip:
    """A new account at a unit, with a first password that must be changed. Posts are given by somebody else."""
    under = require(by, Permission.MANAGE_PEOPLE, unit=unit)
    if unit.closed_on is not None:
        raise WrongPerson(
            "unit", str(unit), Text("单位已撤销", "the unit is closed"), Text("改选单位。", "Choose another unit.")
        )
    password = first_password()
    person = Person(
        username=checked_username(username), name=checked_name(name), unit=unit,
        password=hashed_first_password(password), must_change_password=True, first_password_at=at,
    )  # fmt: skip
    if Person.objects.filter(username=person.username).exists():
        raise username_taken(person.username)
    person.save()
    PersonalDetails.objects.create(person=person, **_by_field(details))
    after = {"unit": unit.pk, **personal_values(person, details)}
    record(Event.PERSON_CREATED, subject=person, after=after, by=under, at=at)
    return Slip(person, password)


@action("person.change")
def change_person(*, person: Person, name: str, unit: Unit, details: Details, by: Actor, at: datetime) -> Person:
    """Another name, unit or details. The sign-in name stays what it is."""
    under = require_over(by, Permission.MANAGE_PEOPLE, person=person)
    require(by, Permission.MANAGE_PEOPLE, unit=unit)
    person = _locked(person)
    _require_not_erased(person)
    known, _ = PersonalDetails.objects.get_or_create(person=person)
    old = Details(known.phone, known.id_number, known.email)
    before = {"unit": person.unit_id, **personal_values(person, old)}
    person.name, person.unit = checked_name(name), unit
    person.save(update_fields=["name", "unit"])
    PersonalDetails.objects.filter(person=person).update(**_by_field(details))
    after = {"unit": unit.pk, **personal_values(person, details)}
    record(Event.PERSON_CHANGED, subject=person, before=before, after=after, by=under, at=at)
    return person


@action("person.disable")
def disable_person(*, person: Person, reason: str, by: Actor, at: datetime) -> Person:
    """Nobody from the next request on. Posts stay as they are, and count for nothing."""
    under = require_over(by, Permission.MANAGE_PEOPLE, person=person)
    person = _locked(person)
    if person.pk == by.person_id:
        raise WrongPerson(
            "person", str(person), Text("不能停用自己的账号", "nobody disables their own account"),
            Text("请另一位管理员办理。", "Ask another administrator."),
        )  # fmt: skip
    require_reason(person, reason)
    _require_another_administrator(person, at)
    if not person.is_active:
        raise WrongPerson(
            "person",
            str(person),
            Text("账号已经停用", "is disabled already"),
            Text("不必再办。", "Nothing is left to do."),
        )
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    record(Event.PERSON_DISABLED, subject=person, reason=reason, by=under, at=at)
    return person


@action("person.enable")
def enable_person(*, person: Person, by: Actor, at: datetime) -> Person:
    """May sign in again, with the posts in force."""
    under = require_over(by, Permission.MANAGE_PEOPLE, person=person)
    person = _locked(person)
    _require_not_erased(person)
    Person.objects.filter(pk=person.pk).update(is_active=True)
    person.is_active = True
    record(Event.PERSON_ENABLED, subject=person, by=under, at=at)
    return person


@action("person.print_slips")
def print_slips(*, people: Sequence[Person], by: Actor, at: datetime) -> list[Slip]:
    """New first passwords for people who have not set one of their own, to be printed once; earlier slips are void."""
    if not people:
        raise WrongPerson("people", "—", Text("没有要打印的人", "there is nobody to print for"),
                          Text("选至少一个人。", "Choose at least one person."))  # fmt: skip
    under = [require_over(by, Permission.MANAGE_PEOPLE, person=person) for person in people]
    locked = (
        Person.objects.select_for_update(of=("self",)).select_related("unit").order_by("unit__order", "unit_id", "pk")
    )
    slips = [Slip(person, first_password()) for person in locked.filter(pk__in=[one.pk for one in people])]
    for slip in slips:
        _require_waiting(slip.person)
        slip.person.password = hashed_first_password(slip.password)
        slip.person.must_change_password, slip.person.first_password_at = True, at
    changed = ["password", "must_change_password", "first_password_at"]
    Person.objects.bulk_update([slip.person for slip in slips], changed)
    after = {"count": len(slips), "digest": digest_of([slip.person.pk for slip in slips])}
    after |= {"people": [slip.person.pk for slip in slips]}
    record(Event.SLIPS_PRINTED, subject=None, after=after, by=under[0], at=at)
    return slips


def awaiting_slips() -> Q:
    """People who have not set a password of their own."""
    return Q(password_changed_at=None, is_active=True, erased_at=None)


def _require_waiting(person: Person) -> None:
    if person.password_changed_at is not None or not person.is_active:
        raise WrongPerson(
            "people", str(person), Text("已经自己设了密码，或账号已停用", "has set a password already, or is disabled"),
            Text("忘了密码，请安全管理员重置。", "If it is forgotten, have the security administrator reset it."),
        )  # fmt: skip


def checked_username(username: str) -> str:
    """In small letters; refused if it is no sign-in name."""
    small = _plain(username).lower()
    if not _USERNAME.fullmatch(small):
        raise WrongPerson(
            "username", username or "—", Text("不能作登录名", "is no sign-in name"),
            Text("用 2–64 个小写字母、数字、汉字或 . _ -。", "Use 2 to 64 letters, digits, Chinese characters or . _ -"),
        )  # fmt: skip
    return small


def checked_name(name: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not plain or len(plain) > 64:
        raise WrongPerson(
            "name", plain or "—", Text("姓名空着或太长", "the name is missing or too long"),
            Text("写姓名，最多 64 字。", "Give the name, 64 characters at most."),
        )  # fmt: skip
    return plain


def username_taken(username: str) -> WrongPerson:
    return WrongPerson(
        "username", username, Text("登录名已有人使用", "the sign-in name is taken"),
        Text("换一个登录名，例如加上单位简称。", "Take another one, with the unit's short name for instance."),
    )  # fmt: skip


def require_reason(subject: Person, reason: str) -> None:
    if len(reason.strip()) < 2:
        raise WrongPerson(
            "reason", str(subject), Text("没有写理由", "no reason is given"),
            Text("写明为什么，会记入审计。", "Say why; it goes into the record."),
        )  # fmt: skip


def personal_values(person: Person, details: Details) -> dict[str, Personal]:
    """What a record says of a person: every value behind a commitment."""
    told: Mapping[str, str] = {"username": person.username, "name": person.name, **_by_field(details)}
    return {field: Personal(value, person.pk) for field, value in told.items() if value}


def _by_field(details: Details) -> dict[str, str]:
    return {one.name: getattr(details, one.name) for one in fields(details)}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _matching(field: str, value: str, shape: re.Pattern[str], title: Text, example: str) -> str:
    if value and not shape.fullmatch(value):
        raise WrongPerson(
            field, title.zh, Text(f"这不是{title.zh}", f"this is no {title.en}"),
            Text(f"写成这样：{example}；没有就空着。", f"Write it like this: {example}; or leave it blank."),
        )  # fmt: skip
    return value


def _checked_id(number: str) -> str:
    if not number:
        return number
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    if number[17] != "10X98765432"[total % 11]:
        raise WrongPerson(
            "id_number", "身份证号", Text("身份证号的校验位不对", "the id number's check character is wrong"),
            Text("有一位写错了，请对照证件核对。", "One character is wrong: compare it with the card."),
        )  # fmt: skip
    return number


def _locked(person: Person) -> Person:
    locked: Person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    return locked


def _require_not_erased(person: Person) -> None:
    if person.erased_at is not None:
        raise WrongPerson("person", str(person), Text("个人信息已删除", "the personal data has been erased"),
                          Text("如需再用，请新建账号。", "Add a new account if one is needed."))  # fmt: skip


def _require_another_administrator(person: Person, at: datetime) -> None:
    """Each of the three administrators stays with somebody who can sign in."""
    today = localdate(at)
    for role in set(person.posts.active_on(today).filter(role__in=ADMINISTRATORS).values_list("role", flat=True)):
        others = Post.objects.active_on(today).filter(role=role, person__is_active=True).exclude(person=person)
        if not others.exists():
            title = ROLES[role].title
            raise WrongPerson(
                "person", str(person), Text(f"是最后一位{title.zh}", f"is the last {title.en}"),
                Text("先任命另一位。", "Appoint another one first."),
            )  # fmt: skip
