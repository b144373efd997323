"""The Gantt chart of a ledger: items over time with their baseline, what they come after, days off, zoom, and files of it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.links import link_items
from guatu.hub.ledger.actions.milestone_plans import set_baseline
from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.plans import plans_of
from guatu.hub.web.gantt.spans import days_off, span_of
from tests.hub.ledger.dossiers import dossiers, parcel, parcel_named, second
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel", "second"]
CHART = "/ledgers/land_disposal/gantt"


@pytest.fixture
def zhao(city: City) -> Client:
    client = Client()
    client.force_login(city.people["zhao"])
    return client


def plan(item: Item, city: City, **days: date) -> None:
    for key, on in days.items():
        plan_milestone(item=item, key=key, on=on, by=city.actor("zhao"), at=NOW)


@pytest.fixture
def slipped(parcel: Item, city: City) -> Item:
    """A parcel approved in time, whose beginning was put off from May to July after the plan was kept."""
    plan(parcel, city, approved=date(2026, 3, 2), begun=date(2026, 5, 8))
    set_baseline(item=parcel, title="年初", on=date(2026, 6, 1), by=city.actor("zhao"), at=NOW)
    plan_milestone(
        item=parcel, key="begun", on=date(2026, 7, 20), reason="征地未完", agreed_by=city.units["bureau"],
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    claim_milestone(item=parcel, key="approved", on=date(2026, 3, 2), evidence="批复", by=city.actor("zhao"), at=NOW)
    return parcel


def read(client: Client, query: str = "") -> str:
    answer = client.get(CHART + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_shows_the_plan_the_baseline_and_how_far_it_has_come(slipped: Item, zhao: Client) -> None:
    page = read(zhao)

    assert "东关一期：2026-03-02 至 2026-07-20" in page
    assert "基线 2026-03-02 至 2026-05-08" in page
    assert "动工：计划 2026-07-20（基线 2026-05-08）" in page
    assert 'class="mark reached"' in page
    table = page[page.index("看数字") :]
    for said in ("东关一期", "2026-03-02", "2026-07-20", "2026-05-08", "1 / 2"):
        assert said in table


def test_without_a_baseline_the_plan_first_made_is_what_is_compared_with(
    slipped: Item, second: Item, dossiers: Ledger, city: City
) -> None:
    plan(second, city, supplied=date(2026, 4, 1))
    plan_milestone(
        item=second, key="supplied", on=date(2026, 4, 20), reason="补正", agreed_by=city.units["bureau"],
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    found = plans_of(declared(dossiers), [slipped.pk, second.pk])

    assert found[second.pk].milestones["supplied"].baseline == date(2026, 4, 1)
    assert found[slipped.pk].milestones["begun"].baseline == date(2026, 5, 8)


def test_what_was_reached_before_what_should_come_first_is_marked(parcel: Item, city: City, zhao: Client) -> None:
    claim_milestone(item=parcel, key="begun", on=date(2026, 5, 1), evidence="现场", by=city.actor("zhao"), at=NOW)

    assert 'class="mark doubtful"' in read(zhao)


def test_an_arrow_leads_from_the_whole_to_its_part_where_both_are_on_the_page(
    parcel: Item, second: Item, city: City, zhao: Client
) -> None:
    plan(parcel, city, approved=date(2026, 3, 2))
    plan(second, city, approved=date(2026, 5, 4))
    link_items(source=second, target=parcel, kind="part_of", on=date(2026, 3, 1), by=city.actor("zhao"), at=NOW)

    assert read(zhao).count('<g class="arrows"><path') == 1
    assert '<g class="arrows"><path' not in read(zhao, "?q=东关二期")


def test_days_off_are_shaded_where_days_can_be_told_apart(slipped: Item, zhao: Client) -> None:
    month = read(zhao, "?zoom=month&at=2026-05-01")
    year = read(zhao, "?zoom=year&at=2026-05-01")

    assert month.count('<rect class="off"') == len(days_off(date(2026, 5, 1), date(2026, 5, 31)))
    assert '<rect class="off"' not in year
    assert "2026年5月" in month
    assert "at=2026-06-01" in month
    assert "at=2026-04-01" in month


def test_days_off_follow_the_published_calendar() -> None:
    off = days_off(date(2021, 9, 18), date(2021, 9, 26))

    # the 18th and the 26th, a Saturday and a Sunday, are worked for the holiday from the 19th to the 21st
    assert off == [(date(2021, 9, 19), date(2021, 9, 21)), (date(2021, 9, 25), date(2021, 9, 25))]


def test_the_span_of_nonsense_is_all_days_there_are() -> None:
    days = [date(2021, 3, 5), date(2022, 7, 1)]

    for zoom, on in (("week", ""), ("", "x"), ("all", "2021-01-01")):
        span = span_of(zoom, on, days, date(2026, 1, 1))
        assert (span.first, span.last) == (date(2021, 3, 1), date(2022, 7, 31))
    nearest = span_of("month", "31-12-2021", days, date(2026, 1, 1))
    assert nearest.first == date(2022, 7, 1)
    assert span_of("all", "", [], date(2026, 1, 15)).first == date(2026, 1, 1)


def test_it_shows_what_the_filter_asks_for_and_says_so(slipped: Item, second: Item, city: City, zhao: Client) -> None:
    page = read(zhao, "?q=东关二期&zoom=year&at=2026-01-01")

    assert "东关二期" in page
    assert "东关一期" not in page
    assert "共 1 个" in page
    assert page.count('<nav class="views') == 1
    assert "q=%E4%B8%9C%E5%85%B3%E4%BA%8C%E6%9C%9F&amp;zoom=month" in page  # zoom keeps what is asked
    stranger = Client()
    stranger.force_login(city.people["qian"])
    assert "东关" not in read(stranger)


def test_the_picture_is_a_file_that_needs_no_style_sheet(slipped: Item, zhao: Client) -> None:
    answer = zhao.get(f"{CHART}?as=svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].endswith('.svg"')
    drawn = answer.content.decode()
    ElementTree.fromstring(drawn)
    assert "var(" not in drawn
    assert "东关一期" in re.sub(r"<title>.*?</title>", "", drawn)  # the name stands in the picture


def test_the_schedule_leaves_as_a_workbook_with_a_record(slipped: Item, second: Item, zhao: Client) -> None:
    answer = zhao.post("/ledgers/land_disposal/export", {"format": "schedule"})

    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    heads = [str(one) for one in rows[0]]
    first = dict(zip(heads, rows[1], strict=True))
    assert first["名称"] == "东关一期"
    days = {
        name: getattr(first[f"动工 · {name}"], "date", lambda: None)() for name in ("基线", "原计划", "现计划", "实际")
    }
    assert days == {"基线": date(2026, 5, 8), "原计划": date(2026, 5, 8), "现计划": date(2026, 7, 20), "实际": None}
    assert [one[1] for one in rows[1:]] == ["东关一期", "东关二期"]
    assert Record.objects.filter(kind="item.exported").count() == 1


def test_more_items_and_milestones_cost_no_more_queries(
    slipped: Item, second: Item, dossiers: Ledger, city: City, zhao: Client
) -> None:
    plan(second, city, approved=date(2026, 5, 4))
    link_items(source=second, target=slipped, kind="part_of", on=date(2026, 3, 1), by=city.actor("zhao"), at=NOW)

    def cost() -> int:
        read(zhao)
        with CaptureQueriesContext(connection) as queries:
            read(zhao)
        return len(queries)

    few = cost()
    for number in range(4):
        more = parcel_named(f"西关{number}", dossiers, city, unit=("town", "west")[number % 2])
        plan(more, city, approved=date(2026, 5, 4), begun=date(2026, 9, 1))
        link_items(source=more, target=slipped, kind="part_of", on=date(2026, 3, 1), by=city.actor("zhao"), at=NOW)

    assert cost() == few
