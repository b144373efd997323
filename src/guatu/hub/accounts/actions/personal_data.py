"""Reveal what is masked, erase it, and give people a copy of what is kept about them (PIPL 45 and 47)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.timezone import localdate

from guatu.hub.accounts.actions.ended_sessions import end_rows
from guatu.hub.accounts.actions.people import WrongPerson, require_reason
from guatu.hub.accounts.actor import Actor, require_over
from guatu.hub.accounts.models import Person, PersonalDetails, Post
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.erasing import erase_about
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.recording import record
from guatu.text import Text

DetailField = Literal["phone", "id_number", "email"]
DETAIL_FIELDS: dict[DetailField, Text] = {
    "phone": Text("电话", "Phone"),
    "id_number": Text("身份证号", "Id number"),
    "email": Text("邮箱", "Email"),
}
ERASED_NAME = "已注销人员"


@action("person.reveal")
def reveal_personal_data(*, person: Person, field: DetailField, reason: str, by: Actor, at: datetime) -> str:
    """One value in full, for a reason that is recorded with whoever asked."""
    under = require_over(by, Permission.REVEAL_PERSONAL_DATA, person=person)
    require_reason(person, reason)
    details = PersonalDetails.objects.filter(person=person).first()
    value: str = getattr(details, field) if details is not None else ""
    record(Event.PERSONAL_DATA_REVEALED, subject=person, after={"field": field}, reason=reason.strip(), by=under, at=at)
    return value


@action("person.erase")
def erase_person(*, person: Person, reason: str, by: Actor, at: datetime) -> Person:
    """Name, sign-in name, details, second factors and what the record knows of them are gone; posts stay, held by nobody
    who could be named. Cannot be taken back."""
    under = require_over(by, Permission.ERASE_PERSONAL_DATA, person=person)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    require_reason(person, reason)
    _require_done_with(person, by, at)
    PersonalDetails.objects.filter(person=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    person.former_passwords.all().delete()
    end_rows(person)
    parts = erase_about(person.pk)
    person.name, person.username = ERASED_NAME, f"erased-{person.pk}"
    person.set_unusable_password()
    person.is_active, person.erased_at = False, at
    person.save()
    record(
        Event.PERSON_ERASED,
        subject=person,
        after={"values_in_the_record": parts},
        reason=reason.strip(),
        by=under,
        at=at,
    )
    return person


def _require_done_with(person: Person, by: Actor, at: datetime) -> None:
    held = person.posts.not_over_on(localdate(at)).select_related("unit")
    if person.pk == by.person_id or person.erased_at is not None or held:
        posts = "、".join(str(post) for post in held)
        raise WrongPerson(
            "person",
            str(person),
            Text(f"还有岗位：{posts}", f"still holds posts: {posts}")
            if posts
            else Text("是您自己，或已经删除", "is yourself, or erased already"),
            Text("先结束其全部岗位。", "End all their posts first."),
        )


@action("person.copy")
def copy_personal_data(*, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything kept about whoever asks, for themselves."""
    person = Person.objects.select_related("unit").get(pk=by.person_id)
    details = PersonalDetails.objects.filter(person=person).first()
    copy: dict[str, Any] = {
        "name": person.name,
        "username": person.username,
        "unit": str(person.unit) if person.unit is not None else "",
        "language": person.language,
        "password_changed_at": person.password_changed_at.isoformat() if person.password_changed_at else None,
        **{str(field): getattr(details, field) if details else "" for field in DETAIL_FIELDS},
        "posts": [_told(post) for post in person.posts.select_related("unit").order_by("starts_on", "pk")],
        "done_by_me": Record.objects.filter(person_id=person.pk).count(),
        "in_the_record": [
            {"kind": part.record.kind, "at": part.record.at.isoformat(), "value": part.value}
            for part in PersonalPart.objects.filter(about_person_id=person.pk).select_related("record").order_by("pk")
        ],
    }
    record(Event.PERSONAL_COPY_GIVEN, subject=person, by=by.as_self(), at=at)
    return copy


def _told(post: Post) -> dict[str, str | None]:
    return {
        "unit": str(post.unit),
        "post": post.title.zh,
        "starts_on": post.starts_on.isoformat(),
        "ends_on": post.ends_on.isoformat() if post.ends_on else None,
    }
