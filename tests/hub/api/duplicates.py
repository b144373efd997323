"""Send the same requests many times at once to a running site, and count what came of them."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from json import dumps, loads
from urllib.parse import urlsplit

from tests.hub.live import Site

AT_ONCE = 50
SINCE = "2021-01-01"


@dataclass(slots=True)
class Outcome:
    """What many repeats came to; `faults` must be empty."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    effects: int = 0
    records: int = 0
    replayed: int = 0
    faults: list[str] = field(default_factory=list)

    def said(self) -> str:
        told = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.sent} requests ({told}; {self.replayed} replayed): {self.effects} units, {self.records} records"


def send_duplicates(site: Site, *, keys: int, times: int = AT_ONCE, seed: int = 1) -> Outcome:
    """Each key opens a unit of its own, `times` times, all of them at once; then once more each with another body."""
    outcome = Outcome()
    bodies: dict[str, set[bytes]] = defaultdict(set)
    lock = threading.Lock()
    before = site.ask("[Unit.objects.count(), Record.objects.count()]")
    pool = ThreadPoolExecutor(AT_ONCE)

    def send(number: int, title: str) -> tuple[int, bytes, bool]:
        status, body, replayed = _open_unit(site, f"dup-{seed}-{number}", title)
        with lock:
            outcome.sent += 1
            outcome.statuses[status] += 1
            outcome.replayed += replayed
        return status, body, replayed

    def repeat(number: int) -> None:
        status, body, _ = send(number, f"重复{seed}-{number}")
        with lock:
            bodies[f"{number}"].add(body)
            if status != 201:
                outcome.faults.append(f"key {number}: {status} {body[:200]!r}")

    with pool:
        list(pool.map(repeat, _shuffled_within(keys, times, seed)))
        for number, (status, _, _) in enumerate(pool.map(lambda one: send(one, "另一个"), range(keys))):
            if status != 409:
                outcome.faults.append(f"key {number} with another body: {status}")
    outcome.faults += [f"key {key}: {len(found)} different answers" for key, found in bodies.items() if len(found) != 1]
    after = site.ask("[Unit.objects.count(), Record.objects.count()]")
    outcome.effects, outcome.records = after[0] - before[0], after[1] - before[1]
    if (outcome.effects, outcome.records, len({loads(one)["id"] for found in bodies.values() for one in found})) != (
        keys,
    ) * 3:
        outcome.faults.append(f"{outcome.effects} units and {outcome.records} records of {keys} keys")
    return outcome


def _shuffled_within(keys: int, times: int, seed: int) -> Iterator[int]:
    """The repeats of four keys at a time, mixed: so that one key meets itself and others on their way."""
    chance = random.Random(seed)
    for first in range(0, keys, 4):
        lot = [number for number in range(first, min(first + 4, keys)) for _ in range(times)]
        chance.shuffle(lot)
        yield from lot


def _open_unit(site: Site, key: str, title: str) -> tuple[int, bytes, bool]:
    body = {"parent_id": site.units["city"], "kind": "enterprise", "title_zh": title, "on": SINCE}
    headers = {
        "Authorization": f"Bearer {site.tokens['sun']}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    connection = HTTPConnection(urlsplit(site.base).netloc, timeout=60)
    try:
        connection.request("POST", "/api/units", dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Idempotency-Replayed") == "true"
    finally:
        connection.close()
