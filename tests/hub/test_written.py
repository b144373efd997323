"""Rows written by statements that are kept: what stands in the database is what `save()` would have put there."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.signals import post_save, pre_save
from django.test.utils import CaptureQueriesContext, isolate_apps

from guatu.hub.accounts.models import Unit
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import IdempotencyKey, Record
from guatu.hub.audit.recording import record
from guatu.hub.ledger.models import SequenceNumber
from guatu.hub.written import insert, insert_all, update
from tests.hub.people import LONG_AGO, NOW, City

HOSTILE = "'; DELETE FROM accounts_unit; -- %s %(x)s 东"


def unit(city: City, name: str, **facts: object) -> Unit:
    return Unit(kind="zone", title_zh=name, parent=city.units["city"], opened_on=LONG_AGO, **facts)


def test_an_inserted_row_is_the_one_that_save_would_have_written(city: City) -> None:
    for name in ("园区一", "园区二"):
        made = insert(unit(city, name))
        saved = unit(city, name, code="9")
        saved.save()

        (kept, expected) = (Unit.objects.filter(pk=one.pk).values().get() for one in (made, saved))
        assert kept == expected | {"id": made.pk, "code": ""}
        assert not made._state.adding
        assert made._state.db == saved._state.db
        Unit.objects.filter(pk=saved.pk).delete()


def test_each_row_takes_one_statement_however_many_rows_a_call_is_given(city: City) -> None:
    for names in (["甲"], ["乙", "丙", "丁"], []):
        with CaptureQueriesContext(connection) as queries:
            made = insert_all(unit(city, name) for name in names)
        assert len(queries) == min(len(names), 1)
        assert [Unit.objects.get(pk=one.pk).title_zh for one in made] == names
    made = insert_all(unit(city, f"园区{number}") for number in range(50))
    assert [Unit.objects.get(pk=one.pk).title_zh for one in made] == [one.title_zh for one in made]


def test_a_row_with_a_key_of_its_own_keeps_it(city: City) -> None:
    told = record(Event.NEWS_SEEN, subject=None, by=city.actor("li").as_self(), at=NOW)
    insert(SequenceNumber(number=70_000, recorded_at=NOW, record_id=told.pk))
    assert SequenceNumber.objects.get(pk=70_000).record_id == told.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(SequenceNumber(number=70_000, recorded_at=NOW, record_id=told.pk))


def test_keys_beyond_what_fits_two_and_four_bytes_are_written_like_small_ones(city: City) -> None:
    for number in (1, 2**15, 2**31, 2**62):
        made = insert(Unit(pk=number + 100, kind="zone", title_zh="园区", opened_on=LONG_AGO))
        below = insert(unit(city, "其下"))
        below.parent = made
        update(below, "parent")
        assert Unit.objects.get(parent_id=number + 100) == below


def test_hostile_words_stay_values(city: City) -> None:
    made = insert(unit(city, HOSTILE))
    assert Unit.objects.get(pk=made.pk).title_zh == HOSTILE
    made.title_en = HOSTILE
    update(made, "title_en")
    assert Unit.objects.get(pk=made.pk).title_en == HOSTILE


def test_fields_that_are_named_are_written_and_no_others(city: City) -> None:
    town = city.units["town"]
    town.title_en, town.order, town.closed_on = "Dongguan", 7, date(2030, 1, 1)

    with CaptureQueriesContext(connection) as queries:
        update(town, "title_en", "order")

    assert len(queries) == 1
    kept = Unit.objects.get(pk=town.pk)
    assert (kept.title_en, kept.order, kept.closed_on) == ("Dongguan", 7, None)


def test_a_row_that_is_gone_is_not_written_to(city: City) -> None:
    gone = insert(unit(city, "园区"))
    Unit.objects.filter(pk=gone.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        update(gone, "title_zh")
    assert not Unit.objects.filter(pk=gone.pk).exists()


def test_constraints_hold_and_what_broke_them_takes_the_transaction_with_it(city: City) -> None:
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(unit(city, ""))
        with pytest.raises(transaction.TransactionManagementError):
            Unit.objects.count()
        transaction.set_rollback(True)
    insert(unit(city, "园区"))
    key = {"owner": "token:1", "key": "k", "request_digest": "d", "status": 0, "answer": "", "at": NOW}
    insert(IdempotencyKey(**key))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(IdempotencyKey(**key))
    assert IdempotencyKey.objects.count() == 1


def test_a_record_cannot_be_written_to(city: City) -> None:
    told = record(Event.NEWS_SEEN, subject=None, by=city.actor("li").as_self(), at=NOW)
    told.kind = "news.unseen"
    with pytest.raises(DatabaseError), transaction.atomic():
        update(told, "kind")
    assert Record.objects.get(pk=told.pk).kind == "news.seen"


def test_what_a_statement_that_is_kept_cannot_say_is_refused(city: City) -> None:
    town = city.units["town"]
    town.order = F("order") + 1
    with pytest.raises(TypeError):
        update(town, "order")
    with pytest.raises(ValueError, match="saved"):
        insert(Unit(kind="zone", title_zh="园区", parent=Unit(title_zh="新"), opened_on=LONG_AGO))
    with pytest.raises(ValueError, match="all with a key"):
        insert_all([unit(city, "甲"), Unit(pk=9000, kind="zone", title_zh="乙", opened_on=LONG_AGO)])
    assert not Unit.objects.filter(kind="zone").exists()


@isolate_apps("guatu.hub.accounts")
def test_what_a_field_does_before_it_is_saved_is_done(db: None) -> None:
    class Stamped(models.Model):
        made_at = models.DateTimeField(auto_now_add=True)
        changed_at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "accounts"

    moment = connection.data_types["DateTimeField"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE accounts_stamped (id bigint PRIMARY KEY, made_at {moment}, changed_at {moment})")

    made = insert(Stamped(pk=1))
    first = made.changed_at
    update(made, "changed_at")

    kept = Stamped.objects.get()
    assert kept.made_at == made.made_at <= first < kept.changed_at


def test_nobody_listens_for_rows_that_are_saved() -> None:
    """Statements that are kept send no signals; whoever begins to listen must know."""
    for model in apps.get_models():
        if model.__module__.startswith("guatu."):
            assert not pre_save.has_listeners(model)
            assert not post_save.has_listeners(model)


@pytest.mark.django_db(transaction=True)
def test_threads_write_by_statements_of_their_own(city: City) -> None:
    def write(part: int) -> None:
        try:
            for number in range(20):
                insert(
                    IdempotencyKey(
                        owner=f"token:{part}", key=str(number), request_digest="", status=0, answer="", at=NOW
                    )
                )
        finally:
            connection.close()

    threads = [Thread(target=write, args=(part,)) for part in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert IdempotencyKey.objects.count() == 60
