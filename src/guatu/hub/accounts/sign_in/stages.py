"""What stands between a right password and a session."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # the library has no types
    """Asks whoever has a second factor for it, unless they came with one: a code beside the password, a provider that asks."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if came_with_second_factor(request, self.login.user):
            return False
        return bool(super()._should_handle(request))


def ways_of(request: HttpRequest, person: object) -> list[str]:
    """How somebody has shown who they are in this session: `password`, `totp`, `provider`, …"""
    ways = []
    for one in get_authentication_records(request, person):
        if one["method"] == "socialaccount":
            ways.append("trusted_provider" if _is_trusted(one["provider"]) else "provider")
        else:
            ways.append(str(one.get("type") or one["method"]))
    return list(dict.fromkeys(ways))


def came_with_second_factor(request: HttpRequest, person: object) -> bool:
    return bool({"totp", "trusted_provider"} & set(ways_of(request, person)))


def _is_trusted(provider: str) -> bool:
    """Whether a provider's own second factor counts here, as its configuration says."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return any(one["provider_id"] == provider and one["settings"]["second_factor"] for one in apps)
