"""Signing in and out, by name, password and second factor."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from guatu.hub.accounts.models import KeptSession, Lane, Person, Tries
from guatu.hub.audit.models import Record
from tests.hub.people import PASSWORD, TOTP_SECRET, City
from tests.hub.web.signing_in import browser, code, enter, wrong_code


def forget_waits() -> None:
    """As if time had passed: the next attempt is looked at, what was counted stays counted."""
    Tries.objects.update(open_at=timezone.now() - timedelta(seconds=1))
    Lane.objects.all().delete()


def kinds() -> list[str]:
    return list(Record.objects.order_by("id").values_list("kind", flat=True))


def test_li_signs_in_and_comes_to_the_page_first_asked_for(city: City) -> None:
    client = browser()
    asked = client.get("/units")
    page = client.get(asked["Location"])

    answer = client.post("/sign-in", {"login": "Li", "password": PASSWORD, "next": page.context["onward"]}, follow=True)

    assert answer.redirect_chain == [("/units", 302)]
    record = Record.objects.get(kind="session.signed_in")
    assert record.person_id == city.people["li"].pk
    assert json.loads(record.after)["ways"] == ["password"]


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(city: City, onward: str) -> None:
    assert enter(browser(), "li", next=onward)["Location"] == "/"


def test_a_name_in_capitals_is_the_same_name(city: City) -> None:
    assert enter(browser(), " LI ").status_code == 302


@pytest.mark.parametrize(("name", "password"), [("li", "wrong-password-1"), ("nobody", PASSWORD), ("", ""), ("li", "")])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(city: City, name: str, password: str) -> None:
    answer = enter(browser(), name, password)

    assert answer.status_code == 200
    assert "用户名或密码不对" in answer.content.decode()
    assert kinds() == ["session.failed"]


def test_what_was_typed_as_a_name_is_not_recorded(city: City) -> None:
    enter(browser(), PASSWORD, "li")

    assert PASSWORD not in "".join(Record.objects.get().__dict__[field] for field in ("before", "after", "context"))


def test_a_disabled_person_does_not_get_in_and_is_out_at_the_next_request(city: City) -> None:
    client = browser()
    enter(client, "li")
    assert client.get("/").status_code == 200

    Person.objects.filter(username="li").update(is_active=False)

    assert client.get("/").status_code == 302
    assert enter(browser(), "li").status_code == 200


def test_the_session_key_changes_at_signing_in(city: City) -> None:
    client = browser()
    client.get("/sign-in/passkey", headers={"accept": "application/json"})  # gives a session to who is not signed in
    before = client.cookies["session"].value

    enter(client, "li")

    assert client.cookies["session"].value != before
    assert not KeptSession.objects.filter(session_key=before).exists()


def test_the_sixth_wrong_password_waits_and_another_address_does_not(city: City) -> None:
    for _ in range(5):
        assert enter(browser("198.51.100.9"), "li", "wrong-password-1").status_code == 200

    answer = enter(browser("198.51.100.9"), "li")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "2"
    assert "账号没有锁定" in answer.content.decode()
    assert enter(browser(), "li").status_code == 302


def test_a_browser_that_signed_in_before_is_not_touched_by_a_flood_from_its_own_network(city: City) -> None:
    client = browser()
    enter(client, "li")
    client.post("/sign-out")
    for _ in range(9):
        enter(browser(), "li", "wrong-password-1")

    assert enter(browser(), "li").status_code == 429
    assert enter(client, "li").status_code == 302


def test_a_made_up_device_cookie_is_nothing(city: City) -> None:
    for _ in range(5):
        enter(browser(), "li", "wrong-password-1")
    client = browser()
    client.cookies["guatu_device"] = json.dumps({str(city.people["li"].pk): "x"})

    assert enter(client, "li").status_code == 429


def test_a_forged_forwarding_header_does_not_make_another_address(city: City) -> None:
    answers = [
        browser().post(
            "/sign-in",
            {"login": "li", "password": "wrong-password-1"},
            headers={"x-forwarded-for": f"192.0.2.{number}", "x-real-ip": f"192.0.2.{number}"},
        )
        for number in range(6)
    ]

    assert [one.status_code for one in answers] == [200] * 5 + [429]


def test_a_flood_leaves_few_records_and_says_how_many_there_were(city: City) -> None:
    for _ in range(40):
        enter(browser(), "li", "wrong-password-1")
        forget_waits()

    told = [json.loads(after)["failures"] for after in Record.objects.order_by("id").values_list("after", flat=True)]
    assert told == [1, 2, 3, 4, 5, 8, 16, 32]


def test_zhou_is_asked_for_a_code_and_nothing_is_open_before(city: City) -> None:
    client = browser()

    assert enter(client, "zhou")["Location"] == "/sign-in/second-step"
    assert client.get("/").status_code == 302
    assert client.get("/sign-in/second-step").status_code == 200
    assert client.post("/sign-in/second-step", {"code": wrong_code()}).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/second-step", {"code": code()})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert json.loads(Record.objects.get(kind="session.signed_in").after)["ways"] == ["password", "totp"]


def test_a_code_counts_once(city: City) -> None:
    first, second = browser(), browser("198.51.100.9")
    same = code()
    enter(first, "zhou")
    enter(second, "zhou")

    assert first.post("/sign-in/second-step", {"code": same}).status_code == 302
    assert second.post("/sign-in/second-step", {"code": same}).status_code == 200
    assert second.get("/").status_code == 302


def test_codes_are_not_guessed_fast(city: City) -> None:
    client = browser()
    enter(client, "zhou")

    answers = [client.post("/sign-in/second-step", {"code": wrong_code()}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_after_a_hundred_wrong_codes_in_a_day_only_known_browsers_are_asked(city: City) -> None:
    known = browser()
    enter(known, "zhou")
    known.post("/sign-in/second-step", {"code": code()})
    known.post("/sign-out")
    stranger = browser("198.51.100.9")
    enter(stranger, "zhou")
    for _ in range(100):
        stranger.post("/sign-in/second-step", {"code": wrong_code()})
        forget_waits()

    stranger.post("/sign-in/second-step", {"code": code(1)})
    assert stranger.get("/").status_code == 302
    enter(known, "zhou")
    assert known.post("/sign-in/second-step", {"code": code(1)}).status_code == 302


def test_a_right_code_beside_the_password_waits_for_nobody_and_saves_the_second_step(city: City) -> None:
    for _ in range(6):
        enter(browser(), "zhou", "wrong-password-1")
    assert enter(browser(), "zhou").status_code == 429
    client = browser()

    assert enter(client, "zhou", code=wrong_code()).status_code == 429
    assert enter(client, "zhou", code=code())["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_code_beside_a_wrong_password_opens_nothing(city: City) -> None:
    client = browser()

    assert enter(client, "zhou", "wrong-password-1", code=code()).status_code == 200
    assert client.get("/").status_code == 302


def test_the_secret_of_the_codes_is_not_readable_in_the_database(city: City) -> None:
    data = Authenticator.objects.get(user=city.people["zhou"]).data

    assert TOTP_SECRET not in json.dumps(data)


def test_signing_out_ends_the_session_on_the_server(city: City) -> None:
    client = browser()
    enter(client, "li")
    kept = client.cookies["session"].value

    client.post("/sign-out")

    assert kinds() == ["session.signed_in", "session.signed_out"]
    thief = browser()
    thief.cookies["session"] = kept
    assert thief.get("/").status_code == 302


def test_signing_out_by_a_link_is_not_possible(city: City) -> None:
    client = browser()
    enter(client, "li")

    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200


def test_nobody_signs_up(client: Client, db: None) -> None:
    assert [client.get(path).status_code for path in ("/sign-up", "/signup", "/accounts/signup/")] == [404] * 3
