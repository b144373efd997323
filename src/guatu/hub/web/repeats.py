"""A doubled click or a form sent again has one effect and leads to the same page.

A form says `{% idempotency_key %}` beside `{% csrf_token %}`; nothing else is needed. Views answer what they did with a
redirect, which a repeat is given too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.requests import BesideViews, said_by_form
from guatu.hub.audit.idempotency import LONGEST, Answer, Asked, done_once
from guatu.hub.audit.recording import canonical, records_written
from guatu.hub.audit.refusals import Conflict
from guatu.hub.web.refusals import refused_page
from guatu.hub.web.templatetags.forms import FIELD
from guatu.text import Refusal, Text

_KEY = re.compile(rf"[A-Za-z0-9_-]{{16,{LONGEST}}}")


class AlreadyDone(Conflict):
    """The first time was answered with something that is not kept (a page, a file)."""

    def __init__(self) -> None:
        super().__init__(
            "",
            Text("这张表单已经办理过，没有再办一次", "this form has been dealt with already; it was not done again"),
            Text("重新打开页面看结果。", "Open the page anew to see the result."),
        )


class WrongKey(Refusal):
    """The hidden field does not hold what this site put there."""

    def __init__(self) -> None:
        super().__init__(
            "",
            Text("表单不完整，没有办理", "the form is not whole; nothing was done"),
            Text("重新打开表单再填。", "Open the form anew and fill it in."),
        )


class RepeatsMiddleware(BesideViews):
    """Deals with every form that carries a key once."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        actor: Actor | None = getattr(request, "actor", None)
        if request.method != "POST" or actor is None or _is_api(request) or not request.POST.get(FIELD):
            return None
        key = request.POST[FIELD]
        if not _KEY.fullmatch(key):
            return refused_page(request, WrongKey())
        request.actor = replace(actor, source=replace(actor.source, idempotency_key=key))  # type: ignore[attr-defined]  # set by the policy
        asked = Asked(f"person:{actor.person_id}", key, _digest(request))
        try:
            return _answered_once(request, asked, lambda: view(request, *args, **kwargs))
        except Refusal as refusal:
            return refused_page(request, refusal)


def _answered_once(request: HttpRequest, asked: Asked, view: Callable[[], HttpResponse]) -> HttpResponse:
    fresh: list[HttpResponse] = []

    def act() -> Answer | None:
        before = records_written()
        response = view()
        fresh.append(response)
        if response.status_code >= 400 or records_written() == before:
            return None
        return Answer(response.status_code, response.headers.get("Location", ""))

    kept = done_once(asked, act, at=timezone.now())
    if kept is None:
        return fresh[0]
    if not kept.text:
        return refused_page(request, AlreadyDone())
    return HttpResponseRedirect(kept.text)


def _is_api(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name.startswith("api-")


def _digest(request: HttpRequest) -> str:
    """Of everything the form says, files included, but for what differs from one showing of it to the next.

    Keyed with the site's secret, so that what is kept tells nobody what was sent.
    """
    said = [request.get_full_path(), *said_by_form(request, "csrfmiddlewaretoken", FIELD)]
    text = canonical(said).encode(errors="surrogatepass")
    return salted_hmac("guatu.web.repeats", text, algorithm="sha256").hexdigest()
