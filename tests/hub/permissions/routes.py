"""Every route of the site, read from the URL table itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Route:
    """A route by the name the policy knows it by, with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")


def all_routes() -> list[Route]:
    """Each route once, in the order of the URL table."""
    return list(dict.fromkeys(_walk(get_resolver(), ())))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern):
            name = entry.name or entry.lookup_str
            yield Route(":".join([*namespaces, name]), tuple(entry.pattern.converters))
