"""Wrong addresses, stale forms and our own failures are told in the reader's language, to programs as problem details."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.hub.people import City


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "没有这个页面"), ("en", "there is no such page")])
def test_a_page_that_is_not_there_is_said_in_the_readers_language(
    client: Client, db: None, language: str, said: str
) -> None:
    answer = client.get("/nowhere", headers={"accept-language": language})

    assert answer.status_code == 404
    assert said in answer.content.decode()


def test_a_program_that_asks_at_a_wrong_address_gets_problem_details(client: Client, db: None) -> None:
    answer = client.get("/api/nowhere")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["type"] == "urn:guatu:not_found"


def test_a_stale_form_says_what_to_do(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "li"}, headers={"accept-language": "en"})

    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "出错了"), ("en", "it is our fault")])
def test_a_failure_of_ours_gives_the_number_under_which_it_is_logged(
    city: City, client: Client, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("guatu.hub.web.home.render", fails)
    client.raise_request_exception = False
    client.force_login(city.people["li"])

    answer = client.get("/", headers={"accept-language": language})

    page = answer.content.decode()
    assert answer.status_code == 500
    assert said in page and answer["X-Request-Id"] in page
    assert "secret words" not in page
