"""What is asked for goes with the address, from view to view, into pages and files."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import QueryDict

from guatu.hub.ledger.asking import ItemsAsked
from tests.hub.web.grid.conftest import Enters, Shows


def test_conditions_of_an_address_filter_the_list_and_go_with_its_export(enters: Enters, shows: Shows) -> None:
    for number, cost in enumerate((100, 200, 300)):
        enters(f"工程{number}", cost=cost)

    page = shows("/ledgers/works?where=cost:from:200&where=cost:to:200")

    assert "工程1" in page and "工程0" not in page and "工程2" not in page
    export = page[page.index("/ledgers/works/export") :]
    assert export[: export.index("</form>")].count('name="where" value="cost:') == 2


def test_what_is_asked_comes_back_from_its_own_address() -> None:
    asked = ItemsAsked(
        q="大桥 滨海", unit=7, list="roads", state="suspended", where=("industry:is:食品 饮料", "cost:from:1")
    )

    said = QueryDict(mutable=True)
    for name, value in asked.pairs():
        said.appendlist(name, value)
    assert ItemsAsked.of(QueryDict(said.urlencode())) == asked
    assert parse_qsl(said.urlencode()) == list(asked.pairs())
