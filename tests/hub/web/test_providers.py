"""Signing in by a provider of OpenID Connect: a real one, on this machine."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client

from guatu.hub.accounts.models import Person, PersonalDetails
from guatu.hub.audit.models import Record
from guatu.hub.config.environment import Environment, WrongSetting
from guatu.hub.config.oidc import providers
from tests.hub.oidc_provider import Provider, running_provider
from tests.hub.people import City
from tests.hub.web.signing_in import browser, enter

WRITTEN = """
- id: city
  title: {{zh: 山东通, en: Shandongtong}}
  server: {server}
  client_id: guatu
  secret: s3cret
  claim: {claim}
  person: {person}
  second_factor: {second_factor}
"""


def configured(server: str, *, claim: str = "phone_number", person: str = "phone", second_factor: str = "false"):  # type: ignore[no-untyped-def]  # settings of a library
    written = WRITTEN.format(server=server, claim=claim, person=person, second_factor=second_factor)
    return providers(Environment({"GUATU_OIDC": written}))


@pytest.fixture
def provider(settings) -> Iterator[Provider]:  # type: ignore[no-untyped-def]
    with running_provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = configured(provider.url)
        provider.claims = {"sub": "u-77", "name": "李填报", "phone_number": "13811112222"}
        yield provider


@pytest.fixture
def li(city: City) -> Person:
    PersonalDetails.objects.filter(person=city.people["li"]).update(phone="13811112222")
    return city.people["li"]


def through(client: Client) -> HttpResponse:
    """Follow the link, sign in over there, come back."""
    leaving = client.get("/sign-in/with/city")
    there = urlsplit(leaving["Location"])
    connection = http.client.HTTPConnection(there.netloc, timeout=10)
    connection.request("GET", f"{there.path}?{there.query}")
    answer = connection.getresponse()
    back = urlsplit(answer.headers["Location"])
    answer.read()
    connection.close()
    returned: HttpResponse = client.get(f"{back.path}?{back.query}")
    return returned


def test_the_page_of_signing_in_offers_the_provider(provider: Provider, db: None) -> None:
    assert "山东通" in browser().get("/sign-in").content.decode()


def test_somebody_known_by_the_claim_is_linked_once_and_signed_in(provider: Provider, li: Person) -> None:
    client = browser()

    assert through(client)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert through(browser())["Location"] == "/"
    assert [(one.kind, one.person_id) for one in Record.objects.order_by("id")] == [
        ("sign_in.provider_linked", li.pk),
        ("session.signed_in", li.pk),
        ("session.signed_in", li.pk),
    ]
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.uid, linked.extra_data) == (li.pk, "u-77", {})


def test_once_linked_the_claim_may_change(provider: Provider, li: Person) -> None:
    through(browser())
    provider.claims["phone_number"] = "13899998888"

    assert through(browser())["Location"] == "/"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "u-1", "phone_number": "13700000009"},
        {"sub": "u-1"},
        {"sub": "u-1", "phone_number": ""},
        {"sub": "u-1", "phone_number": "13800000000"},
    ],
    ids=["nobody's phone", "no claim", "an empty claim", "the phone of several people"],
)
def test_whoever_is_not_surely_somebody_here_stays_outside_and_is_not_made_into_anybody(
    provider: Provider, li: Person, claims: dict[str, str]
) -> None:
    provider.claims = claims
    people = Person.objects.count()
    client = browser()

    answer = through(client)

    assert "这个账号没有对应到本系统的人员" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_a_second_account_over_there_does_not_become_the_same_person(provider: Provider, li: Person) -> None:
    through(browser())
    provider.claims["sub"] = "u-78"
    client = browser()

    through(client)

    assert client.get("/").status_code == 302


def test_a_disabled_person_stays_outside(provider: Provider, li: Person) -> None:
    through(browser())
    Person.objects.filter(pk=li.pk).update(is_active=False)
    client = browser()

    through(client)

    assert client.get("/").status_code == 302


def test_a_disabled_person_is_not_linked_either(provider: Provider, li: Person) -> None:
    Person.objects.filter(pk=li.pk).update(is_active=False)

    through(browser())

    assert not SocialAccount.objects.filter(user=li).exists()


@pytest.mark.parametrize(
    "bent",
    [
        {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": "u-1"},
        {"nonce": "of another journey"}, {"nonce": None},
    ],
)  # fmt: skip
def test_an_id_token_that_does_not_hold_is_refused(provider: Provider, li: Person, bent: dict[str, object]) -> None:
    provider.bent = bent
    client = browser()

    assert "没有登录成功" in through(client).content.decode()
    assert client.get("/").status_code == 302


def test_every_journey_has_a_nonce_of_its_own(provider: Provider, db: None) -> None:
    client = browser()
    there = [parse_qs(urlsplit(client.get("/sign-in/with/city")["Location"]).query) for _ in range(2)]

    assert all(len(one["nonce"][0]) == 64 for one in there)
    assert there[0]["nonce"] != there[1]["nonce"] and there[0]["state"] != there[1]["state"]


def test_an_id_token_signed_by_another_key_is_refused(provider: Provider, li: Person) -> None:
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client = browser()

    assert "没有登录成功" in through(client).content.decode()
    assert client.get("/").status_code == 302


def test_user_info_of_somebody_else_is_refused(provider: Provider, li: Person) -> None:
    provider.other_user_info = {**provider.claims, "sub": "u-other"}

    assert "没有登录成功" in through(browser()).content.decode()


def test_an_answer_nobody_asked_for_is_refused(provider: Provider, li: Person) -> None:
    client = browser()

    answer = client.get("/sign-in/with/city/back?code=x&state=made-up")

    assert answer.status_code < 500
    assert client.get("/").status_code == 302


def test_a_provider_that_is_down_is_said_so(settings, city: City) -> None:  # type: ignore[no-untyped-def]
    settings.SOCIALACCOUNT_PROVIDERS = configured("http://127.0.0.1:9")

    assert "没有登录成功" in browser().get("/sign-in/with/city").content.decode()


def test_a_provider_nobody_configured_is_not_there(provider: Provider, db: None) -> None:
    assert browser().get("/sign-in/with/elsewhere").status_code == 404


def test_an_administrator_is_asked_for_a_second_factor_unless_the_provider_asks(
    provider: Provider, city: City, settings
) -> None:  # type: ignore[no-untyped-def]
    PersonalDetails.objects.filter(person=city.people["wu"]).update(phone="13811112222")
    assert through(browser())["Location"] == "/sign-in/second-step"

    settings.SOCIALACCOUNT_PROVIDERS = configured(provider.url, second_factor="true")
    client = browser()
    assert through(client)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert json.loads(Record.objects.filter(kind="session.signed_in").latest("id").after)["ways"] == [
        "trusted_provider"
    ]


def test_a_provider_does_not_take_over_an_open_session(provider: Provider, li: Person) -> None:
    client = browser()
    enter(client, "qian")

    through(client)

    assert "钱外人" in client.get("/account").content.decode()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("7", "must be a list of providers"),
        ("- {id: a}", "missing"),
        (WRITTEN.format(server="https://x", claim="sub", person="shoe_size", second_factor="false"), "must be one of"),
        (WRITTEN.format(server="https://x", claim="sub", person="phone", second_factor="false") * 2, "have one id"),
        ("[", "cannot be read"),
    ],
)
def test_a_wrong_configuration_is_refused_at_the_start(written: str, said: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        providers(Environment({"GUATU_OIDC": written}))

    assert said in refused.value.in_("en")
