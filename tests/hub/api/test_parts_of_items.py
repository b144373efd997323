"""What stands about an item, for programs: milestones, duties, links, work log, lists; the same actions, the same permissions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.models import Person
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Item, Ledger, Remark
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.api.test_goals import dispatches_for_the_east
from tests.hub.ledger.dossiers import FOLDER
from tests.hub.people import NOW, City

ProgramOf = Callable[[str], Program]


@pytest.fixture
def parcel(city: City) -> Item:
    install_pack(folder=FOLDER, by=city.actor("sun"), at=NOW)
    return entered(city, "东关地块")


def entered(city: City, name: str, unit: str = "town") -> Item:
    return enter_item(
        ledger=Ledger.objects.get(key="land_disposal"), unit=city.units[unit], name=name, on=date(2026, 1, 10),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


def test_a_milestone_is_planned_claimed_checked_and_verified_by_four_hands(
    program: ProgramOf, parcel: Item, city: City
) -> None:
    at, zhao, li = f"/items/{parcel.pk}/milestones/begun", program("zhao"), program("li")

    planned = done(zhao.post(f"{at}/plan", {"on": "2026-05-31", "precision": "month"}))
    assert (planned["fact"], planned["on"], planned["precision"]) == ("planned", "2026-05-31", "month")
    refused(zhao.post(f"{at}/plan", {"on": "2026-06-30", "reason": "雨季"}), 422, "refusal")
    revised = {"on": "2026-06-30", "reason": "雨季", "agreed_by_id": city.units["city"].pk}
    assert done(zhao.post(f"{at}/plan", revised))["agreed_by_id"] == city.units["city"].pk

    claimed = done(li.post(f"{at}/claim", {"on": "2026-06-01", "evidence": "施工许可 7 号"}))
    assert (claimed["standing"], claimed["evidence"]) == ("claimed", "施工许可 7 号")
    refused(li.post(f"{at}/check", {"accepted": True}), 403, "not_allowed")
    assert done(program("wang").post(f"{at}/check", {"accepted": True}))["standing"] == "checked"
    assert done(program("feng").post(f"{at}/verify", {"accepted": True}))["standing"] == "verified"

    told = done(li.get(at))["items"]
    assert [(one["fact"], one["standing"], one["superseded_by_sequence"] is None) for one in told] == [
        ("planned", "claimed", True), ("revised", "claimed", True),
        ("actual", "claimed", False), ("actual", "checked", False), ("actual", "verified", True),
    ]  # fmt: skip


def test_a_claim_is_rejected_and_withdrawn_and_never_lost(program: ProgramOf, parcel: Item) -> None:
    at, li = f"/items/{parcel.pk}/milestones/begun", program("li")
    li.post(f"{at}/claim", {"on": "2026-06-01", "evidence": "照片"})

    assert done(program("wang").post(f"{at}/check", {"accepted": False, "note": "无许可"}))["standing"] == "rejected"
    assert done(li.get(f"/items/{parcel.pk}/milestones"))["items"] == []
    done(li.post(f"{at}/claim", {"on": "2026-06-02", "evidence": "施工许可 7 号"}))
    assert done(li.post(f"{at}/withdraw", {"reason": "报错"}))["standing"] == "withdrawn"

    assert [one["standing"] for one in done(li.get(at))["items"]] == ["claimed", "rejected", "claimed", "withdrawn"]


def test_days_are_scheduled_backwards_in_the_order_an_item_has_and_kept_as_a_baseline(
    program: ProgramOf, parcel: Item
) -> None:
    zhao, at = program("zhao"), f"/items/{parcel.pk}"

    ordered = done(
        zhao.post(f"{at}/milestones/begun/order", {"after": "approved", "days": 30, "reason": "约定"})
    )  # fmt: skip
    assert (ordered["key"], ordered["after"], ordered["days"]) == ("begun", "approved", 30)
    written = done(zhao.post(f"{at}/schedule", {"end": "begun", "on": "2026-12-31", "reason": "倒排"}))["items"]
    assert {one["key"] for one in written} == {"approved", "supplied", "begun"}
    kept = zhao.post(f"{at}/baselines", {"title": "年度计划", "on": "2026-06-01"})
    assert kept.status_code == 201
    assert [one["title"] for one in done(zhao.get(f"{at}/baselines"))["items"]] == ["年度计划"]


def test_a_duty_is_assigned_handed_over_and_ended(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao, at = program("zhao"), f"/items/{parcel.pk}/duties"
    town, east = city.units["town"].pk, city.units["east"].pk

    made = zhao.post(at, {"slot": "lead", "unit_id": town, "on": "2026-02-01"}).json()
    assert (made["slot"], made["unit_id"], made["person_id"], made["valid_to"]) == ("lead", town, None, None)
    refused(zhao.post(at, {"slot": "lead", "unit_id": east, "on": "2026-02-01"}), 409, "slot_taken")
    next_ = done(
        zhao.post(f"/duties/{made['id']}/hand-over", {"unit_id": east, "on": "2026-04-01", "reason": "调整"})
    )  # fmt: skip
    assert [one["unit_id"] for one in done(zhao.get(at, on="2026-03-01"))["items"]] == [town]
    done(zhao.post(f"/duties/{next_['id']}/end", {"on": "2026-06-01", "reason": "撤销"}))

    assert done(zhao.get(at, on="2026-06-10"))["items"] == []
    assert [(one["unit_id"], one["valid_to"]) for one in done(zhao.get(at, slot="lead"))["items"]] == [
        (town, "2026-04-01"), (east, "2026-06-01")
    ]  # fmt: skip
    refused(zhao.post(at, {"slot": "lead", "unit_id": 10**9, "on": "2026-06-01"}), 422, "no_such")


def test_nobody_holds_a_duty_whom_its_giver_does_not_see_or_who_is_disabled(
    program: ProgramOf, parcel: Item, city: City
) -> None:
    dispatches_for_the_east(city)
    wang, li = program("wang"), city.people["li"]
    Person.objects.filter(pk=city.people["feng"].pk).update(is_active=False)
    said = {"slot": "answerable", "on": "2026-06-01"}
    for key in (city.people["qian"].pk, city.people["feng"].pk, 10**9):
        refused(wang.post(f"/items/{parcel.pk}/duties", {**said, "person_id": key}), 422, "no_such")

    assert done(wang.post(f"/items/{parcel.pk}/duties", {**said, "person_id": li.pk}), 201)["person_id"] == li.pk


def test_a_link_is_seen_from_both_ends_by_whoever_sees_both(program: ProgramOf, parcel: Item, city: City) -> None:
    zhao, li = program("zhao"), program("li")
    far = entered(city, "西城地块", "west")
    made = zhao.post(f"/items/{parcel.pk}/links", {"kind": "beside", "target_id": far.pk, "on": "2026-02-01"}).json()

    assert [one["id"] for one in done(zhao.get(f"/items/{far.pk}/links"))["items"]] == [made["id"]]
    assert done(li.get(f"/items/{parcel.pk}/links"))["items"] == []  # the other end is not Li's to see
    refused(li.post(f"/links/{made['id']}/end", {"on": "2026-03-01", "reason": "x"}), 403, "not_allowed")
    done(zhao.post(f"/links/{made['id']}/end", {"on": "2026-03-01", "reason": "更正"}))
    assert done(zhao.get(f"/items/{parcel.pk}/links", on="2026-03-01"))["items"] == []
    assert len(done(zhao.get(f"/items/{parcel.pk}/links", kind="beside"))["items"]) == 1


def test_the_work_log_is_added_to_and_put_right(program: ProgramOf, parcel: Item) -> None:
    li, at = program("li"), f"/items/{parcel.pk}/remarks"
    first = li.post(at, {"kind": "work", "on": "2026-06-01", "text": "清表\n完成一半"}).json()
    done_ = li.post(at, {"kind": "work", "on": "2026-06-01", "text": "清表完成", "corrects_id": first["id"]}).json()

    assert done_["corrects_id"] == first["id"]
    refused(
        li.post(at, {"kind": "work", "on": "2026-06-01", "text": "再改", "corrects_id": first["id"]}), 409, "conflict"
    )
    assert [one["text"] for one in done(li.get(at, kind="work"))["items"]] == ["清表\n完成一半", "清表完成"]
    assert done(li.get(at, kind="remark"))["items"] == []


def test_an_entry_sent_twice_under_one_key_is_written_once(program: ProgramOf, parcel: Item) -> None:
    li, said = program("li"), {"kind": "work", "on": "2026-06-01", "text": "清表"}

    answers = [li.post(f"/items/{parcel.pk}/remarks", said, key="once").json() for _ in range(2)]

    assert answers[0] == answers[1] and Remark.objects.count() == 1


def test_a_list_is_redrawn_all_or_nothing_and_its_memberships_tell_why(
    program: ProgramOf, parcel: Item, city: City
) -> None:
    zhao, other = program("zhao"), entered(city, "西城地块", "west")

    def change(item: Item, enters: bool, reason: str) -> dict[str, Any]:
        return {"item_id": item.pk, "enters": enters, "reason": reason}

    at = "/ledgers/land_disposal/lists/unsupplied"
    both = [change(parcel, True, "认定"), change(other, True, "认定")]
    assert done(zhao.post(at, {"changes": both, "on": "2026-02-01"})) == {"items": [parcel.pk, other.pk]}
    mixed = [change(parcel, False, "已供"), change(other, True, "再认定")]
    refused(zhao.post(at, {"changes": mixed, "on": "2026-03-01"}), 409, "conflict")
    done(zhao.post(at, {"changes": [change(parcel, False, "已供")], "on": "2026-03-01"}))

    [told] = done(zhao.get(f"/items/{parcel.pk}/lists"))["items"]
    assert told == {
        "list": "unsupplied", "valid_from": "2026-02-01", "valid_to": "2026-03-01", "reason": "认定", "left_reason": "已供",
    }  # fmt: skip
    refused(program("li").post(at, {"changes": [change(other, True, "x")], "on": "2026-03-01"}), 403, "not_allowed")


PARTS = ("milestones", "milestones/begun", "baselines", "duties", "links", "remarks", "lists")


def test_a_stranger_finds_no_part_of_it(program: ProgramOf, parcel: Item) -> None:
    qian = program("qian")

    assert [qian.get(f"/items/{parcel.pk}/{part}").status_code for part in PARTS] == [404] * len(PARTS)
    said = {"kind": "work", "on": "2026-06-01", "text": "x"}
    assert qian.post(f"/items/{parcel.pk}/remarks", said).status_code == 404


def test_a_page_of_each_part_costs_the_same_however_long(program: ProgramOf, parcel: Item) -> None:
    li, at = program("li"), f"/items/{parcel.pk}/remarks"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            done(li.get(at))
        return len(queries)

    li.post(at, {"kind": "work", "on": "2026-06-01", "text": "一"})
    once = cost()
    for number in range(5):
        li.post(at, {"kind": "work", "on": "2026-06-01", "text": str(number)})
    assert cost() == once
