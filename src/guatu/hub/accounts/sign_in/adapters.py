"""Where the sign-in library asks us: nobody signs up, sessions begin by our action, secrets are sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guatu.hub.accounts.actions.second_factors import link_provider
from guatu.hub.accounts.actions.sign_in import sign_in
from guatu.hub.accounts.addresses import address_of
from guatu.hub.accounts.language import remember_language, spoken
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.sign_in.checking import is_password_of, source_of
from guatu.hub.accounts.sign_in.confirming import confirmed_lately
from guatu.hub.accounts.sign_in.devices import remember_device
from guatu.hub.accounts.sign_in.sealing import sealed, unsealed
from guatu.hub.accounts.sign_in.stages import ways_of
from guatu.hub.accounts.sign_in.throttling import TooSoon
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


class NobodyLinked(Refusal):
    """The provider knows somebody whom this site does not, or not surely."""

    def __init__(self, provider: str) -> None:
        super().__init__(
            provider,
            Text("这个账号没有对应到本系统的人员", "this account belongs to nobody here"),
            Text(
                "先用用户名和密码登录；如果人员资料不全或有重复，请系统管理员补正。",
                "Sign in with name and password; if your details are missing or doubled, ask the system administrator.",
            ),
        )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["guatu.hub.accounts.sign_in.stages.SecondFactorStage"]

    def login(self, request: HttpRequest, user: Person) -> None:
        sign_in(
            request=request,
            person=user,
            ways=ways_of(request, user),
            by=OnBehalf(user.pk, None, None, source_of(request)),
            at=timezone.now(),
        )

    def post_login(self, request: HttpRequest, user: Person, *, redirect_url: str | None, **_: Any) -> HttpResponse:
        """On to the page first asked for; the browser remembers that it knows this person, and their language."""
        response = redirect(redirect_url or settings.LOGIN_REDIRECT_URL)
        remember_device(request, response, user)
        if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, user.language)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return redirect(settings.LOGIN_URL)

    def reauthenticate(self, user: Person, password: str) -> bool:
        try:
            return is_password_of(context.request, user, password, at=timezone.now())
        except TooSoon as refusal:
            raise ValidationError(refusal.what.in_(spoken())) from refusal

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        return not confirmed_lately(context.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def add_message(self, *_: Any, **__: Any) -> None:
        """The library's notices are not ours: pages say what was done in their own words."""

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """Sign-in libraries write mails; people here are told by the site's own notices."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)

    def get_totp_issuer(self) -> str:
        return Text("挂图", "Guatu").in_(spoken())

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        return Text("我的通行密钥", "My passkey").in_(spoken())

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """See `AccountAdapter`."""


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """People of a configured provider: linked to a person by a claim, never made into one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> Any:
        """Only what the settings name; rows somebody may have written into the library's table are nobody's."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if request.user.is_authenticated or sociallogin.state.get("process") not in (None, "login"):
            raise NobodyLinked(sociallogin.account.provider)
        if not sociallogin.is_existing:
            person = _person_claimed(sociallogin)
            linked = link_provider(
                person=person,
                provider=sociallogin.account.provider,
                uid=sociallogin.account.uid,
                by=OnBehalf(person.pk, None, None, source_of(request)),
                at=timezone.now(),
            )
            sociallogin.user, sociallogin.account = person, linked
        SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})  # people's data lie in one place
        if not sociallogin.user.is_active:
            raise NobodyLinked(sociallogin.account.provider)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        raise ProviderFailed(str(getattr(provider, "name", "")))


class ProviderFailed(Refusal):
    """The provider refused, or its answer did not hold."""

    def __init__(self, provider: str) -> None:
        super().__init__(
            provider,
            Text("没有登录成功", "signing in there did not work"),
            Text("再试一次，或用用户名和密码登录。", "Try again, or sign in with name and password."),
        )


def _person_claimed(sociallogin: SocialLogin) -> Person:
    """The one active person whose details hold what the configured claim says; nobody, if it is none or several."""
    account = sociallogin.account
    chosen = next(
        one["settings"]
        for one in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        if one["provider_id"] == account.provider
    )
    said = account.extra_data.get("userinfo") or account.extra_data.get("id_token") or {}
    value = str(said.get(chosen["claim"]) or "").strip()
    if not value:
        raise NobodyLinked(account.provider)
    people = Person.objects.filter(is_active=True)
    found = list(
        people.filter(username=value.lower())[:2]
        if chosen["person"] == "username"
        else people.filter(**{f"details__{chosen['person']}": value})[:2]
    )
    if len(found) != 1 or SocialAccount.objects.filter(user=found[0], provider=account.provider).exists():
        raise NobodyLinked(account.provider)
    person: Person = found[0]
    return person
