"""The security administrator helps somebody who cannot sign in: a new slip, no second factor any more, sessions ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.passwords import reset_password
from guatu.hub.accounts.actions.second_factors import reset_factors
from guatu.hub.accounts.actions.sign_in import end_sessions
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

_FRESH = "fresh_slip"
_SHOWN_FOR = timedelta(minutes=5)


class NoReason(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "原因",
            Text("没有写原因", "no reason was given"),
            Text(
                "写明谁、怎么核实的身份，例如“本人当面，核对工作证”。",
                "Say how you know who asked, such as 'in person, staff card checked'.",
            ),
        )


@require_POST
def reset_password_of(request: ActorRequest, person_id: int) -> HttpResponse:
    """The new first password waits in the session for the next page, where it is shown once; it is kept nowhere else."""
    person = _person(request, person_id)
    new = reset_password(person=person, reason=_reason(request), by=request.actor, at=timezone.now())
    request.session[_FRESH] = [person.pk, new, timezone.now().isoformat()]
    return redirect("person_slip", person.pk)


def slip(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id)
    about, password, made_at = request.session.pop(_FRESH, (0, "", ""))
    is_fresh = about == person.pk and timezone.now() - datetime.fromisoformat(made_at) < _SHOWN_FOR
    words = {"person": person, "password": password if is_fresh else "", "days": profile().passwords.slip_days}
    return render(request, "people/slip.html", words)


@require_POST
def reset_second_factor_of(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id)
    reset_factors(person=person, reason=_reason(request), by=request.actor, at=timezone.now())
    return _done(request, person, Text("二次验证已清除，会话已退出。", "Second factors are removed, sessions ended."))


@require_POST
def end_sessions_of(request: ActorRequest, person_id: int) -> HttpResponse:
    person = _person(request, person_id)
    end_sessions(person=person, reason=_reason(request), by=request.actor, at=timezone.now())
    return _done(request, person, Text("会话已全部退出。", "All sessions are ended."))


def _person(request: ActorRequest, person_id: int) -> Person:
    found: Person = get_object_or_404(Person.objects.visible_to(request.actor, Permission.RESET_SIGN_IN), pk=person_id)
    return found


def _reason(request: ActorRequest) -> str:
    reason = posted(request, "reason").strip()[:500]
    if not reason:
        raise NoReason
    return reason


def _done(request: ActorRequest, person: Person, said: Text) -> HttpResponse:
    messages.success(request, said.in_(spoken()))
    return redirect("person_slip", person.pk)
