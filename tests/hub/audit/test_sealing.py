"""Every committed record gets a place, once, by one sealer; checkpoints follow."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from guatu.hub.audit import sealing
from guatu.hub.audit.models import Checkpoint, Record, Seal
from guatu.hub.audit.sealing import Settled, checkpoint_is_due, run_sealer, seal_batch, seal_waiting
from guatu.hub.audit.verifying import verify_database
from tests.hub.audit.chained import sealed_records, write_records


def places() -> list[int]:
    return list(Seal.objects.order_by("place").values_list("place", flat=True))


def test_records_get_places_without_gaps_in_the_order_they_are_found(db: None) -> None:
    sealed_records(250)
    sealed_records(3)

    assert places() == list(range(1, 254))
    assert verify_database([], at=timezone.now()).chain.fault is None


def test_sealing_again_seals_nothing(db: None) -> None:
    sealed_records(3)

    assert seal_waiting() == 0


def test_a_record_with_a_lower_id_committed_late_gets_the_next_place(db: None) -> None:
    write_records(3)
    first, *others = Record.objects.order_by("id").values_list("id", flat=True)
    seal_batch(first, at=timezone.now())  # the first was not to be seen yet

    seal_waiting(Settled())

    assert list(Seal.objects.order_by("place").values_list("record_id", flat=True)) == [*others, first]


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_the_chain_verifies_with_either_hash_and_across_a_change_of_hash(db: None, settings, algorithm: str) -> None:  # type: ignore[no-untyped-def]
    sealed_records(2)
    settings.AUDIT_HASH = algorithm
    sealed_records(2)

    verified = verify_database([], at=timezone.now())

    assert verified.chain.fault is None
    assert verified.kept == verified.commitments == 8
    assert Seal.objects.get(place=4).algorithm == algorithm


def test_a_checkpoint_follows_the_first_record_every_hundred_and_the_end_of_a_minute(db: None) -> None:
    sealed_records(1)
    sealed_records(99)
    assert list(Checkpoint.objects.order_by("id").values_list("place", flat=True)) == [1]

    sealed_records(1)
    assert Checkpoint.objects.count() == 2

    sealed_records(1)
    assert not checkpoint_is_due(timezone.now())
    assert checkpoint_is_due(timezone.now() + timedelta(seconds=51))


def test_without_new_records_no_checkpoint_is_made(db: None) -> None:
    sealed_records(1)

    assert not checkpoint_is_due(timezone.now() + timedelta(days=1))


def test_the_floor_rises_only_when_nothing_below_it_can_still_come(db: None, on_postgresql: bool) -> None:
    settled = Settled()
    write_records(2)
    seal_waiting(settled)
    seal_waiting(settled)

    highest = Record.objects.order_by("-id").first()
    assert highest is not None
    assert settled.floor == (0 if on_postgresql else highest.pk)  # the test's own transaction is still running


@pytest.mark.django_db(transaction=True)
def test_sealers_in_many_threads_make_one_chain() -> None:
    write_records(120)
    together = Barrier(4)

    def work() -> None:
        together.wait()
        for _ in range(5):
            seal_waiting()
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    write_records(40, start=120)
    for thread in threads:
        thread.join()
    seal_waiting()

    assert places() == list(range(1, 161))
    assert verify_database([], at=timezone.now()).chain.fault is None


def test_the_loop_goes_on_after_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, tries = Event(), []

    def seal(settled: Settled) -> int:
        tries.append(settled)
        if len(tries) == 1:
            raise OperationalError("the server closed the connection")
        stop.set()
        return 0

    monkeypatch.setattr(sealing, "seal_waiting", seal)
    monkeypatch.setattr(sealing, "run_deliveries", lambda stop: None)
    monkeypatch.setattr(sealing, "AFTER_TROUBLE", 0.01)

    thread = Thread(target=run_sealer, args=(stop,))
    thread.start()
    thread.join(10)

    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_the_loop_seals_what_is_committed_while_it_runs_and_ends_when_told() -> None:
    stop = Event()
    sealer = Thread(target=run_sealer, args=(stop,))
    sealer.start()
    with transaction.atomic():
        write_records(5)
    until = monotonic() + 10
    while Seal.objects.count() < 5 and monotonic() < until:
        sleep(0.05)
    stop.set()
    sealer.join(10)

    assert not sealer.is_alive()
    assert places() == [1, 2, 3, 4, 5]
