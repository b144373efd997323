"""Fill the site of the journeys: the demonstration city's people, and one of each thing a page can be about.

    python -m tests.journeys.city        prints passwords and sessions as JSON; needs a migrated, empty site

Everything is made by the actions that pages call.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date, datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import django

django.setup()

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from demo.hub import fill  # noqa: E402
from demo.ledger import HERE, judge_rounds, send_and_take  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from guatu.hub.accounts.actor import Actor  # noqa: E402
from guatu.hub.accounts.models import Person, Post, Unit  # noqa: E402
from guatu.hub.audit.source import Door, Source  # noqa: E402
from guatu.hub.ledger.actions.attachments import attach  # noqa: E402
from guatu.hub.ledger.actions.duties import Answerable, assign_duty  # noqa: E402
from guatu.hub.ledger.actions.goals import Wanted, open_goal  # noqa: E402
from guatu.hub.ledger.actions.imports import submit_import  # noqa: E402
from guatu.hub.ledger.actions.items import enter_item  # noqa: E402
from guatu.hub.ledger.actions.links import link_items  # noqa: E402
from guatu.hub.ledger.actions.milestone_plans import set_baseline  # noqa: E402
from guatu.hub.ledger.actions.milestones import check_milestone, claim_milestone, plan_milestone  # noqa: E402
from guatu.hub.ledger.actions.packs import install_pack  # noqa: E402
from guatu.hub.ledger.actions.papers import draw_paper  # noqa: E402
from guatu.hub.ledger.actions.targets import set_target  # noqa: E402
from guatu.hub.ledger.actions.views import save_view  # noqa: E402
from guatu.hub.ledger.actions.visits import Seen, keep_visit, see_stop  # noqa: E402
from guatu.hub.ledger.actions.years import TakenIn, open_year  # noqa: E402
from guatu.hub.ledger.attaching.task import look_at_attachment  # noqa: E402
from guatu.hub.ledger.importing.task import read_import  # noqa: E402
from guatu.hub.ledger.models import Item, Ledger  # noqa: E402
from guatu.standards.periods import Period  # noqa: E402

REPORTED, DISTRICTS = ("2021-07", "2021-08"), ("市北区", "平度市", "李沧区")
SECRET, FRESH = "JBSWY3DPEHPK3PXP", "willow-harbour-lantern-7"


def main() -> None:
    now = timezone.now()
    passwords = {slip.person.username: slip.password for slip in fill(now)}
    install_pack(folder="key_projects", by=acting("sun", now), at=now)
    bridge = dossier(now)
    goal(bridge, now)
    alike(now)
    save_view(
        ledger=bridge.ledger,
        name="周调度会",
        view="items",
        query=urlencode({"q": "北关"}),
        by=acting("zhao", now),
        at=now,
    )
    workbook(now)
    boundaries()
    reported()
    rounds(now)
    print(json.dumps({"passwords": passwords | {"tang": fresh(now)}, "sessions": administrators()}))


def acting(username: str, at: datetime) -> Actor:
    return Actor.of(Person.objects.get(username=username), at=at, source=Source(Door.CLI))


def dossier(at: datetime) -> Item:
    """A bridge with milestones in every state, who answers for it, a quarter it is part of, evidence, a year's plan, a visit."""
    zhao, li, today = acting("zhao", at), acting("li", at), at.date()
    unit = Unit.objects.get(title_zh="市南区")
    ledger = Ledger.objects.get()
    late = {"plan_start": today - timedelta(days=100), "is_started": False}
    bridge, quarter = (
        enter_item(ledger=ledger, unit=unit, name=name, values=values, on=unit.opened_on, by=zhao, at=at)
        for name, values in (("北关大桥", {}), ("北关片区", late))
    )
    for key, days in (("signed", -40), ("registered", -20), ("started", 10), ("completed", 300)):
        plan_milestone(item=bridge, key=key, on=today + timedelta(days=days), by=zhao, at=at)
    set_baseline(item=bridge, title="年初计划", on=today, by=zhao, at=at)
    claim_milestone(item=bridge, key="signed", on=today - timedelta(days=30), evidence="合同 7 号", by=li, at=at)
    claim_milestone(item=bridge, key="registered", on=today - timedelta(days=20), evidence="执照", by=li, at=at)
    claim_milestone(item=bridge, key="approved", on=today - timedelta(days=9), evidence="批复", by=zhao, at=at)
    check_milestone(item=bridge, key="signed", accepted=True, by=zhao, at=at)
    assign_duty(item=bridge, slot="lead_unit", holder=Answerable(unit=unit), on=today, by=zhao, at=at)
    link_items(source=bridge, target=quarter, kind="part_of", on=today, by=zhao, at=at)
    open_year(ledger=ledger, year=today.year, taken=[TakenIn(bridge)], by=zhao, at=at)
    photo = BytesIO()
    Image.new("RGB", (64, 48), "white").save(photo, "PNG")
    one = attach(to=bridge, name="现场.png", content=photo.getvalue(), milestone="signed", by=li, at=at)
    look_at_attachment.func(one.pk)
    visit = keep_visit(items=[bridge, quarter], on=today, who="督查一组", why="督导开工", by=zhao, at=at)
    see_stop(stop=visit.stops.get(item=bridge), seen=Seen(today, "桩基开钻", ["as_told"]), by=zhao, at=at)
    return bridge


def goal(item: Item, at: datetime) -> None:
    zhao, year = acting("zhao", at), at.date().year
    wanted = Wanted("过桥攻势", date(year, 1, 1), date(year, 12, 31), "年内通车")
    campaign = open_goal(
        pack="key_projects", level="campaign", parent=None, unit=item.unit, wanted=wanted, by=zhao, at=at
    )
    set_target(goal=campaign, indicator="started", period=str(year), value="3", by=zhao, at=at)
    set_target(goal=campaign, indicator="investment_growth", period=str(year), value="0.08", by=zhao, at=at)
    draw_paper(goal=campaign, kind="responsibility_letter", by=zhao, at=at)


def alike(at: datetime) -> None:
    """Two of one name at one unit, which may be one."""
    zhao, unit = acting("zhao", at), Unit.objects.get(title_zh="城阳区")
    for _ in range(2):
        enter_item(ledger=Ledger.objects.get(), unit=unit, name="河东泵站", on=unit.opened_on, by=zhao, at=at)


def workbook(at: datetime) -> None:
    """A district's own workbook, read and waiting to be taken."""
    path = HERE / "2021-06" / "市南区.xlsx"
    content = path.read_bytes()
    sent = submit_import(
        ledger=Ledger.objects.get(), unit=Unit.objects.get(title_zh="市南区"), period="2021-06", file_name=path.name,
        content=content, sha256=hashlib.sha256(content).hexdigest(), by=acting("zhao", at), at=at,
    )  # fmt: skip
    read_import.func(sent.pk)


def boundaries() -> None:
    """The outlines of the demonstration city, as a site has its own."""
    for path in (HERE / "pack" / "boundaries").glob("*.geojson"):
        shutil.copy(path, settings.BOUNDARIES)


def reported() -> None:
    """July and August as three districts reported them; the others have reported nothing."""
    for period in REPORTED:
        for district in DISTRICTS:
            send_and_take(HERE / period / f"{district}.xlsx", period)


def rounds(at: datetime) -> None:
    """What was reported judged, and the last three months: lights with reasons, ranks and what was before."""
    this = Period.parse(f"{at:%Y-%m}")
    judge_rounds(REPORTED[-1:], "laixi_zone_2023_points")
    judge_rounds((*REPORTED, *map(str, (this.previous().previous(), this.previous(), this))))


def fresh(at: datetime) -> str:
    """An administrator with no second factor yet; returns the password."""
    person = Person(username="tang", name="唐新任", password_changed_at=at)
    person.set_password(FRESH)
    person.save()
    top = Unit.objects.get(parent=None)
    Post.objects.create(person=person, unit=top, role="system_administrator", starts_on=top.opened_on)
    return FRESH


def administrators() -> dict[str, str]:
    """Those who have their second factor, signed in already: their sessions."""
    sessions = {}
    for name in ("sun", "zhou", "wu"):
        person, client = Person.objects.get(username=name), Client()
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
        client.force_login(person, "guatu.hub.accounts.sign_in.backends.PersonBackend")
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


if __name__ == "__main__":
    main()
