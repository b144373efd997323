"""Changes of units, people, posts, sessions and the record, and of the site itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from guatu.hub.accounts.actions.people import Details
from guatu.hub.accounts.actions.site import FirstAdministrator
from guatu.hub.accounts.actions.successions import Part
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.models import ApiToken, Load, Person, PersonalDetails, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.accounts.sign_in.sessions import SessionStore
from guatu.hub.accounts.trail import Wanted
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.holders import Holder, HolderKind
from guatu.hub.audit.models import Checkpoint
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Refusal, Text
from tests.hub.changes.change import DAY, TODAY, Change
from tests.hub.people import LONG_AGO, NOW, TOTP_SECRET, City


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


def _a_sealed_record(city: City) -> None:
    PEOPLE["unit.rename"].make("unit.rename", city)
    seal_waiting()


def _an_archive_on_paper(city: City) -> None:
    _a_sealed_record(city)
    settings.AUDIT_HOLDERS = (Holder("archive", HolderKind.PAPER),)


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


PEOPLE: Mapping[str, Change] = {
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
}  # fmt: skip
