"""Critical path: published values to the digit, dates as scheduling software gives them, and what must always hold."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.scheduling import (
    Activity,
    CircularLinks,
    Days,
    Link,
    LinkKind,
    NetworkRefused,
    Schedule,
    schedule_from,
    schedule_to,
)
from guatu.standards.working_days import UnknownYear, WorkingCalendar

MONDAY = date(2024, 6, 3)
FS, SS, FF, SF = LinkKind.FINISH_START, LinkKind.START_START, LinkKind.FINISH_FINISH, LinkKind.START_FINISH
CASE = Path(__file__).parent / "data/cpm_case.csv"


def published() -> tuple[list[Activity], dict[str, tuple[int, ...]]]:
    """The published network, every day counting, and its ES, EF, LS, LF and slack."""
    with CASE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    activities = [
        Activity(row["task"], int(row["duration"]), tuple(map(Link, row["predecessors"].split())), Days.CALENDAR)
        for row in rows
    ]
    return activities, {row["task"]: tuple(int(row[key]) for key in ("es", "ef", "ls", "lf", "slack")) for row in rows}


def values(schedule: Schedule) -> dict[str, tuple[int, ...]]:
    return {key: (one.es, one.ef, one.ls, one.lf, one.slack) for key, one in schedule.timings.items()}


def test_all_fifty_published_values_come_out() -> None:
    activities, expected = published()

    schedule = schedule_from(MONDAY, activities)

    assert values(schedule) == expected
    assert schedule.duration == 20
    assert schedule.critical_path == ("A", "D", "G")
    assert schedule.critical == ("A", "D", "G")


def test_free_slack_is_what_moves_no_successor() -> None:
    activities, _ = published()

    free = {key: one.free_slack for key, one in schedule_from(MONDAY, activities).timings.items()}

    # E may slip to 9 of F and I's start at 9: no day; F finishes at 5 and I starts at 9: four days.
    assert free == {"A": 0, "B": 5, "C": 0, "D": 0, "E": 0, "F": 4, "G": 0, "H": 0, "I": 2, "J": 5}


def test_the_same_network_backwards_from_its_finish_begins_on_the_same_day() -> None:
    activities, expected = published()
    finish = schedule_from(MONDAY, activities).finish

    backwards = schedule_to(finish, activities)

    assert backwards.start == MONDAY
    assert values(backwards) == expected


def test_a_wanted_finish_that_is_too_early_shows_as_negative_slack() -> None:
    activities, _ = published()

    schedule = schedule_from(MONDAY, activities, finish=MONDAY + timedelta(days=16))

    assert schedule.timings["A"].slack == -3
    assert schedule.finish == MONDAY + timedelta(days=19)


def test_working_days_skip_weekends_and_the_lag_may_count_either() -> None:
    friday = date(2024, 6, 14)
    activities = [
        Activity("pour", 1),
        Activity("worked", 1, (Link("pour", lag=2),)),
        Activity("cured", 1, (Link("pour", lag=2, days=Days.CALENDAR),)),
    ]

    found = {key: one.early_start for key, one in schedule_from(friday, activities).timings.items()}

    assert found == {"pour": friday, "worked": date(2024, 6, 19), "cured": date(2024, 6, 17)}


def test_holidays_and_make_up_days_of_the_country_count() -> None:
    """2024: 1 to 5 May are off; Sunday 28 April and Saturday 11 May are worked."""
    activities = [Activity("survey", 4), Activity("design", 5, (Link("survey"),))]

    schedule = schedule_from(date(2024, 4, 26), activities, calendar=WorkingCalendar())

    assert schedule.timings["survey"].early_finish == date(2024, 4, 30)
    assert schedule.timings["design"].early_start == date(2024, 5, 6)
    assert schedule.finish == date(2024, 5, 10)


def test_a_year_whose_holidays_nobody_knows_is_refused_and_only_if_reached() -> None:
    calendar = WorkingCalendar()
    last = date(2026, 12, 30)

    assert schedule_from(last, [Activity("short", 2)], calendar=calendar).finish == date(2026, 12, 31)
    with pytest.raises(UnknownYear):
        schedule_from(last, [Activity("long", 3)], calendar=calendar)


def test_the_four_links_give_the_dates_microsoft_project_gives() -> None:
    """The five tasks of mspdi_relations.xml (MPXJ fixtures): one day each, one link of each kind."""
    activities = [
        Activity("1", 1),
        Activity("2", 1, (Link("1", FS),)),
        Activity("3", 1, (Link("2", SS, lag=1),)),
        Activity("4", 1, (Link("3", FF),)),
        Activity("5", 1, (Link("4", SF),)),
    ]

    schedule = schedule_from(date(2006, 9, 21), activities)

    assert {key: one.early_start.isoformat() for key, one in schedule.timings.items()} == {
        "1": "2006-09-21",
        "2": "2006-09-22",
        "3": "2006-09-25",
        "4": "2006-09-25",
        "5": "2006-09-22",
    }
    assert schedule.finish == date(2006, 9, 25)


def test_a_milestone_falls_on_the_last_day_of_what_it_waits_for() -> None:
    friday = date(2024, 6, 14)
    schedule = schedule_from(friday, [Activity("work", 1), Activity("done", 0, (Link("work"),))])

    assert schedule.timings["done"].early_finish == friday
    assert schedule.timings["done"].slack == 0


def test_a_milestone_of_a_start_falls_on_that_day() -> None:
    friday, monday = date(2024, 6, 14), date(2024, 6, 17)
    activities = [
        Activity("design", 1),
        Activity("build", 5, (Link("design"),)),
        Activity("begun", 0, (Link("build", SS),)),
    ]

    schedule = schedule_from(friday, activities)

    assert schedule.timings["begun"].early_start == schedule.timings["build"].early_start == monday


def test_work_waits_for_its_day() -> None:
    land = date(2024, 7, 1)

    schedule = schedule_from(MONDAY, [Activity("design", 5), Activity("build", 5, (Link("design"),), not_before=land)])

    assert schedule.timings["build"].early_start == land
    assert schedule.timings["design"].slack == 15
    assert schedule.critical_path == ("build",)


def test_a_circle_is_refused_and_named() -> None:
    circle = [Activity("a", 1, (Link("c"),)), Activity("b", 1, (Link("a"),)), Activity("c", 1, (Link("b"),))]

    with pytest.raises(CircularLinks) as refused:
        schedule_from(MONDAY, circle)

    assert set(refused.value.circle) == {"a", "b", "c"}
    assert refused.value.circle[0] == refused.value.circle[-1]
    assert "→" in refused.value.where


@pytest.mark.parametrize(
    "wrong",
    [
        [Activity("a", 1), Activity("a", 2)],
        [Activity("a", 1, (Link("nobody"),))],
        [Activity("a", -1)],
    ],
)
def test_what_is_no_network_is_refused_with_the_activity(wrong: list[Activity]) -> None:
    with pytest.raises(NetworkRefused) as refused:
        schedule_from(MONDAY, wrong)

    assert refused.value.where == "a"


def test_nothing_to_schedule_takes_no_time() -> None:
    assert schedule_from(MONDAY, []).duration == 0


# What must hold of every network


@st.composite
def networks(draw: st.DrawFn, days: st.SearchStrategy[Days], lags: st.SearchStrategy[int]) -> list[Activity]:
    """Up to nine activities, each linked to some before it."""
    size = draw(st.integers(1, 9))
    made: list[Activity] = []
    for number in range(size):
        names = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=3)) if number else []
        links = tuple(
            Link(f"a{name}", draw(st.sampled_from(LinkKind)), draw(lags), draw(st.none() | days)) for name in names
        )
        made.append(Activity(f"a{number}", draw(st.integers(0, 9)), links, draw(days)))
    return draw(st.permutations(made))


every_day = networks(st.just(Days.CALENDAR), st.integers(-3, 5))
working = networks(st.just(Days.WORKING), st.integers(0, 5))
mixed = networks(st.sampled_from(Days), st.integers(0, 5))
starts = st.dates(date(2024, 1, 1), date(2024, 12, 1))


@given(mixed, starts)
def test_no_activity_starts_or_ends_before_its_links_allow(activities: list[Activity], start: date) -> None:
    schedule = schedule_from(start, activities)

    for one in activities:
        timing = schedule.timings[one.key]
        assert timing.early_start >= start
        for link in one.links:
            before = schedule.timings[link.predecessor]
            if link.lag or one.duration == 0 or before.activity.duration == 0:
                continue
            allowed = {
                FS: before.early_finish < timing.early_start,
                SS: before.early_start <= timing.early_start,
                FF: before.early_finish <= timing.early_finish,
                SF: before.early_start <= timing.early_finish + timedelta(days=3),  # at most a weekend between
            }
            assert allowed[link.kind]


@given(mixed, starts)
def test_slack_is_never_negative_and_free_slack_is_part_of_it(activities: list[Activity], start: date) -> None:
    schedule = schedule_from(start, activities)

    assert all(0 <= one.free_slack <= one.slack for one in schedule.timings.values())


@given(every_day | working, starts)
def test_some_chain_without_slack_leads_up_to_the_finish(activities: list[Activity], start: date) -> None:
    schedule = schedule_from(start, activities)

    path = [schedule.timings[key] for key in schedule.critical_path]
    assert path
    assert all(one.slack == 0 for one in path)
    assert path[-1].ef == max(one.ef for one in schedule.timings.values())


@given(mixed, starts)
def test_late_dates_keep_every_link_and_the_finish(activities: list[Activity], start: date) -> None:
    """Started as late as the backward pass says, everything still finishes on the earliest possible day."""
    schedule = schedule_from(start, activities)
    pushed = [
        Activity(one.key, one.duration, one.links, one.days, not_before=schedule.timings[one.key].late_start)
        for one in activities
        if one.duration
    ]
    zero = [one for one in activities if not one.duration]

    again = schedule_from(start, [*pushed, *zero])

    assert again.finish <= schedule.finish
    assert all(again.timings[one.key].es == schedule.timings[one.key].ls for one in pushed)


MIRRORED = {FS: FS, SS: FF, FF: SS, SF: SF}


@given(every_day)
def test_forward_and_backward_passes_agree(activities: list[Activity]) -> None:
    """Time run backwards turns every link round: the late finish is as far from the end as its image's early start."""
    links: dict[str, list[Link]] = {one.key: [] for one in activities}
    for one in activities:
        for link in one.links:
            links[link.predecessor].append(Link(one.key, MIRRORED[link.kind], link.lag, link.days))
    mirrored = [Activity(one.key, one.duration, tuple(links[one.key]), one.days) for one in activities]

    schedule, image = schedule_from(MONDAY, activities), schedule_from(MONDAY, mirrored)

    assert image.duration == schedule.duration
    for key, one in schedule.timings.items():
        assert image.timings[key].es == schedule.duration - one.lf
        assert image.timings[key].lf == schedule.duration - one.es


@given(mixed, starts)
def test_backwards_from_a_finish_nothing_ends_later(activities: list[Activity], finish: date) -> None:
    schedule = schedule_to(finish, activities)

    assert all(one.late_finish <= finish for one in schedule.timings.values())
    assert schedule_from(schedule.start, activities).finish <= max(finish, schedule.start)
