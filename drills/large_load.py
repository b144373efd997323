"""A workbook of units and people through the page and the worker of a site that runs: sent, read, looked at, accepted, carried out.

    python drills/large_load.py [--units 20000] [--people 0] [--database postgresql://USER@HOST:PORT/NAME]

One web process and one worker, as `guatu hub serve` and `guatu hub worker` start them; whoever loads follows the page as a browser
would. Prints the seconds of each step on the clock and the slowest answer of the page; exit code 1 when a step does not come about or
the tree is not what the workbook says.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hub.live import GUATU, ROOT, Site, live_site

UNITS = ("单位名称", "英文名称", "类别", "单位代码", "上级单位", "排序", "设立日期")
PEOPLE = ("登录名", "姓名", "所在单位", "角色", "职务", "手机", "身份证号", "邮箱", "任职日期")
TOWNS, SINCE = 50, "2024-03-01"
PATIENCE = 1200
"""Seconds after which a step that does not come about is given up."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--database", default="", help="PostgreSQL; SQLite if not given")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-load-") as folder:
        path = Path(folder) / "units.xlsx"
        write_workbook(path, given.units, given.people)
        with live_site(Path(folder), database=given.database, workers=1) as site, worker(site):
            told = loaded(site, path)
            there = site.ask(
                "[Unit.objects.count(), UnitSpan.objects.count(), Person.objects.count(), Post.objects.count()]"
            )
    meant = [5 + given.units, 5 + given.units, 9 + given.people, 9 + given.people]
    print(json.dumps({**told, "units, spans, people, posts": there}, ensure_ascii=False, indent=1))
    return 0 if there == meant else 1


def write_workbook(path: Path, units: int, people: int) -> None:
    """Towns under a district, and enterprises under the towns; people at the first of them."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("单位")
    sheet.append(UNITS)
    for number in range(units):
        above = "东城区" if number < TOWNS else f"东城区/新镇{number % TOWNS}"
        title, kind = (f"新镇{number}", "镇") if number < TOWNS else (f"企业{number:05}", "企业")
        sheet.append((title, f"Unit {number}", kind, "", above, number, SINCE))
    other = book.create_sheet("人员")
    other.append(PEOPLE)
    for number in range(people):
        unit = f"东城区/新镇{number % min(TOWNS, units)}"
        other.append((f"loaded{number:05}", "某人", unit, "填报员", "", f"139{number:08}", "", "", SINCE))
    book.save(path)


@contextmanager
def worker(site: Site) -> Iterator[None]:
    process = subprocess.Popen([*GUATU, "hub", "worker"], env=site.environment, cwd=ROOT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def loaded(site: Site, path: Path) -> dict[str, object]:
    """The seconds of each step; whoever gives posts accepts those of the load."""
    seconds: dict[str, float] = {}
    sun, zhou = Browser(site, "sun"), Browser(site, "zhou")
    with timed(seconds, "sent"):
        address = sun.send("/loads", "/loads", {"on": "2026-06-01"}, path)
    with timed(seconds, "read"):
        sun.follow(address)
    with timed(seconds, "accepted"):
        sun.send(address, f"{address}/accept", {})
    with timed(seconds, "carried out"):
        page = sun.follow(address)
    if "/posts" in zhou.get(address):
        with timed(seconds, "posts given"):
            zhou.send(address, f"{address}/posts", {})
            page = zhou.follow(address)
    if "已载入" not in page:
        raise SystemExit(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    slowest = round(max(sun.slowest, zhou.slowest), 2)
    return {"seconds": {step: round(took, 1) for step, took in seconds.items()}, "slowest answer of a page, s": slowest}


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[step] = time.monotonic() - began


@dataclass
class Browser:
    """As much of one as it takes: a session, forms with their hidden fields, pages that refresh."""

    site: Site
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self.cookies["session"] = self.site.sessions[self.name]

    def get(self, address: str) -> str:
        return self._asked("GET", address)[2]

    def follow(self, address: str) -> str:
        """The page once it no longer refreshes."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            _, headers, page = self._asked("GET", address)
            if "refresh" not in headers:
                return page
            time.sleep(min(0.5, float(headers["refresh"])))
        raise SystemExit(f"{address} did not come about in {PATIENCE} s")

    def send(self, page: str, address: str, fields: dict[str, str], file: Path | None = None) -> str:
        """Send the form of a page; the address it leads to."""
        shown = self.get(page)
        hidden = {name: _hidden(shown, name) for name in ("csrfmiddlewaretoken", "idempotency_key")}
        status, headers, body = self._asked("POST", address, *_form({**fields, **hidden}, file))
        if status != 302:
            raise SystemExit(f"{address}: {status} {body[:2000]}")
        return headers["location"]

    def _asked(self, method: str, address: str, body: bytes = b"", kind: str = "") -> tuple[int, dict[str, str], str]:
        connection = HTTPConnection(urlsplit(self.site.base).netloc, timeout=PATIENCE)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {"Content-Type": kind, "Origin": self.site.base} if body else {}
        began = time.monotonic()
        connection.request(method, address, body or None, sent)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        self.slowest = max(self.slowest, time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, page


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return found.group(1) if found else ""


def _form(fields: dict[str, str], file: Path | None) -> tuple[bytes, str]:
    if file is None:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
    return b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{edge}--\r\n".encode()]), (
        f"multipart/form-data; boundary={edge}"
    )


if __name__ == "__main__":
    sys.exit(main())
