"""Nothing a page loads comes from another host."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

from tests.hub.people import City

ELSEWHERE = re.compile(
    r"""(?:src|srcset|href|action|poster|data|hx-get|hx-post)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import""",
    re.IGNORECASE,
)
LINK = re.compile(r'href="(/[^"#]*)"')
MOST_PAGES = 300


def crawl(client: Client) -> dict[str, str]:
    """Every page this person comes to by following links from their desk."""
    found: dict[str, str] = {}
    waiting = ["/", "/sign-in"]
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        if address in found or address.startswith("/static/"):  # what pages load is looked at by itself
            continue
        answer = client.get(address, follow=True)
        if "text/html" in answer.headers["Content-Type"]:
            found[address] = answer.content.decode()
            waiting += LINK.findall(found[address].replace("&amp;", "&"))
    return found


def test_no_page_of_anybody_loads_from_another_host(city: City, client: Client) -> None:
    pages = {"/sign-in": client.get("/sign-in").content.decode()}
    for name, person in city.people.items():
        client.force_login(person)
        pages |= {f"{name} {address}": page for address, page in crawl(client).items()}

    assert len(pages) > 3 * len(city.people)
    assert [address for address, page in pages.items() if ELSEWHERE.search(page)] == []


def test_no_style_or_picture_of_ours_loads_from_another_host() -> None:
    files = [
        Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
        if name.startswith(("guatu/", "front/")) and name.endswith((".css", ".svg"))
    ]

    assert any(path.suffix == ".css" for path in files)
    assert [path for path in files if ELSEWHERE.search(path.read_text(encoding="utf-8"))] == []


def test_the_policy_sent_with_every_page_allows_this_host_alone(client: Client, db: None) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]

    sources = {word for directive in policy.split(";") for word in directive.split()[1:]}
    assert sources <= {"'self'", "'none'", "data:"}


def test_the_scripts_of_the_pages_are_gathered_from_the_lock() -> None:
    assert finders.find("front/htmx.org/htmx.min.js") is not None
    lock = (Path(__file__).resolve().parents[3] / "front/package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock and "http" not in lock
