"""Two people do what cannot both be done, at the same moment: one is first, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from guatu.hub.accounts.actions.posts import assign_post
from guatu.hub.accounts.actions.successions import merge_units
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.actions.units import close_unit, move_unit, rename_unit
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.audit.models import Record
from guatu.text import Refusal, Text
from tests.hub.changes.invariants import broken
from tests.hub.people import LONG_AGO, NOW, City, build_city

DAY, ROUNDS = date(2025, 5, 1), 5
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Each deed in a thread and on a connection of its own, begun together; what became of each."""
    ends, gate = ["did not end"] * len(deeds), Barrier(len(deeds))

    def act(place: int, deed: Callable[[], object]) -> None:
        gate.wait()
        try:
            deed()
            ends[place] = "done"
        except Refusal:
            ends[place] = "refused"
        except Exception as error:
            ends[place] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


def branch(city: City, title: str, above: str = "east") -> Unit:
    return placed(parent=city.units[above], kind="town", title=Text(title, title), on=LONG_AGO, at=NOW)


def somebody(name: str) -> Person:
    person = Person(username=name, name=name)
    person.set_unusable_password()
    person.save()
    return person


def test_two_who_would_put_units_under_one_another_do_not_both() -> None:
    city = build_city()
    for number in range(ROUNDS):
        one, other = branch(city, f"甲{number}"), branch(city, f"乙{number}")
        ends = at_once(
            lambda a=one, b=other: move_unit(unit=a, parent=b, on=DAY, by=city.actor("sun"), at=NOW),
            lambda a=one, b=other: move_unit(unit=b, parent=a, on=DAY, by=city.actor("sun"), at=NOW),
        )
        assert ends == ["done", "refused"]
    assert broken() == []


def test_two_movers_of_one_unit_leave_it_in_one_place_and_both_on_the_record() -> None:
    city = build_city()
    for number in range(ROUNDS):
        unit = branch(city, f"甲{number}")
        ends = at_once(
            lambda u=unit: move_unit(unit=u, parent=city.units["west"], on=DAY, by=city.actor("sun"), at=NOW),
            lambda u=unit: move_unit(unit=u, parent=city.units["bureau"], on=DAY, by=city.actor("sun"), at=NOW),
        )
        assert "done" in ends and set(ends) <= {"done", "refused"}
        assert Record.objects.filter(kind="unit.moved", subject_id=str(unit.pk)).count() == ends.count("done")
    assert broken() == []


def test_of_two_mergers_of_one_unit_one_is_done() -> None:
    city = build_city()
    for number in range(ROUNDS):
        unit, one, other = (branch(city, f"{title}{number}") for title in "甲乙丙")
        ends = at_once(
            lambda u=unit, into=one: merge_units(units=[u], into=into, on=DAY, by=city.actor("sun"), at=NOW),
            lambda u=unit, into=other: merge_units(units=[u], into=into, on=DAY, by=city.actor("sun"), at=NOW),
        )
        assert ends == ["done", "refused"]
    assert broken() == []


def test_two_do_not_become_part_of_one_another() -> None:
    city = build_city()
    for number in range(ROUNDS):
        one, other = branch(city, f"甲{number}"), branch(city, f"乙{number}")
        ends = at_once(
            lambda a=one, b=other: merge_units(units=[a], into=b, on=DAY, by=city.actor("sun"), at=NOW),
            lambda a=one, b=other: merge_units(units=[b], into=a, on=DAY, by=city.actor("sun"), at=NOW),
        )
        assert ends == ["done", "refused"]
    assert broken() == []


def test_nobody_becomes_two_administrators_at_once() -> None:
    city = build_city()
    other = somebody("second-security")
    Post.objects.create(person=other, unit=city.units["city"], role="security_administrator", starts_on=LONG_AGO)
    for number in range(ROUNDS):
        person = somebody(f"new-{number}")
        ends = at_once(
            *(
                lambda p=person, r=role: assign_post(
                    person=p, unit=city.units["city"], role=r, starts_on=DAY, by=city.actor("zhou"), at=NOW
                )
                for role in ("system_administrator", "audit_administrator", "security_administrator")
            )
        )
        assert ends == ["done", "refused", "refused"]
        assert Post.objects.filter(person=person).count() == 1


def test_nobody_gets_a_post_at_a_unit_that_is_just_closed() -> None:
    city = build_city()
    for number in range(ROUNDS):
        unit, person = branch(city, f"甲{number}"), somebody(f"new-{number}")
        ends = at_once(
            lambda u=unit: close_unit(unit=u, on=DAY, by=city.actor("sun"), at=NOW),
            lambda u=unit, p=person: assign_post(
                person=p, unit=u, role="reporter", starts_on=DAY, by=city.actor("zhou"), at=NOW
            ),
        )
        assert ends == ["done", "refused"]


def test_two_siblings_do_not_take_one_name() -> None:
    city = build_city()
    for number in range(ROUNDS):
        one, other = branch(city, f"甲{number}"), branch(city, f"乙{number}")
        named = Text(f"同名{number}", "Same")
        ends = at_once(
            lambda u=one, t=named: rename_unit(unit=u, title=t, on=DAY, by=city.actor("sun"), at=NOW),
            lambda u=other, t=named: rename_unit(unit=u, title=t, on=DAY, by=city.actor("sun"), at=NOW),
        )
        assert ends == ["done", "refused"]
    assert broken() == []
