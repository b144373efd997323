"""The table: its columns, the order of its rows, and what it costs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.duties import Answerable, assign_duty
from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.models import Figure, Ledger
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import FIRST, Enters, Shows


def names(page: str) -> list[str]:
    """Of the items, in the order of their lines."""
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', page)


def row_of(page: str, name: str) -> list[str]:
    """What the cells of an item's line say."""
    line = page[page.index(f">{name}<") :]
    return re.findall(r"<td[^>]*>([^<]*)</td>", line[: line.index("</tr>")])


def test_columns_stand_as_the_address_says_and_what_nobody_declared_is_passed_over(
    enters: Enters, shows: Shows
) -> None:
    enters("东桥", code="W-1", lists=("roads", "schools"), cost=120_000_000, stage="building")

    page = shows("/ledgers/works?columns=cost,nonsense,stage,code,lists,head,cost")

    assert row_of(page, "东桥") == ["120", "在建", "W-1", "道路、学校"]


def test_a_figure_shows_the_latest_period_that_has_begun(enters: Enters, shows: Shows) -> None:
    east, west = enters("东桥"), enters("西桥")
    for item, period, amount in (
        (east, "2026-01", 1),
        (east, "2026-02", 2),
        (west, "2026-01", 3),
        (east, "2999-01", 9),
    ):
        Figure.objects.create(item=item, field="spent", period=period, amount=amount * 1_000_000, sequence=1)

    page = shows("/ledgers/works?columns=spent")

    assert row_of(page, "东桥") == ["2"] and row_of(page, "西桥") == ["—"]
    assert "2026-02" in page and "本期没有报" in page


def test_a_milestone_shows_the_day_it_was_reached_or_is_planned_for_and_a_duty_who_holds_it(
    enters: Enters, shows: Shows, city: City
) -> None:
    bridge, zhao = enters("东桥"), city.actor("zhao")
    plan_milestone(item=bridge, key="started", on=date(2026, 8, 1), by=zhao, at=NOW)
    claim_milestone(item=bridge, key="signed", on=date(2026, 3, 2), evidence="合同", by=zhao, at=NOW)
    assign_duty(
        item=bridge, slot="lead_unit", holder=Answerable(unit=city.units["bureau"]), on=FIRST, by=zhao, at=NOW
    )  # fmt: skip

    page = shows("/ledgers/works?columns=milestone.signed,milestone.started,duty.lead_unit")

    assert row_of(page, "东桥") == ["2026-03-02", "计划 2026-08-01", "市发改局"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("cost", ["丙", "甲", "乙"]),
        ("-cost", ["甲", "丙", "乙"]),
        ("stage", ["乙", "甲", "丙"]),
        ("-due", ["甲", "丙", "乙"]),
        ("-name", ["甲", "乙", "丙"]),
        ("-code", ["丙", "乙", "甲"]),
        ("land", ["甲", "乙", "丙"]),
    ],
)
def test_rows_are_sorted_by_what_may_be_filtered_by_and_missing_values_come_last(
    enters: Enters, shows: Shows, sort: str, order: list[str]
) -> None:
    """By choices as they are declared; what cannot be sorted by leaves the rows as they are."""
    enters("甲", code="1", cost=900, stage="building", due=date(2026, 9, 1))
    enters("乙", code="2", stage="early")
    enters("丙", code="3", cost=100, stage="done", due=date(2026, 3, 1))

    page = shows(f"/ledgers/works?columns=cost,stage&sort={sort}")

    assert names(page) == order
    if sort.endswith("cost"):
        assert f'aria-sort="{"descending" if sort[0] == "-" else "ascending"}"' in page


def test_the_filter_reads_as_a_sentence_and_each_part_can_be_taken_out(
    enters: Enters, shows: Shows, city: City
) -> None:
    enters("东桥", lists=("roads",), stage="building", cost=500_000_000)
    asked = f"unit={city.units['town'].pk}&list=roads&where=stage:is:building&where=cost:from:100000000&sort=-cost"

    page = shows(f"/ledgers/works?{asked}")

    said = re.sub(r"<[^>]+>|，去掉|×", "", page[page.index('<p class="says">') : page.index('<span class="howmany"')])
    assert " ".join(said.split()) == "东关镇 的 道路 中 阶段为“在建” 且 造价 ≥ 100 万元 的 工程"
    without = re.findall(r'<a class="part" href="([^"]+)"', page)
    assert [("list=roads" in one, "stage" in one, "sort=-cost" in one) for one in without] == [
        (True, True, True), (False, True, True), (True, False, True), (True, True, True),
    ]  # fmt: skip


def test_the_filter_s_form_takes_people_s_units_and_leads_back_to_what_it_asks(
    enters: Enters, client: Client, city: City
) -> None:
    client.force_login(city.people["zhao"])
    answer = client.get(
        "/ledgers/works/ask",
        {"ask": "1", "state": "active", "from.cost": "1.5", "is.stage": "-", "is.begun": "true", "to.due": "2026-12-31",
         "sort": "-cost", "view": "items"},
    )  # fmt: skip

    assert answer.status_code == 302
    assert answer["Location"] == (
        "/ledgers/works?where=stage%3Alacks%3A&where=cost%3Afrom%3A1500000&where=due%3Ato%3A2026-12-31"
        "&where=begun%3Ais%3Atrue&sort=-cost"
    )
    shown = client.get(answer["Location"].replace("/works?", "/works/ask?")).content.decode()
    assert 'value="1.5"' in shown and 'value="2026-12-31"' in shown and '<option value="-" selected>' in shown
    wrong = client.get("/ledgers/works/ask", {"ask": "1", "state": "active", "from.cost": "十万"})
    assert wrong.status_code == 422


def test_columns_are_chosen_and_put_in_order_by_a_form(enters: Enters, client: Client, city: City) -> None:
    client.force_login(city.people["zhao"])
    said = {
        "choose": "1",
        "column": ["stage", "cost", "code"],
        "place.cost": "1",
        "place.code": "2",
        "where": "cost:from:1",
    }

    assert client.get("/ledgers/works/columns", said)["Location"] == (
        "/ledgers/works?where=cost%3Afrom%3A1&columns=cost%2Ccode%2Cstage"
    )


@pytest.mark.parametrize("group", ["", "tree", "unit", "list", "stage"])
def test_a_page_costs_the_same_statements_whatever_it_shows(
    enters: Enters, client: Client, city: City, group: str
) -> None:
    client.force_login(city.people["li"])
    address = f"/ledgers/works?group={group}&columns=unit,lists,cost,spent,milestone.signed,duty.lead_unit&sort=-cost"
    counted = []
    for number in (1, 30):
        for place in range(number):
            work = enters(
                f"工程{number}-{place}", lists=("roads",) if place % 2 else (), stage=("early", "done")[place % 2]
            )
            Figure.objects.create(item=work, field="spent", period="2026-01", amount=place, sequence=1)
            assign_duty(
                item=work, slot="lead_unit", holder=Answerable(unit=city.units["bureau"]), on=FIRST,
                by=city.actor("zhao"), at=NOW,
            )  # fmt: skip
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_stranger_finds_nothing_in_any_table(enters: Enters, shows: Shows, ledger: Ledger) -> None:
    enters("东桥", cost=77_000_000, stage="building")

    for asked in ("", "?group=tree", "?group=unit&columns=cost", "?group=stage&columns=cost", "?q=东桥"):
        page = shows(f"/ledgers/works{asked}", who="qian")
        assert "东桥" not in re.sub(r'value="东桥"|“东桥”', "", page) and "东关镇" not in page and ">77<" not in page
