"""The door of the API: what comes in is counted and measured first, and every error goes out as problem details."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import BesideViews
from guatu.hub.api.description import JSON, described_path, known_fields, known_parameters
from guatu.hub.api.limits import Buckets, Standing, sender
from guatu.hub.api.problems import MEDIA_TYPE, problem
from guatu.hub.api.repeats import FORM
from guatu.hub.api.routes import api
from guatu.hub.ledger.actions.imports import MOST_MB
from guatu.text import Refusal, Text

PREFIX = "/api/"
BY_ADDRESS, BY_TOKEN = Buckets("address"), Buckets("token")

_TOO_OFTEN = Refusal(
    "HTTP",
    Text("请求太频繁", "too many requests"),
    Text(
        "按应答头 Retry-After 的秒数等一等再发。",
        "Wait the seconds that the Retry-After header gives, then send it again.",
    ),
)
_NO_SUCH_PARAMETER = Refusal(
    "URL",
    Text("有不认识的查询参数", "there are query parameters that this address does not know"),
    Text("去掉它们，或看接口说明里的写法。", "Leave them out, or see how the description of the API spells them."),
)
_NOT_JSON = Refusal(
    "Content-Type",
    Text("正文不是 JSON", "the body is not JSON"),
    Text("写上 Content-Type: application/json。", "Send it as Content-Type: application/json."),
)
_NOT_A_FORM = Refusal(
    "Content-Type",
    Text("正文不是带文件的表单", "the body is no form with a file"),
    Text("写上 Content-Type: multipart/form-data。", "Send it as Content-Type: multipart/form-data."),
)
_NO_SUCH_FIELD = Refusal(
    "HTTP",
    Text("有不认识的字段", "there are fields that this address does not know"),
    Text("去掉它们，或看接口说明里的写法。", "Leave them out, or see how the description of the API spells them."),
)
_AROUND_A_FILE = 1 << 16
"""Bytes of a form beside its file."""


class DoorMiddleware:
    """Outside the policy: addresses that ask too often and bodies that are too large get no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        standing = BY_ADDRESS.take(
            sender(request.META.get("REMOTE_ADDR", "")), settings.API_PER_ADDRESS, time.monotonic()
        )
        request.standing = standing  # type: ignore[attr-defined]  # ours: the token's takes its place below
        response = self._answer(request, standing)
        for name, value in request.standing.headers().items():  # type: ignore[attr-defined]
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest, standing: Standing) -> HttpResponse:
        if not standing.allowed:
            return problem(429, refusal=_TOO_OFTEN)
        if _length(request) > _most_bytes(request):
            return problem(413)
        response = self.get_response(request)
        if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            kept = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else None
            return problem(response.status_code, headers=kept)
        return response


class TokenMiddleware(BesideViews):
    """Inside the policy: how often the token asks, and whether the request is one this operation knows."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.source.token_id is None:
            return None
        standing = BY_TOKEN.take(str(actor.source.token_id), settings.API_PER_TOKEN, time.monotonic())
        request.standing = standing  # type: ignore[attr-defined]
        if not standing.allowed:
            return problem(429, refusal=_TOO_OFTEN)
        return _unknown_parameters(request) or _wrong_type(request)


def _unknown_parameters(request: HttpRequest) -> HttpResponse | None:
    """A misspelt filter must not look like no filter."""
    unknown = [f"query/{name}" for name in request.GET if name not in known_parameters(api).get(_asked(request), ())]
    if not unknown:
        return None
    return problem(422, "no_such_parameter", _NO_SUCH_PARAMETER, errors=_places(unknown, "参数", "parameter"))


def _wrong_type(request: HttpRequest) -> HttpResponse | None:
    """JSON, or where a file is sent a form, with no field that is not described."""
    if request.method != "POST":
        return None
    known = known_fields(api).get(_asked(request))
    if known is None:
        return problem(415, refusal=_NOT_JSON) if _length(request) and request.content_type != JSON else None
    if request.content_type != FORM:
        return problem(415, refusal=_NOT_A_FORM)
    unknown = [f"form/{name}" for name in [*request.POST, *request.FILES] if name not in known]
    return problem(422, "no_such_field", _NO_SUCH_FIELD, errors=_places(unknown, "字段", "field")) if unknown else None


def _places(unknown: list[str], zh: str, en: str) -> list[Mapping[str, str]]:
    said = Text(f"没有这个{zh}", f"there is no such {en}").in_(spoken())
    return [{"at": one, "detail": said} for one in unknown]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The operation, as the description names it."""
    assert request.resolver_match is not None
    return described_path(request.resolver_match.route), request.method or ""


def _most_bytes(request: HttpRequest) -> int:
    """A form may carry a file; whether this address takes one is judged before any of it is read."""
    if request.content_type == FORM:
        most = MOST_MB if request.path.endswith("/imports") else settings.ATTACHMENT_MB
        return max(settings.API_BODY_BYTES, (most << 20) + _AROUND_A_FILE)
    return int(settings.API_BODY_BYTES)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0
