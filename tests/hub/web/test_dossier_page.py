"""An item's page tells its milestones, who answers, what it has to do with others and what was written, and leads to forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.duties import Answerable, assign_duty
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.actions.links import link_items
from guatu.hub.ledger.actions.milestones import plan_milestone
from guatu.hub.ledger.models import Item, Ledger, Link, Milestone, YearEntry
from tests.hub.ledger.dossiers import dossiers, parcel, parcel_named, second
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel", "second"]
MARCH = date(2026, 3, 1)


class Pages:
    """Somebody's browser; `city.people` by name."""

    def __init__(self, city: City) -> None:
        self.city, self.clients = city, {}  # type: ignore[var-annotated]

    def of(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.city.people[name])
        return self.clients[name]

    def read(self, name: str, address: str) -> str:
        answer = self.of(name).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def send(self, name: str, address: str, **data: Any) -> None:
        answer = self.of(name).post(address, data)
        assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def pages(city: City) -> Pages:
    return Pages(city)


def test_a_milestone_goes_from_plan_to_verified_by_three_peoples_forms(parcel: Item, pages: Pages) -> None:
    base = f"/items/{parcel.pk}/milestones/begun"
    pages.send("zhao", f"{base}/plan", on="2026-04-01", precision="", agreed_by="", reason="")
    pages.send("zhao", f"{base}/plan", on="2026-05-01", precision="", agreed_by="市发改局", reason="征地未完")
    pages.send("li", f"{base}/claim", on="2026-05-11", precision="", evidence="施工许可 7 号")
    pages.send("wang", f"{base}/check", verdict="yes", note="")
    pages.send("feng", f"{base}/verify", verdict="yes", note="现场看过")

    page = pages.read("li", f"/items/{parcel.pk}")
    assert "2026-04-01" in page
    assert "● 已核实" in page
    assert "晚 40 天" in page  # 1 April to 11 May
    assert "早于供地" in page  # the milestone that should have come before
    assert "同意： 市发改局" in page
    assert "东关镇填报员" in page


def test_a_refused_step_says_why_in_its_form(parcel: Item, pages: Pages) -> None:
    base = f"/items/{parcel.pk}/milestones/begun"
    pages.send("zhao", f"{base}/claim", on="2026-05-11", precision="", evidence="许可")

    answer = pages.of("zhao").post(f"{base}/check", {"verdict": "yes", "note": ""})

    assert answer.status_code == 409
    assert "不能是同一个人" in answer.content.decode()
    assert pages.of("zhao").get(f"/items/{parcel.pk}/milestones/moon/plan").status_code == 404


def test_a_schedule_backwards_is_tried_before_it_is_written(parcel: Item, pages: Pages) -> None:
    address = f"/items/{parcel.pk}/milestones/schedule"

    page = pages.read("zhao", f"{address}?end=begun&on=2026-06-30")

    assert "2026-06-01" in page
    assert not Milestone.objects.exists()
    pages.send("zhao", address, end="begun", on="2026-06-30", reason="七一前动工", agreed_by="")
    assert Milestone.objects.count() == 3
    pages.send("zhao", f"/items/{parcel.pk}/milestones/baseline", title="2026 年度计划", on="2026-06-01")
    assert "2026 年度计划" in pages.read("zhao", f"/items/{parcel.pk}")


def test_who_answers_is_named_with_a_masked_phone_and_empty_slots_too(parcel: Item, pages: Pages, city: City) -> None:
    assert "还没有落实" in pages.read("li", f"/items/{parcel.pk}")
    pages.send(
        "zhao", f"/items/{parcel.pk}/duties/assign", slot="answerable", person="li", unit="", role="", on="2026-03-01",
        reason="",
    )  # fmt: skip
    pages.send(
        "zhao", f"/items/{parcel.pk}/duties/assign", slot="lead", person="", unit="市发改局", role="", on="2026-03-01",
        reason="",
    )  # fmt: skip

    page = pages.read("li", f"/items/{parcel.pk}")
    assert "李填报" in page
    assert "138****0000" in page
    assert "13800000000" not in page
    assert "还没有落实" not in page
    assert "还没有落实" in pages.read("li", f"/items/{parcel.pk}?on=2026-02-01")
    duty = parcel.duties.get(slot="answerable")
    pages.send(
        "zhao",
        f"/duties/{duty.pk}/hand-over",
        person="",
        unit="东城区",
        role="reviewer",
        on="2026-05-01",
        reason="轮岗",
    )
    assert "东城区审核员（王审核）" in pages.read("li", f"/items/{parcel.pk}")
    assert "李填报" in pages.read("li", f"/items/{parcel.pk}?on=2026-04-01")


def test_links_are_told_both_ways_to_those_who_see_both(
    parcel: Item, second: Item, dossiers: Ledger, pages: Pages, city: City
) -> None:
    pages.send(
        "zhao",
        f"/items/{second.pk}/links/add",
        kind="part_of",
        target=f"东关一期 #{parcel.pk}",
        on="2026-03-01",
        reason="",
    )
    away = parcel_named("西城地块", dossiers, city, unit="west")
    link_items(source=away, target=parcel, kind="beside", on=MARCH, by=city.actor("zhao"), at=NOW)

    assert "包含" in pages.read("li", f"/items/{parcel.pk}")
    assert "属于" in pages.read("li", f"/items/{second.pk}")
    assert "西城地块" not in pages.read("li", f"/items/{parcel.pk}")
    assert "西城地块" in pages.read("zhao", f"/items/{parcel.pk}")
    pages.send("zhao", f"/links/{Link.objects.get(kind='part_of').pk}/end", on="2026-05-01", reason="分立")
    assert "包含" not in pages.read("li", f"/items/{parcel.pk}")


def test_the_work_log_is_written_and_put_right(parcel: Item, pages: Pages) -> None:
    pages.send("li", f"/items/{parcel.pk}/remarks/add", kind="work", on="2026-03-01", text="签约 3 户", corrects="")
    first = parcel.remarks.get()
    pages.send(
        "li", f"/items/{parcel.pk}/remarks/add", kind="work", on="2026-03-01", text="签约 2 户", corrects=first.pk
    )

    page = pages.read("wang", f"/items/{parcel.pk}")
    assert "<s>签约 3 户</s>" in page
    assert "签约 2 户" in page
    assert pages.of("qian").get(f"/items/{parcel.pk}/remarks/add").status_code == 404


def test_a_year_is_opened_a_plan_adjusted_and_a_list_redrawn(parcel: Item, second: Item, pages: Pages) -> None:
    address = "/ledgers/land_disposal/years/2026"
    assert "东关一期" in pages.read("zhao", address)
    plan = {f"item-{parcel.pk}": "on", f"plan-{parcel.pk}-year_plan": "12.5"}
    pages.send("zhao", address, reason="续建", **plan)
    pages.send(
        "zhao",
        f"/items/{parcel.pk}/years/2026/plan",
        **{"field": "year_plan", "plan-year_plan": "10", "reason": "年中调整"},
    )
    pages.send(
        "zhao", "/ledgers/land_disposal/lists/idle", on="2026-03-01", reason="认定", **{f"item-{parcel.pk}": "on"}
    )

    assert YearEntry.objects.get().item == parcel
    assert parcel.figures.in_force().get().amount == 10_000_000
    page = pages.read("zhao", f"/items/{parcel.pk}")
    assert "闲置土地" in page
    assert "调整计划" in page
    answer = pages.of("zhao").post(address, {"reason": ""})
    assert answer.status_code == 422
    assert "一个事项也没有选" in answer.content.decode()


def test_doubles_are_shown_compared_and_merged(parcel: Item, dossiers: Ledger, pages: Pages, city: City) -> None:
    other = parcel_named("东关 一期", dossiers, city, code="P-9")
    assert "东关 一期" in pages.read("zhao", "/ledgers/land_disposal/doubles")
    compared = pages.read("zhao", f"/items/{other.pk}/merge/{parcel.pk}")
    assert "P-9" in compared

    pages.send("zhao", f"/items/{other.pk}/merge/{parcel.pk}", take="name", on="2026-05-01", reason="同一宗地")

    parcel.refresh_from_db()
    assert (parcel.name, parcel.code) == ("东关 一期", "P-9")
    assert "并入它的" in pages.read("li", f"/items/{parcel.pk}")
    assert "已并入" in pages.read("li", f"/items/{other.pk}")


def test_a_page_with_more_on_it_costs_the_same_queries(
    parcel: Item, second: Item, dossiers: Ledger, pages: Pages, city: City
) -> None:
    def cost() -> int:
        pages.of("zhao").get(f"/items/{parcel.pk}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pages.read("zhao", f"/items/{parcel.pk}")
        return len(queries)

    zhao = city.actor("zhao")

    def one_more(unit: str, key: str) -> None:
        plan_milestone(item=parcel, key=key, on=MARCH, by=zhao, at=NOW)
        holder = Answerable(unit=city.units[unit], role="")
        assign_duty(item=parcel, slot="helpers", holder=holder, on=MARCH, by=zhao, at=NOW)
        other = parcel_named(f"毗邻{unit}", dossiers, city)
        link_items(source=parcel, target=other, kind="beside", on=MARCH, by=zhao, at=NOW)
        link_items(source=other, target=parcel, kind="beside", on=MARCH, by=zhao, at=NOW)
        parcel.refresh_from_db()
        change_item(item=parcel, seen=parcel.revision, name=f"东关{unit}", on=MARCH, reason="改名", by=zhao, at=NOW)

    one_more("east", "begun")
    few = cost()
    one_more("west", "supplied")
    one_more("bureau", "approved")

    assert cost() == few
