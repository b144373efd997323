"""Addresses in templates, found once: `{% url %}` of a route with its arguments, `{% static %}` of a file.

Both are Django's tags; what they come to follows from the routes and the files gathered at the start, so it is not found again
for every page. A route with a namespace or with named arguments, and what is put in a variable, is left to Django's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as djangos_url
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


class Address(Node):
    """Of a route whose name stands in the template."""

    child_nodelists = ()

    def __init__(self, route: str, arguments: Sequence[FilterExpression]) -> None:
        self.route, self.arguments = route, tuple(arguments)

    def render(self, context: Any) -> SafeString:
        found = tuple(one.resolve(context) for one in self.arguments)
        return address_of(self.route, *found)


def address_of(route: str, *arguments: object) -> SafeString:
    """Where a route without a namespace leads, ready to stand in a page."""
    return _address(route, tuple(str(one) for one in arguments), get_script_prefix(), get_urlconf())


@lru_cache(maxsize=4096)
def _address(route: str, arguments: tuple[str, ...], prefix: str, urlconf: str | None) -> SafeString:
    return conditional_escape(reverse(route, args=arguments))


@register.tag
def url(parser: Parser, token: Token) -> Node:
    node = djangos_url(parser, token)
    assert isinstance(node, URLNode)
    route = node.view_name.var
    if node.asvar or node.kwargs or not isinstance(route, str) or node.view_name.filters or ":" in route:
        return node
    return Address(route, node.args)


class File(Node):
    """Of a file whose path stands in the template."""

    child_nodelists = ()

    def __init__(self, path: str) -> None:
        self.path = path

    def render(self, context: Any) -> SafeString:
        return _file(self.path, settings.STATIC_URL, str(staticfiles_storage.__class__))


@lru_cache(maxsize=1024)
def _file(path: str, under: str, storage: str) -> SafeString:
    return conditional_escape(staticfiles_storage.url(path))


@register.tag
def static(parser: Parser, token: Token) -> Node:
    node = StaticNode.handle_token(parser, token)
    path = node.path.var
    return File(path) if node.varname is None and isinstance(path, str) and not node.path.filters else node
