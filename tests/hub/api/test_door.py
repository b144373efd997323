"""Every error is problem details, and what is not asked for in the right way is not done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guatu.hub.accounts.models import Unit
from guatu.hub.api import unit_changes
from guatu.hub.api.limits import Buckets, sender
from guatu.hub.audit.models import Record
from tests.hub.api.conftest import Program, problem_of
from tests.hub.people import City

ProgramOf = Callable[[str], Program]
NEW_UNIT = {"kind": "town", "title_zh": "新镇", "on": "2026-01-01"}


@pytest.mark.parametrize("who", ["", "?"])
@pytest.mark.parametrize("path", ["/me", "/units", "/units/1", "/people", "/posts", "/tokens"])
def test_nothing_is_said_to_whoever_has_no_token(program: ProgramOf, who: str, path: str) -> None:
    answer = program(who).get(path)

    assert problem_of(answer)["type"] == "urn:guatu:unauthorized"
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_of_the_pages_is_no_token(city: City, client: Client) -> None:
    client.force_login(city.people["zhao"])

    assert client.get("/api/units").status_code == 401


@pytest.mark.parametrize("path", ["/nowhere", "/", "/units/x", "/units/99999999999999999999", "/units/1/nowhere"])
def test_what_is_not_there_is_said_as_a_problem(program: ProgramOf, path: str) -> None:
    answer = program("zhao").get(path)

    assert (answer.status_code, problem_of(answer)["type"]) == (404, "urn:guatu:not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_a_method_that_is_not_there_is_said_with_those_that_are(program: ProgramOf, method: str) -> None:
    zhao = program("zhao")

    answer = zhao.client.generic(method, "/api/me", headers=zhao._headers())

    assert problem_of(answer)["status"] == 405
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"kind": }',
        b"[" * 100_000,
        b'{"a": NaN, "kind": "town"',
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b"",
    ],
    ids=["cut", "bytes", "hole", "deep", "nan", "null", "list", "text", "empty", "nothing"],
)
def test_a_body_that_cannot_be_read_is_refused(city: City, program: ProgramOf, body: bytes) -> None:
    sun = program("sun")
    before = Record.objects.count()

    answer = sun.client.post(
        "/api/units", body, content_type="application/json", headers=sun._headers() | {"Idempotency-Key": "k"}
    )

    assert problem_of(answer)["status"] in (400, 422)
    assert Record.objects.count() == before


def test_a_body_must_say_that_it_is_json(program: ProgramOf) -> None:
    sun = program("sun")

    answer = sun.client.post("/api/units", {"kind": "town"}, headers=sun._headers() | {"Idempotency-Key": "k"})

    assert problem_of(answer)["status"] == 415


def test_a_body_that_is_too_large_is_not_read(program: ProgramOf, settings) -> None:  # type: ignore[no-untyped-def]
    settings.API_BODY_BYTES = 2000

    answer = program("sun").post("/units", {"title_zh": "x" * 2000})

    assert problem_of(answer)["status"] == 413


@pytest.mark.parametrize("field", ["id", "closed_on", "opened_on", "parent", "pk", "__class__", "标题"])
def test_a_field_that_is_not_listed_is_refused(city: City, program: ProgramOf, field: str) -> None:
    answer = program("sun").post("/units", NEW_UNIT | {"parent_id": city.units["city"].pk, field: 1})

    (place,) = problem_of(answer)["errors"]
    assert (answer.status_code, place) == (422, {"at": f"body/{field}", "detail": "没有这一项"})
    assert not Unit.objects.filter(title_zh="新镇").exists()


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("kind", "village", "it must be one of 'city', 'district', 'zone', 'department', 'town' or 'enterprise'"),
        ("title_zh", "", "at least 1 characters are wanted"),
        ("title_zh", "  ", "at least 1 characters are wanted"),
        ("title_zh", "长" * 101, "at most 100 characters are allowed"),
        ("title_zh", "a\x00b", "it holds characters, or has a form, that are not allowed"),
        ("title_zh", "a\nb", "it holds characters, or has a form, that are not allowed"),
        ("title_zh", None, "a text is wanted"),
        ("on", "2026-02-30", "write the day like 2026-12-31"),
        ("on", "2026-02-03T00:00:00", "write the day like 2026-12-31"),
        ("on", 0, "write the day like 2026-12-31"),
        ("on", "２０２６-01-01", "write the day like 2026-12-31"),
        ("order", "1", "a whole number is wanted"),
        ("order", True, "a whole number is wanted"),
        ("order", 1.5, "a whole number is wanted"),
        ("order", 2**40, "it must not be more than 2147483647"),
        ("parent_id", -1, "it must not be less than 1"),
        ("parent_id", 2**70, "it must not be more than 9223372036854775807"),
    ],
)
def test_what_will_not_do_is_named_with_its_place(
    city: City, program: ProgramOf, field: str, wrong: Any, said: str
) -> None:
    body = NEW_UNIT | {"parent_id": city.units["city"].pk, field: wrong}

    answer = program("sun").post("/units", body, **{"Accept-Language": "en"})

    assert problem_of(answer)["errors"] == [{"at": f"body/{field}", "detail": said}]


def test_half_a_character_is_refused(city: City, program: ProgramOf) -> None:
    sun = program("sun")

    answer = sun.client.post(
        "/api/units",
        rb'{"parent_id": 1, "kind": "town", "title_zh": "\ud800", "on": "2026-01-01"}',
        content_type="application/json",
        headers=sun._headers() | {"Idempotency-Key": "k"},
    )

    assert problem_of(answer)["status"] == 422


@pytest.mark.parametrize("query", [{"filter": "town"}, {"limit": 1, "Limit": 2}])
def test_a_misspelt_filter_is_not_no_filter(program: ProgramOf, query: dict[str, Any]) -> None:
    answer = program("zhao").get("/units", **query)

    assert problem_of(answer)["type"] == "urn:guatu:no_such_parameter"


@pytest.mark.parametrize("limit", [0, 201, -1, "x", "1.5", ""])
def test_pages_have_bounds(program: ProgramOf, limit: object) -> None:
    answer = program("zhao").get("/units", limit=limit)

    assert (answer.status_code, problem_of(answer)["errors"][0]["at"]) == (422, "query/limit")


def test_a_fault_of_ours_is_a_problem_too_and_changes_nothing(
    city: City, program: ProgramOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    sun = program("sun")
    before = Record.objects.count()
    done = unit_changes.rename_unit

    def failing(**what: Any) -> Unit:
        done(**what)
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(unit_changes, "rename_unit", failing)
    answer = sun.post(f"/units/{city.units['town'].pk}/rename", {"title_zh": "新镇", "on": "2026-01-01"})

    assert problem_of(answer)["status"] == 500
    assert "secret" not in answer.content.decode()
    assert Record.objects.count() == before
    assert Unit.objects.get(pk=city.units["town"].pk).title_zh == "东关镇"


def test_no_other_site_is_let_in(program: ProgramOf) -> None:
    zhao = program("zhao")

    answer = zhao.client.get("/api/units", headers=zhao._headers() | {"Origin": "https://elsewhere.example"})

    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_answers_are_kept_in_no_cache(program: ProgramOf) -> None:
    assert program("zhao").get("/units")["Cache-Control"] == "no-store"


def test_a_token_that_asks_too_often_waits_and_others_do_not(program: ProgramOf, settings) -> None:  # type: ignore[no-untyped-def]
    settings.API_PER_TOKEN = 3
    zhao, li = program("zhao"), program("li")

    answers = [zhao.get("/me") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert problem_of(answers[-1])["type"] == "urn:guatu:too_many_requests"
    assert answers[0]["RateLimit-Policy"] == '"token";q=3;w=60'
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 20
    assert li.get("/me").status_code == 200


def test_an_address_that_asks_too_often_waits_before_anything_is_looked_up(
    program: ProgramOf,
    settings,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    settings.API_PER_ADDRESS = 2
    guesser = program("?")
    assert [guesser.get("/me").status_code for _ in range(2)] == [401, 401]

    with django_assert_num_queries(0):
        answer = guesser.get("/me")
        elsewhere = guesser.client.get("/api/me", headers={"X-Forwarded-For": "198.51.100.9"})

    assert (answer.status_code, elsewhere.status_code) == (429, 429)
    assert answer["Retry-After"]
    assert guesser.client.get("/sign-in").status_code == 200  # pages are not the API's concern


def test_a_bucket_fills_steadily() -> None:
    buckets = Buckets("token")

    assert [buckets.take("a", 60, 0.0).allowed for _ in range(61)] == [True] * 60 + [False]
    assert not buckets.take("a", 60, 0.5).allowed
    assert buckets.take("a", 60, 1.6).allowed
    assert buckets.take("a", 60, 1000.0).left == 59


def test_an_address_of_the_new_kind_stands_for_its_network() -> None:
    assert sender("2001:db8::1") == sender("2001:db8::ffff") != sender("2001:db8:0:1::1")
    assert sender("203.0.113.7") == "203.0.113.7"
    assert sender("") == ""
