"""To a sign-in provider and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from requests import RequestException

from guatu.hub.accounts.sign_in.adapters import ProviderFailed


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # the library has no types
    """Checks the signature of an ID token even where TLS would do, that it was made for this journey, and that both answers
    speak of one person."""

    def _decode_id_token(self, app: Any, id_token: str) -> Any:
        said = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if not constant_time_compare(str(said.get("nonce", "")), nonce_of(self.request.GET.get("state", ""))):
            raise OAuth2Error("ID token of another journey")  # OpenID Connect Core 1.0, 3.1.3.7
        return said

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        login = super().complete_login(request, app, token, **kwargs)
        said = login.account.extra_data
        if said["userinfo"].get("sub") != said["id_token"].get("sub"):  # OpenID Connect Core 1.0, 5.3.2
            raise OAuth2Error("user info of another subject")
        return login


def nonce_of(state: str) -> str:
    """What the ID token of a journey must carry: made from its state, which the library ties to the browser's session, and
    good once (OpenID Connect Core 1.0, 15.5.2)."""
    return salted_hmac("guatu.sign_in.nonce", state, algorithm="sha256").hexdigest()


def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    answer = _asked(OAuth2LoginView, request, provider_id)
    leading = answer.headers.get("Location", "")
    state = parse_qs(urlsplit(leading).query).get("state")
    if state:
        answer.headers["Location"] = f"{leading}&{urlencode({'nonce': nonce_of(state[0])})}"
    return answer


def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _asked(OAuth2CallbackView, request, provider_id)


def _asked(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(CheckedAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (RequestException, OAuth2Error, ValueError, KeyError) as error:
        raise ProviderFailed(provider_id) from error
    return answer
