"""A POST that comes again has no second effect and gets the first answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guatu.hub.accounts.models import ApiToken, Unit
from guatu.hub.api.routes import api
from guatu.hub.audit.models import IdempotencyKey, Record
from tests.hub.api.conftest import Program, problem_of
from tests.hub.people import City

ProgramOf = Callable[[str], Program]


@pytest.fixture
def opening(city: City) -> dict[str, Any]:
    return {"parent_id": city.units["east"].pk, "kind": "town", "title_zh": "新桥镇", "on": "2026-01-01"}


def made() -> int:
    return Unit.objects.filter(title_zh="新桥镇").count()


def test_the_same_request_under_the_same_key_is_done_once(program: ProgramOf, opening: dict[str, Any]) -> None:
    sun = program("sun")

    answers = [sun.post("/units", opening, key="k-1") for _ in range(3)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(201, answers[0].content)] * 3
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true", "true"]
    assert made() == 1
    assert '"idempotency_key":"k-1"' in Record.objects.get(kind="unit.opened").context


def test_another_order_of_fields_is_the_same_request(program: ProgramOf, opening: dict[str, Any]) -> None:
    sun = program("sun")
    sun.post("/units", opening, key="k-1")

    again = sun.post("/units", dict(reversed(opening.items())), key="k-1")

    assert (again.status_code, again["Idempotency-Replayed"], made()) == (201, "true", 1)


def test_the_same_key_with_another_body_is_refused(program: ProgramOf, opening: dict[str, Any]) -> None:
    sun = program("sun")
    sun.post("/units", opening, key="k-1")

    answer = sun.post("/units", opening | {"title_zh": "新沟镇"}, key="k-1")

    assert (answer.status_code, problem_of(answer)["type"]) == (409, "urn:guatu:idempotency_key_reused")
    assert not Unit.objects.filter(title_zh="新沟镇").exists()


def test_the_same_key_at_another_address_is_refused(city: City, program: ProgramOf) -> None:
    sun, renaming = program("sun"), {"title_zh": "新名", "on": "2026-01-01"}
    sun.post(f"/units/{city.units['town'].pk}/rename", renaming, key="k-1")

    assert sun.post(f"/units/{city.units['west'].pk}/rename", renaming, key="k-1").status_code == 409


def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(program: ProgramOf, opening: dict[str, Any]) -> None:
    first, second = program("sun"), program("sun")

    assert first.post("/units", opening, key="k-1").status_code == 201
    assert "Idempotency-Replayed" not in second.post("/units", opening | {"title_zh": "新沟镇"}, key="k-1")


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 129, "a\tb"])
def test_without_a_proper_key_nothing_is_done(program: ProgramOf, opening: dict[str, Any], key: str) -> None:
    answer = program("sun").post("/units", opening, key=key)

    assert (answer.status_code, problem_of(answer)["type"]) == (400, "urn:guatu:idempotency_key_missing")
    assert made() == 0


def test_a_refused_request_is_judged_anew_when_it_is_put_right(city: City, program: ProgramOf) -> None:
    sun, path = program("sun"), f"/units/{city.units['town'].pk}/rename"

    refused = sun.post(path, {"title_zh": "新名", "on": "2199-01-01"}, key="k-1")
    assert (refused.status_code, IdempotencyKey.objects.count()) == (422, 0)
    done = sun.post(path, {"title_zh": "新名", "on": "2026-01-01"}, key="k-1")

    assert (done.status_code, done.json()["title_zh"]) == (200, "新名")


def test_what_may_no_longer_be_done_is_not_answered_again_either(program: ProgramOf, opening: dict[str, Any]) -> None:
    sun = program("sun")
    sun.post("/units", opening, key="k-1")
    ApiToken.objects.update(expires_on="2020-01-01")

    assert sun.post("/units", opening, key="k-1").status_code == 401


def test_what_is_kept_of_a_request_does_not_tell_what_it_said(
    program: ProgramOf,
    opening: dict[str, Any],
    settings,  # type: ignore[no-untyped-def]
) -> None:
    sun = program("sun")
    sun.post("/units", opening, key="k-1")
    first = IdempotencyKey.objects.get().request_digest

    settings.SECRET_KEY = "another"
    IdempotencyKey.objects.all().delete()
    sun.post("/units", opening | {"title_zh": "新沟镇"}, key="k-1")
    sun.post("/units", opening, key="k-2")

    assert first not in IdempotencyKey.objects.values_list("request_digest", flat=True)


def test_every_writing_operation_says_that_it_needs_a_key() -> None:
    writing = [
        (path, method, operation)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
        if method != "get"
    ]

    assert writing
    for path, method, operation in writing:
        assert method == "post", path
        assert [one["required"] for one in operation["parameters"] if one["name"] == "Idempotency-Key"] == [True], path
