"""One request, one effect, however often it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from guatu.hub.accounts.actions.units import WrongDay, rename_unit
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.idempotency import Answer, Asked, KeyReused, done_once, forget_keys
from guatu.hub.audit.models import IdempotencyKey, Record
from guatu.text import Text
from tests.hub.people import NOW, City

ASKED = Asked(owner="token:1", key="k-1", digest="d" * 64)


def rename_to(city: City, title: str, on: date = date(2024, 3, 1)) -> Answer:
    rename_unit(unit=city.units["town"], title=Text(title, title), on=on, by=city.actor("sun"), at=NOW)
    return Answer(200, title)


def test_a_repeat_gets_the_same_answer_and_does_nothing(city: City) -> None:
    first = done_once(ASKED, lambda: rename_to(city, "东关街道"), at=NOW)
    again = done_once(ASKED, lambda: pytest.fail("acted again"), at=NOW)

    assert (first, again) == (None, Answer(200, "东关街道"))
    assert Record.objects.count() == 1


@pytest.mark.parametrize("other", [{"owner": "token:2"}, {"key": "k-2"}])
def test_keys_of_others_and_other_keys_are_other_requests(city: City, other: dict[str, str]) -> None:
    done_once(ASKED, lambda: Answer(200, "a"), at=NOW)

    assert done_once(replace(ASKED, **other), lambda: Answer(200, "b"), at=NOW) is None


def test_the_same_key_with_another_body_is_refused(city: City) -> None:
    done_once(ASKED, lambda: Answer(200, "a"), at=NOW)

    with pytest.raises(KeyReused):
        done_once(replace(ASKED, digest="e" * 64), lambda: pytest.fail("acted"), at=NOW)


def test_a_refused_request_leaves_its_key_free(city: City) -> None:
    with pytest.raises(WrongDay):
        done_once(ASKED, lambda: rename_to(city, "东关街道", on=date(2019, 1, 1)), at=NOW)
    assert not IdempotencyKey.objects.exists()

    done_once(ASKED, lambda: rename_to(city, "东关街道"), at=NOW)
    assert Unit.objects.get(pk=city.units["town"].pk).title_zh == "东关街道"


def test_what_answers_nothing_is_taken_back_with_all_it_did(city: City) -> None:
    def half_done() -> None:
        rename_to(city, "东关街道")

    done_once(ASKED, half_done, at=NOW)

    assert Unit.objects.get(pk=city.units["town"].pk).title_zh == "东关镇"
    assert (Record.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_fault_inside_is_not_taken_for_a_repeat(city: City) -> None:
    def faulty() -> Answer:
        IdempotencyKey.objects.create(owner=ASKED.owner, key=ASKED.key, request_digest="", status=0, answer="", at=NOW)
        return Answer(200, "never")

    with pytest.raises(IntegrityError):
        done_once(ASKED, faulty, at=NOW)


def test_keys_are_forgotten_when_they_need_not_be_kept_any_longer(city: City, settings) -> None:  # type: ignore[no-untyped-def]
    settings.IDEMPOTENCY_HOURS = 24
    done_once(ASKED, lambda: Answer(200, "a"), at=NOW)

    assert forget_keys(NOW + timedelta(hours=24)) == 0
    assert forget_keys(NOW + timedelta(hours=24, seconds=1)) == 1
