"""Questions composed once: asked with other values they find what a queryset finds, in one statement each."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.models import Post, Unit
from guatu.hub.composed import ByKey, Composed, anew
from tests.hub.people import LONG_AGO, City

HELD = Composed(lambda person, day: Post.objects.active_on(day).filter(person=person).select_related("unit"))
BY_KEY = ByKey(HELD.question)
AMONG = Composed(lambda names, but: Unit.objects.filter(title_zh__in=names).exclude(pk=but).order_by("pk"))


def test_other_values_find_other_rows_with_what_was_joined(city: City) -> None:
    day = date(2026, 6, 15)
    for name in ("li", "zhao", "li"):
        person = city.people[name]
        with CaptureQueriesContext(connection) as queries:
            found = [(one.pk, one.unit.title_zh) for one in HELD.all(person.pk, day)]
        assert found == [(one.pk, one.unit.title_zh) for one in person.posts.active_on(day)]
        assert len(queries) == 1
    assert HELD.all(city.people["li"].pk, LONG_AGO - timedelta(days=1)) == []
    assert HELD.first(0, day) is None


@pytest.mark.django_db(transaction=True)
def test_a_question_by_key_is_answered_whatever_became_of_transaction_and_connection(city: City) -> None:
    li, day = city.people["li"].pk, date(2026, 6, 15)
    expected = [one.pk for one in Post.objects.active_on(day).filter(person=li)]
    for _ in range(4):
        assert [one.pk for one in BY_KEY.all(li, day)] == expected

    with transaction.atomic():
        BY_KEY.all(li, day)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT there_is_no_such_column", [])
        assert [one.pk for one in BY_KEY.all(li, day)] == expected
        transaction.set_rollback(True)
    assert [one.pk for one in BY_KEY.all(li, day)] == expected
    connection.close()
    assert [one.pk for one in BY_KEY.all(li, day)] == expected


def test_what_changed_between_two_askings_is_found(city: City) -> None:
    li, day = city.people["li"], date(2026, 6, 15)
    (post,) = HELD.all(li.pk, day)

    Post.objects.filter(pk=post.pk).update(ends_on=day)

    assert HELD.all(li.pk, day) == []


def test_several_values_are_asked_for_in_any_number(city: City) -> None:
    names = [one.title_zh for one in city.units.values()]
    for number in (1, 3, 2, 0):
        some = tuple(names[:number])
        assert AMONG.all(some, 0) == list(Unit.objects.filter(title_zh__in=some).order_by("pk"))


def test_hostile_words_stay_values(city: City) -> None:
    assert AMONG.all(("'; DELETE FROM accounts_unit; --", "%s", "%(x)s", "东%"), 0) == []
    assert Unit.objects.exists()


def test_anew_composes_each_time(city: City) -> None:
    asked: list[int] = []

    def question(pk: object) -> object:
        asked.append(1)
        return Unit.objects.filter(pk=pk)

    counted: Composed[Unit] = Composed(question)  # type: ignore[arg-type]
    town = city.units["town"].pk
    counted.all(town), counted.all(town)
    assert len(asked) == 1
    with anew():
        counted.all(town), counted.all(town)
    assert len(asked) == 3


@pytest.mark.django_db(transaction=True)
def test_threads_ask_by_statements_of_their_own(city: City) -> None:
    units, wrong = list(city.units.values()), []

    def ask(unit: Unit) -> None:
        try:
            wrong.extend(1 for _ in range(40) if AMONG.all((unit.title_zh,), 0)[0].pk != unit.pk)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(unit,)) for unit in units[:4]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert wrong == []
