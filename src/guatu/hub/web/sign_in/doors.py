"""The page where people sign in, its second step, and the way out."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.sign_in import record_failure, sign_out
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.sign_in.checking import shown_by, source_of
from guatu.hub.accounts.sign_in.second_factors import spend_code
from guatu.hub.accounts.sign_in.throttling import TooSoon
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


@sensitive_post_parameters("password", "code")
def enter(request: HttpRequest) -> HttpResponse:
    """Name and password, then whatever else is asked of the person."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    if request.method != "POST":
        return _page(request, onward)
    name = request.POST.get("login", "")[:64]
    try:
        shown = shown_by(
            request,
            name=name,
            password=request.POST.get("password", "")[:1024],
            code=request.POST.get("code", "")[:16],
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, onward, name=name, refusal=refusal)
    request.session.cycle_key() if request.session.session_key else None
    if shown.code and (spent := spend_code(shown.person, shown.code)) is not None:
        record_authentication(request, shown.person, "mfa", id=spent.pk, type=spent.type)
    login = Login(user=shown.person, redirect_url=onward)
    answer: HttpResponse = perform_password_login(request, {"username": shown.person.username}, login)
    return answer


@require_POST
def leave(request: ActorRequest) -> HttpResponse:
    sign_out(request=request, person=request.user, why="asked", by=request.actor.as_self(), at=timezone.now())
    return redirect("account_login")


class SecondStep(AuthenticateView):  # type: ignore[misc]  # the library has no types
    """A code of the phone, a recovery code, or a passkey, after the password."""

    template_name = "sign_in/second_step.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        if form is self.webauthn_form:
            _record_wrong_passkey(self.request, self.stage.login.user)
        response: HttpResponse = super().form_invalid(form)
        wait = getattr(form, "wait", None)
        return _asking_to_wait(response, wait)


class PasskeyDoor(LoginWebAuthnView):  # type: ignore[misc]  # the library has no types
    """Sign in by a passkey alone: it holds both factors, the device and its finger or number."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The challenge a passkey answers, for the page's script."""
        return JsonResponse({"request_options": begin_authentication(user=None)})

    def form_invalid(self, form: Any) -> HttpResponse:
        refusal = WrongPasskey()
        return _page(self.request, settings.LOGIN_REDIRECT_URL, refusal=refusal)


class WrongPasskey(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "登录",
            Text("这个通行密钥在这里不认识", "this passkey is not known here"),
            Text(
                "用用户名和密码登录，再在“我的账号”里添加它。",
                "Sign in with name and password, then add it under My account.",
            ),
        )


def _page(request: HttpRequest, onward: str, *, name: str = "", refusal: Refusal | None = None) -> HttpResponse:
    wait = refusal if isinstance(refusal, TooSoon) else None
    words = {
        "onward": onward,
        "name": name,
        "refusal": refusal.what.in_(spoken()) if refusal else "",
        "remedy": refusal.remedy.in_(spoken()) if refusal else "",
        "wait": wait.seconds if wait else 0,
        "providers": _providers(),
    }
    return _asking_to_wait(render(request, "sign_in/enter.html", words), wait)


def _asking_to_wait(response: HttpResponse, wait: TooSoon | None) -> HttpResponse:
    if wait is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(wait.seconds)
    return response


def _providers() -> list[dict[str, Any]]:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [{"id": app["provider_id"], "title": Text(**app["settings"]["title"])} for app in apps]


def _onward(request: HttpRequest) -> str:
    """The page first asked for, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else settings.LOGIN_REDIRECT_URL


def _record_wrong_passkey(request: HttpRequest, person: Any) -> None:
    record_failure(
        person=person,
        what="passkey",
        failures=1,
        passed_over=0,
        by=OnBehalf(person.pk, None, None, source_of(request)),
        at=timezone.now(),
    )
