"""My account: password, second factors, sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.passwords import WrongPassword, change_password
from guatu.hub.accounts.actions.sign_in import end_own_sessions
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import KeptSession
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.sign_in import sessions
from guatu.hub.accounts.sign_in.checking import is_password_of
from guatu.hub.accounts.sign_in.passwords import is_stale
from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.accounts.sign_in.second_factors import Kind, needs_second_factor
from guatu.hub.accounts.sign_in.throttling import TooSoon
from guatu.hub.web.sign_in.browsers import browser_named
from guatu.text import Text


def account(request: ActorRequest) -> HttpResponse:
    mine = KeptSession.objects.filter(person=request.user, expire_date__gt=timezone.now()).order_by("-seen_at")
    words = {
        "factors": list(Authenticator.objects.filter(user=request.user).exclude(type=Kind.RECOVERY_CODES)),
        "needed": needs_second_factor(request.actor),
        "sessions": [(one, browser_named(one.browser)) for one in mine],
        "here": sessions.name_of(request.session),
        "idle_minutes": int(profile().sessions.idle.total_seconds() // 60),
        "absolute_hours": int(profile().sessions.absolute.total_seconds() // 3600),
        "rotate_days": profile().passwords.rotate_days,
    }
    return render(request, "my_account/account.html", words)


@sensitive_post_parameters()
def password(request: ActorRequest) -> HttpResponse:
    """A new password; with a slip, the only page that is open."""
    if request.method != "POST":
        return _password_page(request)
    old, new = request.POST.get("old", "")[:1024], request.POST.get("new", "")[:4096]
    now = timezone.now()
    try:
        if not is_password_of(request, request.user, old, at=now):
            return _password_page(request, old=Text("现在的密码不对。", "That is not your present password."))
        if new != request.POST.get("again", ""):
            return _password_page(request, again=Text("两次输入不一样。", "The two differ."))
        person = change_password(
            person=request.user, new=new, session=sessions.name_of(request.session), by=request.actor, at=now
        )
    except WrongPassword as refusal:
        return _password_page(request, new=refusal.what)
    except TooSoon as refusal:
        return _password_page(request, wait=refusal, old=refusal.what)
    update_session_auth_hash(request, person)
    record_authentication(request, person, "password", reauthenticated=True)
    messages.success(
        request,
        Text("密码已修改，其他会话已退出。", "Your password is changed; other sessions are signed out.").in_(spoken()),
    )
    return redirect("home" if request.user.must_change_password else "account")


def _password_page(request: ActorRequest, *, wait: TooSoon | None = None, **errors: Text) -> HttpResponse:
    words = {
        "errors": errors,
        "rules": profile().passwords,
        "first": request.user.must_change_password,
        "stale": not request.user.must_change_password and is_stale(request.user, timezone.now()),
    }
    response = render(request, "my_account/password.html", words, status=422 if errors else 200)
    if wait is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(wait.seconds)
    return response


@require_POST
def end_session(request: ActorRequest, name: str) -> HttpResponse:
    session = get_object_or_404(KeptSession, person=request.user, name=name)
    end_own_sessions(
        person=request.user,
        names=[str(session.name)],
        but=sessions.name_of(request.session),
        by=request.actor,
        at=timezone.now(),
    )
    return redirect("account")


@require_POST
def end_others(request: ActorRequest) -> HttpResponse:
    end_own_sessions(
        person=request.user, names=None, but=sessions.name_of(request.session), by=request.actor, at=timezone.now()
    )
    messages.success(request, Text("其他会话已全部退出。", "All other sessions are signed out.").in_(spoken()))
    return redirect("account")


class Confirm(ReauthenticateView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/confirm.html"


class ConfirmByCode(ReauthenticateByCodeView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/confirm.html"


class ConfirmByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(
            self.request,
            Text("没有用成通行密钥，请换一种方式。", "The passkey did not work; use another way.").in_(spoken()),
        )
        return redirect("account_reauthenticate")
