"""A site that really runs, on a database of its own with the test city in it: for what needs several processes at once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
GUATU = [sys.executable, "-c", "import sys; from guatu.cli.main import main; main(sys.argv[1:])"]
READY_SECONDS = 120
OFTEN = {"GUATU_API_PER_TOKEN": "1000000", "GUATU_API_PER_ADDRESS": "1000000", "GUATU_LOG": "json"}
"""How often one may ask is not what these tests are about."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers, token and session of each of the cast, the ids of the city's units, and how to look behind it."""

    base: str
    tokens: dict[str, str]
    sessions: dict[str, str]
    units: dict[str, int]
    environment: dict[str, str]
    pid: int

    def ask(self, python: str) -> Any:
        """Evaluate an expression beside the site, on its database, with Django set up and all models at hand."""
        models = "from guatu.hub.accounts.models import *; from guatu.hub.audit.models import *"
        return self.run(f"{models}\nprint(json.dumps({python}))")

    def run(self, script: str) -> Any:
        """Run a script beside the site, Django set up; what its last line printed, as JSON."""
        return _said(f"import django, json; django.setup()\n{script}", self.environment)


@contextmanager
def live_site(folder: Path, *, database: str = "", port: int = 0, workers: int = 2) -> Iterator[Site]:
    """A migrated site with the city, served by several processes; stopped, and its database dropped, at the end.

    `database` is a PostgreSQL address whose last part names the database to make; without it, SQLite in `folder`.
    """
    environment = (
        os.environ | OFTEN | {"GUATU_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings"}
    )
    environment["GUATU_DATABASE"] = database or f"sqlite:///{folder / 'site.sqlite3'}"
    if database:
        _at_server(database, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    try:
        subprocess.run([*GUATU, "hub", "migrate"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        city = _said(
            "import django, json; django.setup()\nfrom tests.hub.live import settled\nprint(json.dumps(settled()))",
            environment,
        )
        with _served(environment, folder, port or _free_port(), workers) as (base, pid):
            yield Site(base, city["tokens"], city["sessions"], city["units"], environment, pid)
    finally:
        if database:
            _at_server(database, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def settled() -> dict[str, Any]:
    """The city, with a token for each of its people whose post may have one."""
    from datetime import timedelta

    from django.conf import settings
    from django.test import Client
    from django.utils.timezone import localdate, now

    from guatu.hub.accounts.actions.tokens import issue_token
    from guatu.hub.accounts.roles import Permission, roles_with
    from tests.hub.people import build_city

    city, tokens, sessions = build_city(), {}, {}
    for name, person in city.people.items():
        client = Client()
        client.force_login(person, "guatu.hub.accounts.sign_in.backends.PersonBackend")
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    for name, post in city.posts.items():
        if post.role in roles_with(Permission.ISSUE_TOKENS):
            by = city.actor(name, at=now())
            issued = issue_token(post=post, name="程序", expires_on=localdate() + timedelta(days=30), by=by, at=now())
            tokens[name] = issued.secret
    return {"tokens": tokens, "sessions": sessions, "units": {name: unit.pk for name, unit in city.units.items()}}


@contextmanager
def _served(environment: dict[str, str], folder: Path, port: int, workers: int) -> Iterator[tuple[str, int]]:
    base = f"http://127.0.0.1:{port}"
    line = [*GUATU, "hub", "serve", "--port", str(port), "--workers", str(workers), "--no-worker"]
    with (folder / "site.log").open("wb") as log:
        server = subprocess.Popen(line, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(f"{base}/health/live", server, folder / "site.log")
        yield base, server.pid
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + READY_SECONDS
    while time.monotonic() < last:
        if server.poll() is not None:
            break
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(
        f"The site did not begin to answer:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


def _said(script: str, environment: dict[str, str]) -> Any:
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def _at_server(database: str, *statements: str) -> None:
    parts = urlsplit(database)
    name = parts.path.strip("/")
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]  # ours, literal


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
