"""Two cities with somebody at every place, and everybody who might knock at a door.

Every caller holds their post at `own`. What there is to see or change lies at six places, as seen from there:

甲市                      parent's parent; nobody looks from here
├─ 甲区  parent
│   ├─ 甲镇  own          all callers
│   │   └─ 甲社  child
│   └─ 乙镇  sibling
└─ 乙区
    ├─ 丙镇  elsewhere
    └─ 丁镇  shared
丁市     other_city

What `shared` has is another's, but `own` has a share in it: callers see it, and change nothing of it.

At each of the six lives a resident, with a post, personal details and a token; all their names are canaries: found where they
must not be, they tell which place leaked. So are the ids of items and goals, and of what hangs on them, at strange places.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from guatu.declarations import load_pack
from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.models import ApiToken, KeptSession, Person, PersonalDetails, Post, Unit
from guatu.hub.accounts.roles import ROLES
from guatu.hub.accounts.tokens import digest_of, new_token
from guatu.hub.assessment.models import Run
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Checkpoint
from guatu.hub.audit.recording import canonical, record
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.import_plans import write_findings, write_plan
from guatu.hub.ledger.actions.revising import Told, enter
from guatu.hub.ledger.goals.paper_facts import digest_of as facts_digest
from guatu.hub.ledger.goals.paper_facts import facts_of
from guatu.hub.ledger.goals.schemes import scheme_of
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import Standing, planned
from guatu.hub.ledger.models import (
    Attachment,
    Duty,
    Goal,
    GoalAccess,
    GoalDuty,
    GoalItem,
    Import,
    Item,
    ItemAccess,
    ItemRevision,
    KeptVisit,
    Ledger,
    Link,
    Milestone,
    PackVersion,
    Paper,
    Target,
    VisitStop,
    YearEntry,
)
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.packs import content_of
from guatu.hub.ledger.rows import Row
from guatu.text import Text
from tests.hub.goals_pack import kept_goals_pack
from tests.hub.passkeys import SoftPasskey
from tests.hub.people import PASSWORD
from tests.hub.permissions.judged import judged

T = TypeVar("T")
DOSSIER = Path(__file__).resolve().parents[1] / "dossier"
PLACES = ("own", "child", "sibling", "parent", "elsewhere", "other_city")
"""Where there is somebody and something to see; to a caller with a post there is also what is `mine`."""
STRANGE = ("sibling", "elsewhere", "other_city")
"""Places of which nobody sees anything whose post is at `own`."""
STRANGE_IDS = 7_770_000
"""From here on ids of strange items and goals are counted, and of what hangs on them."""
SHARED = "shared"
"""Where what lies is seen because of a share in it, no more."""
SINCE = date(2020, 1, 1)
MADE = datetime(2026, 1, 1, tzinfo=UTC)
UNITS = (
    ("city", None, "city", "甲市"),
    ("parent", "city", "district", "甲区"),
    ("own", "parent", "town", "甲镇"),
    ("child", "own", "enterprise", "甲社"),
    ("sibling", "parent", "town", "乙镇"),
    ("far", "city", "district", "乙区"),
    ("elsewhere", "far", "town", "丙镇"),
    ("shared", "far", "town", "丁镇"),
    ("other_city", None, "city", "丁市"),
)


@dataclass(slots=True)
class Caller:
    """Somebody at the door: by session, by token, or by nothing."""

    name: str
    role: str | None
    """The role in force, or None: then no door but the open ones may open."""
    person: Person | None = None
    post: Post | None = None
    own_token: ApiToken | None = None
    """A token of their own, to look at; whether they knock with one says `token`."""
    token: str | None = None
    signed_in: bool = False
    """Whether a session of theirs counts as signed in."""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, key: str) -> dict[str, str]:
        given = {"Idempotency-Key": key}
        if self.token is not None:
            given["Authorization"] = f"Bearer {self.token}"
        return given


@dataclass(slots=True)
class World:
    units: dict[str, Unit] = field(default_factory=dict)
    residents: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    planned: dict[int, str] = field(default_factory=dict)  # digests of what a load of somebody's would do
    attachments: dict[str, Attachment] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    ledger: Ledger = field(init=False)
    run: Run = field(init=False)
    checkpoint: Checkpoint = field(init=False)

    def unit(self, place: str, caller: Caller) -> Unit:
        return self.units["own" if place == "mine" else place]

    def person(self, place: str, caller: Caller) -> Person:
        return _there(caller.person) if place == "mine" else self.residents[place]

    def post(self, place: str, caller: Caller) -> Post:
        return _there(caller.post) if place == "mine" else self.posts[place]

    def item(self, place: str, caller: Caller) -> Item:
        return self.items["own" if place == "mine" else place]

    def duty(self, place: str, caller: Caller) -> Duty:
        return self.duties["own" if place == "mine" else place]

    def link(self, place: str, caller: Caller) -> Link:
        return self.links["own" if place == "mine" else place]

    def sent(self, place: str, caller: Caller) -> Import:
        return self.imports["own" if place == "mine" else place]

    def attachment(self, place: str, caller: Caller) -> Attachment:
        return self.attachments["own" if place == "mine" else place]

    def goal(self, place: str, caller: Caller) -> Goal:
        return self.goals["own" if place == "mine" else place]

    def session(self, place: str, caller: Caller) -> str:
        return f"session-{self.person(place, caller).pk}"

    def passkey(self, place: str, caller: Caller) -> int:
        found: int = Authenticator.objects.get(user=self.person(place, caller), type="webauthn").pk
        return found

    def token(self, place: str, caller: Caller) -> ApiToken:
        return _there(caller.own_token) if place == "mine" else self.tokens[place]


def _there(own: T | None) -> T:
    assert own is not None, "only a caller with a post is asked for what is theirs"
    return own


def soon() -> date:
    return timezone.localdate() + timedelta(days=30)


def build_world() -> World:
    world = World()
    count_on_from(1)  # PostgreSQL goes on counting behind a world that was taken back
    for key, above, kind, title in UNITS:
        named = Text(f"{title}canary-{key}-unit", f"Place canary-{key}-unit")
        world.units[key] = placed(
            parent=world.units[above] if above else None, kind=kind, title=named, on=SINCE, at=MADE
        )
    world.ledger = _ledger()
    kept_goals_pack()
    for place in (*PLACES, SHARED):
        settle(world, place)
    for place in [one for one in world.posts if one not in STRANGE]:
        fill(world, place)
    count_on_from(STRANGE_IDS)
    for place in STRANGE:
        fill(world, place)
    share(world)
    touch(world)
    world.run = judged(world.ledger, world.items, MADE)
    seal_waiting()
    world.checkpoint = Checkpoint.objects.get()
    for caller in _callers(world):
        world.callers[caller.name] = caller
    return world


def count_on_from(first: int) -> None:
    """Give the next item, goal, and whatever hangs on them this id."""
    for model in (Item, Goal, Target, Paper, Duty, Link, Attachment, Import):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [first - 1, table])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, first])


def settle(world: World, place: str) -> None:
    number = list(world.units).index(place) % 10
    person = _person(f"canary-{place}-login", f"canary-{place}-name", unit=world.units[place])
    PersonalDetails.objects.create(
        person=person,
        phone=f"1390000111{number}",
        id_number=f"11010119900307221{number}",
        email=f"canary-{place}@example.org",
    )
    world.residents[place] = person
    Person.objects.create(username=f"canary-{place}-waits", name=f"canary-{place}-waiting", unit=world.units[place])
    _signs_in(person, f"canary-{place}-key")
    world.posts[place] = Post.objects.create(
        person=person,
        unit=world.units[place],
        role="reporter",
        title_zh=f"canary-{place}-post",
        starts_on=SINCE,
    )
    world.tokens[place] = _token(world.posts[place], f"canary-{place}-token")[0]
    record(
        Event.UNIT_RENAMED,
        subject=world.units[place],
        after={"title_zh": f"canary-{place}-title", "person": person.pk},
        by=OnBehalf(person.pk, world.posts[place].pk, world.units[place].pk, Source(Door.WEB)),
        at=MADE,
    )
    record(
        Event.PASSWORD_CHANGED, subject=person, reason=f"canary-{place}-self",
        by=OnBehalf(person.pk, None, None, Source(Door.WEB)), at=MADE,
    )  # fmt: skip


def _ledger() -> Ledger:
    pack = load_pack(DOSSIER)
    content = content_of(pack)
    version = PackVersion.objects.create(
        key=pack.key, version=pack.version, hash=content.hash, files=content.text, title_zh="土地", title_en="Land",
        installed_at=MADE, is_current=True,
    )  # fmt: skip
    return Ledger.objects.create(key="land_disposal", pack=version, title_zh="土地处置台账", title_en="Land disposal")


def fill(world: World, place: str) -> None:
    """An item on the ledger with somebody who answers for it, its part, and a workbook that would bring another."""
    unit, name = world.units[place], f"canary-{place}-item"
    row = Row(unit=unit.pk, name=name, values={"way": f"canary-{place}-way"}, lists=("idle",))
    told = record(
        Event.ITEM_ENTERED, subject=world.ledger, after=row.facts(), by=OnBehalf(None, None, unit.pk, Source(Door.WEB)),
        at=MADE,
    )  # fmt: skip
    world.items[place] = enter(world.ledger, row, Told("entered", SINCE, MADE, told))
    other = replace(row, name=f"canary-{place}-part")
    part = enter(world.ledger, other, Told("entered", SINCE, MADE, told))
    world.links[place] = Link.objects.create(source=world.items[place], target=part, kind="part_of", valid_from=SINCE)
    for double in [replace(row, name=f"canary-{place}-twin")] * 2:
        enter(world.ledger, double, Told("entered", SINCE, MADE, told))
    Milestone.objects.create(item=part, key="approved", fact="planned", on=SINCE, sequence=part.sequence)  # overdue
    for key, standing in (("supplied", "claimed"), ("begun", "checked")):  # each waits for somebody
        Milestone.objects.create(item=part, key=key, fact="actual", on=SINCE, standing=standing, sequence=part.sequence)
    YearEntry.objects.create(item=world.items[place], year=2026, kind="new", sequence=part.sequence)
    world.duties[place] = Duty.objects.create(
        item=world.items[place], slot="answerable", person=world.residents[place], valid_from=SINCE
    )
    offer = Offer(unit=unit.pk, name=f"canary-{place}-offer", code="", key=f"i-{place}")
    sent = world.imports[place] = Import.objects.create(
        ledger=world.ledger, unit=unit, period="2026-05", file_name=f"canary-{place}-file.xlsx", sha256="0" * 64,
        state="ready", stage="", submitted_at=MADE, layouts=canonical([_layout(place)]), counts={"new": 1, "question": 1},
        file=ContentFile(f"canary-{place}-content".encode(), "sent"),
        marked=ContentFile(f"canary-{place}-content".encode(), "marked"),
    )  # fmt: skip
    write_plan(sent, planned([offer], Standing(Item.objects.none())))
    write_findings(sent, [_question(place)])
    world.attachments[place] = attached(world.items[place], f"canary-{place}-photo")

    visit = KeptVisit.objects.create(
        on=SINCE, who=f"canary-{place}-visitor", why=f"canary-{place}-why", kept_at=MADE, post=world.posts[place]
    )
    VisitStop.objects.create(visit=visit, item=world.items[place], place=1)
    world.goals[place] = aimed(world, place)
    attached(world.goals[place], f"canary-{place}-chart")


def touch(world: World) -> None:
    """What lies elsewhere has to do with what is `own`: nothing on its pages says so."""
    item, elsewhere = world.items["own"], world.imports["elsewhere"]
    GoalItem.objects.create(goal=world.goals["elsewhere"], item=item, valid_from=SINCE)
    Link.objects.create(source=item, target=world.items["elsewhere"], kind="beside", valid_from=SINCE)
    told = {"import": elsewhere.pk, "file": "台账.xlsx", "cells": {"way": "台账!B2"}}
    ItemRevision.objects.filter(item=item).update(evidence=canonical(told))
    world.links[SHARED] = Link.objects.create(
        pk=SHARE_ID, source=world.items[SHARED], target=item, kind="beside", valid_from=SINCE
    )


def aimed(world: World, place: str, title: str = "", **more: Any) -> Goal:
    """A goal of a place with its target, an item, who leads it, and a paper nobody has signed."""
    unit = world.units[place]
    goal = Goal.objects.create(
        pack="campaign", level="campaign", title=title or f"canary-{place}-goal", statement=f"canary-{place}-statement", unit=unit,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), **more,
    )  # fmt: skip
    GoalAccess.objects.create(goal=goal, unit=unit)
    GoalDuty.objects.create(goal=goal, slot="lead_unit", unit=unit, valid_from=SINCE)
    GoalItem.objects.create(goal=goal, item=world.items[place], valid_from=SINCE)
    Target.objects.create(goal=goal, indicator="started", period="2026", unit=unit, value="4", standing="set")
    scheme = scheme_of(goal)
    facts = facts_of(goal, scheme.papers["letter"])
    Paper.objects.create(
        goal=goal,
        kind="letter",
        version=1,
        content=canonical(facts),
        digest=facts_digest(facts),
        drawn_at=MADE,
        record_id=1,
    )
    return goal


SHARE_ID = 7777
"""Of the duty and the target in which the share consists."""


def share(world: World) -> None:
    """A share of `own` in an item and a goal that are another's; beside it, what a share alone does not show."""
    own, item, goal = world.units["own"], world.items[SHARED], world.goals[SHARED]
    ItemAccess.objects.create(item=item, unit=own)
    Duty.objects.create(pk=SHARE_ID, item=item, slot="lead", unit=own, valid_from=SINCE)
    Link.objects.create(source=item, target=world.items["elsewhere"], kind="beside", valid_from=SINCE)
    GoalAccess.objects.create(goal=goal, unit=own)
    whole = goal.targets.get()
    parts = Target(goal=goal, indicator=whole.indicator, period=whole.period, whole=whole, standing="agreed")
    for key, along, place in ((SHARE_ID, "unit", "own"), (None, "unit", "elsewhere"), (None, "item", "elsewhere")):
        parts.pk, parts.along, parts.unit, parts.value = key, along, world.units[place], "2" if key else "97531"
        parts.item = world.items[place] if along == "item" else None
        parts.save()
    Target.objects.create(
        goal=goal, indicator="started", period="2025", unit=world.units[SHARED], value="97531", standing="set"
    )
    goal.papers.update(id=STRANGE_IDS + 1000)
    other = goal.targets.get(period="2025")
    Target.objects.create(
        goal=goal, indicator="started", period="2025", unit=world.units["elsewhere"], value="97531", standing="agreed",
        whole=other, along="unit",
    )  # fmt: skip
    branch = aimed(
        world, SHARED, title="canary-shared-branch", pk=SHARE_ID, parent=world.goals["own"], state=GoalState.ENDED
    )
    GoalAccess.objects.create(goal=branch, unit=own)
    branch.targets.update(value="97531")
    above, below = (aimed(world, "elsewhere", title=f"canary-elsewhere-{where}") for where in ("above", "below"))
    goal.parent, below.parent = above, goal
    goal.save()
    below.save()
    for linked in (world.items["elsewhere"], world.links["elsewhere"].target):
        GoalItem.objects.get_or_create(goal=goal, item=linked, valid_from=SINCE)


def _question(place: str) -> dict[str, str]:
    about = {
        "check": "likely_duplicate",
        "choices": ["same", "different"],
        "items": [f"i-{place}", "i2"],
        "rests_on": {},
    }
    said = dict.fromkeys(("reason_zh", "reason_en", "remedy_zh", "remedy_en"), f"canary-{place}-question")
    return {
        "grade": "question",
        "code": "likely_duplicate",
        "raw": f"canary-{place}-raw",
        "about": canonical(about),
        **said,
    }


def _layout(place: str) -> dict[str, Any]:
    """How the columns of a workbook were understood, as the worker keeps it."""
    column = {
        "position": 0, "letters": "A", "title": f"canary-{place}-column", "samples": [], "field": "?", "proposed": "?",
        "sure": "0%", "doubt": None, "likely": [], "unit": None, "asks_unit": False, "is_periodic": False, "period": None,
    }  # fmt: skip
    entry = {"fingerprint": f"1-{place}", "made_from": {}, "columns": [{"title": "名称", "field": "?"}]}
    return {
        "sheet": "台账", "rows": 1, "sender": {"key": place, "title": place}, "no_ledger": None, "confirmed": None,
        "changes": [], "entry": entry, "columns": [column],
    }  # fmt: skip


def attached(to: Item | Goal, name: str) -> Attachment:
    """A picture on an item or a goal, looked at. All show the same, as far as their prints go: each page would name the others."""
    one = Attachment(
        **{"goal" if isinstance(to, Goal) else "item": to}, name=f"{name}.jpg", sha256="0" * 64, size=9, submitted_at=MADE,
        record_id=1, state="ready",
        kind="jpg", width=1, height=1, print="f" * 16,
    )  # fmt: skip
    one.kept.save(name, ContentFile(f"{name}-content".encode()), save=False)
    one.thumbnail.save(name, ContentFile(f"{name}-small".encode()), save=False)
    one.save()
    return one


def _person(username: str, name: str, **more: object) -> Person:
    person = Person(username=username, name=name, password_changed_at=timezone.now(), **more)
    person.set_unusable_password()
    person.save()
    return person


def _signs_in(person: Person, name: str) -> None:
    """A password, a passkey and a session somewhere else."""
    person.set_password(PASSWORD)
    person.save()
    key = SoftPasskey().made({"publicKey": {"user": {"id": ""}, "challenge": "A" * 43}})
    Authenticator.objects.create(user=person, type="webauthn", data={"name": name, "credential": key})
    KeptSession.objects.create(
        session_key=f"elsewhere-{person.pk}", session_data="", expire_date=timezone.now() + timedelta(days=1), name=f"session-{person.pk}",
        person=person, started_at=MADE, seen_at=MADE,
    )  # fmt: skip


def _token(post: Post, name: str, **more: object) -> tuple[ApiToken, str]:
    secret = new_token()
    kept = {
        "post": post,
        "name": name,
        "digest": digest_of(secret),
        "issued_at": MADE,
        "expires_on": soon(),
    }
    made: ApiToken = ApiToken.objects.create(**{**kept, **more})
    return made, secret


def _callers(world: World) -> list[Caller]:
    """By session: each role, and those who must stay outside however high their role. By token: the same."""
    today = timezone.localdate()
    callers = [Caller("anonymous", None)]
    for role in ROLES:
        callers.append(_by_session(world, role, role))
        callers.append(_by_token(world, f"token of {role}", role))
    high = "system_administrator"
    callers += [
        _by_session(world, "without a post", None),
        _by_session(world, "post ended today", None, held=high, ends_on=today),
        _by_session(world, "post begins tomorrow", None, held=high, starts_on=today + timedelta(days=1)),
        _by_session(world, "disabled", None, held=high, is_active=False),
        _by_token(world, "token expired today", None, held=high, token={"expires_on": today}),
        _by_token(world, "token revoked", None, held=high, token={"revoked_at": MADE}),
        _by_token(world, "token of a disabled person", None, held=high, is_active=False),
        _by_token(world, "token of an ended post", None, held=high, ends_on=today),
        Caller("token nobody issued", None, token=new_token()),
    ]
    return callers


def _holder(
    world: World, name: str, role: str | None, *, is_active: bool = True, **dates: date
) -> tuple[Person, Post | None]:
    person = _person(f"caller {name}", f"来者 {name}", unit=world.units["own"], is_active=is_active)
    PersonalDetails.objects.create(person=person, phone="13700000000")
    if role is None:
        return person, None
    return person, Post.objects.create(
        person=person, unit=world.units["own"], role=role, **{"starts_on": SINCE, **dates}
    )


def _by_session(
    world: World, name: str, role: str | None, *, held: str | None = None, is_active: bool = True, **dates: date
) -> Caller:
    person, post = _holder(world, name, held or role, is_active=is_active, **dates)
    caller = Caller(name, role, person, post, signed_in=is_active)
    _signs_in(person, name)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person).mark_as_viewed()  # the first look at them is noted, without a record
    if post is not None:
        caller.own_token, _ = _token(post, f"own of {name}")
    caller.client.force_login(person)
    return caller


def _by_token(
    world: World,
    name: str,
    role: str | None,
    *,
    held: str | None = None,
    is_active: bool = True,
    token: dict[str, object] | None = None,
    **dates: date,
) -> Caller:
    person, post = _holder(world, name, held or role, is_active=is_active, **dates)
    _signs_in(person, name)
    own_token, secret = _token(_there(post), name, **(token or {}))
    return Caller(name, role, person, post, own_token, token=secret)
