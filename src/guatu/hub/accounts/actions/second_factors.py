"""Add and remove second factors, make recovery codes, link an account of a sign-in provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.socialaccount.models import SocialAccount

from guatu.hub.accounts.actions.ended_sessions import end_rows
from guatu.hub.accounts.actions.oneself import refuse_oneself, require_oneself
from guatu.hub.accounts.actor import Actor, require_over
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.roles import Permission
from guatu.hub.accounts.sign_in.second_factors import Kind
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.text import Text


class LastFactor(Conflict):
    """The last second factor of somebody whose post asks for one."""

    def __init__(self) -> None:
        super().__init__(
            "二次验证",
            Text(
                "您的岗位必须有二次验证，这是最后一种", "your post asks for a second factor, and this is the last one"
            ),
            Text("先启用另一种，再停用这一种。", "Add another one first."),
        )


@action("sign_in.add_codes")
def add_codes(*, person: Person, secret: str, by: Actor, at: datetime) -> bool:
    """One-time codes from an app on a phone; returns whether recovery codes were made with them."""
    under = require_oneself(person, by)
    _locked(person)
    TOTP.activate(person, secret)
    return _added(person, {"kind": Kind.TOTP.value}, under, at)


@action("sign_in.add_passkey")
def add_passkey(*, person: Person, name: str, credential: Mapping[str, Any], by: Actor, at: datetime) -> bool:
    """A passkey or security key; returns whether recovery codes were made with it."""
    under = require_oneself(person, by)
    _locked(person)
    WebAuthn.add(person, name, credential)
    return _added(person, {"kind": Kind.WEBAUTHN.value, "name": name}, under, at)


@action("sign_in.remove_factor")
def remove_factor(*, authenticator: Authenticator, required: bool, by: Actor, at: datetime) -> None:
    """One second factor less. Recovery codes go with the last one, which stays where a post asks for one."""
    under = require_oneself(authenticator.user, by)
    person = _locked(authenticator.user)
    others = _factors(person).exclude(pk=authenticator.pk)
    if required and not others.exists():
        raise LastFactor
    kind = authenticator.type
    authenticator.delete()
    if not others.exists():
        Authenticator.objects.filter(user=person).delete()
    record(Event.SECOND_FACTOR_REMOVED, subject=person, before={"kind": kind}, by=under, at=at)


@action("sign_in.make_recovery_codes")
def make_recovery_codes(*, person: Person, by: Actor, at: datetime) -> None:
    """New recovery codes; the former ones open nothing any more."""
    under = require_oneself(person, by)
    _locked(person)
    Authenticator.objects.filter(user=person, type=Kind.RECOVERY_CODES).delete()
    RecoveryCodes.activate(person)
    record(Event.RECOVERY_CODES_MADE, subject=person, by=under, at=at)


@action("sign_in.reset_factors")
def reset_factors(*, person: Person, reason: str, by: Actor, at: datetime) -> int:
    """Somebody lost phone and key: their second factors go, their sessions end; where required they enrol anew."""
    under = require_over(by, Permission.RESET_SIGN_IN, person=person)
    refuse_oneself(person, by)
    _locked(person)
    kinds = sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    Authenticator.objects.filter(user=person).delete()
    ended = end_rows(person)
    record(
        Event.SECOND_FACTOR_REMOVED,
        subject=person,
        before={"kinds": kinds},
        after={"sessions_ended": ended},
        reason=reason,
        by=under,
        at=at,
    )
    return len(kinds)


@action("sign_in.link_provider")
def link_provider(*, person: Person, provider: str, uid: str, by: OnBehalf, at: datetime) -> SocialAccount:
    """From now on whoever the provider calls `uid` signs in as this person."""
    by = require_oneself(person, by)
    linked = SocialAccount.objects.create(user=person, provider=provider, uid=uid)
    record(
        Event.PROVIDER_LINKED,
        subject=person,
        after={"provider": provider, "uid": Personal(uid, person.pk)},
        by=by,
        at=at,
    )
    return linked


def _added(person: Person, after: dict[str, str], by: OnBehalf, at: datetime) -> bool:
    record(Event.SECOND_FACTOR_ADDED, subject=person, after=after, by=by, at=at)
    if Authenticator.objects.filter(user=person, type=Kind.RECOVERY_CODES).exists():
        return False
    RecoveryCodes.activate(person)
    record(Event.RECOVERY_CODES_MADE, subject=person, by=by, at=at)
    return True


def _factors(person: Person):  # type: ignore[no-untyped-def]  # a queryset of the sign-in library, which has no types
    return Authenticator.objects.filter(user=person, type__in=(Kind.TOTP, Kind.WEBAUTHN))


def _locked(person: Person) -> Person:
    """One change of somebody's second factors at a time."""
    locked: Person = Person.objects.select_for_update().get(pk=person.pk)
    return locked
