"""The masthead: where one may go, and which part of the site a page belongs to."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guatu.hub.web.frame import PLACES
from tests.hub.people import City

pytestmark = pytest.mark.django_db


def here(page: str) -> list[tuple[str, str]]:
    """The titles marked as where one is, with how they are marked."""
    return re.findall(r'aria-current="(page|true)">([^<]+)<', page)


def test_a_page_of_its_own_is_marked_as_the_page_and_what_lies_behind_it_as_the_part(
    city: City, client: Client
) -> None:
    client.force_login(city.people["zhao"])

    assert here(client.get("/units").content.decode()) == [("page", "单位")]
    assert here(client.get(f"/units/{city.units['city'].pk}").content.decode()) == [("true", "单位")]
    assert here(client.get("/").content.decode()) == [("page", "我的桌面")]


def test_no_address_belongs_to_two_parts() -> None:
    segments = [segment for place in PLACES for segment in place.segments]

    assert sorted(set(segments)) == sorted(segments)
