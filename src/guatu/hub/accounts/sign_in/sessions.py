"""Sessions in the database, each with who is signed in by it; Django's `SESSION_ENGINE`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from guatu.hub.accounts.addresses import address_of
from guatu.hub.accounts.models import KeptSession, Person
from guatu.hub.accounts.sign_in.profile import SessionLimits
from guatu.hub.composed import ByKey

_KEY = "signed_in"
_SEEN_EVERY_SECONDS = 60  # a session is written at most so often only to say it is in use


@ByKey
def _kept(key: Any, now: Any) -> Any:
    """The session of a key that has not ended."""
    return KeptSession.objects.filter(session_key=key, expire_date__gt=now).only("session_data")


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[KeptSession]:
        return KeptSession

    def _get_session_from_db(self) -> KeptSession | None:
        """As the database keeps it; read with every page."""
        found: KeptSession | None = _kept.first(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> KeptSession:
        """The row of a session: what pages list stands beside the data it comes from."""
        row = super().create_model_instance(data)
        assert isinstance(row, KeptSession)
        if told := data.get(_KEY):
            row.name, row.person_id = told["name"], told["person"]
            row.started_at, row.seen_at = _instant(told["started_at"]), _instant(told["seen_at"])
            row.address, row.browser = told["address"], told["browser"]
        return row


def begin(sender: object, request: HttpRequest, user: Person, **_: object) -> None:
    """Note in a session who has just signed in by it. Django calls this at every sign-in, whatever the way."""
    now = timezone.now().isoformat()
    request.session[_KEY] = {
        "name": uuid.uuid4().hex,
        "person": user.pk,
        "started_at": now,
        "seen_at": now,
        "address": address_of(request),
        "browser": request.headers.get("User-Agent", "")[:300],
    }


def name_of(session: SessionBase) -> str:
    """The name under which pages list the session at hand; empty if nobody is signed in by it."""
    return str(session.get(_KEY, {}).get("name", ""))


def began_at(session: SessionBase) -> datetime | None:
    """When somebody signed in by the session at hand."""
    return _instant(session[_KEY]["started_at"]) if _KEY in session else None


def over(session: SessionBase, limits: SessionLimits, at: datetime) -> str | None:
    """Why a signed-in session is at its end: `idle`, `absolute`, or `unknown` if it never began here; None while it lasts."""
    told = session.get(_KEY)
    if told is None:
        return "unknown"
    if at - _instant(told["started_at"]) > limits.absolute:
        return "absolute"
    return "idle" if at - _instant(told["seen_at"]) > limits.idle else None


def seen(session: SessionBase, at: datetime) -> None:
    """Note that the session is in use."""
    told = session[_KEY]
    if (at - _instant(told["seen_at"])).total_seconds() > _SEEN_EVERY_SECONDS:
        session[_KEY] = {**told, "seen_at": at.isoformat()}


def has_second_factor(session: SessionBase) -> bool:
    """Whether this session is known to be of somebody with a second factor."""
    return bool(session.get("second_factor"))


def note_second_factor(session: SessionBase) -> None:
    session["second_factor"] = True


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
