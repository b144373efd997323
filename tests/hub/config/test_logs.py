"""The log tells what happened and nothing about anybody."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.test import Client

from guatu.hub.config.logs import Lines, PlainLines, network_of
from tests.hub.people import PASSWORD, City

CANARIES = ("李填报", "13800000000", "110101199003070000", "canary@example.org", "203.0.113.77", PASSWORD, "li")


class Kept(logging.Handler):
    """Formats as the site does and keeps the lines."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(params=[Lines, PlainLines])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    handler = Kept(request.param())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def leaks(lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    return [canary for canary in CANARIES if (f'"{canary}"' if canary == "li" else canary) in text]


def test_requests_that_carry_personal_data_leave_none_in_the_log(kept: Kept, city: City, client: Client) -> None:
    sent = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "李填报", "HTTP_REFERER": "/?q=13800000000"}
    client.get("/units?q=李填报&phone=13800000000", **sent)
    client.get("/nobody/李填报/110101199003070000", **sent)
    client.post("/sign-in", {"login": "li", "password": "canary@example.org"}, **sent)
    client.force_login(city.people["li"])
    client.get("/", **sent)
    client.get("/units/999999?who=canary@example.org", **sent)
    client.get("/", headers={"host": "canary@example.org"}, **sent)

    assert len([line for line in kept.lines if "request" in line]) >= 6
    assert leaks(kept.lines) == []


def test_a_failure_tells_where_it_happened_and_not_with_whose_data(
    kept: Kept, city: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("李填报 13800000000")

    monkeypatch.setattr("guatu.hub.web.home.render", fails)
    client.raise_request_exception = False
    client.force_login(city.people["li"])

    assert client.get("/").status_code == 500
    text = "\n".join(kept.lines)
    assert "builtins.ValueError" in text and "home.py" in text
    assert leaks(kept.lines) == []


def test_whatever_is_given_to_a_message_comes_out_only_if_it_is_a_small_number(kept: Kept) -> None:
    log = logging.getLogger("guatu.anything")
    log.warning("%s asked for %d rows by %s, 100%% done", "李填报", 12, 13800000000)
    log.warning("done", extra={"person": 7, "phone": "13800000000"})

    assert leaks(kept.lines) == []
    assert any("… asked for 12 rows by …, 100% done" in line for line in kept.lines)


def test_a_line_is_json_with_the_time_the_event_and_the_request() -> None:
    try:
        raise RuntimeError("13800000000")
    except RuntimeError:
        record = logging.LogRecord("guatu.x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())

    line = json.loads(Lines().format(record))

    assert line["event"] == "failed" and line["fault"] == ["builtins.RuntimeError"]
    assert line["time"].endswith("+00:00") and "test_logs.py" in line["at"][0]


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("", ""), ("unix:", "")],
)
def test_an_address_is_logged_as_a_network_of_many(address: str, network: str) -> None:
    assert network_of(address) == network


def test_every_answer_names_its_request_and_each_another(client: Client, db: None) -> None:
    first, second = client.get("/health/live"), client.get("/health/live")

    assert len(first["X-Request-Id"]) == 32
    assert first["X-Request-Id"] != second["X-Request-Id"]
