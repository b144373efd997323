"""The one sealer: gives committed records their places in the chain within a second, and makes checkpoints."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from guatu.hub.audit.delivering import run_deliveries
from guatu.hub.audit.models import Checkpoint, Record, Seal
from guatu.hub.audit.moments import instant
from guatu.hub.audit.stored import unsealed
from guatu.hub.audit.verifier import digest, sealed

log = logging.getLogger(__name__)

LOCK = 0x6775617475  # "guatu": the advisory lock of the sealer on PostgreSQL
BATCH = 100  # records sealed in one transaction; no more, so that a checkpoint can follow every hundred
PAUSE = 0.5  # seconds between looks when nothing is written
AFTER_TROUBLE = 5.0
SETTLING = 60.0  # seconds after which an id drawn from PostgreSQL's sequence has surely been used by its transaction


@dataclass
class Settled:
    """Up to which id every record is sealed or will never come, so that a look at the rest stays cheap.

    On PostgreSQL a lower id may be committed after a higher one. An id counts as settled only when every transaction that was
    running when it was seen has ended.
    """

    floor: int = 0
    _candidate: tuple[int, int, float] | None = field(default=None)

    def nothing_unsealed(self, ended_before: int) -> None:
        """A look at everything above the floor, begun after all transactions below `ended_before` had ended, found nothing."""
        if self._candidate is None:
            return
        highest, running_until, seen_at = self._candidate
        if not _on_postgresql() or (ended_before >= running_until and monotonic() - seen_at > SETTLING):
            self.floor = max(self.floor, highest)
            self._candidate = None

    def seen(self) -> int:
        """Note the highest id there is now; the transactions that have ended by now are below the number returned."""
        ended_before, _ = _transactions()
        if self._candidate is None:
            highest = Record.objects.order_by("-id").values_list("id", flat=True).first() or 0
            if highest > self.floor:
                self._candidate = (highest, _transactions()[1], monotonic())
        return ended_before


def run_sealer(stop: Event) -> None:
    """Seal, make checkpoints and hand them to holders until told to stop. Any number of processes may run this at once."""
    deliveries = Thread(target=run_deliveries, args=(stop,), name="audit-deliveries", daemon=True)
    deliveries.start()
    settled = Settled()
    while not stop.is_set():
        try:
            seal_waiting(settled)
            pause = PAUSE
        except Exception:  # the database may be away for a while; a sealer that ends would be missed by nobody
            log.exception("The sealer could not seal and tries again")
            connection.close()
            pause = AFTER_TROUBLE
        stop.wait(pause)
    connection.close()
    deliveries.join(timeout=AFTER_TROUBLE)


def seal_waiting(settled: Settled | None = None) -> int:
    """Seal everything committed so far and make the checkpoint that is due; how many were sealed."""
    settled = settled or Settled()
    count, above = 0, settled.floor
    ended_before = settled.seen()
    while unsealed_ids(above):
        batch = seal_batch(above, at=timezone.now())
        if batch is None:  # another sealer is at it
            return count
        count, above = count + batch[0], batch[1]
    if not count:
        settled.nothing_unsealed(ended_before)
    if checkpoint_is_due(timezone.now()):
        seal_batch(above, at=timezone.now())
    return count


def unsealed_ids(above: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM audit_record r WHERE r.id > %s "
            "AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.record_id = r.id) LIMIT 1",
            [above],
        )
        return cursor.fetchone() is not None


def seal_batch(above: int, *, at: datetime) -> tuple[int, int] | None:
    """Seal up to `BATCH` records above an id: how many, and the highest id; None where another sealer is at work.

    On SQLite the transaction holds the one write lock from its start; on PostgreSQL an advisory lock does the same.
    """
    with transaction.atomic():
        if not _alone():
            return None
        head = Seal.objects.order_by("-place").values_list("place", "hash").first()
        place, previous = head or (0, "")
        seals = []
        for record_id, text in unsealed(connection, above, BATCH):
            place, algorithm = place + 1, settings.AUDIT_HASH
            previous = sealed(previous, place, algorithm, instant(at), digest(algorithm, text))
            seals.append(Seal(place=place, record_id=record_id, algorithm=algorithm, hash=previous, sealed_at=at))
        Seal.objects.bulk_create(seals)
        if checkpoint_is_due(at):
            Checkpoint.objects.create(place=place, hash=previous, made_at=at)
    return len(seals), seals[-1].record_id if seals else above


def checkpoint_is_due(at: datetime) -> bool:
    """Whether enough was sealed, or long enough ago, since the last checkpoint."""
    head = Seal.objects.order_by("-place").values_list("place", flat=True).first() or 0
    last = Checkpoint.objects.order_by("-id").first()
    if last is None:
        return head > 0
    waited = not last.made_at <= at < last.made_at + timedelta(seconds=settings.AUDIT_CHECKPOINT_SECONDS)
    return head > last.place and (waited or head - last.place >= settings.AUDIT_CHECKPOINT_RECORDS)


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _alone() -> bool:
    if not _on_postgresql():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (got,) = cursor.fetchone()
        return bool(got)


def _transactions() -> tuple[int, int]:
    """On PostgreSQL: every transaction below the first number has ended; none at or above the second had begun."""
    if not _on_postgresql():
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        lowest, next_one = cursor.fetchone()
        return int(lowest), int(next_one)
