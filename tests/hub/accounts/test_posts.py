"""Give posts and end them, name stand-ins, hand over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.hub.accounts.actions.posts import (
    ExclusivePosts,
    NotForOneself,
    WrongPost,
    assign_post,
    end_post,
    hand_over_post,
    name_stand_in,
)
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.models import Person, Post
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.models import Record
from tests.hub.people import NOW, City

TODAY = date(2026, 6, 15)
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def assigned(city: City, name: str, unit: str, role: str, starts_on: date = MARCH, ends_on: date | None = None) -> Post:
    return assign_post(
        person=city.people[name],
        unit=city.units[unit],
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        by=city.actor("zhou"),
        at=NOW,
    )


def test_a_post_allows_what_its_role_does_from_its_first_day(city: City) -> None:
    assigned(city, "li", "west", "reviewer", starts_on=TODAY + timedelta(days=1))
    assert city.units["west"].pk not in city.actor("li").units_with(Permission.SEE_UNITS)

    assigned(city, "li", "west", "reporter", starts_on=TODAY)
    assert city.units["west"].pk in city.actor("li").units_with(Permission.SEE_UNITS)


def test_an_ended_post_allows_nothing_from_that_day_on(city: City) -> None:
    end_post(post=city.posts["wang"], on=TODAY, by=city.actor("zhou"), at=NOW)

    assert city.actor("wang").posts == ()


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "sun", "wu", "zheng", "feng"])
def test_nobody_but_the_security_administrator_gives_or_ends_posts(city: City, stranger: str) -> None:
    by, post, person = city.actor(stranger), city.posts["li"], city.people["qian"]
    attempts = (
        lambda: assign_post(person=person, unit=post.unit, role="leader", starts_on=MARCH, by=by, at=NOW),
        lambda: end_post(post=post, on=TODAY, by=by, at=NOW),
        lambda: name_stand_in(post=post, person=person, starts_on=MARCH, ends_on=APRIL, by=by, at=NOW),
        lambda: hand_over_post(post=post, to=person, on=TODAY, by=by, at=NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()

    assert Record.objects.count() == 0


def test_nobody_gives_a_post_to_themselves(city: City) -> None:
    with pytest.raises(NotForOneself):
        assigned(city, "zhou", "city", "dispatcher")


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(MARCH, None), (TODAY + timedelta(days=400), None), (date(2021, 1, 1), date(2021, 2, 1))],
)
def test_nobody_is_two_of_the_three_administrators_whatever_the_dates(
    city: City, starts_on: date, ends_on: date | None
) -> None:
    with pytest.raises(ExclusivePosts):
        assigned(city, "sun", "city", "audit_administrator", starts_on, ends_on)


def test_one_who_was_an_administrator_may_become_another_kind_later(city: City) -> None:
    assigned(city, "li", "east", "system_administrator", MARCH, APRIL)

    assert assigned(city, "li", "east", "audit_administrator", APRIL).pk


def test_the_same_post_is_not_held_twice(city: City) -> None:
    with pytest.raises(WrongPost):
        assigned(city, "li", "town", "reporter")


@pytest.mark.parametrize(
    ("role", "starts_on", "ends_on"),
    [("mayor", MARCH, None), ("leader", MARCH, MARCH), ("leader", date(2019, 1, 1), None)],
)
def test_a_post_that_cannot_be_is_not_given(city: City, role: str, starts_on: date, ends_on: date | None) -> None:
    with pytest.raises(WrongPost):
        assigned(city, "li", "west", role, starts_on, ends_on)


def test_a_stand_in_does_the_work_for_a_time(city: City) -> None:
    stand_in = name_stand_in(
        post=city.posts["li"],
        person=city.people["qian"],
        starts_on=MAY,
        ends_on=TODAY + timedelta(days=5),
        reason="产假",
        by=city.actor("zhou"),
        at=NOW,
    )

    assert (stand_in.role, stand_in.unit, stand_in.stands_in_for) == ("reporter", city.units["town"], city.posts["li"])
    assert city.units["town"].pk in city.actor("qian").units_with(Permission.SEE_UNITS)
    assert city.units["town"].pk not in city.actor("qian", at=NOW + timedelta(days=5)).units_with(Permission.SEE_UNITS)


def test_a_stand_in_cannot_make_two_administrators_of_one(city: City) -> None:
    with pytest.raises(ExclusivePosts):
        name_stand_in(
            post=city.posts["wu"],
            person=city.people["sun"],
            starts_on=MAY,
            ends_on=TODAY,
            by=city.actor("zhou"),
            at=NOW,
        )


def test_a_stand_in_stays_within_the_post_and_has_no_stand_in(city: City) -> None:
    post = assigned(city, "li", "west", "inspector", MARCH, MAY)
    with pytest.raises(WrongPost):
        name_stand_in(
            post=post, person=city.people["feng"], starts_on=APRIL, ends_on=TODAY, by=city.actor("zhou"), at=NOW
        )
    stand_in = name_stand_in(
        post=post, person=city.people["feng"], starts_on=MARCH, ends_on=APRIL, by=city.actor("zhou"), at=NOW
    )
    with pytest.raises(WrongPost):
        name_stand_in(
            post=stand_in, person=city.people["wang"], starts_on=MARCH, ends_on=APRIL, by=city.actor("zhou"), at=NOW
        )


def test_ending_a_post_ends_its_stand_ins(city: City) -> None:
    ends = TODAY + timedelta(days=30)
    stand_in = name_stand_in(
        post=city.posts["li"], person=city.people["qian"], starts_on=MAY, ends_on=ends, by=city.actor("zhou"), at=NOW
    )

    end_post(post=city.posts["li"], on=TODAY, by=city.actor("zhou"), at=NOW)

    assert Post.objects.get(pk=stand_in.pk).ends_on == TODAY


def test_a_post_that_has_not_begun_is_taken_away(city: City) -> None:
    post = assigned(city, "li", "west", "leader", TODAY + timedelta(days=30))

    end_post(post=post, on=TODAY, by=city.actor("zhou"), at=NOW)

    assert not Post.objects.filter(pk=post.pk).exists()
    assert Record.objects.filter(kind="post.ended", subject_id=str(post.pk)).count() == 1


def test_history_is_not_taken_away_by_an_early_day(city: City) -> None:
    with pytest.raises(WrongPost):
        end_post(post=city.posts["li"], on=date(2019, 6, 1), by=city.actor("zhou"), at=NOW)


def test_a_post_handed_over_has_no_day_without_and_none_with_both(city: City) -> None:
    successor = hand_over_post(post=city.posts["wang"], to=city.people["li"], on=MAY, by=city.actor("zhou"), at=NOW)

    holders = [
        list(
            Post.objects.filter(role="reviewer", unit=city.units["east"])
            .active_on(day)
            .values_list("person__name", flat=True)
        )
        for day in (MAY - timedelta(days=1), MAY)
    ]
    assert holders == [["王审核"], ["李填报"]]
    assert successor.ends_on is None


def test_the_last_administrator_of_a_kind_may_hand_over_but_not_just_end(city: City) -> None:
    with pytest.raises(WrongPost):
        end_post(post=city.posts["wu"], on=TODAY, by=city.actor("zhou"), at=NOW)

    hand_over_post(post=city.posts["wu"], to=city.people["zheng"], on=TODAY, by=city.actor("zhou"), at=NOW)


@pytest.mark.parametrize(("ends_on", "is_active"), [(MAY, True), (None, False)])
def test_whoever_is_an_administrator_no_more_or_disabled_leaves_the_other_the_last(
    city: City, ends_on: date | None, is_active: bool
) -> None:
    assigned(city, "zheng", "city", "audit_administrator", MARCH, ends_on)
    Person.objects.filter(pk=city.people["zheng"].pk).update(is_active=is_active)

    with pytest.raises(WrongPost, match="the last Audit administrator"):
        end_post(post=city.posts["wu"], on=TODAY, by=city.actor("zhou"), at=NOW)


def test_a_stand_in_who_ended_before_the_post_keeps_their_last_day(city: City) -> None:
    stand_in = name_stand_in(
        post=city.posts["li"], person=city.people["qian"], starts_on=MARCH, ends_on=MAY, reason="产假",
        by=city.actor("zhou"), at=NOW,
    )  # fmt: skip

    end_post(post=city.posts["li"], on=TODAY, by=city.actor("zhou"), at=NOW)

    stand_in.refresh_from_db()
    assert stand_in.ends_on == MAY


def test_a_disabled_person_is_given_no_post(city: City) -> None:
    city.people["li"].is_active = False
    city.people["li"].save()

    with pytest.raises(WrongPost):
        assigned(city, "li", "west", "leader")
