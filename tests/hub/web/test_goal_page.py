"""A goal's page: bars of what was reached against time, and the worst branch named first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.goals import Wanted, link_items, open_goal
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.targets import set_target
from guatu.hub.ledger.goals.schemes import scheme_of
from guatu.hub.ledger.models import Figure, Goal, Ledger, Target
from guatu.hub.web.goals.shown import branches_of
from tests.hub.goals_pack import write_goals_pack
from tests.hub.people import NOW, City

YI = 10_000_000_000  # 分 in 亿元
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def battle(city: City, campaign: Goal, title: str, done: int) -> Goal:
    """A battle that is to invest 10 亿元 in the year, and has invested so much."""
    zhao = city.actor("zhao")
    goal = open_goal(
        pack="campaign",
        level="battle",
        parent=campaign,
        unit=city.units["east"],
        wanted=Wanted(title, *YEAR),
        by=zhao,
        at=NOW,
    )
    set_target(goal=goal, indicator="investment", period="2026", value=str(10 * YI), by=zhao, at=NOW)
    item = enter_item(
        ledger=Ledger.objects.get(), unit=city.units["town"], name=f"{title}项目", on=YEAR[0], by=zhao, at=NOW
    )
    Figure.objects.create(item=item, field="ytd_done", period="2026-05", amount=done * YI, sequence=1)
    link_items(goal=goal, items=[item], on=YEAR[0], by=zhao, at=NOW)
    return goal


def opened(city: City, folder: Path) -> Goal:
    install_pack(folder=write_goals_pack(folder / "campaign"), by=city.actor("sun"), at=NOW)
    return open_goal(
        pack="campaign", level="campaign", parent=None, unit=city.units["city"], wanted=Wanted("攻势", *YEAR),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


def test_the_branch_furthest_behind_time_comes_first_and_those_on_time_drag_nothing(city: City, tmp_path: Path) -> None:
    campaign = opened(city, tmp_path)
    ahead, lagging = battle(city, campaign, "东线", 9), battle(city, campaign, "西线", 1)

    found = branches_of(
        [ahead, lagging],
        list(Target.objects.filter(goal__parent=campaign)),
        scheme_of(campaign),
        "campaign",
        date(2026, 6, 30),
    )

    assert [(one.goal.title, one.drags) for one in found] == [("西线", True), ("东线", False)]
    [line] = found[0].lines
    assert (line.percent, line.bar, line.gone, line.behind) == ("10.0%", 10, 49, "39.6")


def test_the_page_names_what_drags_and_costs_the_same_for_more_branches(city: City, tmp_path: Path) -> None:
    campaign = opened(city, tmp_path)
    battle(city, campaign, "西线", 1)
    client = Client()
    client.force_login(city.people["zhao"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/goals/{campaign.pk}").content.decode()
        assert "拖在哪里" in page and "西线" in page and 'class="pace"' in page
        return len(queries)

    asked()
    once = asked()
    for title in ("南线", "北线", "中线"):
        battle(city, campaign, title, 1)
    assert asked() == once
