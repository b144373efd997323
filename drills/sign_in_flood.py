"""A flood of wrong passwords on every account while the real people sign in, against a running site.

    python drills/sign_in_flood.py                 300 accounts, 60 s of flood from six addresses, 40 people signing in
    python drills/sign_in_flood.py --accounts 12 --seconds 8 --people 6 --port 8139

The site is started here, in a folder of its own, on this machine, with two web processes and one proxy it believes: the drill
itself, so that requests come from as many addresses as it likes. Passes when every real person is in within a minute, no answer
is 5xx, and whatever was refused for want of capacity was a 429 with Retry-After.

Four kinds of people sign in, all of them targets of the flood: at a new computer elsewhere; at their own computer on the network the
flood comes from; at a new computer with a one-time code beside the password, on that network; for the first time, by a slip.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
RIVALS = tuple(f"198.51.100.{number}" for number in range(1, 7))
WITHIN_SECONDS = 60
KINDS = ("new computer elsewhere", "own computer beside the rival", "code beside the rival", "slip elsewhere")
TOTP_SECRET = "JBSWY3DPEHPK3PXP"

FILL = """
import sys
from datetime import date
import django
django.setup()
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.sign_in.first_passwords import hashed_first_password
from guatu.hub.accounts.models import Person, Post
from guatu.text import Text
now = timezone.now()
city = placed(parent=None, kind="city", title=Text("市", "City"), on=date(2020, 1, 1), at=now)
for number in range(int(sys.argv[1])):
    kind = number % 4
    person = Person.objects.create(
        username=f"person{number}", name=f"人{number}", must_change_password=kind == 3, password_changed_at=now,
        password=hashed_first_password(f"right-password-{number}"),
    )
    Post.objects.create(person=person, unit=city, role="reporter", starts_on=date(2020, 1, 1))
    if kind == 2:
        TOTP.activate(person, sys.argv[2])
"""


@dataclass(slots=True)
class Told:
    """What came back, counted."""

    answers: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    broken: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int, retry_after: str | None) -> None:
        with self.lock:
            self.answers[status] += 1
            self.without_retry_after += status == 429 and retry_after is None


class Browser:
    """One browser at an address, with its cookies."""

    def __init__(self, port: int, address: str, told: Told) -> None:
        self.port, self.address, self.told = port, address, told
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        headers = {
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
        finally:
            connection.close()
        self.told.note(answer.status, answer.headers.get("Retry-After"))
        return answer.status, dict(answer.headers), body

    def token(self) -> str:
        _, _, page = self.ask("GET", "/sign-in")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return found.group(1) if found else ""

    def enter(self, name: str, password: str, token: str, code: str = "") -> tuple[int, dict[str, str], str]:
        form = {"login": name, "password": password, "code": code, "csrfmiddlewaretoken": token}
        return self.ask("POST", "/sign-in", form)


def flood(port: int, address: str, accounts: int, until: float, rate: float, told: Told) -> None:
    """Wrong passwords on one account after another, as fast as `rate`, never waiting as it is told."""
    browser, chance = Browser(port, address, told), random.Random(address)
    token = ""
    while time.monotonic() < until:
        try:
            token = token or browser.token()
            browser.enter(f"person{chance.randrange(accounts)}", f"wrong-{chance.random()}", token)
        except OSError:
            with told.lock:
                told.broken += 1
        time.sleep(1 / rate)


def person(port: int, number: int, own: Browser | None, told: Told) -> None:
    """One person signing in, waiting as they are told and trying again."""
    kind = KINDS[number % 4]
    address = RIVALS[number % len(RIVALS)] if "rival" in kind else f"203.0.113.{number % 250 + 1}"
    browser = own or Browser(port, address, told)
    begun = time.monotonic()
    while time.monotonic() - begun < WITHIN_SECONDS:
        try:
            code = code_now() if number % 4 == 2 else ""
            status, headers, _ = browser.enter(f"person{number}", f"right-password-{number}", browser.token(), code)
        except OSError:
            with told.lock:
                told.broken += 1
            continue
        if status == 302 and headers.get("Location") != "/sign-in/second-step":
            with told.lock:
                told.seconds.setdefault(kind, []).append(time.monotonic() - begun)
            return
        time.sleep(min(30, float(headers.get("Retry-After", "1"))))
    with told.lock:
        told.outside.append(f"person{number} ({kind})")


def code_now(secret: str = TOTP_SECRET) -> str:
    """What an authenticator shows (RFC 6238), written by another hand than the site's."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def run(accounts: int, people: int, seconds: int, rate: float, port: int, home: Path) -> Told:
    """The whole drill against a fresh site in `home`."""
    environment = {
        **os.environ,
        "GUATU_HOME": str(home),
        "GUATU_DATABASE": f"sqlite:///{home / 'guatu.sqlite3'}",
        "GUATU_BEHIND_PROXY": "1",
        "GUATU_LOG": "json",
        "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings",
    }
    guatu = [sys.executable, "-c", "import sys; from guatu.cli.main import main; main(sys.argv[1:])"]
    subprocess.run([*guatu, "hub", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-c", FILL, str(accounts), TOTP_SECRET], env=environment, check=True)
    serve = [*guatu, "hub", "serve", "--port", str(port), "--workers", "2", "--no-worker"]
    with (home / "serve.log").open("w") as log:
        site = subprocess.Popen(serve, env=environment, stdout=log, stderr=log)
        try:
            told = _against(port, accounts, people, seconds, rate)
        finally:
            site.terminate()
            site.wait(60)
    return told


def _against(port: int, accounts: int, people: int, seconds: int, rate: float) -> Told:
    _wait_until_it_answers(port)
    before, told = Told(), Told()
    chosen = [number * accounts // people // 4 * 4 + number % 4 for number in range(people)]
    own = {number: _signed_in_before(port, number, before) for number in chosen if number % 4 == 1}
    until = time.monotonic() + seconds
    rivals = [
        threading.Thread(target=flood, args=(port, address, accounts, until, rate / len(RIVALS), told))
        for address in RIVALS
    ]
    for thread in rivals:
        thread.start()
    time.sleep(seconds / 4)  # the flood is on when people come
    real = []
    for number in chosen:
        browser = own.get(number)
        if browser is not None:
            browser.told = told
        real.append(threading.Thread(target=person, args=(port, number, browser, told)))
        real[-1].start()
        time.sleep(seconds / 4 / people)
    for thread in [*real, *rivals]:
        thread.join()
    return told


def _signed_in_before(port: int, number: int, told: Told) -> Browser:
    """The person's own browser, which has signed in some other day and has no session any more."""
    browser = Browser(port, RIVALS[number % len(RIVALS)], told)
    status, _, _ = browser.enter(f"person{number}", f"right-password-{number}", browser.token())
    assert status == 302, f"person{number} could not sign in before the flood: {status}"
    browser.cookies = {name: value for name, value in browser.cookies.items() if name != "session"}
    return browser


def _wait_until_it_answers(port: int) -> None:
    for _ in range(600):
        try:
            Browser(port, "203.0.113.1", Told()).ask("GET", "/health/live")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The site did not start; see serve.log.")


def main() -> None:
    words = argparse.ArgumentParser(description="A flood of wrong passwords while people sign in.")
    words.add_argument("--accounts", type=int, default=300)
    words.add_argument("--people", type=int, default=40)
    words.add_argument("--seconds", type=int, default=60)
    words.add_argument("--rate", type=float, default=60.0, help="wrong passwords a second, all rivals together")
    words.add_argument("--port", type=int, default=8137)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="guatu-flood-") as folder:
        told = run(asked.accounts, asked.people, asked.seconds, asked.rate, asked.port, Path(folder))
    print(json.dumps(summary(told), ensure_ascii=False, indent=2))
    sys.exit(0 if passed(told) else 1)


def passed(told: Told) -> bool:
    fine = not any(status >= 500 for status in told.answers)
    return fine and not told.outside and not told.without_retry_after and not told.broken


def summary(told: Told) -> dict[str, object]:
    return {
        "answers": {str(status): count for status, count in sorted(told.answers.items())},
        "429 without Retry-After": told.without_retry_after,
        "broken connections": told.broken,
        "people kept out": told.outside,
        "longest seconds until in": {kind: round(max(times), 1) for kind, times in sorted(told.seconds.items())},
        "people in": {kind: len(times) for kind, times in sorted(told.seconds.items())},
    }


if __name__ == "__main__":
    main()
