"""Guessing is slow, and nobody is locked out by somebody else's guesses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from guatu.hub.accounts.models import Lane, Tries
from guatu.hub.accounts.sign_in import throttling
from guatu.hub.accounts.sign_in.throttling import Attempt, TooSoon, admit, forgive
from tests.hub.people import NOW

RIVAL, OFFICE = "198.51.100.9", "203.0.113.7"
pytestmark = pytest.mark.django_db


def password_of(name: str, address: str, **more: object) -> Attempt:
    return Attempt.of("password", name, address=address, **more)  # type: ignore[arg-type]


def fail(attempt: Attempt, times: int, *, every: float = 0.0) -> None:
    for number in range(times):
        admit(attempt, at=NOW + timedelta(seconds=every * number), costly=False)


def test_after_five_failures_the_next_attempt_from_there_waits() -> None:
    fail(password_of("li", RIVAL), 5)

    with pytest.raises(TooSoon) as refused:
        admit(password_of("li", RIVAL), at=NOW)
    assert refused.value.seconds == 2
    admit(password_of("li", RIVAL), at=NOW + timedelta(seconds=2))


def test_the_right_password_does_not_get_around_the_wait_but_forgets_the_failures() -> None:
    fail(password_of("li", RIVAL), 5)
    later = NOW + timedelta(seconds=2)

    admit(password_of("li", RIVAL), at=later)
    forgive(password_of("li", RIVAL))

    assert admit(password_of("li", RIVAL), at=later) == 1


def test_waits_never_reach_a_minute_however_many_failures() -> None:
    attempt, at = password_of("li", RIVAL), NOW
    for _ in range(200):
        try:
            admit(attempt, at=at, costly=False)
        except TooSoon as refused:
            assert refused.seconds <= 30
            at += timedelta(seconds=refused.seconds)


@pytest.mark.parametrize(
    "person",
    [
        password_of("li", OFFICE),
        password_of("li", RIVAL, device="a-browser-of-li"),
        password_of("li", RIVAL, code=True),
        password_of("wang", RIVAL),
    ],
    ids=["from another address", "known browser on the rival's network", "code beside", "colleague on that network"],
)
def test_a_flood_does_not_keep_the_person_out(person: Attempt) -> None:
    fail(password_of("li", RIVAL), 5)
    with pytest.raises(TooSoon):
        admit(password_of("li", RIVAL), at=NOW)

    assert admit(person, at=NOW) == 1


def test_addresses_of_one_ipv6_network_are_one_place() -> None:
    fail(password_of("li", "2001:db8:1:2::1"), 5)

    with pytest.raises(TooSoon):
        admit(password_of("li", "2001:db8:1:2:ffff::9"), at=NOW)
    admit(password_of("li", "2001:db8:1:3::1"), at=NOW)


def test_an_hour_without_a_failure_forgets_all() -> None:
    fail(password_of("li", RIVAL), 5)

    assert admit(password_of("li", RIVAL), at=NOW + timedelta(minutes=61)) == 1


def test_a_hundred_attempts_at_one_moment_are_five_checks() -> None:
    let_in = 0
    for _ in range(100):
        try:
            admit(password_of("li", RIVAL), at=NOW)
        except TooSoon:
            continue
        let_in += 1

    assert let_in == 5


def test_a_lane_that_is_full_refuses_others_and_never_known_browsers() -> None:
    for number in range(40):
        admit(password_of(f"nobody-{number}", RIVAL), at=NOW)

    with pytest.raises(TooSoon):
        admit(password_of("zhao", OFFICE), at=NOW)
    assert admit(password_of("zhao", OFFICE, device="a-browser-of-zhao"), at=NOW) == 1
    assert admit(password_of("zhao", OFFICE), at=NOW + timedelta(seconds=1)) == 1


def test_an_attempt_refused_for_want_of_capacity_is_no_failure() -> None:
    for number in range(40):
        admit(password_of(f"nobody-{number}", RIVAL), at=NOW)
    for _ in range(20):
        with pytest.raises(TooSoon):
            admit(password_of("zhao", OFFICE), at=NOW)

    assert admit(password_of("zhao", OFFICE), at=NOW + timedelta(seconds=1)) == 1


def test_a_refused_attempt_writes_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    fail(password_of("li", RIVAL), 5)

    with django_assert_num_queries(1) as asked, pytest.raises(TooSoon):
        admit(password_of("li", RIVAL), at=NOW)
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def test_neither_names_nor_addresses_lie_in_the_table() -> None:
    fail(password_of("li", RIVAL), 5)

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_tries")
        keys = "".join(row[0] for row in cursor.fetchall())
    assert "li" not in keys.split() and RIVAL not in keys


def test_old_counts_are_swept_away() -> None:
    fail(password_of("li", RIVAL), 1)

    throttling.sweep(at=NOW + timedelta(hours=1))
    assert Tries.objects.count() == 1
    throttling.sweep(at=NOW + timedelta(days=2))
    assert Tries.objects.count() == 0


def test_a_lane_says_how_many_it_passed_over() -> None:
    for _ in range(100):
        throttling.take("records", at=NOW)
    for _ in range(7):
        with pytest.raises(TooSoon):
            throttling.take("records", at=NOW)

    assert throttling.take("records", at=NOW + timedelta(seconds=1)) == 7
    assert Lane.objects.get(pk="records").passed_over == 0
