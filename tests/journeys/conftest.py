"""The site as people meet it: served by `guatu hub serve` on the demonstration city, seen through a real browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hands import AT_A_DESK, ON_A_PHONE, WAYS, Hand

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 60
"""Seconds in which a site must have started."""


@dataclass(frozen=True, slots=True)
class Site:
    address: str
    passwords: dict[str, str]
    sessions: dict[str, str]
    """Of administrators, who cannot sign in with a password alone."""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Filled through the same actions people use, served by the command operators use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("site")
    known = {name: value for name, value in os.environ.items() if not name.startswith("GUATU_")}
    environment = known | {"GUATU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings"}
    guatu = [str(Path(sys.executable).with_name("guatu"))]
    subprocess.run([*guatu, "hub", "migrate"], env=environment, check=True, capture_output=True)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.journeys.city"], env=environment | {"PYTHONPATH": str(ROOT)}, cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    server = subprocess.Popen(
        [*guatu, "hub", "serve", "--port", str(port), "--workers", "1"], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        until_it_answers(address, server)
        yield Site(address, **json.loads(filled.stdout.splitlines()[-1]))
    finally:
        server.terminate()
        server.wait(30)


def until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the site did not start")


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Closed after the journeys: as long as it is open Django takes its thread for an asynchronous one and asks no database."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


Opens = Callable[..., Any]


@pytest.fixture(scope="package")
def signed_in(site: Site, browser: Any) -> Callable[[str], Any]:
    """What a browser holds of somebody who has signed in: each signs in once."""
    held: dict[str, Any] = {}

    def state_of(username: str) -> Any:
        if username not in held:
            context = browser.new_context(base_url=site.address)
            sign_in(context.new_page(), username, site.passwords[username])
            held[username] = context.storage_state()
            context.close()
        return held[username]

    return state_of


@pytest.fixture
def page_of(site: Site, browser: Any, signed_in: Callable[[str], Any]) -> Iterator[Opens]:
    """A page for somebody, signed in, at a width and in a language, under a thumb or not; for nobody without a name."""
    contexts = []

    def opens(username: str = "", *, width: int = 1440, language: str = "zh", touch: bool = False) -> Any:
        held: dict[str, Any] = {}
        if username in site.sessions:
            cookie = {"name": "session", "value": site.sessions[username], "domain": "127.0.0.1", "path": "/"}
            held = {"storage_state": {"cookies": [cookie], "origins": []}}
        elif username:
            held = {"storage_state": signed_in(username)}
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900}, has_touch=touch, base_url=site.address,
            locale={"zh": "zh-CN", "en": "en-GB"}[language], **held,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE * 500)
        contexts.append(context)
        page = context.new_page()
        if username:
            page.goto("/")
        return page

    yield opens
    for context in contexts:
        context.close()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hand_of(page_of: Opens, way: str) -> Callable[..., Hand]:
    """Somebody's hand in each of the three ways, at their desk to begin with."""

    def hand(username: str, *, language: str = "zh") -> Hand:
        width = ON_A_PHONE if way == "touch" else AT_A_DESK
        return Hand(page_of(username, width=width, language=language, touch=way == "touch"), way)

    return hand


def sign_in(page: Any, username: str, password: str, *, leads_to: str = "") -> None:
    """With name and password; `leads_to`: the step of signing in that comes next."""
    page.goto("/sign-in")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: leads_to in url if leads_to else "/sign-in" not in url)


_kept: set[str] = set()


def kept(page: Any, name: str) -> None:
    """A picture of the page for whoever wants to look, under `artifacts/`; of several under one name, the first."""
    if name in _kept:
        return
    _kept.add(name)
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True)
