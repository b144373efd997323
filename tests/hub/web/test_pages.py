"""Pages answer to those they are for, and to nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.hub.people import City


@pytest.fixture
def client_of(city: City, client: Client):  # type: ignore[no-untyped-def]
    def sign_in(name: str) -> Client:
        client.force_login(city.people[name])
        return client

    return sign_in


def test_my_desk_shows_my_posts(client_of) -> None:  # type: ignore[no-untyped-def]
    page = client_of("li").get("/").content.decode()

    assert "东关镇" in page
    assert "填报员" in page


def test_nobody_signed_in_is_asked_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/units")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_a_stranger_does_not_find_the_unit(client_of, city: City) -> None:  # type: ignore[no-untyped-def]
    assert client_of("qian").get(f"/units/{city.units['town'].pk}").status_code == 404
