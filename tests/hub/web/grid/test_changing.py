"""Changing items where they stand: a cell, ticked rows, a pasted block; taking back; somebody else being first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.actions.together import Together, set_together
from guatu.hub.ledger.models import Item, ItemRevision
from guatu.hub.ledger.models.items import ItemState
from guatu.text import Refusal
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import FIRST, Enters, Shows
from tests.hub.web.grid.test_table import row_of

BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def zhao(client: Client, city: City) -> Client:
    client.force_login(city.people["zhao"])
    return client


def cell(item: Item, key: str) -> str:
    return f"/items/{item.pk}/cells/{key}"


def values_of(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = Item.objects.get(pk=item.pk).values
    return found


def ticked(*items: Item) -> list[str]:
    return [f"{one.pk}:{Item.objects.get(pk=one.pk).revision}" for one in items]


def test_a_table_opened_for_changing_leads_from_each_field_to_its_form_and_from_no_other_cell(
    enters: Enters, shows: Shows
) -> None:
    bridge = enters("东桥", cost=1_000_000)

    page = shows("/ledgers/works?edit=1&columns=unit,cost,spent")

    assert page.count('class="cell"') == 1 and f'href="{cell(bridge, "cost")}"' in page
    assert f'value="{bridge.pk}:1"' in page
    for who, address in (
        ("zhao", "/ledgers/works"),
        ("li", "/ledgers/works?edit=1"),
        ("zheng", "/ledgers/works?edit=1"),
    ):
        closed = shows(address, who=who)
        assert 'class="cell"' not in closed and 'name="item"' not in closed


def test_a_cell_becomes_a_form_and_a_cell_again_with_a_revision_and_a_way_back(enters: Enters, zhao: Client) -> None:
    bridge = enters("东桥", cost=1_000_000)

    form = zhao.get(cell(bridge, "cost"), headers=BY_SCRIPT).content.decode()
    assert 'value="1"' in form and "<html" not in form
    done = zhao.post(cell(bridge, "cost"), {"f-cost": "2.5", "seen": "1"}, headers=BY_SCRIPT).content.decode()
    assert ">2.5</a>" in done and "撤销" in done and f'data-revision="{bridge.pk}:2"' in done
    assert values_of(bridge) == {"cost": 2_500_000}

    undone = zhao.post(f"{cell(bridge, 'cost')}/undo", {"seen": "2"}, headers=BY_SCRIPT).content.decode()
    assert ">1</a>" in undone and values_of(bridge) == {"cost": 1_000_000}
    assert list(ItemRevision.objects.filter(item=bridge).values_list("number", flat=True)) == [1, 2, 3]


def test_a_first_value_is_taken_back_to_none(enters: Enters, zhao: Client) -> None:
    bridge = enters("东桥")
    zhao.post(cell(bridge, "stage"), {"f-stage": "done", "seen": "1"})
    zhao.post(f"{cell(bridge, 'stage')}/undo", {"seen": "2"})

    assert values_of(bridge) == {}


def test_without_script_the_cell_is_a_page_that_leads_back_to_its_table(enters: Enters, zhao: Client) -> None:
    bridge, table = enters("东桥"), "http://testserver/ledgers/works?edit=1&sort=-cost"

    page = zhao.get(cell(bridge, "due"), headers={"Referer": table}).content.decode()
    assert 'value="http://testserver/ledgers/works?edit=1&amp;sort=-cost"' in page
    answer = zhao.post(cell(bridge, "due"), {"f-due": "2026-09-30", "seen": "1", "back": table})

    assert answer["Location"] == table and values_of(bridge) == {"due": "2026-09-30"}
    elsewhere = zhao.post(cell(bridge, "due"), {"f-due": "", "seen": "2", "back": "https://elsewhere.example/"})
    assert elsewhere["Location"] == f"/items/{bridge.pk}" and values_of(bridge) == {}


def test_who_was_second_sees_what_the_first_wrote_and_may_send_their_own_again(
    enters: Enters, zhao: Client, city: City
) -> None:
    bridge = enters("东桥", cost=1_000_000)
    change_item(item=bridge, seen=1, values={"cost": 7_000_000}, on=FIRST, reason="批复", by=city.actor("zhao"), at=NOW)

    late = zhao.post(cell(bridge, "cost"), {"f-cost": "9", "seen": "1"}, headers=BY_SCRIPT).content.decode()
    assert "别人刚改成“7”" in late and 'value="9"' in late and 'name="seen" value="2"' in late
    assert values_of(bridge) == {"cost": 7_000_000}
    page = zhao.post(cell(bridge, "cost"), {"f-cost": "9", "seen": "1"})
    assert page.status_code == 409 and "现在是“7”" in page.content.decode()

    zhao.post(cell(bridge, "cost"), {"f-cost": "9", "seen": "2"}, headers=BY_SCRIPT)
    assert values_of(bridge) == {"cost": 9_000_000}


@pytest.mark.parametrize(
    ("key", "said"), [("cost", "十万"), ("cost", "1.23456789"), ("due", "2026-02-30"), ("stage", "没有这个")]
)
def test_a_wrong_value_is_told_beside_the_cell_and_changes_nothing(
    enters: Enters, zhao: Client, key: str, said: str
) -> None:
    bridge = enters("东桥")

    answer = zhao.post(cell(bridge, key), {f"f-{key}": said, "seen": "1"}, headers=BY_SCRIPT)

    assert 'class="fault"' in answer.content.decode() and values_of(bridge) == {}


def test_a_reporter_and_a_stranger_change_no_cell(enters: Enters, client: Client, city: City) -> None:
    bridge = enters("东桥", cost=1_000_000)

    for who in ("li", "qian", "zheng"):
        client.force_login(city.people[who])
        assert client.post(cell(bridge, "cost"), {"f-cost": "2", "seen": "1"}).status_code in (403, 404)
        assert client.post("/ledgers/works/together", together(ticked(bridge))).status_code in (403, 422)
    assert values_of(bridge) == {"cost": 1_000_000}


def together(items: list[str], **said: str) -> dict[str, Any]:
    plain = {"what": "f-stage", "f-stage": "done", "deed": "take", "on": "2026-02-01", "reason": "竣工"}
    return {"item": items, **plain, **said}


def test_ticked_items_are_shown_first_and_then_changed_under_one_record(enters: Enters, zhao: Client) -> None:
    east, west, south = enters("东桥", stage="building"), enters("西桥"), enters("南桥", stage="done")
    asked = ticked(east, west, south)

    page = zhao.post("/ledgers/works/together", together(asked, deed="look")).content.decode()
    assert "将这样改，共 2 处" in page and "在建" in page and values_of(east) == {"stage": "building"}
    answer = zhao.post("/ledgers/works/together", together(asked))

    assert answer.status_code == 302
    assert [values_of(one)["stage"] for one in (east, west, south)] == ["done"] * 3
    assert [Item.objects.get(pk=one.pk).revision for one in (east, west, south)] == [2, 2, 1]
    told = Record.objects.get(kind="item.set_together")
    assert '"count":2' in told.after and "values.stage" in told.after


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ({"what": "unit", "unit": "西城区"}, lambda one: one.unit.title_zh == "西城区"),
        ({"what": "state", "state": "suspended"}, lambda one: one.state == ItemState.SUSPENDED),
        ({"what": "enters", "enters": "schools"}, lambda one: set(lists(one)) == {"roads", "schools"}),
        ({"what": "leaves", "leaves": "roads"}, lambda one: lists(one) == []),
        ({"what": "f-cost", "f-cost": ""}, lambda one: "cost" not in one.values),
    ],
)
def test_ticked_items_move_are_suspended_and_enter_and_leave_lists(
    enters: Enters, zhao: Client, said: dict[str, str], becomes: Any
) -> None:
    works = [enters(name, lists=("roads",), cost=100) for name in ("东桥", "西桥")]

    answer = zhao.post("/ledgers/works/together", together(ticked(*works), **said))

    assert answer.status_code == 302
    assert all(becomes(Item.objects.get(pk=one.pk)) for one in works)


def lists(item: Item) -> list[str]:
    return sorted(item.memberships.filter(valid_to=None).values_list("list", flat=True))


def test_none_is_changed_when_one_was_changed_meanwhile(enters: Enters, zhao: Client, city: City) -> None:
    east, west = enters("东桥"), enters("西桥")
    asked = ticked(east, west)
    change_item(item=west, seen=1, values={"cost": 5}, on=FIRST, reason="批复", by=city.actor("zhao"), at=NOW)

    answer = zhao.post("/ledgers/works/together", together(asked))

    assert answer.status_code == 409 and "西桥" in answer.content.decode()
    assert values_of(east) == {}


def test_an_earlier_day_goes_into_what_was_said_since(enters: Enters, city: City) -> None:
    bridge = enters("东桥", stage="early")
    change_item(
        item=bridge, seen=1, values={"cost": 5}, on=date(2026, 5, 1), reason="批复", by=city.actor("zhao"), at=NOW
    )  # fmt: skip

    set_together(
        ledger=bridge.ledger, changes=[Together(bridge, 2, {"stage": "building"})], on=date(2026, 3, 1), reason="开工",
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    assert values_of(bridge) == {"stage": "building", "cost": 5}
    days = ItemRevision.objects.filter(item=bridge).order_by("effective_on", "number")
    assert [str(one.effective_on) for one in days] == ["2026-01-01", "2026-03-01", "2026-05-01", "2026-05-01"]


def test_many_are_changed_in_as_many_statements_as_few(enters: Enters, city: City) -> None:
    counted = []
    for number in (2, 20):
        works = [enters(f"工程{number}-{place}") for place in range(number)]
        with CaptureQueriesContext(connection) as queries:
            set_together(
                ledger=works[0].ledger, changes=[Together(one, 1, {"cost": 5}) for one in works], on=FIRST, reason="概算",
                by=city.actor("zhao"), at=NOW,
            )  # fmt: skip
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_merged_item_or_another_ledger_s_is_not_changed_together(enters: Enters, city: City) -> None:
    bridge = enters("东桥")

    with pytest.raises(Refusal):
        set_together(
            ledger=bridge.ledger, changes=[Together(bridge, 1, state=ItemState.MERGED)], on=FIRST, reason="并",
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    with pytest.raises(Refusal):
        set_together(ledger=bridge.ledger, changes=[], on=FIRST, reason="空", by=city.actor("zhao"), at=NOW)


def pasted(items: list[str], block: str, **said: str) -> dict[str, Any]:
    plain = {"columns": "unit,stage,cost,share,due,begun,spent", "first": "stage", "deed": "look"}
    return {"item": items, "block": block, **plain, **said}


BLOCK = "在建\t1,234.5\t35%\t2026/9/30\t是\r\n竣工\t\t0.5\t2026年12月1日\t否\r\n"


def test_a_block_is_read_as_people_write_it_shown_and_taken_whole(enters: Enters, zhao: Client, shows: Shows) -> None:
    east, west = enters("东桥"), enters("西桥", cost=900)
    asked = ticked(east, west)

    page = zhao.post("/ledgers/works/paste", pasted(asked, BLOCK)).content.decode()
    assert "将这样改，共 10 处" in page and values_of(east) == {}
    answer = zhao.post("/ledgers/works/paste", pasted(asked, BLOCK, deed="take", reason="七月报数"))

    assert answer.status_code == 302
    assert values_of(east) == {
        "stage": "building",
        "cost": 1_234_500_000,
        "share": "0.35",
        "due": "2026-09-30",
        "begun": True,
    }
    assert values_of(west) == {"stage": "done", "share": "0.005", "due": "2026-12-01", "begun": False}
    assert row_of(shows("/ledgers/works?columns=cost,share"), "东桥") == ["1\u2009234.5", "35"]


def test_every_wrong_cell_is_named_and_nothing_is_taken(enters: Enters, zhao: Client) -> None:
    east, west = enters("东桥"), enters("西桥")
    block = "在建\t一百万\n拆除\t5\n竣工\t6"

    answer = zhao.post("/ledgers/works/paste", pasted(ticked(east, west), block, deed="take", reason="报数"))

    page = answer.content.decode()
    assert answer.status_code == 422 and "3 格不对" in page
    assert (
        "一百万" in page and "拆除" in page and "可写：前期、在建、竣工" in page and "有 3 行，可改的只有 2 行" in page
    )
    assert values_of(east) == values_of(west) == {}


def test_a_column_that_is_not_changed_here_takes_no_text(enters: Enters, zhao: Client) -> None:
    bridge = enters("东桥")

    wrong = zhao.post("/ledgers/works/paste", pasted(ticked(bridge), "是\t77", first="begun")).content.decode()
    assert "这一列不能在表格里改" in wrong
    beyond = zhao.post("/ledgers/works/paste", pasted(ticked(bridge), "是\t\t1", first="begun")).content.decode()
    assert "右边没有列了" in beyond
    assert "将这样改，共 1 处" in zhao.post(
        "/ledgers/works/paste", pasted(ticked(bridge), '"是"\t', first="begun")
    ).content.decode()  # fmt: skip
