"""Addresses in templates are found once, and are those that Django's own tags find."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, set_script_prefix


def made(template: str, **words: object) -> str:
    return Template(template).render(Context(words))


def test_an_address_follows_its_arguments() -> None:
    for pk in (7, 8, 7):
        assert made("{% url 'item' pk %}", pk=pk) == reverse("item", args=[pk])
    assert made("{% url 'items' key %}", key="works") == "/ledgers/works"
    assert made("{% url 'ledger_year' key year %}", key="works", year=2026) == reverse(
        "ledger_year", args=["works", 2026]
    )


def test_an_address_that_cannot_be_is_an_error_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            made("{% url 'item' pk %}", pk="no number")


def test_routes_from_variables_with_names_or_kept_are_left_to_django() -> None:
    assert made("{% url route pk %}", route="item", pk=7) == "/items/7"
    assert made("{% url 'item' item_id=pk %}", pk=7) == "/items/7"
    assert made("{% url 'item' pk as where %}[{{ where }}]", pk=7) == "[/items/7]"
    assert made("{% url 'nowhere' as where %}[{{ where }}]") == "[]"


def test_a_site_under_a_prefix_has_other_addresses() -> None:
    assert made("{% url 'item' 7 %}") == "/items/7"
    set_script_prefix("/guatu/")
    try:
        assert made("{% url 'item' 7 %}") == "/guatu/items/7"
    finally:
        set_script_prefix("/")


def test_a_file_is_where_the_storage_has_it() -> None:
    assert made("{% load static %}{% static 'guatu/page.css' %}") == static("guatu/page.css")
    assert made("{% static path %}", path="guatu/a&b.css") == made("{% static 'guatu/a&b.css' %}")
