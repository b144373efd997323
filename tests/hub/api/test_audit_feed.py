"""The record for programs: every sealed record once, in the order of places, within the units one audits."""

from __future__ import annotations

from collections.abc import Callable

from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Checkpoint
from guatu.hub.audit.recording import record
from guatu.hub.audit.sealing import seal_waiting
from tests.hub.people import NOW, City


def signed_in(city: City, count: int) -> None:
    for _ in range(count):
        record(Event.SIGNED_IN, subject=None, by=city.actor("li").as_self(), at=NOW)


def test_a_kept_cursor_misses_nothing_that_is_sealed_later(city: City, program: Callable) -> None:  # type: ignore[type-arg]
    auditor = program("wu")
    signed_in(city, 5)
    seal_waiting()
    first = auditor.get("/audit/records", limit=4).json()
    signed_in(city, 3)
    seal_waiting()

    rest = auditor.get("/audit/records", cursor=first["next"]).json()

    places = [item["place"] for item in first["items"] + rest["items"]]
    assert places == list(range(1, len(places) + 1))
    assert len(places) == 9  # and the token's own issue


def test_what_is_not_sealed_yet_is_not_told(city: City, program: Callable) -> None:  # type: ignore[type-arg]
    auditor = program("wu")
    seal_waiting()
    signed_in(city, 1)

    assert auditor.get("/audit/records", kind="session.signed_in").json()["items"] == []
    assert auditor.get("/audit/chain").json()["waiting"] == 1


def test_filters_are_those_of_the_page(city: City, program: Callable) -> None:  # type: ignore[type-arg]
    auditor = program("wu")
    signed_in(city, 2)
    seal_waiting()

    (one, _) = auditor.get("/audit/records", who="li", kind="session.signed_in", since="2026-06-15").json()["items"]

    assert one["person_id"] == city.people["li"].pk
    assert set(one["context"]["address"]) == {"commitment"}
    assert auditor.get("/audit/records", who="qian").json()["items"] == []


def test_checkpoints_can_be_fetched_to_be_held_elsewhere(city: City, program: Callable) -> None:  # type: ignore[type-arg]
    auditor = program("wu")
    seal_waiting()

    (one,) = auditor.get("/audit/checkpoints").json()["items"]

    assert one["hash"] == Checkpoint.objects.get().hash


def test_nobody_else_is_told(city: City, program: Callable) -> None:  # type: ignore[type-arg]
    for name in ("li", "sun", "zhou"):
        caller = program(name)
        for path in ("/audit/records", "/audit/checkpoints", "/audit/chain"):
            assert caller.get(path).status_code == 403
