"""Changing items where they stand: a cell, ticked rows, a pasted block; taking back; somebody else being first."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.figures import report_figures
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.actions.together import Together, set_together
from guatu.hub.ledger.models import Figure, Item, ItemRevision
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.rounds import Reported
from guatu.standards.periods import Period
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


def figure(item: Item, period: str = "", key: str = "spent") -> str:
    """Where a figure's cell is changed; of the round that is reported now unless it is said."""
    now = str(declared(item.ledger).rounds.current(localdate()))
    return f"/items/{item.pk}/figures/{period or now}/{key}"


def values_of(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = Item.objects.get(pk=item.pk).values
    return found


def ticked(*items: Item) -> list[str]:
    return [f"{one.pk}:{Item.objects.get(pk=one.pk).revision}" for one in items]


def test_a_table_opened_for_changing_leads_from_each_field_to_its_form_and_from_no_other_cell(
    enters: Enters, shows: Shows
) -> None:
    bridge = enters("东桥", cost=1_000_000)

    page = shows("/ledgers/works?edit=1&columns=unit,code,cost,spent,state")

    forms = [cell(bridge, "name"), cell(bridge, "code"), cell(bridge, "cost"), figure(bridge)]
    assert re.findall(r'class="cell" href="([^"]+)"', page) == forms
    assert f'value="{bridge.pk}:1"' in page and f'class="opens" href="/items/{bridge.pk}"' in page
    for who, address in (
        ("zhao", "/ledgers/works"),
        ("zheng", "/ledgers/works?edit=1"),
        ("qian", "/ledgers/works?edit=1"),
    ):
        closed = shows(address, who=who)
        assert 'class="cell"' not in closed and 'name="item"' not in closed


def test_who_only_reports_finds_the_round_s_figures_open_and_nothing_else(enters: Enters, shows: Shows) -> None:
    bridge = enters("东桥", cost=1_000_000)

    page = shows("/ledgers/works?edit=1&columns=code,cost,spent", who="li")

    assert re.findall(r'class="cell" href="([^"]+)"', page) == [figure(bridge)]
    assert 'name="item"' not in page and "批量修改" not in page


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


@pytest.mark.parametrize(("key", "said", "shown"), [("name", "东关  大桥", "东关 大桥"), ("code", "W-9", "W-9")])
def test_a_name_and_a_code_are_changed_in_their_cells_and_taken_back(
    enters: Enters, zhao: Client, key: str, said: str, shown: str
) -> None:
    bridge = enters("东桥", code="W-1")

    done = zhao.post(cell(bridge, key), {f"f-{key}": said, "seen": "1"}, headers=BY_SCRIPT).content.decode()
    assert f">{shown}</a>" in done and f'data-revision="{bridge.pk}:2"' in done
    assert getattr(Item.objects.get(pk=bridge.pk), key) == shown
    assert Record.objects.get(kind="item.changed").subject_id == str(bridge.pk)

    zhao.post(f"{cell(bridge, key)}/undo", {"seen": "2"}, headers=BY_SCRIPT)
    fresh = Item.objects.get(pk=bridge.pk)
    assert (fresh.name, fresh.code, fresh.revision) == ("东桥", "W-1", 3)
    assert bridge.codes.get(valid_to=None).code == "W-1"


def test_a_blank_name_and_a_code_that_is_taken_are_refused_beside_the_cell(enters: Enters, zhao: Client) -> None:
    enters("西桥", code="W-2")
    bridge = enters("东桥", code="W-1")

    for key, said, why in (("name", " ", "必填"), ("code", "W-2", "代码已属于“西桥”")):
        answer = zhao.post(cell(bridge, key), {f"f-{key}": said, "seen": "1"}, headers=BY_SCRIPT).content.decode()
        assert 'class="fault"' in answer and why in answer
    assert Item.objects.get(pk=bridge.pk).revision == 1


def spent(item: Item, period: str) -> int | None:
    return (
        item.figures.filter(field="spent", period=period, superseded_by_sequence=None)
        .values_list("amount", flat=True)
        .first()
    )


def seen_in(answer: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', answer)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("who", ["zhao", "li"])
def test_a_figure_is_put_right_in_its_cell_by_whoever_reports_and_taken_back_to_what_it_was(
    enters: Enters, client: Client, city: City, who: str
) -> None:
    bridge = enters("东桥")
    at = figure(bridge, "2026-02")
    client.force_login(city.people[who])

    form = client.get(at, headers=BY_SCRIPT).content.decode()
    first = client.post(at, {"f-spent": "1,200", "seen": seen_in(form)}, headers=BY_SCRIPT).content.decode()
    assert ">1\u2009200</a>" in first and "撤销" in first and spent(bridge, "2026-02") == 1_200_000_000
    second = client.post(at, {"f-spent": "1300", "seen": seen_in(first)}, headers=BY_SCRIPT).content.decode()
    assert spent(bridge, "2026-02") == 1_300_000_000

    back = client.post(f"{at}/undo", {"seen": seen_in(second)}, headers=BY_SCRIPT).content.decode()
    assert ">1\u2009200</a>" in back and spent(bridge, "2026-02") == 1_200_000_000
    again = Reported(bridge, declared(bridge.ledger)).seen(Period.parse("2026-02"))
    assert client.post(f"{at}/undo", {"seen": str(again)}, headers=BY_SCRIPT).status_code == 200
    assert [one.kind for one in Record.objects.filter(kind__startswith="figures.").order_by("pk")] == [
        "figures.reported", "figures.reported", "figures.put_back", "figures.put_back",
    ]  # fmt: skip


def test_a_first_figure_is_taken_back_to_none_and_one_from_a_workbook_is_not(enters: Enters, zhao: Client) -> None:
    bridge, west = enters("东桥"), enters("西桥")
    Figure.objects.create(item=west, field="spent", period="2026-02", amount=5, sequence=7)
    done = zhao.post(figure(bridge, "2026-02"), {"f-spent": "3", "seen": "0"}, headers=BY_SCRIPT).content.decode()

    assert zhao.post(f"{figure(bridge, '2026-02')}/undo", {"seen": seen_in(done)}, headers=BY_SCRIPT).status_code == 200
    assert spent(bridge, "2026-02") is None
    refused = zhao.post(f"{figure(west, '2026-02')}/undo", {"seen": "7"})
    assert refused.status_code == 409 and spent(west, "2026-02") == 5


def test_who_reports_second_sees_the_first_figure_and_may_send_their_own_again(
    enters: Enters, zhao: Client, city: City
) -> None:
    bridge = enters("东桥")
    at = figure(bridge, "2026-02")
    report_figures(
        item=bridge, period="2026-02", figures={"spent": 700 * 1_000_000}, seen=0, by=city.actor("li"), at=NOW
    )

    late = zhao.post(at, {"f-spent": "9", "seen": "0"}, headers=BY_SCRIPT).content.decode()
    assert "别人刚改成“700”" in late and 'value="9"' in late
    zhao.post(at, {"f-spent": "9", "seen": seen_in(late)}, headers=BY_SCRIPT)

    assert spent(bridge, "2026-02") == 9_000_000


def test_a_figure_of_a_round_to_come_of_another_field_or_of_a_stranger_s_item_has_no_cell(
    enters: Enters, client: Client, city: City
) -> None:
    bridge = enters("东桥")

    for who, at in (
        ("zhao", figure(bridge, "2999-01")),
        ("zhao", figure(bridge, "2026-02", "cost")),
        ("qian", figure(bridge, "2026-02")),
    ):
        client.force_login(city.people[who])
        assert client.get(at).status_code == 404
        assert client.post(at, {"f-spent": "2", "seen": "0"}).status_code == 404
    assert not bridge.figures.exists()


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
    plain = {"columns": "unit,stage,cost,share,due,begun,state", "first": "stage", "deed": "look"}
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


def with_figures(items: list[str], block: str, **said: str) -> dict[str, Any]:
    plain = {"columns": "code,cost,spent", "first": "name", "period": "spent:2026-02"}
    return pasted(items, block, **{**plain, **said})


def test_names_codes_and_figures_of_the_round_that_is_shown_are_pasted_with_the_rest_or_not_at_all(
    enters: Enters, zhao: Client, city: City
) -> None:
    east, west = enters("东桥", code="W-1", cost=1_000_000), enters("西桥", code="W-2")
    report_figures(item=west, period="2026-02", figures={"spent": 5_000_000}, seen=0, by=city.actor("li"), at=NOW)
    block = "东关大桥\tW-2\t2\t1,200\n西关大桥\tW-1\t\t\n"
    asked = ticked(east, west)

    page = zhao.post("/ledgers/works/paste", with_figures(asked, block)).content.decode()
    assert "将这样改，共 6 处" in page and "年初累计完成（2026-02）" in page and spent(east, "2026-02") is None
    answer = zhao.post("/ledgers/works/paste", with_figures(asked, block, deed="take", reason="二月报数"))

    assert answer.status_code == 302
    said = [(one.name, one.code, one.values) for one in Item.objects.order_by("pk")]
    assert said == [("东关大桥", "W-2", {"cost": 2_000_000}), ("西关大桥", "W-1", {})]
    assert spent(east, "2026-02") == 1_200_000_000 and spent(west, "2026-02") == 5_000_000
    kinds = Record.objects.filter(kind__in=("item.set_together", "figures.reported")).order_by("pk")
    assert [one.kind for one in kinds] == ["figures.reported", "item.set_together", "figures.reported"]


def test_a_pasted_code_that_another_item_keeps_or_two_would_share_is_refused(enters: Enters, zhao: Client) -> None:
    east, west = enters("东桥", code="W-1"), enters("西桥", code="W-2")
    enters("南桥", code="W-3")

    for block, whose in (("W-3\n", "南桥"), ("W-9\nW-9\n", "东桥")):
        answer = zhao.post(
            "/ledgers/works/paste",
            with_figures(ticked(east, west), block, first="code", deed="take", reason="编号"),
        )
        assert answer.status_code == 409 and f"代码已属于“{whose}”" in answer.content.decode()
    assert [one.code for one in Item.objects.order_by("pk")] == ["W-1", "W-2", "W-3"]


def test_pasted_figures_that_cannot_be_are_named_and_none_is_taken(enters: Enters, zhao: Client) -> None:
    east, west = enters("东桥"), enters("西桥")

    block = with_figures(ticked(east, west), "8\n-3\n", first="spent", deed="take", reason="报数")
    answer = zhao.post("/ledgers/works/paste", block)
    assert answer.status_code == 422 and "不能是负数" in answer.content.decode()

    closed = {"first": "cost", "period": "spent:2999-01", "deed": "take", "reason": "报数"}
    answer = zhao.post("/ledgers/works/paste", with_figures(ticked(east, west), "8\t9\n", **closed))
    assert answer.status_code == 422 and "这一列不能在表格里改" in answer.content.decode()
    assert not Figure.objects.exists() and values_of(east) == {}
