"""The cast and their city: what every test of the platform may ask for by name.

挂图市 (city)
├─ 东城区 (district)   Li reports for 东关镇, Wang reviews for 东城区
│   └─ 东关镇 (town)
├─ 西城区 (district)   Qian, the stranger, reports here
└─ 市发改局 (department)
Zhao dispatches for the city; Sun, Zhou and Wu are its system, security and audit administrators; Zheng leads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from allauth.mfa.totp.internal.auth import TOTP

from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person, PersonalDetails, Post, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.audit.source import Door, Source
from guatu.text import Text

NOW = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)  # 10:30 in China
LONG_AGO = date(2020, 1, 1)
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "zhao-zhou-bridge-1400"


@dataclass
class City:
    """Units and people of the test city, by short names."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def actor(self, name: str, *, at: datetime = NOW, door: Door = Door.WEB) -> Actor:
        return Actor.of(self.people[name], at=at, source=Source(door, address="203.0.113.7", request="r-1"))


UNITS = (
    ("city", None, "city", "挂图市", "Guatu City", "990000"),
    ("east", "city", "district", "东城区", "East District", "990001"),
    ("town", "east", "town", "东关镇", "Dongguan Town", "990001101"),
    ("west", "city", "district", "西城区", "West District", "990002"),
    ("bureau", "city", "department", "市发改局", "Development and Reform Bureau", ""),
)
PEOPLE = (
    ("li", "李填报", "reporter", "town"),
    ("wang", "王审核", "reviewer", "east"),
    ("zhao", "赵调度", "dispatcher", "city"),
    ("qian", "钱外人", "reporter", "west"),
    ("sun", "孙系统", "system_administrator", "city"),
    ("zhou", "周安全", "security_administrator", "city"),
    ("wu", "吴审计", "audit_administrator", "city"),
    ("zheng", "郑领导", "leader", "city"),
    ("feng", "冯督查", "inspector", "east"),
)


def enrol(person: Person) -> None:
    """A second factor, which administrators must have before any page opens to them."""
    TOTP.activate(person, TOTP_SECRET)


def build_city() -> City:
    city = City()
    for key, parent, kind, zh, en, code in UNITS:
        above = city.units[parent] if parent else None
        city.units[key] = placed(parent=above, kind=kind, title=Text(zh, en), code=code, on=LONG_AGO, at=NOW)
    for key, name, role, unit in PEOPLE:
        person = Person(username=key, name=name, password_changed_at=NOW)
        person.set_password(PASSWORD)
        person.save()
        PersonalDetails.objects.create(person=person, phone="13800000000", id_number="110101199003070000")
        city.people[key] = person
        if role in ADMINISTRATORS:
            enrol(person)
        city.posts[key] = Post.objects.create(person=person, unit=city.units[unit], role=role, starts_on=LONG_AGO)
    return city


def found_city() -> City:
    """The city as it lies in the database, for a process that did not build it."""
    city = City()
    for key, _, _, zh, _, _ in UNITS:
        city.units[key] = Unit.objects.get(spans__title_zh=zh, spans__valid_from=LONG_AGO)
    for key, _, _, _ in PEOPLE:
        city.people[key] = Person.objects.get(username=key)
        city.posts[key] = Post.objects.get(person=city.people[key], starts_on=LONG_AGO)
    return city
