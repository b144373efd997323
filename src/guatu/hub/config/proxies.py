"""Who really sends a request: what a reverse proxy says is believed when the proxy is one of ours, else thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_SAID_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def behind(proxies: Sequence[str], application: Application) -> Application:
    """The application with the sender's address in REMOTE_ADDR: the last one in X-Forwarded-For that is no proxy of ours."""
    ours = [ip_network(one, strict=False) for one in proxies]

    def called(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _is_in(ours, environ.get("REMOTE_ADDR", "")):
            for name in _SAID_BY_PROXIES:
                environ.pop(name, None)
        elif forwarded := environ.get("HTTP_X_FORWARDED_FOR", ""):
            environ["REMOTE_ADDR"] = _sender(ours, [one.strip() for one in forwarded.split(",")])
        return application(environ, start_response)

    return called


def _sender(ours: Sequence[IPv4Network | IPv6Network], chain: Sequence[str]) -> str:
    """From the end: every name there was written by a proxy of ours, up to the first address that is not ours."""
    for address in reversed(chain):
        if _address(address) is None:
            return ""
        if not _is_in(ours, address):
            return address
    return chain[0]


def _is_in(networks: Sequence[IPv4Network | IPv6Network], address: str) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written)
    except ValueError:
        return None
