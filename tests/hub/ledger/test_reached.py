"""What was reached of indicators no item tells of: said by whoever answers, on evidence; put right, never lost; in the progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.test import Client

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.goals import Wanted, WrongGoal, open_goal
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.reached import enter_reached
from guatu.hub.ledger.actions.revising import NotYet
from guatu.hub.ledger.actions.targets import Part, set_target, split_target
from guatu.hub.ledger.goals.progress import Progress, Standings
from guatu.hub.ledger.goals.schemes import scheme_of
from guatu.hub.ledger.models import Goal, Reached, Target
from guatu.hub.ledger.models.targets import Along
from tests.hub.api.conftest import Program, program  # noqa: F401  # fixture
from tests.hub.api.test_changing import done, refused
from tests.hub.asking import queries_of
from tests.hub.goals_pack import GOALS, write_goals_pack
from tests.hub.people import NOW, City

GUESTS = "  - {key: guests, title: {zh: 客商, en: Guests}, type: integer, unit: 人}\npapers:"
WANTED = Wanted("攻势", date(2026, 1, 1), date(2026, 12, 31))
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 10)


@pytest.fixture
def campaign(city: City, tmp_path: Path) -> Goal:
    folder = write_goals_pack(tmp_path / "campaign")
    (folder / "goals.yaml").write_text(GOALS.replace("papers:", GUESTS, 1), encoding="utf-8")
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    return open_goal(
        pack="campaign", level="campaign", parent=None, unit=city.units["city"], wanted=WANTED, by=city.actor("zhao"), at=NOW
    )  # fmt: skip


@pytest.fixture
def guests(campaign: Goal, city: City) -> Target:
    """1,000 guests in the year: 600 for the town, 400 for the west."""
    whole = set_target(goal=campaign, indicator="guests", period="2026", value="1000", by=city.actor("zhao"), at=NOW)
    parts = [Part("600", unit=city.units["town"]), Part("400", unit=city.units["west"])]
    split_target(target=whole, seen=1, along=Along.UNIT, parts=parts, by=city.actor("zhao"), at=NOW)
    return whole


def share(guests: Target, city: City, unit: str) -> Target:
    found: Target = guests.parts.get(unit=city.units[unit])
    return found


def say(target: Target, city: City, value: str, on: date = MAY, who: str = "li", **more: str) -> Reached:
    said = {"evidence": "文旅局月报", **more}
    return enter_reached(target=target, on=on, value=value, by=city.actor(who), at=NOW, **said)


def come(target: Target, day: date) -> Progress | None:
    scheme = scheme_of(target.goal)
    return Standings.of([target], target.goal.pack, scheme, day).progress(target, scheme)


def test_the_last_word_by_a_day_counts(guests: Target, city: City) -> None:
    mine = share(guests, city, "town")
    say(mine, city, "150")
    say(mine, city, "300", JUNE)

    before, between, after = (come(mine, day) for day in (date(2026, 5, 1), MAY, JUNE))
    assert before is None and between is not None and after is not None
    assert (between.done, between.share, after.done) == (150, Fraction(1, 4), 300)
    assert [one.on for one in after.said] == [JUNE] and (after.items, after.silent) == (0, 0)


def test_parts_make_up_the_whole_until_somebody_speaks_of_it(guests: Target, city: City) -> None:
    say(share(guests, city, "town"), city, "150")
    found = come(guests, JUNE)
    assert found is not None and (found.done, found.silent) == (150, 1)

    say(share(guests, city, "west"), city, "50", who="qian")
    found = come(guests, JUNE)
    assert found is not None and (found.done, found.silent, len(found.said)) == (200, 0, 2)

    say(guests, city, "210", who="zhao")
    found = come(guests, JUNE)
    assert found is not None and found.done == 210


def test_rates_of_parts_make_up_no_whole(campaign: Goal, city: City) -> None:
    whole = set_target(goal=campaign, indicator="growth", period="2026", value="0.09", by=city.actor("zhao"), at=NOW)
    parts = [Part("0.1", unit=city.units["town"])]
    split_target(target=whole, seen=1, along=Along.UNIT, parts=parts, by=city.actor("zhao"), at=NOW)
    say(share(whole, city, "town"), city, "0.08")

    assert come(whole, JUNE) is None
    say(whole, city, "0.09", who="zhao")
    found = come(whole, JUNE)
    assert found is not None and found.share == 1


def test_another_word_on_the_same_day_says_why_and_the_first_stays_known(guests: Target, city: City) -> None:
    mine = share(guests, city, "town")
    first = say(mine, city, "150")
    with pytest.raises(WrongGoal, match="no reason"):
        say(mine, city, "160")
    second = say(mine, city, "160", reason="漏报一场展会")

    first.refresh_from_db()
    assert (first.value, first.superseded_by_sequence) == ("150", second.sequence)
    told = Record.objects.filter(kind="target.reached").latest("id")
    assert "漏报一场展会" in told.context and told.person_id == city.people["li"].pk
    with pytest.raises(Conflict, match="nothing is different"):
        say(mine, city, "160", reason="再报")


def test_what_cannot_be_said_is_refused(guests: Target, campaign: Goal, city: City) -> None:
    mine = share(guests, city, "town")
    with pytest.raises(WrongGoal, match="evidence"):
        say(mine, city, "1", evidence=" ")
    with pytest.raises(NotYet):
        say(mine, city, "1", date(2026, 12, 1))
    with pytest.raises(WrongGoal, match="does not lie inside"):
        say(mine, city, "1", date(2025, 12, 31))
    started = set_target(goal=campaign, indicator="started", period="2026", value="4", by=city.actor("zhao"), at=NOW)
    with pytest.raises(Conflict, match="reckoned from the items"):
        say(started, city, "1", who="zhao")


@pytest.mark.parametrize("stranger", ["qian", "wang", "zheng", "sun", "feng"])
def test_nobody_speaks_for_a_unit_that_is_not_theirs(guests: Target, city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        say(share(guests, city, "town"), city, "150", who=stranger)
    assert not Reached.objects.exists()


def test_it_is_entered_on_a_page_and_shown_with_who_said_so(guests: Target, city: City, client: Client) -> None:
    mine = share(guests, city, "town")
    client.force_login(city.people["li"])
    said = {"on": "2026-05-31", "value": "150", "evidence": "文旅局月报", "reason": ""}

    page = client.post(f"/targets/{mine.pk}/reached", said, follow=True).content.decode()

    assert "已填报" in page and "文旅局月报" in page and "到 2026-05-31，东关镇填报员" in page and "25.0%" in page
    client.post(f"/targets/{mine.pk}/reached", {**said, "value": "160", "reason": "漏报"})
    page = client.get(f"/targets/{mine.pk}").content.decode()
    assert "<s>150</s>" in page and "已更正" in page and "漏报" in page
    client.force_login(city.people["zhao"])
    assert "到 2026-05-31，东关镇填报员" in client.get(f"/goals/{guests.goal_id}").content.decode()
    assert "，1 份没有填报" in client.get("/goals").content.decode()


def test_pages_cost_the_same_however_much_was_said(guests: Target, city: City, client: Client) -> None:
    client.force_login(city.people["zhao"])
    say(share(guests, city, "town"), city, "150")

    pages = ("/goals", f"/goals/{guests.goal_id}", f"/targets/{guests.pk}")
    once = [queries_of(client, path) for path in pages]
    say(share(guests, city, "west"), city, "50", who="qian")
    say(share(guests, city, "town"), city, "300", JUNE)
    assert [queries_of(client, path) for path in pages] == once


def test_programs_say_and_read_it(
    guests: Target,
    city: City,
    program: Callable[[str], Program],  # noqa: F811
) -> None:
    li, at = program("li"), f"/targets/{share(guests, city, 'town').pk}"

    made = done(li.post(f"{at}/reached", {"on": "2026-05-31", "value": 150, "evidence": "月报"}), 201)
    assert (made["value"], made["superseded_by_sequence"]) == ("150", None)
    assert made["record_id"] == Record.objects.get(kind="target.reached").pk
    refused(li.post(f"{at}/reached", {"on": "2026-05-31", "value": "1.5", "evidence": "月报"}), 422, "wrong_value")
    told = done(li.get(at, on="2026-06-10"))["progress"]
    assert (told["done"], told["said_on"], told["said_sequence"]) == ("150", "2026-05-31", made["sequence"])
    assert [one["value"] for one in done(li.get(f"{at}/reached"))["items"]] == ["150"]
    assert program("qian").get(f"{at}/reached").status_code == 404
