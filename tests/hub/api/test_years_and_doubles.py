"""The year's turn and doubles for programs: the same actions as on the pages, all or nothing, in pages of their own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Figure, Item, ToldApart, YearEntry
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.api.test_parts_of_items import entered
from tests.hub.ledger.dossiers import FOLDER
from tests.hub.people import NOW, City

ProgramOf = Callable[[str], Program]
YEAR = "/ledgers/land_disposal/years/2026"
DOUBLES = "/ledgers/land_disposal/doubles"


@pytest.fixture
def parcel(city: City) -> Item:
    install_pack(folder=FOLDER, by=city.actor("sun"), at=NOW)
    return entered(city, "东关地块")


def taken(*items: Item, **more: Any) -> dict[str, Any]:
    return {"taken": [{"item_id": one.pk, **more} for one in items]}


def test_items_are_taken_into_a_year_with_their_plans_all_or_none(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao, other = program("zhao"), entered(city, "西城地块", "west")
    done(zhao.post("/ledgers/land_disposal/years/2025", taken(parcel)), 201)

    made = done(zhao.post(YEAR, taken(parcel, plans={"year_plan": 5_000_000}, reason="续建")), 201)["items"]
    assert [(one["item_id"], one["year"], one["kind"], one["reason"]) for one in made] == [
        (parcel.pk, 2026, "carried_over", "续建")
    ]
    refused(zhao.post(YEAR, taken(other, parcel)), 409, "not_in_that_year")
    assert YearEntry.objects.filter(year=2026).count() == 1

    [figure] = done(zhao.get(f"/items/{parcel.pk}/figures", period="2026"))["items"]
    assert (figure["field"], figure["amount"]) == ("year_plan", 5_000_000)
    assert [one["year"] for one in done(zhao.get(f"/items/{parcel.pk}/years"))["items"]] == [2025, 2026]
    assert [one["item_id"] for one in done(program("li").get(YEAR))["items"]] == [parcel.pk]


def test_a_plan_is_adjusted_and_an_item_leaves_the_year_with_reasons(program: ProgramOf, parcel: Item) -> None:
    zhao, at = program("zhao"), f"/items/{parcel.pk}/years/2026"
    plan = {"field": "year_plan", "value": 4_000_000, "reason": "年中调整"}
    refused(zhao.post(f"{at}/plan", plan), 409, "not_in_that_year")
    zhao.post(YEAR, taken(parcel, plans={"year_plan": 5_000_000}))

    assert done(zhao.post(f"{at}/plan", plan))["amount"] == 4_000_000
    refused(zhao.post(f"{at}/plan", plan), 409, "conflict")
    refused(zhao.post(f"{at}/plan", {**plan, "field": "way", "value": "x"}), 422, "refusal")
    refused(zhao.post(f"{at}/plan", {**plan, "field": "nowhere"}), 422, "unknown_field")
    left = done(zhao.post(f"{at}/leave", {"on": "2026-06-01", "reason": "退出"}))
    assert (left["left_on"], left["left_reason"]) == ("2026-06-01", "退出")
    assert [one.amount for one in Figure.objects.filter(period="2026").order_by("sequence")] == [5_000_000, 4_000_000]


def test_a_year_out_of_all_reason_is_not_there(program: ProgramOf, parcel: Item) -> None:
    zhao = program("zhao")

    assert zhao.get("/ledgers/land_disposal/years/1789").status_code == 404
    assert zhao.post("/ledgers/land_disposal/years/9999", taken(parcel)).status_code == 404


def test_the_same_turn_sent_twice_under_one_key_is_made_once(program: ProgramOf, parcel: Item) -> None:
    zhao = program("zhao")

    answers = [zhao.post(YEAR, taken(parcel), key="once").json() for _ in range(2)]

    assert answers[0] == answers[1] and YearEntry.objects.count() == 1


def test_doubles_are_listed_the_likeliest_first_in_pages_that_stay_right(
    program: ProgramOf, parcel: Item, city: City
) -> None:
    zhao = program("zhao")
    twins = [entered(city, "东关地块"), entered(city, "东关地块")]

    first = done(zhao.get(DOUBLES, limit=2))
    pair = (first["items"][0]["item_id"], first["items"][0]["other_id"])
    assert pair == (parcel.pk, twins[0].pk) and first["items"][0]["likeness"] == 100
    done(zhao.post(f"/items/{parcel.pk}/apart", {"other_id": twins[0].pk, "reason": "一期和二期"}), 201)
    rest = done(zhao.get(DOUBLES, limit=2, cursor=first["next"]))

    said = [(one["item_id"], one["other_id"]) for one in [*first["items"], *rest["items"]]]
    assert said == [(parcel.pk, twins[0].pk), (parcel.pk, twins[1].pk), (twins[0].pk, twins[1].pk)]
    assert rest["next"] is None
    refused(zhao.get(DOUBLES, cursor="dW5pdHM6NTA"), 422, "wrong_cursor")
    refused(program("li").get(DOUBLES), 403, "not_allowed")


def test_an_item_is_merged_into_another_which_is_the_answer(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao, twin = program("zhao"), entered(city, "东关地块（重报）")
    body = {"into_id": parcel.pk, "take": ["name"], "on": "2026-06-01", "reason": "同一地块"}

    refused(zhao.post(f"/items/{twin.pk}/merge", {**body, "take": ["nowhere"]}), 422, "unknown_field")
    refused(zhao.post(f"/items/{twin.pk}/merge", {**body, "into_id": 10**9}), 422, "no_such")
    stays = done(zhao.post(f"/items/{twin.pk}/merge", body))
    assert (stays["id"], stays["name"], stays["state"]) == (parcel.pk, "东关地块（重报）", "active")
    gone = done(zhao.get(f"/items/{twin.pk}"))
    assert (gone["state"], gone["merged_into_id"], gone["left_on"]) == ("merged", parcel.pk, "2026-06-01")
    refused(zhao.post(f"/items/{twin.pk}/merge", body), 409, "conflict")


def test_two_are_told_apart_once(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao, twin = program("zhao"), entered(city, "东关地块")
    said = {"other_id": parcel.pk, "reason": "一期和二期"}

    told = done(zhao.post(f"/items/{twin.pk}/apart", said), 201)
    assert (told["item_id"], told["other_id"], told["reason"]) == (parcel.pk, twin.pk, "一期和二期")
    refused(zhao.post(f"/items/{twin.pk}/apart", said), 409, "conflict")
    assert ToldApart.objects.count() == 1 and done(zhao.get(DOUBLES))["items"] == []


def test_a_stranger_turns_no_year_and_merges_nothing(program: ProgramOf, parcel: Item, city: City) -> None:
    qian, li, twin = program("qian"), program("li"), entered(city, "东关地块")
    program("zhao").post(YEAR, taken(parcel))

    assert done(qian.get(YEAR))["items"] == []
    assert qian.get(f"/items/{parcel.pk}/years").status_code == 404
    for one in (qian, li):
        refused(one.post(YEAR, taken(twin)), 403, "not_allowed")
        body = {"into_id": twin.pk, "on": "2026-06-01", "reason": "x"}
        refused(one.post(f"/items/{parcel.pk}/merge", body), 403, "not_allowed")
        refused(one.post(f"/items/{parcel.pk}/apart", {"other_id": twin.pk, "reason": "x"}), 403, "not_allowed")


def test_what_a_page_of_a_year_costs_does_not_grow(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao = program("zhao")
    zhao.post(YEAR, taken(parcel))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            done(zhao.get(YEAR))
        return len(queries)

    once = cost()
    zhao.post(YEAR, taken(*[entered(city, f"地块 {number}") for number in range(5)]))
    assert cost() == once
