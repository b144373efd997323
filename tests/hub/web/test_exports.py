"""Items as files by the page and by the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from guatu.hub.audit.models import Record
from guatu.hub.ledger.models import Item
from tests.hub.api.conftest import Program, empty_buckets, program  # noqa: F401  # fixtures
from tests.hub.ledger.conftest import bridge, works  # noqa: F401  # fixtures
from tests.hub.people import City
from tests.hub.web.test_ledgers import page_of


@pytest.mark.parametrize(("format", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("nonsense", b"PK")])
def test_a_page_gives_what_it_lists_as_a_file(
    client: Client, city: City, bridge: Item, format: str, begins: bytes  # noqa: F811
) -> None:  # fmt: skip
    assert 'action="/ledgers/works/export"' in page_of(client, city, "li", "/ledgers/works?q=大桥")

    answer = client.post("/ledgers/works/export", {"q": "大桥", "format": format})

    assert b"".join(answer).startswith(begins)
    assert answer["Content-Disposition"].startswith('attachment; filename="works-')
    assert Record.objects.get(kind="item.exported").door == "web"


def test_a_format_the_pack_does_not_offer_is_refused_in_words(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    client.force_login(city.people["li"])

    answer = client.post("/ledgers/works/export", {"format": "oc4ids"})

    assert answer.status_code == 422 and "oc4ids.yaml" in answer.content.decode()


def test_a_program_takes_a_file_with_the_filters_of_the_list(
    city: City, bridge: Item, program: Callable[[str], Program]  # noqa: F811
) -> None:  # fmt: skip
    li = program("li")

    found = b"".join(li.get("/ledgers/works/export", format="csv", q="dgdq")).decode()
    nothing = b"".join(li.get("/ledgers/works/export", format="csv", q="小学")).decode()

    assert "东关大桥" in found and "东关大桥" not in nothing
    assert Record.objects.filter(kind="item.exported", door="api").count() == 2
    assert li.get("/ledgers/works/export", format="pdf").status_code == 422
