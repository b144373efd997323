"""A program of each of the cast, with a token of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate, now

from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.accounts.tokens import new_token
from guatu.hub.api.door import BY_ADDRESS, BY_TOKEN
from tests.hub.people import City

_keys = itertools.count()


@dataclass
class Program:
    """What sends requests with one token; every POST has a key of its own unless one is given."""

    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        key = f"key-{next(_keys)}" if key is None else key
        return self.client.post(
            f"/api{path}", body if body is not None else b"", content_type="application/json",
            headers=self._headers() | {"Idempotency-Key": key} | headers,
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture(autouse=True)
def empty_buckets() -> Iterator[None]:
    yield
    for buckets in (BY_ADDRESS, BY_TOKEN):
        buckets._levels.clear()


@pytest.fixture
def program(city: City) -> Callable[[str], Program]:
    """`program("li")` speaks as Li's post; `program("")` has no token, `program("?")` one nobody issued."""

    def of(name: str) -> Program:
        if name in ("", "?"):
            return Program(new_token() if name else "")
        issued = issue_token(
            post=city.posts[name],
            name="程序",
            expires_on=localdate() + timedelta(days=30),
            by=city.actor(name, at=now()),
            at=now(),
        )
        return Program(issued.secret)

    return of


def problem_of(answer: HttpResponse) -> dict[str, Any]:
    """The body of an error, which must be problem details."""
    assert answer["Content-Type"] == "application/problem+json; charset=utf-8"
    body: dict[str, Any] = answer.json()  # type: ignore[attr-defined]  # of the test client's answers
    assert body["status"] == answer.status_code
    return body
