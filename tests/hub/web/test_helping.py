"""The security administrator helps somebody in; nobody else does, and nobody helps themselves."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from guatu.hub.accounts.models import Person
from guatu.hub.audit.models import Record
from tests.hub.people import City
from tests.hub.web.signing_in import browser, code, enter

WHY = {"reason": "本人当面，核对工作证"}


@pytest.fixture
def zhou(city: City) -> Client:
    client = browser()
    enter(client, "zhou")
    client.post("/sign-in/second-step", {"code": code()})
    return client


def test_a_reset_password_is_shown_once_on_a_slip_and_must_be_changed(city: City, zhou: Client) -> None:
    li = browser()
    enter(li, "li")
    address = f"/people/{city.people['li'].pk}/password/reset"

    page = zhou.post(address, WHY, follow=True).content.decode()
    password = re.findall(r"<dd><code>([^<]+)</code></dd>", page)[0]

    assert password not in zhou.get(f"/people/{city.people['li'].pk}/slip").content.decode()
    assert li.get("/").status_code == 302
    enter(li, "li", password)
    assert li.get("/")["Location"] == "/account/password"
    record = Record.objects.get(kind="sign_in.password_reset")
    assert password not in record.before + record.after + record.context
    assert WHY["reason"] in record.context


def test_without_a_reason_nothing_is_reset(city: City, zhou: Client) -> None:
    before = Person.objects.get(username="li").password

    assert zhou.post(f"/people/{city.people['li'].pk}/password/reset", {"reason": " "}).status_code == 422
    assert Person.objects.get(username="li").password == before


def test_a_lost_phone_is_helped(city: City, zhou: Client) -> None:
    wu = browser()
    enter(wu, "wu")
    wu.post("/sign-in/second-step", {"code": code()})

    zhou.post(f"/people/{city.people['wu'].pk}/second-factor/reset", WHY)

    assert not Authenticator.objects.filter(user=city.people["wu"]).exists()
    assert wu.get("/").status_code == 302
    enter(wu, "wu")
    assert wu.get("/")["Location"] == "/account/second-factors"


def test_sessions_of_somebody_are_ended(city: City, zhou: Client) -> None:
    li = browser()
    enter(li, "li")

    zhou.post(f"/people/{city.people['li'].pk}/sessions/end", WHY)

    assert li.get("/").status_code == 302


@pytest.mark.parametrize("what", ["password/reset", "second-factor/reset"])
def test_nobody_resets_themselves(city: City, zhou: Client, what: str) -> None:
    assert zhou.post(f"/people/{city.people['zhou'].pk}/{what}", WHY).status_code == 409


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "zheng", "feng"])
@pytest.mark.parametrize("what", ["password/reset", "second-factor/reset", "sessions/end"])
def test_nobody_else_helps(city: City, stranger: str, what: str) -> None:
    client = browser()
    enter(client, stranger)

    assert client.post(f"/people/{city.people['wu'].pk}/{what}", WHY).status_code == 403
