"""From where a request comes, as far as counting goes."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The sender's network address. Behind proxies of ours the server has put theirs there (`hub.config.proxies`)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one, which its holder may vary at will."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))
