"""Begin a site: its first unit and its three administrators, on an empty database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.models import Person, PersonalDetails, Post, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.accounts.sign_in.first_passwords import hashed_first_password
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


class NotEmpty(Refusal):
    """The site has begun already."""

    def __init__(self) -> None:
        super().__init__(
            "guatu hub init",
            Text("站点里已经有单位或人员", "the site has units or people already"),
            Text(
                "只有空站点可以初始化。新增人员请系统管理员在网页上办理。",
                "Only an empty site can be begun. The system administrator adds people on the pages.",
            ),
        )


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """One of the three, with the password that is shown once and must be changed at the first sign-in."""

    role: str
    username: str
    name: str
    password: str


@action("site.begin")
def begin_site(
    *,
    title: Text,
    code: str,
    since: date,
    administrators: Sequence[FirstAdministrator],
    by: OnBehalf,
    at: datetime,
) -> Unit:
    """The unit at the top of the tree, and one person in each administrator's post. Refused where anything is there."""
    if Unit.objects.exists() or Person.objects.exists():
        raise NotEmpty
    if {one.role for one in administrators} != ADMINISTRATORS:
        raise ValueError("A site begins with one administrator of each kind.")
    root = placed(parent=None, kind="city", title=title, code=code, on=since, at=at)
    people = [_administrator(one, root, since, at) for one in administrators]
    record(
        Event.SITE_BEGUN,
        subject=root,
        after={
            "title_zh": title.zh,
            "title_en": title.en,
            "code": code,
            "on": since,
            "administrators": [
                {"person": person.pk, "role": one.role, "name": Personal(one.name, person.pk)}
                for one, person in zip(administrators, people, strict=True)
            ],
        },
        by=by,
        at=at,
    )
    return root


def _administrator(one: FirstAdministrator, root: Unit, since: date, at: datetime) -> Person:
    person = Person(username=one.username, name=one.name, unit=root, must_change_password=True, first_password_at=at)
    person.password = hashed_first_password(one.password)
    person.save()
    PersonalDetails.objects.create(person=person)
    Post.objects.create(person=person, unit=root, role=one.role, starts_on=since)
    return person
