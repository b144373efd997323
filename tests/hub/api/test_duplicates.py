"""The short form of drills/duplicate_posts.py: the same request many times at once, at a site of two processes."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from tests.hub.api.duplicates import send_duplicates
from tests.hub.live import live_site


def of_its_own() -> str:
    """The address of a database of this process alone, on the server the tests run on; nothing for SQLite."""
    address = os.environ.get("GUATU_DATABASE", "")
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return ""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path}_live_{os.getpid()}"))


def test_fifty_at_once_under_one_key_have_one_effect_and_one_answer(tmp_path: Path) -> None:
    with live_site(tmp_path, database=of_its_own()) as site:
        outcome = send_duplicates(site, keys=6)

    assert outcome.faults == []
    assert (outcome.effects, outcome.records, outcome.replayed) == (6, 6, 6 * 49)
