"""What programs read: what their post may see, page by page, and no more."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guatu.hub.accounts.actions.units import placed, rename_unit
from guatu.hub.accounts.models import Person, Post, Succession, Unit
from guatu.hub.accounts.roles import ROLES
from guatu.text import Text
from tests.hub.api.conftest import Program, problem_of
from tests.hub.people import LONG_AGO, NOW, City

ProgramOf = Callable[[str], Program]


def add_towns(city: City, count: int) -> None:
    for number in range(count):
        placed(parent=city.units["east"], kind="town", title=Text(f"第{number}镇", ""), on=LONG_AGO, at=NOW)


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["items"]]


def names(city: City, answer: Any) -> set[str]:
    by_id = {unit.pk: name for name, unit in city.units.items()}
    return {by_id[one] for one in ids(answer)}


def test_a_program_knows_whom_it_speaks_for(city: City, program: ProgramOf) -> None:
    me = program("li").get("/me").json()

    assert me["person_id"] == city.people["li"].pk
    assert (me["post_id"], me["unit_id"]) == (city.posts["li"].pk, city.units["town"].pk)
    assert (me["role"], me["permissions"]) == ("reporter", sorted(ROLES["reporter"].permissions))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("li", {"town"}),
        ("wang", {"east", "town"}),
        ("qian", {"west"}),
        ("zhao", {"city", "east", "town", "west", "bureau"}),
    ],
)
def test_units_are_those_of_the_post(city: City, program: ProgramOf, who: str, seen: set[str]) -> None:
    reader = program(who)

    assert names(city, reader.get("/units")) == seen
    assert {node["id"] for node in reader.get("/units/tree").json()["items"]} == {city.units[one].pk for one in seen}
    for name, unit in city.units.items():
        expected = 200 if name in seen else 404
        for path in ("", "/history", "/successors"):
            assert reader.get(f"/units/{unit.pk}{path}").status_code == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "district"}, {"east", "west"}),
        ({"parent": "east"}, {"town"}),
        ({"under": "east"}, {"east", "town"}),
        ({"code": "990002"}, {"west"}),
        ({"open_on": "2019-12-31"}, set()),
        ({"open_on": "2020-01-01", "kind": "department"}, {"bureau"}),
        ({"parent": 2**63 - 1}, set()),
    ],
)
def test_filters_narrow(city: City, program: ProgramOf, query: dict[str, Any], found: set[str]) -> None:
    asked = {name: city.units[value].pk if value in city.units else value for name, value in query.items()}

    assert names(city, program("zhao").get("/units", **asked)) == found


def test_a_filter_shows_nothing_that_may_not_be_seen(city: City, program: ProgramOf) -> None:
    assert ids(program("li").get("/units", under=city.units["city"].pk)) == [city.units["town"].pk]
    assert ids(program("li").get("/units", parent=city.units["city"].pk)) == []
    assert ids(program("li").get("/people", unit=city.units["city"].pk)) == []
    assert ids(program("li").get("/posts", person=city.people["zhao"].pk)) == []


def test_pages_follow_one_another_and_each_unit_comes_once_though_others_are_added(
    city: City, program: ProgramOf
) -> None:
    add_towns(city, 23)
    zhao, seen, cursor = program("zhao"), [], ""
    before = set(Unit.objects.values_list("pk", flat=True))

    while cursor is not None:
        page = zhao.get("/units", limit=5, **({"cursor": cursor} if cursor else {}))
        seen += ids(page)
        cursor = page.json()["next"]
        if len(seen) == 10:
            add_towns(city, 1)
            Unit.objects.filter(title_zh="第3镇").update(title_zh="改名")

    assert len(seen) == len(set(seen)) == 29
    assert before <= set(seen)


def test_the_last_page_has_no_next_even_when_it_is_full(city: City, program: ProgramOf) -> None:
    assert program("zhao").get("/units", limit=5).json()["next"] is None
    assert program("zhao").get("/units", limit=4).json()["next"] is not None


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["x", "====", "键", cursor_of("person:1"), cursor_of("unit:"), cursor_of("unit:-1"), cursor_of("unit:1 "),
     cursor_of("unit:" + "9" * 30), cursor_of("unit:٣"), cursor_of("unit:1") + "=", cursor_of("unit:01")],
)  # fmt: skip
def test_a_cursor_this_list_did_not_give_is_refused(program: ProgramOf, cursor: str) -> None:
    answer = program("zhao").get("/units", cursor=cursor)

    assert (answer.status_code, problem_of(answer)["type"]) == (422, "urn:guatu:wrong_cursor")


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/units", 2), ("/people", 2), ("/posts", 2), ("/tokens", 2), ("/units/tree", 4), ("/me", 2)],
)
def test_a_list_asks_the_same_few_questions_however_long_it_is(
    city: City, program: ProgramOf, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    zhao = program("zhao")
    add_towns(city, 60)

    with django_assert_num_queries(queries):
        assert zhao.get(path).status_code == 200


def test_history_tells_every_name_with_its_days(city: City, program: ProgramOf) -> None:
    title = Text("东关街道", "Dongguan Subdistrict")
    rename_unit(unit=city.units["town"], title=title, on=date(2024, 3, 1), by=city.actor("sun"), at=NOW)

    spans = program("li").get(f"/units/{city.units['town'].pk}/history").json()["items"]

    assert [(one["title_zh"], one["valid_from"], one["valid_to"]) for one in spans] == [
        ("东关镇", "2020-01-01", "2024-03-01"),
        ("东关街道", "2024-03-01", None),
    ]


def test_the_tree_of_a_day_has_the_names_of_that_day_and_no_parent_one_may_not_see(
    city: City, program: ProgramOf
) -> None:
    title = Text("东关街道", "Dongguan Subdistrict")
    rename_unit(unit=city.units["town"], title=title, on=date(2024, 3, 1), by=city.actor("sun"), at=NOW)

    then = program("li").get("/units/tree", on="2024-02-29").json()
    now = program("zhao").get("/units/tree").json()

    assert [(one["title_zh"], one["parent_id"]) for one in then["items"]] == [("东关镇", None)]
    assert [one["title_zh"] for one in now["items"]] == ["挂图市", "东城区", "东关街道", "西城区", "市发改局"]
    assert program("zhao").get("/units/tree", on="2019-01-01").json()["items"] == []


def test_successors_are_told_where_they_may_be_seen(city: City, program: ProgramOf) -> None:
    Succession.objects.create(unit=city.units["town"], successor=city.units["west"], on=date(2026, 1, 1))
    path = f"/units/{city.units['town'].pk}/successors"

    (told,) = program("zhao").get(path).json()["items"]

    assert told == {"unit_id": city.units["town"].pk, "successor_id": city.units["west"].pk, "on": "2026-01-01"}
    assert program("wang").get(path).json()["items"] == []


def test_people_come_without_what_is_personal(city: City, program: ProgramOf) -> None:
    answer = program("zhao").get("/people")

    assert len(ids(answer)) == Person.objects.count()
    assert set(answer.json()["items"][0]) == {"id", "username", "name", "unit_id", "is_active"}
    assert "13800000000" not in answer.content.decode()
    assert ids(program("qian").get("/people")) == [city.people["qian"].pk]
    assert program("qian").get(f"/people/{city.people['li'].pk}").status_code == 404
    assert program("wang").get(f"/people/{city.people['li'].pk}").json()["name"] == "李填报"
    Person.objects.filter(username="feng").update(is_active=False)
    assert ids(program("zhao").get("/people", is_active="false")) == [city.people["feng"].pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [({"role": "leader"}, {"zheng"}), ({"unit": "east"}, {"wang", "feng"}), ({"person": "li"}, {"li"})],
)
def test_posts_are_filtered(city: City, program: ProgramOf, query: dict[str, str], found: set[str]) -> None:
    known = {**{name: unit.pk for name, unit in city.units.items()}, **{n: p.pk for n, p in city.people.items()}}
    asked = {name: known.get(value, value) for name, value in query.items()}

    assert set(ids(program("zhao").get("/posts", **asked))) == {city.posts[name].pk for name in found}


def test_posts_held_on_a_day(city: City, program: ProgramOf) -> None:
    Post.objects.filter(pk=city.posts["zheng"].pk).update(ends_on=date(2026, 7, 1))

    def held(day: str) -> bool:
        return city.posts["zheng"].pk in ids(program("zhao").get("/posts", on=day))

    assert [held(day) for day in ("2019-12-31", "2020-01-01", "2026-06-30", "2026-07-01")] == [False, True, True, False]


@pytest.mark.parametrize("role", ["emperor", "", "LEADER"])
def test_a_role_nobody_has_heard_of_is_refused(program: ProgramOf, role: str) -> None:
    answer = program("zhao").get("/posts", role=role)

    assert (answer.status_code, problem_of(answer)["errors"][0]["at"]) == (422, "query/role")


def test_tokens_are_ones_own_and_the_security_administrators_to_see(city: City, program: ProgramOf) -> None:
    li, zhou = program("li"), program("zhou")

    (own,) = li.get("/tokens").json()["items"]

    assert own["post_id"] == city.posts["li"].pk
    assert set(own) == {"id", "name", "post_id", "issued_at", "expires_on", "revoked_at"}
    assert own["id"] in ids(zhou.get("/tokens"))
    assert own["id"] not in ids(program("wang").get("/tokens"))
