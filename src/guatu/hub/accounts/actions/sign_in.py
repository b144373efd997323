"""Sign in and out, end sessions, choose a language. Each leaves a record in its own transaction."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login, logout
from django.http import HttpRequest

from guatu.hub.accounts.actions.ended_sessions import end_rows, sweep
from guatu.hub.accounts.actions.oneself import refuse_oneself, require_oneself
from guatu.hub.accounts.actor import Actor, require_over
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.roles import Permission
from guatu.hub.accounts.sign_in import sessions, throttling
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.source import OnBehalf

BACKEND = "guatu.hub.accounts.sign_in.backends.PersonBackend"


@action("session.sign_in")
def sign_in(*, request: HttpRequest, person: Person, ways: list[str], by: OnBehalf, at: datetime) -> None:
    """A new session for a person who has shown who they are, in the `ways` named; the key of any earlier one is void."""
    by = require_oneself(person, by)
    login(request, person, backend=BACKEND)
    if set(ways) & {"totp", "webauthn", "recovery_codes", "trusted_provider"}:
        sessions.note_second_factor(request.session)
    throttling.sweep(at=at)
    sweep(at=at)
    record(
        Event.SIGNED_IN,
        subject=person,
        after={"session": sessions.name_of(request.session), "ways": ways, "browser": _browser(request, person)},
        by=by,
        at=at,
    )


@action("session.fail")
def record_failure(
    *, person: Person | None, what: str, failures: int, passed_over: int, by: OnBehalf, at: datetime
) -> None:
    """Somebody failed to sign in. What they typed as a name is kept only if it is somebody's: it may be a password."""
    record(
        Event.SIGN_IN_FAILED,
        subject=person,
        after={
            "what": what,
            "failures": failures,
            "not_recorded_before": passed_over,
            "known_name": int(person is not None),
        },
        by=by,
        at=at,
    )


@action("session.sign_out")
def sign_out(*, request: HttpRequest, person: Person, why: str, by: OnBehalf, at: datetime) -> None:
    """The session at hand ends: because its person says so, or because it is at its limit."""
    by = require_oneself(person, by)
    record(
        Event.SIGNED_OUT,
        subject=person,
        before={"session": sessions.name_of(request.session)},
        reason=why,
        by=by,
        at=at,
    )
    logout(request)


@action("session.end_own")
def end_own_sessions(*, person: Person, names: list[str] | None, but: str, by: Actor, at: datetime) -> int:
    """End sessions of one's own: those named, or all but the one at hand."""
    return _ended(person, names=names, but=but, by=require_oneself(person, by), at=at)


@action("session.end")
def end_sessions(*, person: Person, reason: str, by: Actor, at: datetime) -> int:
    """The security administrator ends every session of somebody."""
    under = require_over(by, Permission.RESET_SIGN_IN, person=person)
    refuse_oneself(person, by)
    return _ended(person, names=None, but="", by=under, at=at, reason=reason)


@action("person.choose_language")
def choose_language(*, person: Person, language: str, by: Actor, at: datetime) -> None:
    """The language pages and messages come in, wherever the person signs in."""
    under = require_oneself(person, by)
    before = person.language
    Person.objects.filter(pk=person.pk).update(language=language)
    record(
        Event.PERSON_CHANGED,
        subject=person,
        before={"language": before},
        after={"language": language},
        by=under,
        at=at,
    )


def _ended(person: Person, *, names: list[str] | None, but: str, by: OnBehalf, at: datetime, reason: str = "") -> int:
    ended = end_rows(person, names=names, but=but)
    record(Event.SESSIONS_ENDED, subject=person, after={"count": ended}, reason=reason, by=by, at=at)
    return ended


def _browser(request: HttpRequest, person: Person) -> Personal:
    return Personal(request.headers.get("User-Agent", "")[:300], person.pk)
