"""Open, rename, recode, move, merge, divide and close units."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.hub.accounts.actions.posts import end_post
from guatu.hub.accounts.actions.successions import NoDivision, NoMerger, Part, divide_unit, merge_units
from guatu.hub.accounts.actions.tree_changes import AlreadyClosed, CodeTaken, NameTaken, NoCircle
from guatu.hub.accounts.actions.units import (
    Nameless,
    StillInUse,
    WrongDay,
    close_unit,
    correct_unit,
    move_unit,
    open_unit,
    recode_unit,
    rename_unit,
)
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.codes import WrongCode, checked_code
from guatu.hub.accounts.models import Succession, Unit, UnitSpan
from guatu.hub.accounts.tree import Pair, tree_on
from guatu.hub.audit.models import Record
from guatu.standards.credit_codes import InvalidCreditCode
from guatu.text import Refusal, Text
from tests.hub.people import NOW, City

MARCH = date(2024, 3, 1)


def opened(city: City, under: str, zh: str, *, kind: str = "town", code: str = "", on: date = MARCH) -> Unit:
    return open_unit(
        parent=city.units[under], kind=kind, title=Text(zh, zh), code=code, on=on, by=city.actor("sun"), at=NOW
    )


def test_a_unit_opened_under_another_is_in_the_tree_from_that_day(city: City) -> None:
    unit = opened(city, "east", "新镇")

    assert unit.pk not in tree_on(date(2024, 2, 29)).nodes
    assert [node.title.zh for node in tree_on(MARCH).above(unit.pk)] == ["新镇", "东城区", "挂图市"]


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "zhou", "wu", "zheng", "feng"])
def test_nobody_but_the_system_administrator_changes_the_tree(city: City, stranger: str) -> None:
    by, town, east, west = city.actor(stranger), city.units["town"], city.units["east"], city.units["west"]
    attempts = (
        lambda: open_unit(parent=east, kind="town", title=Text("新", "New"), on=MARCH, by=by, at=NOW),
        lambda: recode_unit(unit=town, code="990001102", on=MARCH, by=by, at=NOW),
        lambda: correct_unit(unit=town, title=Text("新", "New"), code="", order=1, by=by, at=NOW),
        lambda: move_unit(unit=town, parent=west, on=MARCH, by=by, at=NOW),
        lambda: close_unit(unit=town, on=MARCH, by=by, at=NOW),
        lambda: merge_units(units=[town], into=west, on=MARCH, by=by, at=NOW),
        lambda: divide_unit(unit=town, parts=[], on=MARCH, by=by, at=NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()

    assert Record.objects.count() == 0


def test_a_renamed_and_recoded_unit_has_one_new_span_for_the_day(city: City) -> None:
    rename_unit(unit=city.units["town"], title=Text("东关街道", ""), on=MARCH, by=city.actor("sun"), at=NOW)
    recode_unit(unit=city.units["town"], code="990001009", on=MARCH, by=city.actor("sun"), at=NOW)

    spans = UnitSpan.objects.filter(unit=city.units["town"]).values_list("title_zh", "code", "valid_from", "valid_to")
    assert list(spans) == [
        ("东关镇", "990001101", date(2020, 1, 1), MARCH),
        ("东关街道", "990001009", MARCH, None),
    ]


def test_a_correction_begins_no_new_span(city: City) -> None:
    correct_unit(
        unit=city.units["town"],
        title=Text("东关镇", "Dongguan"),
        code="990001101",
        order=3,
        by=city.actor("sun"),
        at=NOW,
    )

    assert list(UnitSpan.objects.filter(unit=city.units["town"]).values_list("title_en", "valid_to")) == [
        ("Dongguan", None)
    ]
    assert Unit.objects.get(pk=city.units["town"].pk).order == 3


def test_a_moved_unit_takes_what_is_below_it_along(city: City) -> None:
    move_unit(unit=city.units["east"], parent=city.units["west"], on=MARCH, by=city.actor("sun"), at=NOW)

    before, after = tree_on(date(2024, 2, 29)), tree_on(MARCH)
    assert [node.title.zh for node in before.above(city.units["town"].pk)] == ["东关镇", "东城区", "挂图市"]
    assert [node.title.zh for node in after.above(city.units["town"].pk)] == ["东关镇", "东城区", "西城区", "挂图市"]
    assert Unit.objects.visible_to(city.actor("qian")).filter(pk=city.units["town"].pk).exists()


def test_a_unit_cannot_stand_under_itself(city: City) -> None:
    for parent in ("town", "east"):
        with pytest.raises(NoCircle):
            move_unit(unit=city.units["east"], parent=city.units[parent], on=MARCH, by=city.actor("sun"), at=NOW)


def test_a_unit_cannot_have_stood_under_itself_on_an_earlier_day(city: City) -> None:
    # 西城区 was under 东城区 from 2022 to 2024; putting 东城区 under it since 2021 would make a circle of those years.
    by = city.actor("sun")
    move_unit(unit=city.units["west"], parent=city.units["east"], on=date(2022, 1, 1), by=by, at=NOW)
    move_unit(unit=city.units["west"], parent=city.units["city"], on=date(2024, 1, 1), by=by, at=NOW)

    with pytest.raises(NoCircle):
        move_unit(unit=city.units["east"], parent=city.units["west"], on=date(2021, 1, 1), by=by, at=NOW)
    move_unit(unit=city.units["east"], parent=city.units["west"], on=date(2024, 1, 1), by=by, at=NOW)


def test_a_unit_is_not_closed_while_units_stand_under_it_or_posts_are_held(city: City) -> None:
    by = city.actor("sun")
    with pytest.raises(StillInUse) as posts:
        close_unit(unit=city.units["town"], on=MARCH, by=by, at=NOW)
    assert "李填报（填报员）" in posts.value.what.zh

    for name in ("wang", "feng"):
        end_post(post=city.posts[name], on=MARCH, by=city.actor("zhou"), at=NOW)
    with pytest.raises(StillInUse) as children:
        close_unit(unit=city.units["east"], on=MARCH, by=by, at=NOW)
    assert "东关镇" in children.value.what.zh


def test_a_closed_unit_is_gone_from_the_tree_and_stays_for_whoever_looks_back(city: City) -> None:
    end_post(post=city.posts["li"], on=MARCH, by=city.actor("zhou"), at=NOW)
    close_unit(unit=city.units["town"], on=MARCH, by=city.actor("sun"), at=NOW)

    assert city.units["town"].pk in tree_on(date(2024, 2, 29)).nodes
    assert city.units["town"].pk not in tree_on(MARCH).nodes
    assert Unit.objects.visible_to(city.actor("wang")).filter(pk=city.units["town"].pk).exists()
    with pytest.raises(AlreadyClosed):
        rename_unit(unit=city.units["town"], title=Text("新", "New"), on=date(2025, 1, 1), by=city.actor("sun"), at=NOW)
    with pytest.raises(AlreadyClosed):
        opened(city, "town", "新村", kind="enterprise")


def test_a_unit_is_not_closed_before_its_last_child_left(city: City) -> None:
    by = city.actor("sun")
    for name in ("wang", "feng"):
        end_post(post=city.posts[name], on=date(2023, 1, 1), by=city.actor("zhou"), at=NOW)
    move_unit(unit=city.units["town"], parent=city.units["west"], on=MARCH, by=by, at=NOW)

    with pytest.raises(WrongDay):
        close_unit(unit=city.units["east"], on=date(2024, 2, 1), by=by, at=NOW)
    close_unit(unit=city.units["east"], on=MARCH, by=by, at=NOW)


def test_merged_units_leave_tombstones_that_name_their_successor(city: City) -> None:
    first, second = opened(city, "east", "甲镇", on=date(2021, 1, 1)), opened(city, "east", "乙镇", on=date(2021, 1, 1))
    village = open_unit(
        parent=first, kind="enterprise", title=Text("村企", "Firm"), on=date(2021, 1, 1), by=city.actor("sun"), at=NOW
    )

    merge_units(
        units=[first, second], into=city.units["town"], on=MARCH, reason="撤乡并镇", by=city.actor("sun"), at=NOW
    )

    assert list(Succession.objects.order_by("unit_id").values_list("unit__title_zh", "successor__title_zh", "on")) == [
        ("甲镇", "东关镇", MARCH),
        ("乙镇", "东关镇", MARCH),
    ]
    assert [node.title.zh for node in tree_on(MARCH).above(village.pk)] == ["村企", "东关镇", "东城区", "挂图市"]
    assert Unit.objects.filter(pk__in=[first.pk, second.pk], closed_on=MARCH).count() == 2
    assert Record.objects.filter(kind="unit.merged").count() == 2


def test_a_district_merged_together_with_its_own_town_closes_from_below(city: City) -> None:
    for name in ("li", "wang", "feng"):
        end_post(post=city.posts[name], on=MARCH, by=city.actor("zhou"), at=NOW)

    merge_units(
        units=[city.units["east"], city.units["town"]], into=city.units["west"], on=MARCH, by=city.actor("sun"), at=NOW
    )

    assert {node.title.zh for node in tree_on(MARCH).nodes.values()} == {"挂图市", "西城区", "市发改局"}


def test_a_merger_into_itself_or_into_a_unit_below_is_refused(city: City) -> None:
    for units, into in ((["east"], "east"), (["east"], "town"), ([], "east")):
        with pytest.raises(NoMerger):
            merge_units(
                units=[city.units[one] for one in units],
                into=city.units[into],
                on=MARCH,
                by=city.actor("sun"),
                at=NOW,
            )


def test_a_merger_waits_for_the_posts_to_end(city: City) -> None:
    with pytest.raises(StillInUse):
        merge_units(units=[city.units["town"]], into=city.units["west"], on=MARCH, by=city.actor("sun"), at=NOW)

    assert Succession.objects.count() == 0


def test_a_divided_unit_hands_every_unit_below_it_to_one_of_its_parts(city: City) -> None:
    for name in ("wang", "feng"):
        end_post(post=city.posts[name], on=MARCH, by=city.actor("zhou"), at=NOW)
    north, south = divide_unit(
        unit=city.units["east"],
        parts=[
            Part(Text("东北区", "Northeast"), "990003", (city.units["town"].pk,)),
            Part(Text("东南区", "Southeast"), "990004"),
        ],
        on=MARCH,
        by=city.actor("sun"),
        at=NOW,
    )

    tree = tree_on(MARCH)
    assert [node.title.zh for node in tree.above(city.units["town"].pk)] == ["东关镇", "东北区", "挂图市"]
    assert tree.nodes[south.pk].code == "990004"
    assert set(city.units["east"].successions.values_list("successor_id", flat=True)) == {north.pk, south.pk}


def test_a_division_that_leaves_a_unit_behind_is_refused(city: City) -> None:
    for name in ("wang", "feng"):
        end_post(post=city.posts[name], on=MARCH, by=city.actor("zhou"), at=NOW)
    parts = [Part(Text("东北区", "")), Part(Text("东南区", ""))]

    with pytest.raises(StillInUse):
        divide_unit(unit=city.units["east"], parts=parts, on=MARCH, by=city.actor("sun"), at=NOW)
    with pytest.raises(NoDivision):
        divide_unit(unit=city.units["east"], parts=parts[:1], on=MARCH, by=city.actor("sun"), at=NOW)
    assert Unit.objects.count() == len(city.units)


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("enterprise", "91370200MA3C0000X0", InvalidCreditCode),
        ("district", "37021", WrongCode),
        ("district", "370299", WrongCode),  # 青岛 has no such district
        ("district", "370282", WrongCode),  # 即墨市, abolished in 2017
        ("town", "990002101", WrongCode),  # a town of 西城区 under 东城区
        ("town", "99000110", WrongCode),
        ("zone", "东-1", WrongCode),
        ("town", "990001101", CodeTaken),
    ],
)
def test_a_code_its_kind_cannot_have_is_refused(city: City, kind: str, code: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        opened(city, "east", "某单位", kind=kind, code=code)


def test_an_abolished_code_was_right_in_its_time() -> None:
    assert checked_code("district", "370282", on=date(2016, 1, 1), where="即墨市") == "370282"


@pytest.mark.parametrize(
    ("under", "zh", "on", "refusal"),
    [
        ("east", "东关镇", MARCH, NameTaken),
        ("east", " ", MARCH, Nameless),
        ("east", "新镇", date(2026, 6, 16), WrongDay),  # tomorrow
        ("east", "新镇", date(2019, 12, 31), WrongDay),  # before the district itself
    ],
)
def test_a_unit_that_cannot_be_is_not_opened(city: City, under: str, zh: str, on: date, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        opened(city, under, zh, on=on)


def test_the_closure_of_a_day_has_every_pair_and_itself(city: City) -> None:
    town, east, top = (city.units[key].pk for key in ("town", "east", "city"))

    pairs = [pair for pair in tree_on(date(2021, 5, 1)).closure() if pair.descendant == town]

    assert pairs == [Pair(town, town, 0), Pair(east, town, 1), Pair(top, town, 2)]


def test_a_tree_of_a_day_before_the_city_is_empty(city: City) -> None:
    assert tree_on(date(2019, 12, 31)).closure() == []
