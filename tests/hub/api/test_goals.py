"""Goals for programs: opened, split to the 分, answered for, followed by a day; nothing of them for strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.models import Post
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Figure, Goal, Item, Ledger, Target
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.goals_pack import write_goals_pack
from tests.hub.people import NOW, City

ProgramOf = Callable[[str], Program]
YEAR = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
YI = 10_000_000_000  # 分 in 亿元


@pytest.fixture
def campaign(city: City, tmp_path: Path, program: ProgramOf) -> dict[str, Any]:
    """The city's campaign, opened by a program of Zhao's."""
    install_pack(folder=write_goals_pack(tmp_path / "campaign"), by=city.actor("sun"), at=NOW)
    return opened(program("zhao"), city)


def opened(zhao: Program, city: City, **more: Any) -> dict[str, Any]:
    said = {"pack": "campaign", "level": "campaign", "unit_id": city.units["city"].pk, "title": "突破平度莱西攻势"}
    return done(zhao.post("/goals", {**said, **YEAR, **more}), 201)


def project(city: City, unit: str, month: str, amount: int) -> Item:
    item = enter_item(
        ledger=Ledger.objects.get(key="projects"), unit=city.units[unit], name=f"{unit}项目", on=date(2026, 1, 5),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    Figure.objects.create(item=item, field="ytd_done", period=month, amount=amount, sequence=1)
    return item


def test_a_program_reads_what_packs_declare_of_goals(program: ProgramOf, campaign: dict[str, Any]) -> None:
    [said] = done(program("li").get("/goals/schema"))["items"]

    assert said["levels"]["line"] == {"title": "主线", "x-title-en": "Line", "x-under": ["campaign"]}
    assert said["slots"]["commander"]["title"] == "指挥长" and said["flags"]["promise"]["title"] == "区办实事"
    money = said["indicators"]["investment"]
    assert (money["title"], money["x-unit"], money["x-shown-in"], money["x-reached-by"]) == (
        "完成投资",
        "分",
        "亿元",
        "items",
    )
    assert said["indicators"]["growth"]["x-reached-by"] == "entry"
    jsonschema.Draft202012Validator.check_schema(money)


def test_a_goal_is_opened_changed_answered_for_and_ended(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    zhao, at = program("zhao"), f"/goals/{campaign['id']}"
    line = opened(zhao, city, level="line", parent_id=campaign["id"], title="主线一")
    assert line["parent_id"] == campaign["id"]
    refused(
        zhao.post(
            "/goals", {**YEAR, "pack": "campaign", "level": "line", "unit_id": city.units["city"].pk, "title": "x"}
        ),
        422,
        "not_declared",
    )

    changed = {"seen": 1, "title": "攻势", "flags": ["promise"], "reason": "更名", **YEAR}
    assert done(zhao.post(f"{at}/change", changed))["flags"] == ["promise"]
    refused(zhao.post(f"{at}/change", {**changed, "title": "再改"}), 409, "goal_changed")
    done(zhao.post(f"{at}/duties", {"slot": "lead_unit", "unit_id": city.units["bureau"].pk, "on": "2026-02-01"}))
    assert [one["unit_id"] for one in done(zhao.get(f"{at}/duties"))["items"]] == [city.units["bureau"].pk]
    refused(zhao.post(f"{at}/end", {"state": "ended", "reason": "到期"}), 409, "conflict")
    done(zhao.post(f"/goals/{line['id']}/end", {"state": "withdrawn", "reason": "并入"}))
    assert done(zhao.post(f"{at}/end", {"state": "ended", "reason": "到期"}))["state"] == "ended"

    assert [one["kind"] for one in done(zhao.get(f"{at}/revisions"))["items"]] == ["opened", "changed", "ended"]
    assert [one["id"] for one in done(zhao.get("/goals", state="withdrawn"))["items"]] == [line["id"]]
    assert done(zhao.get("/goals", parent=campaign["id"], state="active"))["items"] == []


def test_a_target_is_split_to_the_fen_and_its_parts_are_answered_for(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    zhao, li = program("zhao"), program("li")
    said = {"indicator": "investment", "period": "2026", "value": 100 * YI + 1}
    whole = done(zhao.post(f"/goals/{campaign['id']}/targets", said), 201)
    assert (whole["value"], whole["standing"], whole["progress"]) == (str(100 * YI + 1), "set", None)
    refused(
        zhao.post(f"/goals/{campaign['id']}/targets", {**said, "value": "1.5", "period": "2027"}), 422, "wrong_value"
    )

    at, town, west = f"/targets/{whole['id']}", city.units["town"].pk, city.units["west"].pk
    parts = [{"unit_id": town, "value": 60 * YI}, {"unit_id": west, "value": 40 * YI}]
    refused(zhao.post(f"{at}/split", {"seen": 1, "along": "unit", "parts": parts}), 409, "sum_differs")
    done(
        zhao.post(f"{at}/split", {"seen": 1, "along": "unit", "parts": [parts[0], {**parts[1], "value": 40 * YI + 1}]})
    )

    [share] = done(li.get(f"{at}/parts"))["items"]
    assert (share["unit_id"], share["standing"], share["whole_id"]) == (town, "proposed", whole["id"])
    answer = {"seen": 1, "agrees": False, "reason": "太多"}
    objected = done(li.post(f"/targets/{share['id']}/answer", answer))
    assert (objected["standing"], objected["objection"]) == ("objected", "太多")
    assert [one["standing"] for one in done(li.get(f"/targets/{share['id']}/versions"))["items"]] == [
        "proposed",
        "objected",
    ]
    adjusted = done(zhao.post(f"{at}/adjust", {"seen": 1, "value": 90 * YI, "reason": "年中调整"}))
    assert (adjusted["value"], adjusted["version"]) == (str(90 * YI), 2)
    refused(li.post(f"{at}/adjust", {"seen": 2, "value": 1, "reason": "x"}), 403, "not_allowed")


def test_progress_is_reckoned_by_a_day_from_the_items_linked(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    zhao, at = program("zhao"), f"/goals/{campaign['id']}"
    done(zhao.post(f"{at}/targets", {"indicator": "investment", "period": "2026", "value": 100 * YI}), 201)
    mine, other = project(city, "town", "2026-05", 30 * YI), project(city, "west", "2026-05", 10 * YI)
    assert done(zhao.post(f"{at}/items", {"items": [mine.pk, other.pk], "on": "2026-02-01"})) == {"linked": 2}

    [told] = done(zhao.get(f"{at}/targets", on="2026-06-30"))["items"]
    assert told["progress"] == {
        "done": str(40 * YI), "share": "0.4000", "elapsed": "0.4959", "light": "attention", "items": 2, "silent": 0,
        "said_on": None, "said_sequence": None,
    }  # fmt: skip
    [node] = done(zhao.get("/goals/tree", on="2026-06-30"))["items"]
    assert (node["days_left"], node["targets"]) == (184, [told])
    done(zhao.post(f"{at}/items/{other.pk}/unlink", {"on": "2026-06-01"}))
    assert done(zhao.get(f"/targets/{told['id']}", on="2026-06-30"))["progress"]["done"] == str(30 * YI)
    assert [(one["item_id"], one["valid_to"]) for one in done(zhao.get(f"{at}/items"))["items"]] == [
        (mine.pk, None), (other.pk, "2026-06-01"),
    ]  # fmt: skip


def test_the_tree_has_each_goal_after_the_one_above_it_at_a_steady_cost(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    zhao = program("zhao")

    def tree() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            said = done(zhao.get("/goals/tree"))["items"]
        return [one["title"] for one in said], len(queries)

    line = opened(zhao, city, level="line", parent_id=campaign["id"], title="主线一")
    zhao.post(f"/goals/{campaign['id']}/targets", {"indicator": "started", "period": "2026", "value": 4})
    _, once = tree()
    opened(zhao, city, level="line", parent_id=campaign["id"], title="主线二")
    opened(zhao, city, level="battle", parent_id=line["id"], title="战役")
    zhao.post(f"/goals/{line['id']}/targets", {"indicator": "started", "period": "2026", "value": 2})

    assert tree() == (["突破平度莱西攻势", "主线一", "战役", "主线二"], once)


def test_a_stranger_finds_no_goal_and_a_share_shows_its_own_alone(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    zhao, li, qian = program("zhao"), program("li"), program("qian")
    hidden = opened(zhao, city, level="line", parent_id=campaign["id"], title="主线一", unit_id=city.units["town"].pk)
    for path in ("", "/targets", "/duties", "/items", "/revisions", "/attachments"):
        assert qian.get(f"/goals/{hidden['id']}{path}").status_code == 404
    assert done(qian.get("/goals"))["items"] == [] and done(qian.get("/goals/tree"))["items"] == []

    assert done(li.get(f"/goals/{hidden['id']}"))["parent_id"] is None  # the campaign is not Li's to see
    assert [one["parent_id"] for one in done(li.get("/goals/tree"))["items"]] == [None]


def test_a_goal_asked_for_twice_under_one_key_is_opened_once(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    said = {"pack": "campaign", "level": "campaign", "unit_id": city.units["city"].pk, "title": "又一个", **YEAR}

    answers = [program("zhao").post("/goals", said, key=key) for key in ("a", "b")]
    again = program("zhao")
    twice = [again.post("/goals", said, key="c").json() for _ in range(2)]

    assert len({one.json()["id"] for one in answers}) == 2 and twice[0] == twice[1]
    assert Goal.objects.filter(title="又一个").count() == 3 and not Target.objects.exists()


def test_what_somebody_does_not_see_they_cannot_name_in_a_goal(
    program: ProgramOf, campaign: dict[str, Any], city: City
) -> None:
    """Of what lies elsewhere they hear what they hear of an id that nobody has."""
    east = dispatches_for_the_east(city)
    zhao, wang = program("zhao"), program("wang")
    wests, nobody = project(city, "west", "2026-05", 1), 10**6
    refused(
        wang.post("/goals", {**YEAR, "pack": "campaign", "level": "line", "unit_id": east, "title": "x", "parent_id": campaign["id"]}),
        422, "no_such",
    )  # fmt: skip
    goal = opened(zhao, city, unit_id=east)
    at, on = f"/goals/{goal['id']}", "2026-06-01"
    city.people["feng"].is_active = False
    city.people["feng"].save()
    for key in (city.people["qian"].pk, city.people["feng"].pk, nobody):
        refused(wang.post(f"{at}/duties", {"slot": "commander", "person_id": key, "on": on}), 422, "no_such")
    assert done(zhao.post(f"{at}/items", {"items": [wests.pk], "on": on}))["linked"] == 1
    for key in (wests.pk, nobody):
        assert wang.post(f"{at}/items/{key}/unlink", {"on": on}).status_code == 404

    whole = done(wang.post(f"{at}/targets", {"indicator": "started", "period": "2026", "value": 4}), 201)
    for along, field, unseen in (("unit", "unit_id", city.units["west"].pk), ("item", "item_id", wests.pk)):
        for key in (unseen, nobody):
            part = {field: key, "value": 4}
            refused(
                wang.post(f"/targets/{whole['id']}/split", {"seen": 1, "along": along, "parts": [part]}), 422, "no_such"
            )


def dispatches_for_the_east(city: City) -> int:
    """Wang, whose post is there, dispatches; the id of the unit."""
    Post.objects.filter(pk=city.posts["wang"].pk).update(role="dispatcher")
    city.posts["wang"].refresh_from_db()
    return int(city.units["east"].pk)
