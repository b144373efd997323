"""The log: one line an event, for programs as JSON, and nothing in it about a person.

Nothing a person wrote can come out, by construction: a message is printed as its template, and of the values given to it only
numbers are filled in; a library's message without values may have been filled before, so its place stands for it; of `extra`
only the fields named here; of an exception its kind and the places it passed, never its words.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any, TextIO

from guatu.hub.config.requests import request_id

FIELDS = ("route", "method", "status", "ms", "person", "network", "worker", "job", "count", "seconds")
"""What `extra` may carry: ids, names of our own, counts and times."""

_PLACE = re.compile(r"%(?:\(\w+\))?[#0\- +]?(?:\*|\d+)?(?:\.\d+)?[diouxXeEfFgGcrsa%]")
_LONGEST_NUMBER = 10**9  # longer ones may be phone or identity numbers
_PLAIN_LOGGERS = ("_granian", "django_tasks", "django_tasks_db")
"""Libraries whose messages hold process ids, job ids and names of functions alone."""


def said(record: logging.LogRecord) -> str:
    """The message without anything a person may have written."""
    if record.name.startswith(_PLAIN_LOGGERS):
        return record.getMessage()
    if not record.args and not record.name.startswith("guatu"):
        return f"{record.module}:{record.lineno}"
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    values = iter(record.args if isinstance(record.args, tuple) else ())
    return _PLACE.sub(lambda place: "%" if place.group() == "%%" else _filled(next(values, None)), template)


def _filled(value: object) -> str:
    if isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < _LONGEST_NUMBER):
        return str(value)
    return "…"


def fault(record: logging.LogRecord) -> dict[str, Any]:
    """Kind of the exception and of those behind it, and the places it passed through."""
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    kinds: list[str] = []
    error: BaseException | None = record.exc_info[1]
    places = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(record.exc_info[2])]
    while error is not None and len(kinds) < 10:
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return {"fault": kinds, "at": places}


def network_of(address: str) -> str:
    """The network an address is in, wide enough to hold many people: /24, or /48 of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))


class Lines(logging.Formatter):
    """A JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.fields(record), ensure_ascii=False)

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": said(record),
        }
        if current := request_id():
            line["request"] = current
        for name in FIELDS:
            if isinstance(value := record.__dict__.get(name), str | int | float):
                line[name] = value
        return line | fault(record)


class PlainLines(Lines):
    """The same fields for somebody at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = self.fields(record)
        places = line.pop("at", [])
        begin = f"{line.pop('time')[11:19]} {line.pop('level'):7} {line.pop('event')}"
        line.pop("logger")
        rest = " ".join(f"{name}={value}" for name, value in line.items())
        return "\n    ".join([f"{begin}  {rest}".rstrip(), *places])


class ToStandardError(logging.StreamHandler[TextIO]):
    """To standard error as it is when a line is told: whoever stands in for it meanwhile hears the line."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def logging_config(form: str) -> dict[str, Any]:
    """The configuration for `logging`, in the form `json`, `text` or `auto`."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines if as_json else PlainLines}},
        "handlers": {"lines": {"()": ToStandardError, "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},  # libraries tell of their troubles, not of their doings
        "loggers": {
            "guatu": {"level": "INFO"},
            "_granian": {**quiet, "handlers": ["lines"], "propagate": False},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # our own line tells of refused requests
            "django.server": quiet,
            "django_tasks": quiet,
            "django_tasks_db": quiet,
            "py.warnings": quiet,
        },
    }
