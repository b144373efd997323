"""A hundred requests a second for a minute on the pages of signed-in people: no 5xx, and how long they wait.

    python drills/steady_load.py [--rate 100] [--seconds 60] [--postgres URL] [--port 8199]

The demonstration city is filled into a place of its own and served by `guatu hub serve` with its worker. Requests leave at their
appointed times whether or not earlier ones have come back (an open loop), and are timed from then, so that waiting counts.
Everything stays on this machine; the load ends after its seconds, whatever comes back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from drills.restore_elsewhere import GUATU, Place, _end, postgresql_place, sqlite_place  # noqa: E402

FILL = """
import django, json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"
django.setup()
from django.test import Client
from django.utils import timezone
from demo.hub import fill
sessions = {}
for slip in fill(timezone.now()):
    client = Client()
    client.force_login(slip.person, backend="guatu.hub.accounts.sign_in.backends.PersonBackend")
    sessions[slip.person.username] = client.cookies["session"].value
print(json.dumps(sessions))
"""
MOST_PAGES_EACH = 15
MOST_WAITING = 2000
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Page:
    address: str
    session: str


@dataclass
class Answers:
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    cpu_seconds: float = 0.0
    """What the site's processes, worker included, worked meanwhile."""

    def percentile(self, share: float) -> float:
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def pages_of(port: int, session: str) -> list[Page]:
    """What one person comes to by following links from their desk."""
    found: list[Page] = []
    waiting, seen = ["/"], {"/"}
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    while waiting and len(found) < MOST_PAGES_EACH:
        address = waiting.pop(0)
        connection.request("GET", address, headers={"Cookie": f"session={session}"})
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        if answer.status != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        found.append(Page(address, session))
        for link in re.findall(r'<a[^>]* href="(/[^"#]*)"', body):
            link = link.replace("&amp;", "&")
            if link not in seen and not link.startswith(("/sign-out", "/static")):
                seen.add(link)
                waiting.append(link)
    connection.close()
    return found


class Load:
    """An open loop over kept connections."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers = Answers()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def run(self, pages: list[Page], rate: float, seconds: float) -> Answers:
        asked, begun = cycle(pages), time.perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        for number in range(int(rate * seconds)):
            due = begun + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            if len(tasks) >= MOST_WAITING:
                self.answers.failed["not sent: too many waiting"] += 1
                continue
            task = asyncio.create_task(self._one(next(asked), due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks, timeout=TIMEOUT)
        for _, writer in self._idle:
            writer.close()
        return self.answers

    async def _one(self, page: Page, due: float) -> None:
        try:
            status = await asyncio.wait_for(self._ask(page), TIMEOUT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.answers.failed[type(error).__name__] += 1
            return
        self.answers.statuses[status] += 1
        self.answers.waits.append(time.perf_counter() - due)

    async def _ask(self, page: Page) -> int:
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
        request = f"GET {page.address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session={page.session}\r\n\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        if length is None:
            raise ConnectionError("an answer without its length")
        await reader.readexactly(int(length[1]))
        self._idle.append((reader, writer))
        return int(head.split(" ", 2)[1])


def drill(
    place_of: Callable[[], object], *, rate: float, seconds: float, port: int, workers: int = 2, people: int = 100
) -> tuple[Answers, int]:
    """Fill, serve, load; the answers, and over how many pages they were spread."""
    with place_of() as place:  # type: ignore[attr-defined]
        done = place.run("hub", "migrate")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        sessions = _filled(place)
        line = [*GUATU, "hub", "serve", "--port", str(port), "--workers", str(workers)]
        server = subprocess.Popen(line, env=place.environment, stderr=subprocess.DEVNULL)
        try:
            _until_ready(server, port)
            # Administrators see nothing before they have a second factor.
            readable = [found for session in sessions.values() if (found := pages_of(port, session))]
            pages = [page for found in readable[:people] for page in found]
            before = cpu_seconds(server.pid)
            answers = asyncio.run(Load(port).run(pages, rate, seconds))
            answers.cpu_seconds = cpu_seconds(server.pid) - before
            return answers, len(pages)
        finally:
            _end(server)


def cpu_seconds(parent: int) -> float:
    """Of a process and its children so far, in user and kernel mode; 0 where the system does not tell."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if parent in (int(path.parent.name), int(fields[1])):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _filled(place: Place) -> dict[str, str]:
    line = [sys.executable, "-c", FILL]
    done = subprocess.run(line, env=place.environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit("The site did not start.")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise SystemExit("The site was not ready in time.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--port", type=int, default=8199)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--postgres", help="a superuser's address, as postgresql://postgres@127.0.0.1:5432/postgres")
    given = parser.parse_args()
    place_of = (lambda: postgresql_place(given.postgres)) if given.postgres else sqlite_place
    answers, pages = drill(place_of, rate=given.rate, seconds=given.seconds, port=given.port, workers=given.workers)
    asked = int(given.rate * given.seconds)
    print(
        f"{asked} requests at {given.rate:g} a second over {pages} pages of signed-in people, {given.workers} web processes"
    )
    print(
        f"answered {len(answers.waits)}: {dict(sorted(answers.statuses.items()))}, not answered {dict(answers.failed)}"
    )
    each = 1000 * answers.cpu_seconds / max(1, len(answers.waits))
    print(f"the site worked {each:.1f} ms of one core for each; load of the machine {os.getloadavg()[0]:.1f}")
    for share in (0.5, 0.95, 0.99, 1.0):
        print(f"  p{share * 100:g}  {answers.percentile(share) * 1000:.0f} ms")
    bad = sum(count for status, count in answers.statuses.items() if status >= 500)
    return 1 if bad or answers.failed or len(answers.waits) != asked else 0


if __name__ == "__main__":
    sys.exit(main())
