"""Pages on their way: short, the same at the other end, never telling by their length."""

from __future__ import annotations

import gzip

from django.test import Client

from tests.hub.people import City
from tests.hub.web.test_rounds import signed_in

FNAME = 8
"""The bit of a gzip header that says a name follows: Django puts its random padding there."""


def test_a_page_is_compressed_for_whoever_takes_it_so_and_says_the_same(city: City) -> None:
    client = signed_in(city.people["zhao"])

    plain, short = client.get("/units"), client.get("/units", headers={"accept-encoding": "gzip"})

    assert plain.get("Content-Encoding") is None
    assert short["Content-Encoding"] == "gzip" and len(short.content) < len(plain.content)
    assert "挂图市" in gzip.decompress(short.content).decode()
    assert "Accept-Encoding" in short["Vary"] and "Cookie" in short["Vary"]


def test_the_length_of_a_page_tells_nothing(city: City) -> None:
    client = signed_in(city.people["zhao"])

    found = [client.get("/units", headers={"accept-encoding": "gzip"}).content for _ in range(12)]

    assert all(one[3] & FNAME for one in found)
    assert len({len(one) for one in found}) > 2


def test_what_answers_a_form_is_not_compressed(city: City) -> None:
    answer = Client().post("/sign-in", {"login": "zhao", "password": "wrong"}, headers={"accept-encoding": "gzip"})

    assert len(answer.content) > 1000 and answer.get("Content-Encoding") is None
