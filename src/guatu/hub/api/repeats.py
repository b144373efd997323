"""Every POST of the API carries an Idempotency-Key; repeated, it gets the first answer and has no second effect."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.requests import BesideViews, said_by_form
from guatu.hub.api.problems import problem
from guatu.hub.audit.acting import all_or_nothing
from guatu.hub.audit.idempotency import LONGEST, Answer, Asked, KeyReused, done_once
from guatu.hub.audit.recording import canonical
from guatu.text import Refusal, Text

HEADER, FORM = "Idempotency-Key", "multipart/form-data"
KEY_PATTERN = rf"^[!-~]{{1,{LONGEST}}}$"
_KEY = re.compile(KEY_PATTERN.strip("^$"))

_NO_KEY = Refusal(
    HEADER,
    Text("缺少幂等键，或写得不对，没有办理", "the idempotency key is missing or malformed; nothing was done"),
    Text(
        f"每个新请求带一个新的随机键（1 到 {LONGEST} 个可见 ASCII 字符，如 UUID）；重发时用原来的键。",
        f"Send a new random key with every new request (1 to {LONGEST} visible ASCII characters, such as a UUID); "
        "send the same key when you repeat one.",
    ),
)


class RepeatsMiddleware(BesideViews):
    """Does every POST of the API once per key."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        actor: Actor | None = getattr(request, "actor", None)
        match = request.resolver_match
        if request.method != "POST" or actor is None or match is None or not match.view_name.startswith("api-"):
            return None
        key = request.headers.get(HEADER, "")
        if not _KEY.fullmatch(key):
            return problem(400, "idempotency_key_missing", _NO_KEY)
        asked = Asked(f"token:{actor.source.token_id}", key, _digest(request))
        try:
            return _answered_once(asked, lambda: view(request, *args, **kwargs))
        except KeyReused as refusal:
            return problem(409, "idempotency_key_reused", refusal)


def _answered_once(asked: Asked, view: Callable[[], HttpResponse]) -> HttpResponse:
    """A refused request leaves nothing, its key included: put right, or repeated later, it is judged anew."""
    fresh: list[HttpResponse] = []

    def act() -> Answer | None:
        with all_or_nothing():
            response = view()
        fresh.append(response)
        return Answer(response.status_code, response.content.decode()) if response.status_code < 400 else None

    kept = done_once(asked, act, at=timezone.now())
    if kept is None:
        return fresh[0]
    return HttpResponse(
        kept.text,
        status=kept.status,
        content_type="application/json; charset=utf-8",
        headers={"Idempotency-Replayed": "true"},
    )


def _digest(request: HttpRequest) -> str:
    """Of what the request asks for: another order of fields, or other spaces, are no other request.

    Keyed with the site's secret: what is kept tells nobody what was sent, not even by trying out phone numbers.
    """
    if request.content_type == FORM:
        form = [request.get_full_path(), *said_by_form(request)]
        text = canonical(form).encode(errors="surrogatepass")
        return salted_hmac("guatu.api.repeats", text, algorithm="sha256").hexdigest()
    try:
        said = canonical(json.loads(request.body)).encode(errors="surrogatepass")
    except (ValueError, RecursionError):  # will be refused, but not here
        said = request.body
    return salted_hmac(
        "guatu.api.repeats", request.get_full_path().encode() + b"\n" + said, algorithm="sha256"
    ).hexdigest()
