"""How every action is made to happen in the test city: what must be there before, and what it is called with.

A new action gets its row here; without one, no test can tell whether it leaves a record or survives being killed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

import guatu.hub
from guatu.hub.accounts.actions.people import Details
from guatu.hub.accounts.actions.site import FirstAdministrator
from guatu.hub.accounts.actions.successions import Part
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.models import ApiToken, Load, Person, PersonalDetails, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.accounts.sign_in.sessions import SessionStore
from guatu.hub.accounts.trail import Wanted
from guatu.hub.assessment.judged import Judged, JudgedItem, JudgedUnit
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.rows import LightRow
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.holders import Holder, HolderKind
from guatu.hub.audit.models import Checkpoint
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.duties import Answerable
from guatu.hub.ledger.actions.goals import Wanted as WantedGoal
from guatu.hub.ledger.actions.import_columns import Chosen
from guatu.hub.ledger.actions.targets import Part as ShareOf
from guatu.hub.ledger.actions.together import Together
from guatu.hub.ledger.actions.years import Redrawn, TakenIn
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import Format
from guatu.hub.ledger.importing.offers import Offer, StatedFigure
from guatu.hub.ledger.importing.plan import Plan, Standing, planned
from guatu.hub.ledger.models import (
    Attachment,
    Duty,
    Figure,
    Goal,
    Import,
    ImportFinding,
    Item,
    Ledger,
    Link,
    PackVersion,
    Paper,
    SavedView,
    Target,
)
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.targets import Along
from guatu.hub.ledger.overlays import Overlay
from guatu.office.attachments.kinds import AttachmentKind
from guatu.office.attachments.reading import Looked
from guatu.standards.coordinates import LonLat
from guatu.text import Refusal, Text
from tests.hub.goals_pack import kept_goals_pack
from tests.hub.people import LONG_AGO, NOW, TOTP_SECRET, City

TODAY = date(2026, 6, 15)
DAY = date(2025, 5, 1)
PDF = b"%PDF-1.4\n%%EOF\n"


def _nothing(city: City) -> None:
    """The city is enough."""


@dataclass(frozen=True, slots=True)
class Change:
    """One action as it may happen."""

    arguments: Callable[[City], Mapping[str, Any]]
    """`at` is always NOW; whoever acts is `by`."""
    before: Callable[[City], None] = _nothing
    on_an_empty_site: bool = False

    def make(self, name: str, city: City) -> object:
        return ACTIONS[name](**self.arguments(city), at=NOW)


def load_all_actions() -> None:
    """Import every module of actions, so that all of them are known."""
    hub = Path(guatu.hub.__file__).parent
    for path in sorted(hub.glob("*/actions/*.py")) + sorted(hub.glob("*/actions.py")):
        import_module("guatu.hub." + ".".join(path.relative_to(hub).with_suffix("").parts))


def _two_villages(city: City) -> None:
    for title, code in (("上村", ""), ("下村", "")):
        placed(parent=city.units["west"], kind="enterprise", title=Text(title, title), code=code, on=LONG_AGO, at=NOW)


def _somebody_without_a_post(city: City) -> None:
    person = Person(username="chen", name="陈新人", unit=city.units["town"], must_change_password=True)
    person.set_unusable_password()
    person.save()
    PersonalDetails.objects.create(person=person, phone="13900000000")


def _somebody_disabled(city: City) -> None:
    _somebody_without_a_post(city)
    Person.objects.filter(username="chen").update(is_active=False)


def _a_token(city: City) -> None:
    ApiToken.objects.create(
        post=city.posts["li"], name="export", digest="0" * 64, issued_at=NOW, expires_on=date(2026, 12, 31)
    )


DOSSIER = Path(__file__).resolve().parents[1] / "dossier"


def _a_ledger(city: City) -> None:
    ACTIONS["pack.install"](folder=DOSSIER, by=city.actor("sun"), at=NOW)


def _an_item(city: City) -> None:
    _a_ledger(city)
    ledger, zhao = Ledger.objects.get(), city.actor("zhao")
    ACTIONS["item.enter"](ledger=ledger, unit=city.units["town"], name="东关地块", on=LONG_AGO, by=zhao, at=NOW)


def _a_view(city: City) -> None:
    _a_ledger(city)
    ledger, li = Ledger.objects.get(), city.actor("li")
    ACTIONS["view.save"](ledger=ledger, name="周会", view="items", query="", by=li, at=NOW)


def _a_shared_view(city: City) -> None:
    _a_view(city)
    SavedView.objects.update(shared_with=city.units["town"])


def _two_items(city: City) -> None:
    _an_item(city)
    ledger, zhao = Ledger.objects.get(), city.actor("zhao")
    ACTIONS["item.enter"](ledger=ledger, unit=city.units["town"], name="东关二号地块", on=LONG_AGO, by=zhao, at=NOW)


def _parcel() -> Item:
    found: Item = Item.objects.get(name="东关地块")
    return found


def _a_plan_of_milestones(city: City) -> None:
    _an_item(city)
    ACTIONS["milestone.plan"](item=_parcel(), key="begun", on=TODAY, by=city.actor("zhao"), at=NOW)


def _a_claim(city: City) -> None:
    _an_item(city)
    li = city.actor("li")
    ACTIONS["milestone.claim"](item=_parcel(), key="begun", on=DAY, evidence="施工许可 2025-7", by=li, at=NOW)


def _a_checked_claim(city: City) -> None:
    _a_claim(city)
    ACTIONS["milestone.check"](item=_parcel(), key="begun", accepted=True, by=city.actor("wang"), at=NOW)


def _a_figure_by_hand(city: City) -> None:
    _an_item(city)
    ACTIONS["figures.report"](
        item=_parcel(), period="2026-05", figures={"delivered": 12_000_000}, seen=0, by=city.actor("li"), at=NOW
    )  # fmt: skip


def _reported() -> int:
    return Figure.objects.get(superseded_by_sequence=None).sequence


def _a_duty(city: City) -> None:
    _an_item(city)
    ACTIONS["duty.assign"](
        item=_parcel(), slot="lead", holder=Answerable(unit=city.units["bureau"]), on=LONG_AGO, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


def _a_link(city: City) -> None:
    _two_items(city)
    ACTIONS["link.make"](
        source=_parcel(), target=Item.objects.get(name="东关二号地块"), kind="part_of", on=LONG_AGO, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


def _in_the_year(city: City) -> None:
    _an_item(city)
    ledger, taken = Ledger.objects.get(), [TakenIn(_parcel(), {"year_plan": 5_000_000})]
    ACTIONS["year.open"](ledger=ledger, year=2026, taken=taken, by=city.actor("zhao"), at=NOW)


def _a_sealed_record(city: City) -> None:
    CHANGES["unit.rename"].make("unit.rename", city)
    seal_waiting()


def _an_archive_on_paper(city: City) -> None:
    _a_sealed_record(city)
    settings.AUDIT_HOLDERS = (Holder("archive", HolderKind.PAPER),)


def _the_worker() -> OnBehalf:
    return OnBehalf(None, None, None, Source(Door.WORKER))


def _a_plan(city: City) -> Plan:
    figures = (StatedFigure("task_area", "2026-05", amount=1_000_000),)
    offer = Offer(unit=city.units["town"].pk, name="东关地块", code="P-1", lists=("idle",), figures=figures, key="i1")
    return planned([offer], Standing(Item.objects.none()))


def _a_workbook_sent(city: City) -> None:
    _a_ledger(city)
    ACTIONS["import.submit"](
        ledger=Ledger.objects.get(), unit=city.units["town"], period="2026-05", file_name="东关镇.xlsx", content=b"PK",
        sha256="0" * 64, by=city.actor("li"), at=NOW,
    )  # fmt: skip


A_QUESTION = {
    "grade": "question", "code": "likely_duplicate", "sheet": "台账", "cell": "B3", "raw": "东关地块",
    "reason_zh": "疑似重复", "reason_en": "likely duplicate", "remedy_zh": "请答复", "remedy_en": "answer",
    "about": '{"check":"likely_duplicate","choices":["same","different"],"items":["i1","i2"],"rests_on":{}}',
    "beside": "[]",
}  # fmt: skip
COLUMNS = (
    '[{"sheet":"台账","sender":{"key":"u","title":"东关镇"},"columns":[],"entry":{"fingerprint":"1-0","made_from":{},'
    '"columns":[{"title":"名称","field":"?"}]}}]'
)


def _a_workbook_read(city: City) -> None:
    _a_workbook_sent(city)
    ACTIONS["import.read"](
        sent=Import.objects.get(), findings=[A_QUESTION], plan=_a_plan(city), layouts=COLUMNS, by=_the_worker(), at=NOW,
    )  # fmt: skip


def _an_item_left_out(city: City) -> None:
    _a_workbook_read(city)
    ACTIONS["import.leave_out"](sent=Import.objects.get(), keys=["i1"], reason="待核实", by=city.actor("li"), at=NOW)


def _a_workbook_taken(city: City) -> None:
    _a_workbook_read(city)
    ACTIONS["import.take"](sent=Import.objects.get(), by=city.actor("li"), at=NOW)


def _an_attachment(city: City) -> None:
    _an_item(city)
    ACTIONS["attachment.attach"](to=Item.objects.get(), name="批复.pdf", content=PDF, by=city.actor("li"), at=NOW)


AIM = WantedGoal("攻势", date(2026, 1, 1), date(2026, 12, 31))


def _a_goal(city: City) -> None:
    kept_goals_pack()
    ACTIONS["goal.open"](
        pack="campaign",
        level="campaign",
        parent=None,
        unit=city.units["city"],
        wanted=AIM,
        by=city.actor("zhao"),
        at=NOW,
    )


def _a_goal_and_an_item(city: City) -> None:
    _an_item(city)
    _a_goal(city)


def _a_goal_with_its_item(city: City) -> None:
    _a_goal_and_an_item(city)
    CHANGES["goal.link"].make("goal.link", city)


def _a_target(city: City) -> None:
    _a_goal(city)
    CHANGES["target.set"].make("target.set", city)


def _a_target_that_no_item_tells_of(city: City) -> None:
    _a_target(city)
    Target.objects.update(indicator="growth", value="0.09")


def _a_share(city: City) -> None:
    _a_target(city)
    CHANGES["target.split"].make("target.split", city)


def _a_paper(city: City) -> None:
    _a_goal(city)
    CHANGES["goal.assign"].make("goal.assign", city)
    CHANGES["paper.draw"].make("paper.draw", city)


def _a_round_waits(city: City) -> None:
    _an_item(city)
    CHANGES["round.evaluate"].make("round.evaluate", city)


def _a_judgement(city: City) -> Judged:
    light = LightRow(state="judged", severity="lagging", clause="late")
    item = JudgedItem(_parcel().pk, city.units["town"].pk, {"overall": light})
    town = city.units["town"]
    unit = JudgedUnit(town.pk, "all", town.title, f"/{town.pk}/", "", 0, {})
    return Judged(1, "1", "0" * 64, f"sha256:{'0' * 64}", [], [item], [unit], {}, b"PK")


def _undoing_asked_for(city: City) -> None:
    _a_workbook_taken(city)
    ACTIONS["import.ask_to_undo"](sent=Import.objects.get(), reason="报错", by=city.actor("li"), at=NOW)


def _village(title: str) -> Unit:
    return Unit.objects.get(title_zh=title)


def _request() -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    return request


def _chen() -> Person:
    found: Person = Person.objects.get(username="chen")
    return found


READ = Read(
    {
        "units": (Row("单位", 2, {"name": "新园", "kind": "zone", "parent": "东城区"}),),
        "people": (Row("人员", 2, {"username": "he", "person": "何载入", "unit": "新园", "role": "reporter"}),),
    },
    (),
)
"""What a load workbook says, already read."""


CHANGED_SINCE = Refusal("load.xlsx", Text("有变动", "has changed"), Text("再看看。", "Look again."))


def _a_load_waits(city: City) -> None:
    ACTIONS["units.submit_load"](content=b"x", name="load.xlsx", on=TODAY, by=city.actor("sun"), at=NOW)


def _a_load_is_read(city: City) -> None:
    _a_load_waits(city)
    ACTIONS["units.keep_reading"](load=Load.objects.get(), read=READ, marked=b"", by=city.actor("sun"), at=NOW)


def _a_load_is_accepted(city: City) -> None:
    _a_load_is_read(city)
    ACTIONS["units.accept_load"](load=Load.objects.get(), by=city.actor("sun"), at=NOW)


def _posts_of_a_load_wait(city: City) -> None:
    _a_load_is_accepted(city)
    ACTIONS["units.carry_out_load"](load=Load.objects.get(), by=city.actor("sun"), at=NOW)


def _posts_of_a_load_are_accepted(city: City) -> None:
    _posts_of_a_load_wait(city)
    ACTIONS["units.accept_posts"](load=Load.objects.get(), by=city.actor("zhou"), at=NOW)


CHANGES: Mapping[str, Change] = {
    "units.submit_load": Change(
        lambda city: {"content": b"x", "name": "load.xlsx", "on": TODAY, "by": city.actor("sun")}
    ),
    "units.keep_reading": Change(
        lambda city: {"load": Load.objects.get(), "read": READ, "marked": b"", "by": city.actor("sun")},
        before=_a_load_waits,
    ),
    "units.accept_load": Change(
        lambda city: {"load": Load.objects.get(), "by": city.actor("sun")}, before=_a_load_is_read
    ),
    "units.accept_posts": Change(
        lambda city: {"load": Load.objects.get(), "by": city.actor("zhou")}, before=_posts_of_a_load_wait
    ),
    "units.carry_out_load": Change(
        lambda city: {"load": Load.objects.get(), "by": city.actor("sun")}, before=_a_load_is_accepted
    ),
    "units.carry_out_posts": Change(
        lambda city: {"load": Load.objects.get(), "by": city.actor("zhou")}, before=_posts_of_a_load_are_accepted
    ),
    "units.set_back_load": Change(
        lambda city: {"load": Load.objects.get(), "refusal": CHANGED_SINCE, "by": city.actor("sun")},
        before=_a_load_is_accepted,
    ),
    "units.give_up_load": Change(
        lambda city: {"load": Load.objects.get(), "by": city.actor("sun")}, before=_a_load_is_read
    ),
    "site.begin": Change(
        lambda city: {
            "title": Text("挂图市", "Guatu City"),
            "code": "990000",
            "since": LONG_AGO,
            "administrators": [
                FirstAdministrator(role, f"first-{place}", f"某{place}", "one-time-password")
                for place, role in enumerate(sorted(ADMINISTRATORS))
            ],
            "by": OnBehalf(None, None, None, Source(Door.CLI)),
        },
        on_an_empty_site=True,
    ),
    "site.back_up": Change(
        lambda city: {"backup": {"manifest": "0" * 64, "rows": 9}, "by": OnBehalf(None, None, None, Source(Door.CLI))}
    ),
    "site.restore": Change(
        lambda city: {"backup": {"manifest": "0" * 64}, "by": OnBehalf(None, None, None, Source(Door.CLI))}
    ),
    "unit.open": Change(
        lambda city: {
            "parent": city.units["east"], "kind": "enterprise", "title": Text("新社", "New"), "on": DAY,
            "by": city.actor("sun"),
        }
    ),
    "unit.rename": Change(
        lambda city: {"unit": city.units["town"], "title": Text("新镇", "New"), "on": DAY, "by": city.actor("sun")}
    ),
    "unit.recode": Change(
        lambda city: {"unit": city.units["town"], "code": "990001102", "on": DAY, "by": city.actor("sun")}
    ),
    "unit.correct": Change(
        lambda city: {
            "unit": city.units["bureau"], "title": Text("发改局", "Bureau"), "code": "", "order": 7,
            "by": city.actor("sun"),
        }
    ),
    "unit.move": Change(
        lambda city: {"unit": city.units["bureau"], "parent": city.units["east"], "on": DAY, "by": city.actor("sun")}
    ),
    "unit.close": Change(
        lambda city: {"unit": city.units["bureau"], "on": DAY, "reason": "三定", "by": city.actor("sun")}
    ),
    "unit.merge": Change(
        lambda city: {"units": [_village("上村")], "into": _village("下村"), "on": DAY, "by": city.actor("sun")},
        before=_two_villages,
    ),
    "unit.divide": Change(
        lambda city: {
            "unit": _village("上村"),
            "parts": [Part(Text("上村一", "One")), Part(Text("上村二", "Two"))],
            "on": DAY,
            "by": city.actor("sun"),
        },
        before=_two_villages,
    ),
    "person.create": Change(
        lambda city: {
            "unit": city.units["town"], "username": "chen", "name": "陈新人", "details": Details(phone="13900000000"),
            "by": city.actor("sun"),
        }
    ),
    "person.change": Change(
        lambda city: {
            "person": city.people["li"], "name": "李改名", "unit": city.units["east"],
            "details": Details(phone="13900000001"), "by": city.actor("sun"),
        }
    ),
    "person.disable": Change(
        lambda city: {"person": city.people["li"], "reason": "调离", "by": city.actor("sun")}
    ),
    "person.enable": Change(lambda city: {"person": _chen(), "by": city.actor("sun")}, before=_somebody_disabled),
    "person.print_slips": Change(
        lambda city: {"people": [_chen()], "by": city.actor("sun")}, before=_somebody_without_a_post
    ),
    "person.reveal": Change(
        lambda city: {
            "person": city.people["li"], "field": "phone", "reason": "催报", "by": city.actor("wang"),
        }
    ),
    "person.erase": Change(
        lambda city: {"person": _chen(), "reason": "本人要求", "by": city.actor("zhou")},
        before=_somebody_without_a_post,
    ),
    "person.copy": Change(lambda city: {"by": city.actor("li")}),
    "post.assign": Change(
        lambda city: {
            "person": _chen(), "unit": city.units["town"], "role": "leader", "starts_on": TODAY, "by": city.actor("zhou"),
        },
        before=_somebody_without_a_post,
    ),
    "post.end": Change(
        lambda city: {"post": city.posts["li"], "on": TODAY, "reason": "调离", "by": city.actor("zhou")}
    ),
    "post.stand_in": Change(
        lambda city: {
            "post": city.posts["li"], "person": _chen(), "starts_on": TODAY, "ends_on": date(2026, 7, 1),
            "by": city.actor("zhou"),
        },
        before=_somebody_without_a_post,
    ),
    "post.hand_over": Change(
        lambda city: {"post": city.posts["li"], "to": _chen(), "on": TODAY, "by": city.actor("zhou")},
        before=_somebody_without_a_post,
    ),
    "person.choose_language": Change(
        lambda city: {"person": city.people["li"], "language": "en", "by": city.actor("li")}
    ),
    "session.sign_in": Change(
        lambda city: {
            "request": _request(), "person": city.people["li"], "ways": ["password"],
            "by": OnBehalf(city.people["li"].pk, None, None, Source(Door.WEB)),
        }
    ),
    "session.fail": Change(
        lambda city: {
            "person": city.people["li"], "what": "password", "failures": 1, "passed_over": 0,
            "by": OnBehalf(None, None, None, Source(Door.WEB)),
        }
    ),
    "session.sign_out": Change(
        lambda city: {
            "request": _request(), "person": city.people["li"], "why": "asked", "by": city.actor("li").as_self(),
        }
    ),
    "session.end_own": Change(
        lambda city: {"person": city.people["li"], "names": None, "but": "", "by": city.actor("li")}
    ),
    "session.end": Change(lambda city: {"person": city.people["li"], "reason": "丢了手机", "by": city.actor("zhou")}),
    "sign_in.change_password": Change(
        lambda city: {
            "person": city.people["li"], "new": "river-bridge-lantern", "session": "", "by": city.actor("li"),
        }
    ),
    "sign_in.reset_password": Change(
        lambda city: {"person": city.people["li"], "reason": "忘了", "by": city.actor("zhou")}
    ),
    "sign_in.add_codes": Change(
        lambda city: {"person": city.people["li"], "secret": TOTP_SECRET, "by": city.actor("li")}
    ),
    "sign_in.add_passkey": Change(
        lambda city: {"person": city.people["li"], "name": "key", "credential": {}, "by": city.actor("li")}
    ),
    "sign_in.remove_factor": Change(
        lambda city: {
            "authenticator": Authenticator.objects.get(user=city.people["wu"]), "required": False,
            "by": city.actor("wu"),
        }
    ),
    "sign_in.make_recovery_codes": Change(lambda city: {"person": city.people["wu"], "by": city.actor("wu")}),
    "sign_in.reset_factors": Change(
        lambda city: {"person": city.people["wu"], "reason": "换手机", "by": city.actor("zhou")}
    ),
    "sign_in.link_provider": Change(
        lambda city: {
            "person": city.people["li"], "provider": "city", "uid": "u-1",
            "by": OnBehalf(city.people["li"].pk, None, None, Source(Door.WEB)),
        }
    ),
    "token.issue": Change(
        lambda city: {
            "post": city.posts["li"], "name": "export", "expires_on": date(2026, 12, 31), "by": city.actor("li"),
        }
    ),
    "token.revoke": Change(
        lambda city: {"token": ApiToken.objects.get(name="export"), "by": city.actor("li")}, before=_a_token
    ),
    "pack.install": Change(lambda city: {"folder": "land_disposal", "by": city.actor("sun")}),
    "pack.overlay": Change(
        lambda city: {
            "base": PackVersion.objects.get(), "seen": "", "by": city.actor("sun"),
            "overlay": Overlay().with_title("land_disposal", Text("土地台账", "Land")),
        },
        before=_a_ledger,
    ),
    "item.enter": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "unit": city.units["town"], "name": "东关地块", "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_a_ledger,
    ),
    "item.change": Change(
        lambda city: {
            "item": Item.objects.get(), "seen": 1, "name": "北关地块", "on": DAY, "reason": "更正",
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "item.move": Change(
        lambda city: {
            "item": Item.objects.get(), "unit": city.units["west"], "on": DAY, "reason": "区划调整",
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "item.place": Change(
        lambda city: {
            "item": Item.objects.get(), "seen": 1, "place": LonLat(120.38, 36.07), "on": DAY, "reason": "现场核对",
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "item.set_state": Change(
        lambda city: {
            "item": Item.objects.get(), "state": ItemState.WITHDRAWN, "on": DAY, "reason": "退出",
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "attachment.attach": Change(
        lambda city: {"to": Item.objects.get(), "name": "批复.pdf", "content": PDF, "by": city.actor("li")},
        before=_an_item,
    ),
    "attachment.look": Change(
        lambda city: {
            "one": Attachment.objects.get(), "looked": Looked(AttachmentKind.PDF, PDF, "1" * 64), "by": _the_worker(),
        },
        before=_an_attachment,
    ),
    "attachment.erase": Change(
        lambda city: {"one": Attachment.objects.get(), "reason": "附错了", "by": city.actor("zhao")},
        before=_an_attachment,
    ),
    "item.export": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "asked": ItemsAsked(q="地块"), "format": Format.CSV, "language": "zh",
            "by": city.actor("li"),
        },
        before=_an_item,
    ),
    "item.set_together": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "on": DAY, "reason": "统一口径", "by": city.actor("zhao"),
            "changes": [Together(one, 1, {"way": "划拨"}) for one in Item.objects.order_by("pk")],
        },
        before=_two_items,
    ),
    "view.save": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "name": "周会", "view": "items", "query": "q=1", "by": city.actor("li"),
        },
        before=_a_ledger,
    ),
    "view.rename": Change(
        lambda city: {"view": SavedView.objects.get(), "name": "月会", "by": city.actor("li")}, before=_a_view
    ),
    "view.share": Change(
        lambda city: {"view": SavedView.objects.get(), "unit": city.units["town"], "by": city.actor("li")},
        before=_a_view,
    ),
    "view.unshare": Change(
        lambda city: {"view": SavedView.objects.get(), "by": city.actor("li")}, before=_a_shared_view
    ),
    "view.delete": Change(lambda city: {"view": SavedView.objects.get(), "by": city.actor("li")}, before=_a_view),
    "goal.open": Change(
        lambda city: {
            "pack": "campaign", "level": "campaign", "parent": None, "unit": city.units["city"], "wanted": AIM,
            "by": city.actor("zhao"),
        },
        before=lambda city: kept_goals_pack() and None,
    ),
    "goal.change": Change(
        lambda city: {
            "goal": Goal.objects.get(), "seen": 1, "wanted": replace(AIM, title="总攻"), "reason": "更名",
            "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.end": Change(
        lambda city: {
            "goal": Goal.objects.get(), "state": GoalState.ENDED, "reason": "到期", "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.assign": Change(
        lambda city: {
            "goal": Goal.objects.get(), "slot": "lead_unit", "person": None, "unit": city.units["city"], "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.link": Change(
        lambda city: {"goal": Goal.objects.get(), "items": [Item.objects.get()], "on": DAY, "by": city.actor("zhao")},
        before=_a_goal_and_an_item,
    ),
    "goal.unlink": Change(
        lambda city: {"goal": Goal.objects.get(), "item": Item.objects.get(), "on": TODAY, "by": city.actor("zhao")},
        before=_a_goal_with_its_item,
    ),
    "target.set": Change(
        lambda city: {
            "goal": Goal.objects.get(), "indicator": "started", "period": "2026", "value": "4", "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "target.adjust": Change(
        lambda city: {
            "target": Target.objects.get(), "seen": 1, "value": "5", "reason": "年中调整", "by": city.actor("zhao"),
        },
        before=_a_target,
    ),
    "target.split": Change(
        lambda city: {
            "target": Target.objects.get(), "seen": 1, "along": Along.UNIT,
            "parts": [ShareOf("3", unit=city.units["east"]), ShareOf("1", unit=city.units["west"])],
            "by": city.actor("zhao"),
        },
        before=_a_target,
    ),
    "target.answer": Change(
        lambda city: {
            "target": Target.objects.get(unit=city.units["west"]), "seen": 1, "agrees": True, "by": city.actor("qian"),
        },
        before=_a_share,
    ),
    "target.reach": Change(
        lambda city: {
            "target": Target.objects.get(), "on": TODAY, "value": "0.05", "evidence": "统计月报", "by": city.actor("zhao"),
        },
        before=_a_target_that_no_item_tells_of,
    ),
    "paper.draw": Change(
        lambda city: {"goal": Goal.objects.get(), "kind": "letter", "by": city.actor("zhao")}, before=_a_goal
    ),
    "paper.sign": Change(
        lambda city: {
            "paper": Paper.objects.get(), "slot": "lead_unit", "digest": Paper.objects.get().digest,
            "by": city.actor("zheng"),
        },
        before=_a_paper,
    ),
    "milestone.plan": Change(
        lambda city: {"item": _parcel(), "key": "begun", "on": TODAY, "by": city.actor("zhao")}, before=_an_item
    ),
    "milestone.claim": Change(
        lambda city: {"item": _parcel(), "key": "begun", "on": DAY, "evidence": "许可 7 号", "by": city.actor("li")},
        before=_an_item,
    ),
    "milestone.check": Change(
        lambda city: {"item": _parcel(), "key": "begun", "accepted": True, "by": city.actor("wang")}, before=_a_claim
    ),
    "milestone.verify": Change(
        lambda city: {"item": _parcel(), "key": "begun", "accepted": True, "by": city.actor("feng")},
        before=_a_checked_claim,
    ),
    "milestone.withdraw": Change(
        lambda city: {"item": _parcel(), "key": "begun", "reason": "报错", "by": city.actor("li")}, before=_a_claim
    ),
    "milestone.order": Change(
        lambda city: {
            "item": _parcel(), "key": "begun", "after": "supplied", "days": 30, "reason": "合同约定",
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "milestone.schedule": Change(
        lambda city: {"item": _parcel(), "end": "begun", "on": TODAY, "reason": "倒排", "by": city.actor("zhao")},
        before=_an_item,
    ),
    "milestone.set_baseline": Change(
        lambda city: {"item": _parcel(), "title": "2026 年度计划", "on": TODAY, "by": city.actor("zhao")},
        before=_a_plan_of_milestones,
    ),
    "duty.assign": Change(
        lambda city: {
            "item": _parcel(), "slot": "answerable", "holder": Answerable(person=city.people["li"]), "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "duty.hand_over": Change(
        lambda city: {
            "duty": Duty.objects.get(), "holder": Answerable(unit=city.units["east"]), "on": DAY, "reason": "调整分工",
            "by": city.actor("zhao"),
        },
        before=_a_duty,
    ),
    "duty.end": Change(
        lambda city: {"duty": Duty.objects.get(), "on": DAY, "reason": "不再牵头", "by": city.actor("zhao")},
        before=_a_duty,
    ),
    "link.make": Change(
        lambda city: {
            "source": _parcel(), "target": Item.objects.get(name="东关二号地块"), "kind": "part_of", "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "link.end": Change(
        lambda city: {"link": Link.objects.get(), "on": DAY, "reason": "分立", "by": city.actor("zhao")}, before=_a_link
    ),
    "year.open": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "year": 2026, "taken": [TakenIn(_parcel(), {"year_plan": 5_000_000})],
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "year.adjust_plan": Change(
        lambda city: {
            "item": _parcel(), "year": 2026, "field": "year_plan", "value": 4_000_000, "reason": "年中调整",
            "by": city.actor("zhao"),
        },
        before=_in_the_year,
    ),
    "year.leave": Change(
        lambda city: {"item": _parcel(), "year": 2026, "on": DAY, "reason": "缓建", "by": city.actor("zhao")},
        before=_in_the_year,
    ),
    "list.redraw": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "key": "idle", "changes": [Redrawn(_parcel(), True, "认定闲置")], "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "item.merge": Change(
        lambda city: {
            "item": Item.objects.get(name="东关二号地块"), "into": _parcel(), "on": DAY, "reason": "同一宗地",
            "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "item.tell_apart": Change(
        lambda city: {
            "one": Item.objects.get(name="东关二号地块"), "other": _parcel(), "reason": "两宗地", "by": city.actor("zhao"),
        },
        before=_two_items,
    ),
    "remark.add": Change(
        lambda city: {
            "item": _parcel(), "kind": "work", "on": DAY, "text": "现场踏勘", "by": city.actor("li"),
        },
        before=_an_item,
    ),
    "round.evaluate": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "rulebook": "laixi_2021_land", "period": "2026-05", "by": city.actor("zhao"),
        },
        before=_an_item,
    ),
    "round.keep_results": Change(
        lambda city: {"run": Run.objects.get(), "judged": _a_judgement(city), "by": _the_worker()}, before=_a_round_waits
    ),
    "round.keep_refusal": Change(
        lambda city: {"run": Run.objects.get(), "refusal": CHANGED_SINCE, "by": _the_worker()}, before=_a_round_waits
    ),
    "news.see": Change(lambda city: {"up_to": 1, "by": city.actor("li")}, before=_an_item),
    "figures.report": Change(
        lambda city: {
            "item": _parcel(), "period": "2026-05", "figures": {"delivered": 12_000_000}, "seen": 0, "by": city.actor("li"),
        },
        before=_an_item,
    ),
    "figures.put_back": Change(
        lambda city: {"item": _parcel(), "period": "2026-05", "field": "delivered", "seen": _reported(), "by": city.actor("li")},
        before=_a_figure_by_hand,
    ),
    "audit.export": Change(
        lambda city: {"wanted": Wanted(), "by": city.actor("wu")}, before=_a_sealed_record
    ),
    "audit.note_printed": Change(
        lambda city: {
            "checkpoint": Checkpoint.objects.order_by("pk").first(), "holder": "archive", "where": "第 7 期通报",
            "by": city.actor("wu"),
        },
        before=_an_archive_on_paper,
    ),
    "import.submit": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "unit": city.units["town"], "period": "2026-05", "file_name": "东关镇.xlsx",
            "content": b"PK", "sha256": "0" * 64, "by": city.actor("li"),
        },
        before=_a_ledger,
    ),
    "import.read": Change(
        lambda city: {"sent": Import.objects.get(), "findings": [], "plan": _a_plan(city), "by": _the_worker()},
        before=_a_workbook_sent,
    ),
    "import.take": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.undo": Change(
        lambda city: {"sent": Import.objects.get(), "reason": "报错", "by": city.actor("li")},
        before=_a_workbook_taken,
    ),
    "import.ask_to_read": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.ask_to_take": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.ask_to_undo": Change(
        lambda city: {"sent": Import.objects.get(), "reason": "报错", "by": city.actor("li")},
        before=_a_workbook_taken,
    ),
    "import.cannot_undo": Change(
        lambda city: {
            "sent": Import.objects.get(), "refusal": Text("有人改过", "was changed"), "by": city.actor("li"),
        },
        before=_undoing_asked_for,
    ),
    "import.answer": Change(
        lambda city: {
            "sent": Import.objects.get(), "answers": {ImportFinding.objects.get().pk: "different"},
            "by": city.actor("li"),
        },
        before=_a_workbook_read,
    ),
    "import.leave_out": Change(
        lambda city: {"sent": Import.objects.get(), "keys": ["i1"], "reason": "待核实", "by": city.actor("li")},
        before=_a_workbook_read,
    ),
    "import.put_back": Change(
        lambda city: {"sent": Import.objects.get(), "keys": ["i1"], "by": city.actor("li")}, before=_an_item_left_out
    ),
    "import.confirm_columns": Change(
        lambda city: {
            "sent": Import.objects.get(), "table": 0, "chosen": {0: Chosen("name")}, "by": city.actor("li"),
        },
        before=_a_workbook_read,
    ),
    "import.discard": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
}  # fmt: skip
