"""The id a request goes by: in its log line, in the record of what it changed, and on the page that says it failed."""

from __future__ import annotations

import uuid
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """A fresh id for the request that begins now."""
    made = uuid.uuid4().hex
    _current.set(made)
    return made


def request_id() -> str:
    """The id of the request at hand; empty outside of one."""
    return _current.get()
