"""Whether somebody is who they say: name and password, a one-time code, a password again; slowed down, and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest

from guatu.hub.accounts.actions.sign_in import record_failure
from guatu.hub.accounts.addresses import address_of
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.sign_in import throttling
from guatu.hub.accounts.sign_in.devices import device_for
from guatu.hub.accounts.sign_in.passwords import slip_has_expired
from guatu.hub.accounts.sign_in.second_factors import right_code, spend_code
from guatu.hub.accounts.sign_in.throttling import Attempt, TooSoon
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Refusal, Text

_RECORDED_ALL = 5  # of one place: the first failures each, then each time their number has doubled


class WrongNameOrPassword(Refusal):
    """Which of the two is wrong is never said."""

    def __init__(self) -> None:
        super().__init__(
            "登录",
            Text("用户名或密码不对", "wrong name or password"),
            Text(
                "看看大小写和输入法。忘了密码，请安全管理员重置。",
                "Check capitals and the keyboard. If you forgot it, the security administrator can reset it.",
            ),
        )


class SlipExpired(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "登录",
            Text("初始密码已过有效期", "the first password is too old"),
            Text("请管理员重新打印密码条。", "Ask an administrator to print a new slip."),
        )


class WrongCode(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "验证码",
            Text("验证码不对，或已经用过", "the code is wrong, or was used before"),
            Text(
                "等手机上换一个新码；手机时间要准。也可以用一个恢复码。",
                "Wait for the next code; the phone's clock must be right. A recovery code works too.",
            ),
        )


class CodesExhausted(Refusal):
    """Too many wrong codes today from browsers the account does not know."""

    def __init__(self) -> None:
        super().__init__(
            "验证码",
            Text("今天输错验证码的次数太多", "too many wrong codes today"),
            Text(
                "用以前登录过的电脑或通行密钥登录，或请安全管理员重置。",
                "Use a computer you have signed in on before, a passkey, or ask the security administrator.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A person who has shown their password, and perhaps a code together with it."""

    person: Person
    code: str
    """The right one-time code entered with the password; empty if there was none."""


def shown_by(request: HttpRequest, *, name: str, password: str, code: str, at: datetime) -> Shown:
    """Whoever name and password are of; raises `TooSoon`, `WrongNameOrPassword` or `SlipExpired`."""
    typed = name.strip().lower()
    person = Person.objects.filter(username=typed).first()
    device = device_for(request, person)
    code_is_right = _code_opens_its_lane(person, typed, code, device, at)
    attempt = Attempt.of("password", typed, address=address_of(request), device=device, code=code_is_right)
    failures = throttling.admit(attempt, at=at)
    found = authenticate(request, username=typed, password=password)
    if not isinstance(found, Person):
        _record(request, person, "password", failures, at)
        raise WrongNameOrPassword
    throttling.forgive(attempt)
    if slip_has_expired(found, at):
        raise SlipExpired
    return Shown(found, code if code_is_right else "")


def is_password_of(request: HttpRequest, person: Person, password: str, *, at: datetime) -> bool:
    """Whether a signed-in person has typed their password; slowed down like signing in, for a session left open."""
    attempt = Attempt.of("password", person.username, address=address_of(request), device=device_for(request, person))
    failures = throttling.admit(attempt, at=at)
    if person.check_password(password):
        throttling.forgive(attempt)
        return True
    _record(request, person, "password", failures, at)
    return False


def spent_code(request: HttpRequest, person: Person, code: str, *, at: datetime):  # type: ignore[no-untyped-def]  # of the sign-in library, which has no types
    """The second factor a code opens; raises `TooSoon`, `CodesExhausted` or `WrongCode`."""
    device = device_for(request, person)
    attempt = Attempt.of("code", person.username, address=address_of(request), device=device)
    if not device and throttling.codes_are_exhausted(person.username, at=at):
        raise CodesExhausted
    failures = throttling.admit(attempt, at=at, costly=False)
    found = spend_code(person, code)
    if found is None:
        if not device:
            throttling.count_code(person.username, at=at)
        _record(request, person, "code", failures, at)
        raise WrongCode
    throttling.forgive(attempt)
    return found


def source_of(request: HttpRequest) -> Source:
    """Where a request comes from, before anybody is signed in by it."""
    known: Source | None = getattr(request, "source", None)
    return known or Source(Door.WEB, address=address_of(request))


def _code_opens_its_lane(person: Person | None, typed: str, code: str, device: str, at: datetime) -> bool:
    """Whether a right one-time code stands beside the password: whoever has it waits for nobody.

    Wrong ones are counted for the day, beyond which codes open no lane until tomorrow: that a rival can do, and it costs
    their target this one way out of several, never the account.
    """
    if not code or device or person is None or throttling.codes_are_exhausted(typed, at=at):
        return False
    if right_code(person, code) is not None:
        return True
    throttling.count_code(typed, at=at)
    return False


def _record(request: HttpRequest, person: Person | None, what: str, failures: int, at: datetime) -> None:
    """Record a failure, unless a flood is on: then counts stand for what is left out."""
    if failures > _RECORDED_ALL and failures & (failures - 1):  # beyond the first ones, powers of two
        return
    try:
        passed_over = throttling.take("records", at=at)
    except TooSoon:
        return
    record_failure(
        person=person,
        what=what,
        failures=failures,
        passed_over=passed_over,
        by=OnBehalf(person.pk if person else None, None, None, source_of(request)),
        at=at,
    )
