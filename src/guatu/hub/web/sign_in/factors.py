"""Second factors of one's own: the library's ceremonies, our actions."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guatu.hub.accounts.actions.second_factors import add_codes, add_passkey, make_recovery_codes, remove_factor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.sign_in import sessions
from guatu.hub.accounts.sign_in.second_factors import needs_second_factor
from guatu.text import Text


class Factors(IndexView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "needed": needs_second_factor(self.request.actor),
            "factors": Authenticator.objects.filter(user=self.request.user),
        }


class AddCodes(ActivateTOTPView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/add_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        made = add_codes(person=self.request.user, secret=form.secret, by=self.request.actor, at=timezone.now())
        clear_totp_secret(self.request)
        return _added(self.request, made, Text("验证器已启用。", "Codes from your phone are on."))


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/add_passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        made = add_passkey(
            person=self.request.user,
            name=form.cleaned_data["name"][:64],
            credential=form.cleaned_data["credential"],
            by=self.request.actor,
            at=timezone.now(),
        )
        return _added(self.request, made, Text("通行密钥已添加。", "The passkey is added."))


class RemoveCodes(DeactivateTOTPView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/remove.html"
    extra_context: dict[str, Any] = {"what": Text("停用验证器", "Turn off codes from the phone")}  # noqa: RUF012  # Django's own way

    def form_valid(self, form: Any) -> HttpResponse:
        return _removed(self.request, self.authenticator)


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/remove.html"
    extra_context: dict[str, Any] = {"what": Text("删除通行密钥", "Remove the passkey")}  # noqa: RUF012  # Django's own way

    def form_valid(self, form: Any) -> HttpResponse:
        return _removed(self.request, self.get_object())


class MakeRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/make_recovery_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        make_recovery_codes(person=self.request.user, by=self.request.actor, at=timezone.now())
        return redirect("mfa_view_recovery_codes")


class RecoveryCodesShown(ViewRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    template_name = "my_account/recovery_codes.html"


def _added(request: HttpRequest, codes_made: bool, said: Text) -> HttpResponse:
    sessions.note_second_factor(request.session)
    messages.success(request, said.in_(spoken()))
    return redirect("mfa_view_recovery_codes" if codes_made else "mfa_index")


def _removed(request: Any, authenticator: Authenticator) -> HttpResponse:
    needed = needs_second_factor(request.actor)
    remove_factor(authenticator=authenticator, required=needed, by=request.actor, at=timezone.now())
    messages.success(request, Text("已停用。", "It is off.").in_(spoken()))
    return redirect("mfa_index")
