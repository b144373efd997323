"""Passkeys: added, asked for beside the password, and in place of it."""

from __future__ import annotations

import json

from allauth.mfa.models import Authenticator
from django.test import Client

from guatu.hub.audit.models import Record
from tests.hub.passkeys import SoftPasskey, options_on
from tests.hub.people import City
from tests.hub.web.signing_in import browser, enter


def with_passkey(name: str) -> tuple[Client, SoftPasskey]:
    """Somebody signed in who has just added a passkey, and the passkey."""
    client, key = browser(), SoftPasskey()
    enter(client, name)
    page = client.get("/account/second-factors/passkey", secure=True).content.decode()
    credential = key.made(options_on(page, "creation_options"))
    answer = client.post(
        "/account/second-factors/passkey", {"name": "办公室电脑", "credential": json.dumps(credential)}, secure=True
    )
    assert answer["Location"] == "/account/recovery-codes"
    return client, key


def test_a_passkey_is_added_and_recorded(city: City) -> None:
    client, _ = with_passkey("li")

    assert "办公室电脑" in client.get("/account/second-factors").content.decode()
    assert [one.kind for one in Record.objects.order_by("id")] == [
        "session.signed_in",
        "sign_in.second_factor_added",
        "sign_in.recovery_codes_made",
    ]


def test_a_passkey_stands_in_for_the_code_after_the_password(city: City) -> None:
    _, key = with_passkey("li")
    client = browser()
    enter(client, "li")
    page = client.get("/sign-in/second-step", secure=True).content.decode()

    answer = client.post(
        "/sign-in/second-step",
        {"credential": json.dumps(key.shown(options_on(page, "request_options")))},
        secure=True,
    )

    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


def test_somebody_elses_passkey_opens_nothing(city: City) -> None:
    with_passkey("li")
    _, other = with_passkey("wang")
    client = browser()
    enter(client, "li")
    page = client.get("/sign-in/second-step", secure=True).content.decode()

    answer = client.post(
        "/sign-in/second-step",
        {"credential": json.dumps(other.shown(options_on(page, "request_options")))},
        secure=True,
    )

    assert answer.status_code == 200
    assert client.get("/").status_code == 302
    assert Record.objects.order_by("id").last().kind == "session.failed"  # type: ignore[union-attr]  # there is one


def test_a_passkey_alone_signs_in_without_a_password_or_another_step(city: City) -> None:
    _, key = with_passkey("li")
    client = browser()
    options = client.get("/sign-in/passkey", secure=True).json()["request_options"]

    answer = client.post("/sign-in/passkey", {"credential": json.dumps(key.shown(options))}, secure=True)

    assert answer["Location"] == "/"
    assert json.loads(Record.objects.filter(kind="session.signed_in").latest("id").after)["ways"] == ["webauthn"]


def test_an_answer_to_another_challenge_opens_nothing(city: City) -> None:
    _, key = with_passkey("li")
    client = browser()
    first = client.get("/sign-in/passkey", secure=True).json()["request_options"]
    client.get("/sign-in/passkey", secure=True)

    answer = client.post("/sign-in/passkey", {"credential": json.dumps(key.shown(first))}, secure=True)

    assert "这个通行密钥在这里不认识" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_a_passkey_of_a_disabled_person_opens_nothing(city: City) -> None:
    _, key = with_passkey("li")
    type(city.people["li"]).objects.filter(username="li").update(is_active=False)
    client = browser()
    options = client.get("/sign-in/passkey", secure=True).json()["request_options"]

    client.post("/sign-in/passkey", {"credential": json.dumps(key.shown(options))}, secure=True)

    assert client.get("/").status_code == 302
    assert Authenticator.objects.filter(user=city.people["li"]).exists()


def test_nonsense_instead_of_a_passkey_is_refused_politely(city: City) -> None:
    client = browser()
    client.get("/sign-in/passkey")
    for sent in ("", "{}", "[]", '{"response": {}}', "x", '{"response": {"userHandle": "AA"}}', "null", "7"):
        assert client.post("/sign-in/passkey", {"credential": sent}).status_code == 200
