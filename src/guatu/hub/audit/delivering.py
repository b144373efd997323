"""Hand checkpoints to their holders, note what was handed over, and try again what failed."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid
from pathlib import Path
from smtplib import SMTPException
from threading import Event

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from guatu.hub.audit.checkpoints import checkpoint_line, printed_block
from guatu.hub.audit.holders import Holder, HolderKind
from guatu.hub.audit.models import Checkpoint, Delivery, HolderState

log = logging.getLogger(__name__)

PAUSE = 2.0
AFTER_TROUBLE = 10.0
CLAIM = timedelta(minutes=2)  # longer than a mail server's time-out: who claimed a holder is left to it so long
AT_ONCE = 2000  # checkpoints in one delivery
LONGEST_WAIT = timedelta(hours=1)


def run_deliveries(stop: Event) -> None:
    """Deliver until told to stop; holders that hang must not hold up the sealer, so this runs beside it."""
    while not stop.is_set():
        try:
            deliver_due(settings.AUDIT_HOLDERS, at=timezone.now())
            pause = PAUSE
        except Exception:  # the database may be away for a while
            log.exception("Checkpoints could not be delivered; the next try comes soon")
            connection.close()
            pause = AFTER_TROUBLE
        stop.wait(pause)
    connection.close()


def deliver_due(holders: Sequence[Holder], *, at: datetime) -> int:
    """Deliver to every holder whose turn it is; how many checkpoints were handed over."""
    return sum(_deliver(holder, at) for holder in holders if holder.kind is not HolderKind.PAPER)


def note_printed(checkpoint: Checkpoint, holder: str, receipt: str, *, at: datetime) -> Delivery:
    """That a checkpoint stands on a paper kept outside; actions that issue papers call this."""
    made, _ = Delivery.objects.get_or_create(
        checkpoint=checkpoint, holder=holder, defaults={"delivered_at": at, "receipt": receipt}
    )
    return made


def _deliver(holder: Holder, at: datetime) -> int:
    state, _ = HolderState.objects.get_or_create(holder=holder.name, defaults={"next_try_at": at})
    waiting = list(Checkpoint.objects.filter(id__gt=state.delivered_up_to).order_by("id")[:AT_ONCE])
    if not waiting or state.next_try_at > at or not _claimed(state, at):
        return 0
    try:
        receipt = _handed_to_folder(holder, waiting) if holder.kind is HolderKind.FOLDER else _mailed(holder, waiting)
    except (OSError, SMTPException, ValueError) as error:
        _failed(state, error, at)
        return 0
    with transaction.atomic():
        Delivery.objects.bulk_create(
            [Delivery(checkpoint=one, holder=holder.name, delivered_at=at, receipt=receipt) for one in waiting],
            ignore_conflicts=True,
        )
        every = timedelta(minutes=settings.AUDIT_MAIL_MINUTES if holder.kind is HolderKind.MAIL else 0)
        HolderState.objects.filter(pk=holder.name).update(
            delivered_up_to=waiting[-1].pk, next_try_at=at + every, failing_since=None, failures=0, problem=""
        )
    return len(waiting)


def _claimed(state: HolderState, at: datetime) -> bool:
    """Take the holder's turn for this process; another may have been first."""
    seen = state.next_try_at
    return bool(HolderState.objects.filter(pk=state.pk, next_try_at=seen).update(next_try_at=at + CLAIM))


def _failed(state: HolderState, error: Exception, at: datetime) -> None:
    failures = state.failures + 1
    wait = min(timedelta(seconds=15) * 2 ** min(failures, 10), LONGEST_WAIT)
    problem = (str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")[:500]
    HolderState.objects.filter(pk=state.pk).update(
        next_try_at=at + wait, failing_since=state.failing_since or at, failures=failures, problem=problem
    )
    log.error("Checkpoints did not reach holder %s (try %s): %s", state.holder, failures, problem)


def _handed_to_folder(holder: Holder, checkpoints: Sequence[Checkpoint]) -> str:
    """Append to the day's file, and read back what arrived. The folder itself is never made: a missing one is not mounted."""
    folder = Path(holder.place)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there; is it mounted?")
    file = folder / f"guatu-checkpoints-{checkpoints[-1].made_at:%Y-%m-%d}.jsonl"
    lines = "".join(checkpoint_line(one) + "\n" for one in checkpoints).encode()
    with file.open("ab") as appended:
        start = appended.tell()
        appended.write(lines)
        appended.flush()
        os.fsync(appended.fileno())
    with file.open("rb") as written:
        written.seek(start)
        if lines not in written.read():
            raise OSError(f"{file} does not hold what was written to it")
    return f"{file.name}, byte {start}"


def _mailed(holder: Holder, checkpoints: Sequence[Checkpoint]) -> str:
    site, last = settings.HOSTS[0], checkpoints[-1]
    if not settings.EMAIL_HOST and settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend"):
        raise ValueError("没有设 GUATU_MAIL · GUATU_MAIL is not set")
    block, message_id = printed_block(last), make_msgid(domain=site)
    message = EmailMessage(
        subject=f"[{site}] 审计检查点 audit checkpoint {last.place}",
        body=f"{block.zh}\n\n{block.en}\n\n请存档，核对审计时要用。 Please keep this; the audit is held to it.\n",
        to=[holder.place],
        headers={"Message-ID": message_id},
    )
    lines = "".join(checkpoint_line(one) + "\n" for one in checkpoints)
    message.attach(f"guatu-checkpoints-{last.place}.jsonl", lines, "application/jsonl")
    message.send()
    return message_id
