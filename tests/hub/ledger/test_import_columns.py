"""Columns: a person says once what they are; kept for the sender and the layout, used next month, a change said as a change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.ledger.actions.import_columns import Chosen, WrongColumn, confirm_columns
from guatu.hub.ledger.models import Import, Ledger, SenderLayout
from tests.hub.ledger.workbooks import install, read, send, workbook
from tests.hub.people import NOW, City

ODD = ("编号", "名称", "钱数", "年初累计完成(万元)", "应完工")
ROWS = [("R-1", "东关大桥", 500, 10, "2026-12-31"), ("R-2", "滨海路", 800, 20, "2027-06-30")]


@pytest.fixture
def roads(city: City, tmp_path: Path) -> Ledger:
    return install(city, tmp_path)


def columns(sent: Import) -> dict[str, str]:
    [table] = json.loads(sent.layouts)
    return {one["title"]: one["field"] for one in table["columns"]}


def confirmed(city: City, sent: Import, **chosen: Chosen) -> Import:
    places = {one["title"]: one["position"] for one in json.loads(sent.layouts)[0]["columns"]}
    confirm_columns(
        sent=sent, table=0, chosen={places[title]: one for title, one in chosen.items()}, by=city.actor("li"), at=NOW
    )
    return read(sent)


def cost_of(sent: Import, name: str) -> object:
    return json.loads(sent.steps.get(name=name).offer)["values"].get("cost")


def test_a_column_nobody_knows_is_read_as_a_person_says_now_and_next_month(city: City, roads: Ledger) -> None:
    sent = send(city, workbook(ROWS, ODD))
    assert cost_of(sent, "东关大桥") is None

    sent = confirmed(city, sent, 钱数=Chosen("cost", "亿元"))

    assert cost_of(sent, "东关大桥") == 500 * 10**10
    may = send(city, workbook(ROWS, ODD), "2026-05")
    assert cost_of(may, "东关大桥") == 500 * 10**10
    assert columns(may)["钱数"] == "cost"
    assert json.loads(may.layouts)[0]["changes"] == []
    assert SenderLayout.objects.get().sender == city.units["town"].code


def test_a_changed_layout_is_said_as_a_difference_and_the_rest_is_read_as_before(city: City, roads: Ledger) -> None:
    confirmed(city, send(city, workbook(ROWS, ODD)), 钱数=Chosen("cost", "万元"))

    may = send(city, workbook([(*row, "无") for row in ROWS], (*ODD, "备注")), "2026-05")

    [table] = json.loads(may.layouts)
    assert any("备注" in change["zh"] for change in table["changes"])
    assert cost_of(may, "滨海路") == 800 * 10**6


def test_one_senders_mapping_is_never_anothers(city: City, roads: Ledger) -> None:
    confirmed(city, send(city, workbook(ROWS, ODD)), 钱数=Chosen("cost", "万元"))

    west = send(city, workbook(ROWS, ODD), unit="west", by="zhao")

    assert cost_of(west, "滨海路") is None


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen("nothing"),
        Chosen("cost", "公斤"),
        Chosen("name"),
        Chosen("cost", "万元", "next-year"),
        Chosen("due", "万元"),
    ],
)
def test_what_a_column_cannot_be_is_refused_and_nothing_kept(city: City, roads: Ledger, chosen: Chosen) -> None:
    sent = send(city, workbook(ROWS, ODD))

    with pytest.raises(WrongColumn):
        confirmed(city, sent, 钱数=chosen)

    assert not SenderLayout.objects.exists()


def test_a_stranger_confirms_nothing(city: City, roads: Ledger) -> None:
    sent = send(city, workbook(ROWS, ODD))

    with pytest.raises(NotAllowed):
        confirm_columns(sent=sent, table=0, chosen={2: Chosen("cost")}, by=city.actor("qian"), at=NOW)


def test_a_mapping_says_in_which_post_it_was_confirmed_and_by_nobody(city: City, roads: Ledger) -> None:
    sent = confirmed(city, send(city, workbook(ROWS, ODD)), 钱数=Chosen("cost", "万元"))

    assert city.people["li"].name not in SenderLayout.objects.get().layout
    assert "填报员" in json.loads(sent.layouts)[0]["confirmed"]["zh"]
