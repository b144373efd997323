"""How many queries a page asks, for tests that hold it against the same page with more on it."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str, asked: Mapping[str, str] | None = None) -> int:
    """Of a page that is there, with nothing kept from the page before."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, asked).status_code == 200
    return len(queries)
