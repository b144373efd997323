"""What happened to what one answers for: others' doings, since one last looked, and nobody else's items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guatu.hub.assessment.models import RunState
from guatu.hub.ledger.actions.duties import Answerable, assign_duty
from guatu.hub.ledger.actions.items import change_item, enter_item
from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.actions.news import see_news
from guatu.hub.ledger.actions.remarks import add_remark
from guatu.hub.ledger.as_of import latest_sequence
from guatu.hub.ledger.models import Duty, Item, Ledger, SeenUpTo
from guatu.hub.ledger.news import Seen, seen_up_to
from guatu.hub.web.news import about, count_since
from tests.hub.assessment.conftest import judged
from tests.hub.assessment.test_rounds import begin, judged_run
from tests.hub.ledger.dossiers import dossiers, parcel, parcel_named
from tests.hub.people import NOW, City

__all__ = ["dossiers", "judged", "parcel"]
TODAY = NOW.date()


def signed_in(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.people[name])
    return client


def told(city: City, name: str, since: int) -> list[tuple[str, str]]:
    """Item and what happened to it, the newest first."""
    seen = Seen(since, NOW - timedelta(days=30))
    return [(one.item.name, each.what.en) for one in about(city.actor(name), seen, TODAY) for each in one.happened]


def test_whoever_answers_hears_what_others_did_and_not_what_they_did_themselves(parcel: Item, city: City) -> None:
    since = latest_sequence()
    plan_milestone(item=parcel, key="begun", on=TODAY, by=city.actor("zhao"), at=NOW)
    add_remark(item=parcel, kind="work", on=TODAY, text="踏勘", by=city.actor("li"), at=NOW)

    assert told(city, "li", since) == [(parcel.name, "Begun, planned")]
    assert told(city, "qian", since) == [] == told(city, "zhao", since)


def test_a_duty_makes_one_hear_of_an_item_elsewhere(parcel: Item, city: City) -> None:
    since = latest_sequence()
    assign_duty(
        item=parcel,
        slot="answerable",
        holder=Answerable(person=city.people["wang"]),
        on=TODAY,
        by=city.actor("zhao"),
        at=NOW,
    )
    change_item(
        item=parcel,
        seen=parcel.revision,
        name="东关甲",
        values={},
        on=TODAY,
        reason="更名",
        by=city.actor("zhao"),
        at=timezone.now(),
    )

    assert ("东关甲", "changed") in told(city, "wang", since)
    page = signed_in(city, "wang").get("/news").content.decode()
    assert "东关甲" in page and "更名" in page


def test_what_was_seen_is_not_told_again_and_nobody_unsees(parcel: Item, city: City) -> None:
    li, wang = signed_in(city, "li"), city.actor("zhao")
    plan_milestone(item=parcel, key="begun", on=TODAY, by=wang, at=timezone.now())
    page = li.get("/news").content.decode()
    assert parcel.name in page and "<b>1</b>" in page

    up_to = page.split('name="up_to" value="')[1].split('"')[0]
    plan_milestone(item=parcel, key="supplied", on=TODAY, by=wang, at=timezone.now())
    assert li.post("/news/seen", {"up_to": up_to}).status_code == 302
    told_after = li.get("/news").content.decode()
    assert "供地" in told_after and "动工" not in told_after  # what came after the page was shown is still news

    see_news(up_to=10**9, by=city.actor("li"), at=NOW)
    see_news(up_to=0, by=city.actor("li"), at=NOW)
    assert SeenUpTo.objects.get(person=city.people["li"]).sequence == latest_sequence()
    assert "没有新的动态" in li.get("/news").content.decode()


def test_claims_wait_for_whoever_checks_them(parcel: Item, city: City) -> None:
    claim_milestone(item=parcel, key="begun", on=TODAY, evidence="照片", by=city.actor("li"), at=NOW)

    assert "待审核" in signed_in(city, "wang").get("/news").content.decode()
    assert "待审核" not in signed_in(city, "li").get("/news").content.decode()


def test_more_items_cost_no_more_queries_and_the_count_is_kept_for_a_minute(parcel: Item, city: City) -> None:
    li = signed_in(city, "li")
    see_news(up_to=latest_sequence(), by=city.actor("li"), at=timezone.now())

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert li.get(address).status_code == 200
        return len(queries)

    plan_milestone(item=parcel, key="begun", on=TODAY, by=city.actor("zhao"), at=timezone.now())
    asked("/news")
    once = asked("/news")
    for number in range(5):
        one = parcel_named(f"地块{number}", parcel.ledger, city)
        plan_milestone(item=one, key="begun", on=TODAY, by=city.actor("zhao"), at=timezone.now())
    assert asked("/news") == once

    cache.clear()
    first = asked("/look")
    assert asked("/look") < first


def test_the_masthead_counts_items_not_facts(parcel: Item, city: City) -> None:
    seen = seen_up_to(city.actor("li"), NOW + timedelta(minutes=1))
    for key in ("begun", "supplied"):
        plan_milestone(item=parcel, key=key, on=TODAY, by=city.actor("zhao"), at=NOW)
    enter_item(ledger=parcel.ledger, unit=city.units["west"], name="西城地块", on=TODAY, by=city.actor("zhao"), at=NOW)

    assert count_since(city.actor("li"), Seen(seen.sequence - 1, seen.at), TODAY) == 1


@pytest.fixture
def turned_red(judged: Ledger, city: City) -> Item:
    """A bridge that Zheng has a duty on, green in February and red in March."""
    east = Item.objects.get(name="东桥")
    Duty.objects.create(item=east, slot="lead", person=city.people["zheng"], valid_from=date(2026, 1, 1))
    judged_run(judged, city, "2026-02")
    judged_run(judged, city, "2026-03")
    return east


def test_a_light_that_turned_is_told_with_its_reason_and_a_link_to_why(turned_red: Item, city: City) -> None:
    page = signed_in(city, "zheng").get("/news").content.decode()

    assert "变了的灯" in page and "应于2026年3月1日完工，还没有开工" in page
    assert f"/items/{turned_red.pk}/why/" in page and 'data-grade="normal"' in page and 'data-grade="lagging"' in page
    assert "<b>1</b>" in page
    for other in ("qian", "feng"):
        assert "变了的灯" not in signed_in(city, other).get("/news").content.decode()


def test_lights_seen_are_not_told_again_until_they_move_again(turned_red: Item, city: City) -> None:
    zheng = signed_in(city, "zheng")
    page = zheng.get("/news").content.decode()
    shown_at = page.split('name="shown_at" value="')[1].split('"')[0]

    zheng.post("/news/seen", {"up_to": "0", "shown_at": shown_at})
    assert "变了的灯" not in zheng.get("/news").content.decode()
    change_item(
        item=Item.objects.get(name="西桥"), seen=1, values={"due": date(2026, 3, 2)}, on=date(2026, 3, 1), reason="更正",
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    assert judged_run(turned_red.ledger, city, "2026-03").state == RunState.JUDGED
    assert "变了的灯" not in zheng.get("/news").content.decode()  # restated, and this light what it was before

    begin(city, "东桥", date(2026, 4, 1))
    judged_run(turned_red.ledger, city, "2026-04")
    after = zheng.get("/news").content.decode()
    assert "变了的灯" in after and "变好" in after


def test_what_is_judged_after_the_page_was_shown_is_still_news(turned_red: Item, city: City) -> None:
    before = timezone.now() - timedelta(hours=1)

    see_news(up_to=0, shown_at=before, by=city.actor("zheng"), at=timezone.now())

    assert SeenUpTo.objects.get(person=city.people["zheng"]).at == before
    assert "变了的灯" in signed_in(city, "zheng").get("/news").content.decode()
    for nonsense in ("", "yesterday", "2026-01-01T00:00:00"):
        signed_in(city, "zheng").post("/news/seen", {"up_to": "0", "shown_at": nonsense})
    assert "变了的灯" not in signed_in(city, "zheng").get("/news").content.decode()


def test_whoever_sees_no_items_is_shown_no_news_of_one_though_they_answer_for_it(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    for who in ("sun", "wang"):
        assign_duty(
            item=parcel, slot="answerable", holder=Answerable(person=city.people[who]), on=TODAY, by=zhao, at=NOW
        )
        Duty.objects.filter(item=parcel).update(slot=who)  # there is one holder to a slot
    add_remark(item=parcel, kind="work", on=TODAY, text="踏勘", by=zhao, at=NOW)

    assert 'href="/news"' in signed_in(city, "wang").get("/").content.decode()
    assert 'href="/news"' not in signed_in(city, "sun").get("/").content.decode()
