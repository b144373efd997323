"""How guessing is slowed down without anybody being locked out. `docs/decisions` tells why it is like this.

Failures are counted per account and place: a browser that has signed in as this person before is a place of its own, every
network address is another. After some free ones each attempt from that place waits some seconds, never a minute. What a rival
does from elsewhere counts elsewhere. Beside this, lanes bound how many passwords are checked a second, because a check costs
processor time; browsers that are known have a lane of their own.

All of it lies in the database, so that several processes agree. An attempt is counted before it is judged: a hundred at the same
moment are a hundred failures, and the right one is forgiven afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from guatu.hub.accounts.addresses import place_of
from guatu.hub.accounts.models import Lane, Tries
from guatu.hub.accounts.sign_in.profile import Pace, profile
from guatu.text import Refusal, Text


class TooSoon(Refusal):
    """An attempt before its time. Doors answer 429 with `Retry-After`."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(
            "登录",
            Text(f"请等 {self.seconds} 秒再试", f"please wait {self.seconds} s"),
            Text("账号没有被锁定，等够时间就能登录。", "The account is not locked: after that you can sign in."),
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody trying something as an account from a place."""

    what: str
    """`password` or `code`."""
    account: str
    """The sign-in name as typed, in small letters; unknown names are counted like known ones."""
    place: str
    known: bool
    """From a browser that has signed in as this person before, or with a right one-time code beside."""

    @classmethod
    def of(cls, what: str, account: str, *, address: str, device: str = "", code: bool = False) -> Attempt:
        place = f"device {device}" if device else "code" if code else f"address {place_of(address)}"
        return cls(what, account.lower(), place, bool(device or code))

    @property
    def key(self) -> str:
        """A digest: neither names nor addresses lie in the table of counts."""
        return _digest(f"{self.what}\n{self.account}\n{self.place}")


def admit(attempt: Attempt, *, at: datetime, costly: bool = True) -> int:
    """Let an attempt be judged, or raise `TooSoon`; returns which failure it is if it fails. `forgive` it if it does not."""
    rules = profile().throttling
    before = Tries.objects.filter(pk=attempt.key).first()
    _refuse_early(before, at)  # a flood is turned away without a write
    lane = "known" if attempt.known else "repeated" if before and before.failures else "fresh"
    if costly:
        _refuse_when_empty(lane, at)
    with transaction.atomic():
        tries, _ = Tries.objects.select_for_update().get_or_create(
            pk=attempt.key, defaults={"last_at": at, "open_at": at}
        )
        _refuse_early(tries, at)
        if at - tries.last_at > rules.forget:
            tries.failures = 0
        if costly:
            take(lane, at=at)
        tries.failures += 1
        tries.last_at, tries.open_at = at, at + rules.wait_after(tries.failures)
        tries.save()
    return tries.failures


def forgive(attempt: Attempt) -> None:
    """It was right: nothing is held against this place any more."""
    Tries.objects.filter(pk=attempt.key).delete()


def count_code(account: str, *, at: datetime) -> None:
    """Count a wrong one-time code from a browser that is not known."""
    key = _digest(f"codes of a day\n{account.lower()}")
    with transaction.atomic():
        day, _ = Tries.objects.select_for_update().get_or_create(pk=key, defaults={"last_at": at, "open_at": at})
        if at - day.open_at > timedelta(days=1):
            day.failures, day.open_at = 0, at
        day.failures += 1
        day.last_at = at
        day.save()


def codes_are_exhausted(account: str, *, at: datetime) -> bool:
    """Whether unknown browsers have guessed at this account's codes too often today."""
    day = Tries.objects.filter(pk=_digest(f"codes of a day\n{account.lower()}")).first()
    return (
        day is not None and at - day.open_at <= timedelta(days=1) and day.failures >= profile().throttling.codes_per_day
    )


def take(lane: str, *, at: datetime) -> int:
    """Take one from a lane, or raise `TooSoon`; returns how many were refused since the last one let through."""
    pace = profile().throttling.lanes[lane]
    with transaction.atomic():
        row, _ = Lane.objects.select_for_update().get_or_create(
            name=lane, defaults={"left": pace.burst * 1000, "at": at}
        )
        row.left = _filled(row, pace, at)
        row.at = max(row.at, at)
        if row.left >= 1000:
            passed_over, row.passed_over = row.passed_over, 0
            row.left -= 1000
            row.save()
            return passed_over
    Lane.objects.filter(pk=lane).update(passed_over=F("passed_over") + 1)
    raise TooSoon(_until_filled(row, pace))


def _refuse_when_empty(lane: str, at: datetime) -> None:
    pace = profile().throttling.lanes[lane]
    row = Lane.objects.filter(pk=lane).first()
    if row is not None and _filled(row, pace, at) < 1000:
        raise TooSoon(_until_filled(row, pace))


def _until_filled(row: Lane, pace: Pace) -> timedelta:
    return timedelta(milliseconds=max(0, 1000 - row.left) // pace.per_second)


def _filled(row: Lane, pace: Pace, at: datetime) -> int:
    passed = max(0, int((at - row.at).total_seconds() * 1000))
    return min(pace.burst * 1000, row.left + passed * pace.per_second)


def sweep(*, at: datetime) -> int:
    """Delete counts nobody asks about any more."""
    return Tries.objects.filter(last_at__lt=at - max(profile().throttling.forget, timedelta(days=1))).delete()[0]


def _refuse_early(tries: Tries | None, at: datetime) -> None:
    if tries is not None and tries.open_at > at:
        raise TooSoon(tries.open_at - at)


def _digest(text: str) -> str:
    return salted_hmac("guatu.sign_in.tries", text, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
