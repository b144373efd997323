"""Change and reset passwords."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actions.ended_sessions import end_rows
from guatu.hub.accounts.actions.oneself import refuse_oneself, require_oneself
from guatu.hub.accounts.actor import Actor, require_over
from guatu.hub.accounts.models import FormerPassword, Person
from guatu.hub.accounts.roles import Permission
from guatu.hub.accounts.sign_in.first_passwords import first_password, hashed_first_password
from guatu.hub.accounts.sign_in.passwords import Fault, faults_for
from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.text import Refusal, Text


class WrongPassword(Refusal):
    """A password that may not be chosen; `faults` says all that speaks against it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(
            "密码",
            Text("".join(one.what.zh for one in faults), " ".join(one.what.en for one in faults)),
            Text("换一个更长、别人想不到的。", "Choose a longer one nobody would think of."),
        )


@action("sign_in.change_password")
def change_password(*, person: Person, new: str, session: str, by: Actor, at: datetime) -> Person:
    """A password of one's own; every session but the one called `session` ends."""
    under = require_oneself(person, by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    found = faults_for(person, new)
    if found:
        raise WrongPassword(found)
    FormerPassword.objects.create(person=person, password=person.password, replaced_at=at)
    _forget_old(person)
    forced = person.must_change_password
    person.set_password(new)
    person.must_change_password, person.password_changed_at, person.first_password_at = False, at, None
    person.save(update_fields=["password", "must_change_password", "password_changed_at", "first_password_at"])
    ended = end_rows(person, but=session)
    record(
        Event.PASSWORD_CHANGED,
        subject=person,
        after={"sessions_ended": ended, "was_first": int(forced)},
        by=under,
        at=at,
    )
    return person


@action("sign_in.reset_password")
def reset_password(*, person: Person, reason: str, by: Actor, at: datetime) -> str:
    """A new first password for somebody who forgot theirs, to be handed over on a slip; every session of theirs ends."""
    under = require_over(by, Permission.RESET_SIGN_IN, person=person)
    refuse_oneself(person, by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    new = first_password()
    person.password = hashed_first_password(new)
    person.must_change_password, person.first_password_at = True, at
    person.save(update_fields=["password", "must_change_password", "first_password_at"])
    ended = end_rows(person)
    record(Event.PASSWORD_RESET, subject=person, after={"sessions_ended": ended}, reason=reason, by=under, at=at)
    return new


def _forget_old(person: Person) -> None:
    """Keep no more hashes of former passwords than the profile asks for."""
    kept = person.former_passwords.order_by("-replaced_at").values_list("pk", flat=True)[: profile().passwords.remember]
    person.former_passwords.exclude(pk__in=list(kept)).delete()
