"""A change leaves its record in the same transaction, or is not made."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.acting import ACTIONS, NothingRecorded, action
from guatu.hub.audit.events import TITLES, Event
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.recording import Personal, committed, digest_of, record
from tests.hub.people import NOW, City


@pytest.fixture
def forgotten():  # type: ignore[no-untyped-def]
    """Actions made for a test are no part of the site."""
    known = set(ACTIONS)
    yield
    for name in set(ACTIONS) - known:
        del ACTIONS[name]


def test_an_action_without_a_record_is_taken_back(city: City, forgotten: None) -> None:
    @action("test.unrecorded")
    def close_silently(*, unit: Unit, by: Actor, at: datetime) -> None:
        Unit.objects.filter(pk=unit.pk).update(closed_on=date(2026, 1, 1))

    with pytest.raises(NothingRecorded):
        close_silently(unit=city.units["town"], by=city.actor("sun"), at=NOW)

    assert Unit.objects.get(pk=city.units["town"].pk).closed_on is None


def test_an_action_that_fails_after_its_record_leaves_neither(city: City, forgotten: None) -> None:
    @action("test.failing")
    def fail(*, unit: Unit, by: Actor, at: datetime) -> None:
        Unit.objects.filter(pk=unit.pk).update(closed_on=date(2026, 1, 1))
        record(Event.UNIT_CLOSED, subject=unit, by=by.as_self(), at=at)
        raise RuntimeError("no power")

    with pytest.raises(RuntimeError):
        fail(unit=city.units["town"], by=city.actor("sun"), at=NOW)

    assert Record.objects.count() == 0
    assert Unit.objects.get(pk=city.units["town"].pk).closed_on is None


def test_an_action_without_who_and_when_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="keyword-only"):

        @action("test.positional")
        def act(unit: Unit, by: Actor, at: datetime) -> None: ...


def test_two_actions_cannot_have_one_name() -> None:
    with pytest.raises(TypeError, match="two actions"):
        action("unit.rename")(ACTIONS["unit.rename"])


@pytest.mark.parametrize("value", [1.5, float("nan"), {1, 2}, b"bytes", object()])
def test_a_record_refuses_what_has_no_one_text(city: City, value: Any) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        record(Event.UNIT_RENAMED, subject=None, after={"x": [value]}, by=city.actor("sun").as_self(), at=NOW)

    assert Record.objects.count() == 0


def test_what_is_personal_stands_behind_a_commitment_wherever_it_is(city: City) -> None:
    after = {"people": [{"phone": Personal("13800000001", about=77)}], "count": 1}

    written = record(Event.PERSON_CHANGED, subject=None, after=after, by=city.actor("sun").as_self(), at=NOW)

    assert "13800000001" not in f"{written.before}{written.after}{written.context}"
    assert "203.0.113.7" not in written.context
    part = PersonalPart.objects.get(about_person_id=77)
    assert json.loads(written.after)["people"] == [{"phone": {"commitment": part.commitment}}]
    assert committed("sha256", part.salt, "13800000001") == part.commitment


def test_the_same_value_twice_gives_two_commitments(city: City) -> None:
    after = {"old": Personal("13800000001", about=5), "new": Personal("13800000001", about=5)}

    written = record(Event.PERSON_CHANGED, subject=None, after=after, by=city.actor("sun").as_self(), at=NOW)

    said = json.loads(written.after)
    assert said["old"] != said["new"]


def test_a_digest_over_rows_depends_on_each_of_them_and_their_order() -> None:
    rows = [{"code": "1", "on": date(2026, 1, 1)}, {"code": "2", "on": None}]

    assert digest_of(rows) == digest_of(list(rows))
    assert digest_of(rows) != digest_of(rows[::-1])
    assert digest_of(rows) != digest_of(rows[:1])
    assert digest_of(rows).startswith("sha256:")


def test_a_digest_over_rows_refuses_values_about_people() -> None:
    with pytest.raises(TypeError, match="values about people"):
        digest_of([{"phone": Personal("13800000001", about=5)}])


def test_every_kind_of_event_has_a_name_for_people() -> None:
    assert set(TITLES) == set(Event)
