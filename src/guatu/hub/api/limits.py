"""How often a token and an address may ask: buckets that fill steadily, in the memory of each web process.

Kept in memory, a refused request costs the database nothing; the price is that a site with several web processes lets
through up to that many times the figures (docs/reference/api.md).
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

_MOST_BUCKETS = 20_000
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands after asking: whether it is allowed, what is left, and in how many seconds the next is."""

    policy: str
    quota: int
    allowed: bool
    left: int
    wait: int

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers says it."""
        found = {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={_MINUTE}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.wait}',
        }
        return found if self.allowed else found | {"Retry-After": str(self.wait)}


class Buckets:
    """One bucket for each name that asks; those not seen for longest are forgotten when there are very many."""

    def __init__(self, policy: str) -> None:
        self.policy = policy
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, per_minute: int, now: float) -> Standing:
        """Ask for one at a moment of a steady clock; a full bucket holds a minute's worth."""
        rate = per_minute / _MINUTE
        with self._lock:
            level, seen = self._levels.pop(name, (float(per_minute), now))
            level = min(float(per_minute), level + (now - seen) * rate)
            allowed = level >= 1
            if allowed:
                level -= 1
            self._levels[name] = (level, now)
            if len(self._levels) > _MOST_BUCKETS:
                self._levels.popitem(last=False)
        wait = 0 if level >= 1 else math.ceil((1 - level) / rate)
        return Standing(self.policy, per_minute, allowed, int(level), wait)


def sender(address: str) -> str:
    """Whom an address stands for: with IPv6 its /64, of which one machine has as many addresses as it likes."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
