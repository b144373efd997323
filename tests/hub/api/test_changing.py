"""What programs change: the same actions as the pages, under the same rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from guatu.hub.accounts.models import Person, PersonalDetails, Post, Succession, Unit
from guatu.hub.audit.models import IdempotencyKey, Record
from tests.hub.api.conftest import Program, problem_of
from tests.hub.people import City

ProgramOf = Callable[[str], Program]
SINCE = "2026-01-01"


def done(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    body: dict[str, Any] = answer.json()
    return body


def refused(answer: Any, status: int, name: str) -> None:
    assert (answer.status_code, problem_of(answer)["type"]) == (status, f"urn:guatu:{name}"), answer.content.decode()


def test_a_unit_is_opened_renamed_recoded_corrected_moved_and_closed(city: City, program: ProgramOf) -> None:
    sun = program("sun")
    new = {
        "parent_id": city.units["east"].pk,
        "kind": "zone",
        "title_zh": "东园区",
        "title_en": "East Park",
        "on": SINCE,
    }

    unit = done(sun.post("/units", new), 201)
    path = f"/units/{unit['id']}"
    done(sun.post(f"{path}/rename", {"title_zh": "新东园区", "on": "2026-02-01"}))
    done(sun.post(f"{path}/recode", {"code": "Z1", "on": "2026-03-01"}))
    done(sun.post(f"{path}/correct", {"title_zh": "新东园", "code": "Z1", "order": 7}))
    done(sun.post(f"{path}/move", {"parent_id": city.units["west"].pk, "on": "2026-04-01"}))
    closed = done(sun.post(f"{path}/close", {"on": "2026-05-01", "reason": "撤销"}))

    assert closed == unit | {
        "title_zh": "新东园", "title_en": "", "code": "Z1", "order": 7, "parent_id": city.units["west"].pk,
        "closed_on": "2026-05-01",
    }  # fmt: skip
    kinds = ["unit.opened", "unit.renamed", "unit.recoded", "unit.corrected", "unit.moved", "unit.closed"]
    records = Record.objects.filter(subject_kind="accounts.unit").order_by("id")
    assert [(one.kind, one.door, one.post_id) for one in records] == [
        (kind, "api", city.posts["sun"].pk) for kind in kinds
    ]
    assert all('"token":' in one.context for one in records)


def test_units_are_merged_and_divided(city: City, program: ProgramOf) -> None:
    sun, opened = program("sun"), []
    for name in ("甲镇", "乙镇", "丙镇"):
        new = {"parent_id": city.units["west"].pk, "kind": "town", "title_zh": name, "on": SINCE}
        opened.append(done(sun.post("/units", new), 201)["id"])

    done(sun.post(f"/units/{opened[0]}/merge", {"units": opened[1:], "on": "2026-02-01", "reason": "并镇"}))
    parts = {"parts": [{"title_zh": "丁镇"}, {"title_zh": "戊镇"}], "on": "2026-03-01"}
    divided = done(sun.post(f"/units/{opened[0]}/divide", parts), 201)["items"]

    assert [one["title_zh"] for one in divided] == ["丁镇", "戊镇"]
    assert Succession.objects.count() == 4
    assert list(Unit.objects.filter(pk__in=opened).values_list("closed_on", flat=True).distinct().order_by("closed_on"))


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "qian", "zhou", "wu", "feng"])
def test_whose_post_does_not_allow_it_changes_no_unit(city: City, program: ProgramOf, who: str) -> None:
    answer = program(who).post(f"/units/{city.units['town'].pk}/rename", {"title_zh": "新名", "on": SINCE})

    refused(answer, 403, "not_allowed")
    assert Unit.objects.get(pk=city.units["town"].pk).title_zh == "东关镇"


def test_over_units_that_may_not_be_seen_nothing_is_done_or_told(city: City, program: ProgramOf) -> None:
    Post.objects.filter(pk=city.posts["sun"].pk).update(unit=city.units["east"])
    city.posts["sun"].refresh_from_db()
    sun, west = program("sun"), city.units["west"].pk
    renaming, nowhere = {"title_zh": "新名", "on": SINCE}, 2**62

    refused(sun.post(f"/units/{west}/rename", renaming), 404, "not_found")
    refused(sun.post(f"/units/{nowhere}/rename", renaming), 404, "not_found")
    refused(sun.post(f"/units/{city.units['town'].pk}/move", {"parent_id": west, "on": SINCE}), 422, "no_such")
    refused(sun.post(f"/units/{city.units['town'].pk}/merge", {"units": [west], "on": SINCE}), 422, "no_such")


def test_what_stands_in_the_way_is_a_conflict_and_what_was_written_wrongly_is_not(
    city: City, program: ProgramOf
) -> None:
    sun, town, east = program("sun"), city.units["town"].pk, city.units["east"].pk

    refused(sun.post(f"/units/{east}/close", {"on": SINCE}), 409, "still_in_use")
    refused(sun.post(f"/units/{east}/move", {"parent_id": town, "on": SINCE}), 422, "no_circle")
    refused(sun.post(f"/units/{town}/rename", {"title_zh": "新名", "on": "2199-01-01"}), 422, "wrong_day")
    refused(sun.post(f"/units/{town}/recode", {"code": "12", "on": SINCE}), 422, "wrong_code")
    assert not Record.objects.filter(subject_kind="accounts.unit").exists()


NEWCOMER = {"username": "xin", "name": "辛新人", "phone": "13900000001", "email": "xin@example.cn"}


def test_a_person_is_added_changed_disabled_and_enabled_and_no_answer_says_who(city: City, program: ProgramOf) -> None:
    sun = program("sun")

    made = done(sun.post("/people", NEWCOMER | {"unit_id": city.units["town"].pk}), 201)
    path = f"/people/{made['id']}"
    done(sun.post(f"{path}/change", {"name": "辛更名", "phone": ""}))
    off = done(sun.post(f"{path}/disable", {"reason": "调离"}))
    on = done(sun.post(f"{path}/enable"))

    person, details = Person.objects.get(pk=made["id"]), PersonalDetails.objects.get(person=made["id"])
    assert (person.name, person.unit_id, person.must_change_password) == ("辛更名", city.units["town"].pk, True)
    assert (details.phone, details.email) == ("", "xin@example.cn")
    assert (off["is_active"], on["is_active"]) == (False, True)
    assert set(made) == {"id", "unit_id", "is_active"}
    kept = " ".join(IdempotencyKey.objects.values_list("answer", flat=True))
    assert not [word for word in ("辛", "xin", "139") if word in kept]


def test_a_person_at_no_unit_yet_needs_one(city: City, program: ProgramOf) -> None:
    path = f"/people/{city.people['li'].pk}/change"

    Person.objects.filter(pk=city.people["li"].pk).update(unit=None)
    refused(program("sun").post(path, {"name": "李改名"}), 422, "no_unit")
    done(program("sun").post(path, {"name": "李改名", "unit_id": city.units["town"].pk}))


def test_personal_data_is_erased_by_whoever_may(city: City, program: ProgramOf) -> None:
    Post.objects.filter(pk=city.posts["zheng"].pk).update(ends_on="2026-01-01")
    path, reason = f"/people/{city.people['zheng'].pk}/erase", {"reason": "本人要求"}

    refused(program("sun").post(path, reason), 403, "not_allowed")
    done(program("zhou").post(path, reason))

    assert Person.objects.get(pk=city.people["zheng"].pk).erased_at is not None


@pytest.mark.parametrize(
    ("field", "wrong", "name"),
    [
        ("username", "a@b", "wrong_person"),
        ("username", "LI", "wrong_person"),
        ("phone", "abc", "wrong_person"),
        ("id_number", "110105194912310021", "wrong_person"),
        ("unit_id", 2**40, "no_such"),
    ],
)
def test_what_cannot_be_of_a_person_is_refused(
    city: City, program: ProgramOf, field: str, wrong: Any, name: str
) -> None:
    body = NEWCOMER | {"unit_id": city.units["town"].pk, field: wrong}
    answer = program("sun").post("/people", body)

    assert answer.status_code in (409, 422)
    assert problem_of(answer)["type"] in (f"urn:guatu:{name}", "urn:guatu:username_taken")
    assert not Person.objects.filter(name="辛新人").exists()


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "qian", "zhou", "wu"])
def test_whose_post_does_not_allow_it_adds_nobody(city: City, program: ProgramOf, who: str) -> None:
    refused(program(who).post("/people", NEWCOMER | {"unit_id": city.units["town"].pk}), 403, "not_allowed")


def test_posts_are_given_stood_in_for_handed_over_and_ended(city: City, program: ProgramOf) -> None:
    zhou, qian = program("zhou"), city.people["qian"].pk
    tomorrow, later = str(localdate() + timedelta(days=1)), str(localdate() + timedelta(days=9))
    new = {"person_id": qian, "unit_id": city.units["east"].pk, "role": "reviewer", "starts_on": tomorrow}

    given = done(zhou.post("/posts", new | {"title_zh": "副主任"}), 201)
    away = {"person_id": qian, "starts_on": tomorrow, "ends_on": later, "reason": "休假"}
    stand_in = done(zhou.post(f"/posts/{city.posts['li'].pk}/stand-in", away), 201)
    over = {"person_id": city.people["feng"].pk, "on": tomorrow}
    successor = done(zhou.post(f"/posts/{city.posts['wang'].pk}/hand-over", over), 201)
    ended = done(zhou.post(f"/posts/{city.posts['zheng'].pk}/end", {"on": tomorrow, "reason": "退休"}))

    assert (given["title_zh"], given["ends_on"]) == ("副主任", None)
    assert (stand_in["stands_in_for_id"], stand_in["role"], stand_in["ends_on"]) == (
        city.posts["li"].pk,
        "reporter",
        later,
    )
    assert (successor["person_id"], successor["role"]) == (city.people["feng"].pk, "reviewer")
    assert ended["ends_on"] == tomorrow
    assert Post.objects.get(pk=city.posts["wang"].pk).ends_on == localdate() + timedelta(days=1)


def test_nobody_gives_themselves_a_post(city: City, program: ProgramOf) -> None:
    new = {"person_id": city.people["zhou"].pk, "unit_id": city.units["city"].pk, "role": "leader", "starts_on": SINCE}

    answer = program("zhou").post("/posts", new)

    assert answer.status_code in (403, 409, 422)
    assert Post.objects.filter(person=city.people["zhou"]).count() == 1


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "qian", "sun", "wu"])
def test_whose_post_does_not_allow_it_gives_no_post(city: City, program: ProgramOf, who: str) -> None:
    new = {"person_id": city.people["li"].pk, "unit_id": city.units["town"].pk, "role": "leader", "starts_on": SINCE}

    refused(program(who).post("/posts", new), 403, "not_allowed")


def test_a_program_ends_its_own_token_and_is_nobody_afterwards(program: ProgramOf) -> None:
    li = program("li")
    token = li.get("/me").json()["token_id"]

    assert done(li.post(f"/tokens/{token}/revoke"))["revoked_at"] is not None
    refused(li.get("/me"), 401, "unauthorized")
    refused(li.post(f"/tokens/{token}/revoke"), 401, "unauthorized")


def test_others_tokens_are_ended_by_the_security_administrator_alone(program: ProgramOf) -> None:
    li = program("li")
    token = li.get("/me").json()["token_id"]

    for stranger in ("qian", "wang", "zhao", "sun", "wu"):
        refused(program(stranger).post(f"/tokens/{token}/revoke"), 404, "not_found")
    done(program("zhou").post(f"/tokens/{token}/revoke"))
    refused(program("zhou").post(f"/tokens/{token}/revoke"), 409, "already_revoked")


def test_no_program_makes_a_token(program: ProgramOf) -> None:
    refused(program("li").post("/tokens", {"name": "x"}), 405, "method_not_allowed")


def test_refusals_speak_the_language_asked_for(city: City, program: ProgramOf) -> None:
    li, path = program("li"), f"/units/{city.units['town'].pk}/rename"
    body = {"title_zh": "新名", "on": SINCE}

    zh, en = (problem_of(li.post(path, body, **{"Accept-Language": one})) for one in ("zh-CN", "en-GB"))

    assert zh["detail"].endswith("您的岗位没有这项权限")
    assert en["detail"].endswith("none of your posts allows this")
    assert en["remedy"] == "Ask a colleague whose post allows it, or the security administrator."
