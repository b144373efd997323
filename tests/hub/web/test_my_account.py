"""First password, second factor, sessions: what comes before every page, and what each may do with their account."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.test import Client
from django.utils import timezone

from guatu.hub.accounts.models import KeptSession, Person
from guatu.hub.accounts.sign_in.sealing import unsealed
from guatu.hub.audit.models import Record
from tests.hub.people import PASSWORD, City
from tests.hub.web.signing_in import browser, code, enter

NEW = "river-bridge-lantern"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]  # Django's answers of tests
    return client.post("/account/password", {"old": old, "new": new, "again": new if again is None else again})


def shift_sessions(**by: float) -> None:
    """As if all sessions had begun and been used earlier."""
    for row in KeptSession.objects.all():
        store = row.get_session_store_class()(row.session_key)
        told = store["signed_in"]
        for field in ("started_at", "seen_at"):
            if field in by:
                told[field] = (timezone.now() - timedelta(minutes=by[field])).isoformat()
        store["signed_in"] = told
        for record in store.get("account_authentication_methods", []):
            record["at"] -= by.get("started_at", 0) * 60
        store.modified = True
        store.save()


def test_with_a_slip_only_the_page_of_the_password_is_open(city: City) -> None:
    Person.objects.filter(username="li").update(must_change_password=True, first_password_at=timezone.now())
    client = browser()
    enter(client, "li")

    assert {client.get(path)["Location"] for path in ("/", "/units", "/account", "/account/second-factors")} == {
        "/account/password"
    }
    assert client.post("/tokens/issue")["Location"] == "/account/password"
    assert change(client)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert json.loads(Record.objects.get(kind="sign_in.password_changed").after)["was_first"] == 1


def test_an_old_slip_opens_nothing(city: City) -> None:
    Person.objects.filter(username="li").update(
        must_change_password=True, first_password_at=timezone.now() - timedelta(days=31)
    )

    assert "初始密码已过有效期" in enter(browser(), "li").content.decode()


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short-one", None, "至少 12 位"),
        ("password1234", None, "太常见"),
        ("李填报李填报李填报李填报", None, "不能只由您的姓名"),
        ("dongguantown-2026", None, "不能只由您的姓名"),
        (PASSWORD, None, "和用过的密码相同"),
        (NEW, "river-bridge-lanterns", "两次输入不一样"),
        ("x" * 129, None, "最多 128 位"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    city: City, new: str, again: str | None, said: str
) -> None:
    client = browser()
    enter(client, "li")

    answer = change(client, new=new, again=again)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Record.objects.filter(kind="sign_in.password_changed").exists()


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(city: City) -> None:
    here, elsewhere = browser(), browser()
    enter(here, "li")
    enter(elsewhere, "li")

    assert change(here)["Location"] == "/account"

    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert enter(browser(), "li").status_code == 200
    assert enter(browser(), "li", NEW).status_code == 302


def test_the_present_password_is_asked_for_and_not_guessed_fast(city: City) -> None:
    client = browser()
    enter(client, "li")

    answers = [change(client, old="wrong-password-1").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_an_administrator_without_a_second_factor_sees_only_the_pages_to_add_one(city: City) -> None:
    Authenticator.objects.filter(user=city.people["wu"]).delete()
    client = browser()
    assert enter(client, "wu")["Location"] == "/"

    assert {client.get(path)["Location"] for path in ("/", "/units", "/account")} == {"/account/second-factors"}
    assert "必须先启用二次验证" in client.get("/account/second-factors").content.decode()
    page = client.get("/account/second-factors/codes").content.decode()
    secret = re.findall(r'<code class="secret" tabindex="0">(\w+)</code>', page)[0]
    answer = client.post("/account/second-factors/codes", {"code": code(secret=secret)}, follow=True)
    codes = re.findall(r"<li><code>(\d+)</code></li>", answer.content.decode())
    assert len(codes) == 10
    assert client.get("/").status_code == 200

    other = browser()
    enter(other, "wu")
    assert other.post("/sign-in/second-step", {"code": codes[0]})["Location"] == "/"
    again = browser()
    enter(again, "wu")
    assert again.post("/sign-in/second-step", {"code": codes[0]}).status_code == 200


def test_recovery_codes_are_shown_once(city: City) -> None:
    client = browser()
    enter(client, "zhou")
    client.post("/sign-in/second-step", {"code": code()})
    first = client.post("/account/recovery-codes/make", follow=True).content.decode()

    assert len(re.findall(r"<li><code>(\d+)</code></li>", first)) == 10
    assert "<li><code>" not in client.get("/account/recovery-codes").content.decode()


def test_the_last_second_factor_of_an_administrator_stays(city: City) -> None:
    client = browser()
    enter(client, "zhou")
    client.post("/sign-in/second-step", {"code": code()})

    answer = client.post("/account/second-factors/codes/remove")

    assert answer.status_code == 409
    assert Authenticator.objects.filter(user=city.people["zhou"]).exists()


def test_whoever_needs_none_may_turn_it_off(city: City) -> None:
    client = browser()
    enter(client, "li")
    page = client.get("/account/second-factors/codes").content.decode()
    secret = re.findall(r'<code class="secret" tabindex="0">(\w+)</code>', page)[0]
    client.post("/account/second-factors/codes", {"code": code(secret=secret)})

    client.post("/account/second-factors/codes/remove")

    assert not Authenticator.objects.filter(user=city.people["li"]).exists()
    assert Record.objects.filter(kind="sign_in.second_factor_removed").count() == 1


def test_the_secret_of_codes_being_turned_on_is_kept_sealed(city: City) -> None:
    client = browser()
    enter(client, "li")
    page = client.get("/account/second-factors/codes").content.decode()
    secret = re.findall(r'<code class="secret" tabindex="0">(\w+)</code>', page)[0]

    kept = client.session[SECRET_SESSION_KEY]

    assert secret not in kept and unsealed(kept) == secret
    assert client.post("/account/second-factors/codes", {"code": "000000"}).status_code == 200
    client.post("/account/second-factors/codes", {"code": code(secret=secret)})
    assert Authenticator.objects.filter(user=city.people["li"], type="totp").count() == 1
    assert SECRET_SESSION_KEY not in client.session


def test_changes_that_matter_ask_for_the_password_again_and_then_go_on(city: City) -> None:
    client = browser()
    enter(client, "li")
    shift_sessions(started_at=11)

    asked = client.get("/account/second-factors/codes")
    assert asked["Location"] == "/account/confirm?next=%2Faccount%2Fsecond-factors%2Fcodes"
    assert client.post(asked["Location"], {"password": "wrong-password-1"}).status_code == 200
    assert client.get("/account/second-factors/codes").status_code == 302
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/account/second-factors/codes"
    assert client.get("/account/second-factors/codes").status_code == 200


def test_a_form_sent_before_the_confirmation_is_dealt_with_after_it(city: City) -> None:
    client = browser()
    enter(client, "zhou")
    client.post("/sign-in/second-step", {"code": code()})
    shift_sessions(started_at=11)

    asked = client.post("/account/recovery-codes/make")
    client.post(asked["Location"], {"password": PASSWORD})

    assert Record.objects.filter(kind="sign_in.recovery_codes_made").count() == 1


@pytest.mark.parametrize(("shift", "why"), [({"seen_at": 121}, "idle"), ({"started_at": 721}, "absolute")])
def test_a_session_ends_at_its_limits(city: City, shift: dict[str, float], why: str) -> None:
    client = browser()
    enter(client, "li")
    shift_sessions(**shift)

    assert client.get("/").status_code == 302
    assert json.loads(Record.objects.get(kind="session.signed_out").context)["reason"] == why


def test_a_session_in_use_lasts(city: City) -> None:
    client = browser()
    enter(client, "li")
    shift_sessions(seen_at=119)

    assert client.get("/").status_code == 200
    assert KeptSession.objects.get(person=city.people["li"]).seen_at > timezone.now() - timedelta(minutes=1)  # type: ignore[operator]  # it is set


def test_li_sees_where_they_are_signed_in_and_ends_one(city: City) -> None:
    here, elsewhere, stranger = browser(), browser("198.51.100.9"), browser()
    enter(here, "li")
    enter(elsewhere, "li")
    enter(stranger, "qian")
    page = here.get("/account").content.decode()
    assert "198.51.100.9" in page and "Chrome · Windows 电脑" in page
    name = KeptSession.objects.get(person=city.people["li"], address="198.51.100.9").name

    assert stranger.post(f"/account/sessions/{name}/end").status_code == 404
    here.post(f"/account/sessions/{name}/end")

    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_ending_all_others_leaves_this_one(city: City) -> None:
    here, elsewhere = browser(), browser()
    enter(here, "li")
    enter(elsewhere, "li")

    here.post("/account/sessions/end-others")

    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


def test_the_chosen_language_is_kept_with_the_person(city: City) -> None:
    client = browser()
    enter(client, "li")
    client.post("/language", {"language": "en", "back": "/"})

    assert Person.objects.get(username="li").language == "en"
    other = browser()
    enter(other, "li")
    assert "My desk" in other.get("/").content.decode()


def test_when_passwords_rotate_an_old_one_opens_only_the_page_to_change_it(city: City, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGN_IN_PROFILE = "mlps3"
    Person.objects.filter(username="li").update(password_changed_at=timezone.now() - timedelta(days=91))
    client = browser()
    enter(client, "li")

    assert client.get("/")["Location"] == "/account/password"
    change(client, new="Jiaozhou-Bay-2026")
    assert client.get("/")["Location"] == "/account/second-factors"  # at this level everybody needs one
    assert change(client, old="Jiaozhou-Bay-2026", new=PASSWORD).status_code == 422  # the former one may not come again
