"""The page of API tokens, and the form that has one effect however often it is sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from guatu.hub.accounts.models import ApiToken
from guatu.hub.audit.models import IdempotencyKey, Record
from tests.hub.people import City

FORM = re.compile(r'name="idempotency_key" value="([^"]+)"')


@pytest.fixture
def li(city: City, client: Client) -> Client:
    client.force_login(city.people["li"])
    return client


def filled(city: City, page: str, **changed: object) -> dict[str, object]:
    key = FORM.search(page)
    assert key is not None
    fields = {"post": city.posts["li"].pk, "name": "报表程序", "expires_on": localdate() + timedelta(days=30)}
    return fields | {"idempotency_key": key[1]} | changed


def test_the_token_is_shown_once(city: City, li: Client) -> None:
    form = filled(city, li.get("/tokens").content.decode())

    shown = li.post("/tokens/issue", form, follow=True)
    again = li.get("/tokens")

    assert len(re.findall(r"guatu_[0-9A-Za-z]{49}", shown.content.decode())) == 1
    assert "guatu_" not in again.content.decode()
    assert "报表程序" in again.content.decode()
    assert "no-store" in shown["Cache-Control"]


def test_a_doubled_click_makes_one_token_and_leads_to_the_same_page(city: City, li: Client) -> None:
    form = filled(city, li.get("/tokens").content.decode())

    answers = [li.post("/tokens/issue", form) for _ in range(3)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/tokens")}
    assert (ApiToken.objects.count(), Record.objects.count()) == (1, 1)
    assert Record.objects.get().context.count(str(form["idempotency_key"])) == 1


def test_a_form_sent_again_with_something_else_is_refused(city: City, li: Client) -> None:
    page = li.get("/tokens").content.decode()
    li.post("/tokens/issue", filled(city, page))

    answer = li.post("/tokens/issue", filled(city, page, name="另一个程序"))

    assert answer.status_code == 409
    assert ApiToken.objects.count() == 1


def test_a_form_with_a_mistake_can_be_put_right_and_sent_again(city: City, li: Client) -> None:
    page = li.get("/tokens").content.decode()

    refused = li.post("/tokens/issue", filled(city, page, expires_on="明天"))
    done = li.post("/tokens/issue", filled(city, page))

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "失效日不是日期" in refused.content.decode()
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "a" * 129, "a" * 20 + "\x00", "' or 1=1 -- padded"])
def test_a_key_this_site_did_not_make_does_nothing_twice(city: City, li: Client, key: str) -> None:
    form = filled(city, li.get("/tokens").content.decode(), idempotency_key=key)

    assert li.post("/tokens/issue", form).status_code == (302 if key == "" else 422)


def test_tokens_are_revoked_on_the_page_and_by_nobody_else(city: City, li: Client) -> None:
    li.post("/tokens/issue", filled(city, li.get("/tokens").content.decode()))
    token = ApiToken.objects.get()

    for name in sorted(set(city.people) - {"li", "zhou"}):
        stranger = Client()
        stranger.force_login(city.people[name])
        assert stranger.post(f"/tokens/{token.pk}/revoke").status_code == 404
        assert "报表程序" not in stranger.get("/tokens").content.decode()
    assert li.post(f"/tokens/{token.pk}/revoke").status_code == 302
    assert li.post(f"/tokens/{token.pk}/revoke").status_code == 409
    assert "已吊销" in li.get("/tokens").content.decode()


def test_the_security_administrator_sees_whose_tokens_are_in_force(city: City, li: Client) -> None:
    li.post("/tokens/issue", filled(city, li.get("/tokens").content.decode()))
    zhou = Client()
    zhou.force_login(city.people["zhou"])

    page = zhou.get("/tokens").content.decode()

    assert "李填报" in page
    assert "报表程序" in page


def test_whose_posts_may_not_have_tokens_is_shown_no_form(city: City, li: Client) -> None:
    form = filled(city, li.get("/tokens").content.decode())
    zheng = Client()
    zheng.force_login(city.people["zheng"])

    assert "签发新令牌" not in zheng.get("/tokens").content.decode()
    assert zheng.post("/tokens/issue", form).status_code == 403


def test_one_cannot_name_somebody_elses_post(city: City, li: Client) -> None:
    form = filled(city, li.get("/tokens").content.decode(), post=city.posts["zhao"].pk)

    assert li.post("/tokens/issue", form).status_code == 404
    assert li.post("/tokens/issue", form | {"post": "９x"}).status_code == 404
    assert not ApiToken.objects.exists()


def test_the_page_asks_the_same_number_of_questions_for_one_token_and_for_twenty(
    city: City,
    li: Client,
    settings,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    settings.TOKENS_PER_POST = 100
    for count in (1, 20):
        while ApiToken.objects.count() < count:
            li.post("/tokens/issue", filled(city, li.get("/tokens").content.decode()))
        li.get("/tokens")
        with django_assert_num_queries(8):
            li.get("/tokens")
