"""A number in an address that is none, or greater than any, is not asked for; no page breaks over it."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

import pytest
from django.db import transaction

from guatu.hub.accounts.numbers import whole_number
from tests.hub.people import City
from tests.hub.permissions.conftest import world  # noqa: F401  # the fixture
from tests.hub.permissions.doors import DOORS
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.test_contents import address_of
from tests.hub.permissions.world import World

HOSTILE = {
    "as long as a column takes": str(2**63),
    "huge": "9" * 400,
    "longer than is turned into a number": "9" * 5000,
    "negative": "-1",
    "a superscript": "²",
    "digits of another script": "٣",
    "a null": "1\x00",
}
NUMBERS = (
    "unit", "page", "item", "at", "before", "seen", "under", "part", "year", "left", "place.name", "subject", "who", "to",
    "from", "day", "month", "period", "limit", "after", "cursor",
)  # fmt: skip
"""What pages read as numbers, and what stands beside numbers in their addresses."""
WORDS = (
    "q", "state", "list", "kind", "view", "where", "sort", "light", "show", "wash", "sheet", "role", "by", "what", "fact",
    "name", "slot", "field",
)  # fmt: skip
PAGES = sorted({one.name for one in all_routes() if (one.name, "GET") in DOORS})
WHO = ("dispatcher", "reporter", "system_administrator", "security_administrator", "audit_administrator")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django")


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 0), ("042", 42), (str(10**18 - 1), 10**18 - 1)] + [(one, None) for one in (*HOSTILE.values(), "", " 1", "1.0")],
)  # fmt: skip
def test_only_plain_digits_below_the_bound_are_a_number(said: str, number: int | None) -> None:
    assert whole_number(said) == number


def test_the_bound_itself_is_no_number() -> None:
    assert (whole_number("9", below=10), whole_number("10", below=10)) == (9, None)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_over_a_number_in_its_address(world: World, name: str) -> None:  # noqa: F811
    route = next(one for one in all_routes() if one.name == name)
    broken = [
        f"{kind}: {status}"
        for kind, said in HOSTILE.items()
        for status in answers(world, route, [(key, said) for key in (*NUMBERS, *(WORDS if "\x00" in said else ()))])
        if status >= 500
    ]

    assert broken == []


def answers(world: World, route: Route, said: list[tuple[str, str]]) -> list[int]:  # noqa: F811
    """The statuses of the answers to all of it at once, and to the unit alone; nothing stays."""
    allowed = [
        one for one in WHO if any(one in let.who or isinstance(let.who, str) for let in DOORS[route.name, "GET"].lets)
    ]
    caller = world.callers[("token of " if route.is_api else "") + (allowed or list(WHO))[0]]
    found = []
    with transaction.atomic():
        address = address_of(world, caller, route, "child")
        for asked in (said, said[:1]):
            with transaction.atomic():
                answer = caller.client.get(f"{address}?{urlencode(asked)}", headers=caller.headers("hostile"))
                if answer.streaming:
                    _ = b"".join(answer)  # type: ignore[arg-type]  # a file is closed at its end
                found.append(answer.status_code)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("said", [one for one in HOSTILE.values() if "\x00" not in one])
def test_people_of_a_unit_that_cannot_be_are_all_people(city: City, client, said: str) -> None:  # type: ignore[no-untyped-def]
    client.force_login(city.people["sun"])

    everybody = client.get("/people").content.decode().count("<tr")

    assert client.get("/people", {"unit": said}).content.decode().count("<tr") == everybody > 2
