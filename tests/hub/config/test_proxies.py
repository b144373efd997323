"""The sender's address comes from our own proxies or from the connection, never from the sender."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.hub.config.proxies import behind

OURS = ["127.0.0.1", "10.0.0.0/24"]


def seen(**environ: str) -> dict[str, Any]:
    """What the application is given."""
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        found.update(environ)
        return []

    behind(OURS, application)(dict(environ), lambda *_: None)
    return found


@pytest.mark.parametrize(
    ("connection", "forwarded", "sender"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was written by the sender
        ("127.0.0.1", "203.0.113.7, 10.0.0.5", "203.0.113.7"),  # two proxies of ours
        ("127.0.0.1", "10.0.0.8, 10.0.0.5", "10.0.0.8"),
        ("127.0.0.1", "203.0.113.7, nonsense", ""),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),  # past the proxy: what it says is thrown away
        ("10.0.0.5", "", "10.0.0.5"),
    ],
)
def test_the_last_address_not_ours_is_the_sender(connection: str, forwarded: str, sender: str) -> None:
    environ = {"REMOTE_ADDR": connection} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert seen(**environ)["REMOTE_ADDR"] == sender


def test_a_sender_past_the_proxy_cannot_claim_to_have_come_over_tls() -> None:
    assert "HTTP_X_FORWARDED_PROTO" not in seen(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert seen(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_PROTO="https")["HTTP_X_FORWARDED_PROTO"] == "https"
