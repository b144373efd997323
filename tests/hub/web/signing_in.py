"""Browsers of the cast, for tests of signing in."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from tests.hub.people import PASSWORD, TOTP_SECRET


def browser(address: str = "203.0.113.7") -> Client:
    return Client(
        REMOTE_ADDR=address, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36"}
    )


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Fill in the page of signing in."""
    answer: HttpResponse = client.post("/sign-in", {"login": name, "password": password, **more})
    return answer


def code(step: int = 0, secret: str = TOTP_SECRET) -> str:
    """What the phone shows now, or `step` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def wrong_code(secret: str = TOTP_SECRET) -> str:
    """Six digits that are right at no time near now."""
    right = {code(step, secret) for step in range(-3, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in right)
