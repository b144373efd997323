"""The sign-in library's forms of one-time codes, asking us whether a code is right."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.sign_in.checking import spent_code
from guatu.hub.accounts.sign_in.second_factors import secret_to_enrol
from guatu.hub.accounts.sign_in.throttling import TooSoon
from guatu.text import Refusal


class _OurCode:
    """A code is checked, counted and spent by us; `wait` says how long to wait if it came too soon."""

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Any
    wait: TooSoon | None = None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = spent_code(context.request, self.user, code, at=timezone.now())
        except Refusal as refusal:
            self.wait = refusal if isinstance(refusal, TooSoon) else None
            said = f"{refusal.what.in_(spoken())}{'。' if spoken() == 'zh' else '. '}{refusal.remedy.in_(spoken())}"
            raise ValidationError(said) from refusal
        return code


class CodeForm(_OurCode, AuthenticateForm):  # type: ignore[misc]  # the library has no types
    """Second step of signing in."""


class ConfirmingCodeForm(_OurCode, ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    """Confirmation by a code while signed in."""


class EnrolForm(ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    """Turning codes from a phone on. Begins where the library's form would put the secret into the session in clear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = secret_to_enrol(context.request.session, new=not self.is_bound)
