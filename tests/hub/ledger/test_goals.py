"""Goals from the top down: opened, split to the last 分, agreed or objected to, followed from what items report, signed in versions."""

from __future__ import annotations

import io
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.declarations import load_pack
from guatu.declarations.ledger import Basis
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.models import Post
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.goals import (
    GoalChanged,
    Wanted,
    WrongGoal,
    assign_goal,
    change_goal,
    end_goal,
    link_items,
    open_goal,
    unlink_item,
)
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.papers import Outdated, draw_paper, sign_paper
from guatu.hub.ledger.actions.targets import Part, SumDiffers, adjust_target, answer_target, set_target, split_target
from guatu.hub.ledger.goals.progress import Standings, drags_of, within
from guatu.hub.ledger.goals.schemes import NotDeclared, scheme_of
from guatu.hub.ledger.goals.values import WrongNumber, read_value
from guatu.hub.ledger.models import Figure, Goal, Item, Ledger, Milestone, Paper, Target
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.targets import Along
from guatu.standards.periods import Period
from tests.hub.goals_pack import write_goals_pack
from tests.hub.people import NOW, City

YEAR = Wanted("突破平度莱西攻势", date(2026, 1, 1), date(2026, 12, 31), "两条主线、七大战役", ("assessment",))
YI = 10_000_000_000  # 分 in 亿元
DAY = date(2026, 6, 15)


@pytest.fixture
def campaign(city: City, tmp_path: Path) -> Goal:
    """The city's campaign of the year, over a ledger of projects."""
    install_pack(folder=write_goals_pack(tmp_path / "campaign"), by=city.actor("sun"), at=NOW)
    return open_goal(
        pack="campaign", level="campaign", parent=None, unit=city.units["city"], wanted=YEAR,
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


@pytest.fixture
def investment(campaign: Goal, city: City) -> Target:
    """100 亿元 for the city in 2026."""
    return set_target(
        goal=campaign, indicator="investment", period="2026", value=str(100 * YI), by=city.actor("zhao"), at=NOW
    )


def project(city: City, unit: str, name: str, **done: int) -> Item:
    """A project with figures of investment since January, by month, in 分."""
    item = enter_item(
        ledger=Ledger.objects.get(key="projects"), unit=city.units[unit], name=name, on=date(2026, 1, 5),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    for month, amount in done.items():
        Figure.objects.create(
            item=item, field="ytd_done", period=f"2026-{month.removeprefix('m')}", amount=amount, sequence=1
        )
    return item


def shares(city: City, east: int, west: int) -> list[Part]:
    return [Part(str(east), unit=city.units["east"]), Part(str(west), unit=city.units["west"])]


def split(target: Target, parts: list[Part], city: City, *, along: Along = Along.UNIT, reason: str = "") -> None:
    target.refresh_from_db()
    split_target(
        target=target, seen=target.version, along=along, parts=parts, reason=reason, by=city.actor("zhao"), at=NOW
    )


def test_a_tree_is_built_as_the_pack_declares_and_days_lie_inside_those_above(campaign: Goal, city: City) -> None:
    below = {"pack": "", "unit": city.units["east"], "by": city.actor("zhao"), "at": NOW}
    hundred_days = Wanted("百日攻坚", date(2026, 9, 1), date(2026, 12, 9))
    drive = open_goal(level="drive", parent=campaign, wanted=hundred_days, **below)
    open_goal(level="task", parent=drive, wanted=Wanted("开工四十个", date(2026, 9, 1), date(2026, 11, 30)), **below)

    with pytest.raises(NotDeclared):
        open_goal(level="line", parent=drive, wanted=hundred_days, **below)
    with pytest.raises(WrongGoal, match="lies outside"):
        open_goal(level="task", parent=drive, wanted=Wanted("拖到明年", date(2026, 9, 1), date(2027, 1, 9)), **below)
    with pytest.raises(WrongGoal, match="would lie outside"):
        change_goal(
            goal=drive, seen=1, wanted=Wanted("五十天", date(2026, 9, 1), date(2026, 10, 20)), reason="提速",
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    with pytest.raises(Conflict, match="below it is active"):
        end_goal(goal=drive, state=GoalState.ENDED, reason="到期", by=city.actor("zhao"), at=NOW)


def test_a_stranger_and_a_reporter_change_no_goal_and_a_stranger_sees_none(campaign: Goal, city: City) -> None:
    for who in ("qian", "li", "zheng"):
        with pytest.raises(NotAllowed):
            open_goal(
                pack="campaign", level="campaign", parent=None, unit=city.units["city"], wanted=YEAR,
                by=city.actor(who), at=NOW,
            )  # fmt: skip
    assert not Goal.objects.visible_to(city.actor("qian")).exists()
    assert Goal.objects.visible_to(city.actor("zheng")).get() == campaign


def test_a_change_is_made_from_what_was_read_and_its_history_stays(campaign: Goal, city: City) -> None:
    shorter = Wanted("突破攻势", date(2026, 1, 1), date(2026, 11, 30))
    changed = change_goal(goal=campaign, seen=1, wanted=shorter, reason="改名", by=city.actor("zhao"), at=NOW)
    with pytest.raises(GoalChanged):
        change_goal(goal=campaign, seen=1, wanted=YEAR, reason="再改", by=city.actor("zhao"), at=NOW)

    assert [one.kind for one in changed.revisions.order_by("number")] == ["opened", "changed"]
    assert "突破平度莱西攻势" in changed.revisions.get(number=1).row


def test_parts_make_up_the_whole_to_the_last_fen_or_the_difference_is_said(investment: Target, city: City) -> None:
    with pytest.raises(SumDiffers) as caught:
        split(investment, shares(city, 60 * YI, 40 * YI - 1), city)
    assert caught.value.difference == 1
    assert "0.0000000001 亿元" in caught.value.what.zh
    assert not investment.parts.exists()

    split(investment, shares(city, 60 * YI, 40 * YI), city)
    assert investment.splits.get().difference == "0"
    split(investment, shares(city, 60 * YI, 45 * YI), city, reason="留有余地")
    assert investment.splits.order_by("pk").last().difference == str(-5 * YI)


def test_a_unit_agrees_to_its_share_or_objects_and_only_a_share_that_changes_is_asked_again(
    investment: Target, city: City
) -> None:
    Post.objects.create(person=city.people["li"], unit=city.units["east"], role="leader", starts_on=date(2026, 1, 1))
    split(investment, shares(city, 60 * YI, 40 * YI), city)
    east, west = investment.parts.order_by("pk")

    with pytest.raises(NotAllowed):
        answer_target(target=east, seen=1, agrees=True, by=city.actor("qian"), at=NOW)
    with pytest.raises(WrongGoal, match="no reason"):
        answer_target(target=west, seen=1, agrees=False, by=city.actor("qian"), at=NOW)
    answer_target(target=east, seen=1, agrees=True, by=city.actor("li"), at=NOW)
    answer_target(target=west, seen=1, agrees=False, reason="土地指标不足", by=city.actor("qian"), at=NOW)
    west.refresh_from_db()
    assert (west.standing, west.objection) == ("objected", "土地指标不足")

    split(investment, [*shares(city, 60 * YI, 35 * YI), Part(str(5 * YI), unit=city.units["bureau"])], city)
    east.refresh_from_db()
    west.refresh_from_db()
    assert (east.standing, west.standing, west.version) == ("agreed", "proposed", 2)
    with pytest.raises(GoalChanged):
        answer_target(target=west, seen=1, agrees=True, by=city.actor("qian"), at=NOW)
    split(investment, [Part(str(100 * YI), unit=city.units["east"])], city)
    west.refresh_from_db()
    assert west.dropped


def test_a_share_shows_its_unit_the_goal_and_nothing_of_the_others(
    investment: Target, city: City, client: Client
) -> None:
    split(investment, shares(city, 61 * YI, 39 * YI), city)
    client.force_login(city.people["qian"])
    page = client.get(f"/targets/{investment.pk}").content.decode()

    assert ">39<" in page and ">61<" not in page and "东城区" not in page
    assert "比总数" not in page  # the parts make up the whole, seen or not
    assert client.get(f"/goals/{investment.goal_id}").status_code == 200
    assert client.get(f"/targets/{investment.parts.order_by('pk')[0].pk}").status_code == 404


def test_a_unit_left_out_of_a_later_split_sees_the_goal_no_more(investment: Target, city: City) -> None:
    split(investment, shares(city, 61 * YI, 39 * YI), city)
    assert Goal.objects.visible_to(city.actor("qian")).get() == investment.goal

    split(investment, shares(city, 100 * YI, 0)[:1], city)

    assert not Goal.objects.visible_to(city.actor("qian")).exists()


def test_nothing_is_linked_or_given_a_part_that_whoever_does_it_does_not_see(campaign: Goal, city: City) -> None:
    """Whatever the page or the program in front of the action let through."""
    Post.objects.filter(pk=city.posts["wang"].pk).update(role="dispatcher")
    wang, west = city.actor("wang"), city.units["west"]
    goal = open_goal(
        pack="campaign", level="campaign", parent=None, unit=city.units["east"], wanted=YEAR, by=wang, at=NOW
    )
    wests = project(city, "west", "西区项目")
    target = set_target(goal=goal, indicator="started", period="2026", value="4", by=wang, at=NOW)

    with pytest.raises(Conflict, match="not to be seen"):
        link_items(goal=goal, items=[wests], on=DAY, by=wang, at=NOW)
    for along, part in ((Along.UNIT, Part("4", unit=west)), (Along.ITEM, Part("4", item=wests))):
        with pytest.raises(WrongGoal, match="not to be seen"):
            split_target(target=target, seen=1, along=along, parts=[part], reason="", by=wang, at=NOW)


def test_months_lie_inside_the_year_and_ask_nobody(investment: Target, city: City) -> None:
    months = [Part(str(8 * YI), period=f"2026-{month:02}") for month in range(1, 12)]
    split(investment, [*months, Part(str(12 * YI), period="2026-12")], city, along=Along.PERIOD)
    assert set(investment.parts.values_list("standing", flat=True)) == {"set"}
    with pytest.raises(WrongGoal, match="does not lie inside"):
        split(investment, [Part(str(100 * YI), period="2027-01")], city, along=Along.PERIOD)
    with pytest.raises(WrongGoal, match="given twice"):
        split(investment, [Part(str(50 * YI), period="2026-01")] * 2, city, along=Along.PERIOD)


def test_a_rate_is_not_held_to_a_sum(campaign: Goal, city: City) -> None:
    growth = set_target(goal=campaign, indicator="growth", period="2026", value="0.2", by=city.actor("zhao"), at=NOW)
    parts = [Part("0.212", unit=city.units["east"]), Part("0.385", unit=city.units["west"])]
    split(growth, parts, city)
    assert growth.splits.get().difference == "0"


def test_an_adjustment_is_a_new_version_and_the_difference_to_the_split_shows(
    investment: Target, city: City, client: Client
) -> None:
    split(investment, shares(city, 60 * YI, 40 * YI), city)
    with pytest.raises(Conflict):
        adjust_target(target=investment.parts.first(), seen=1, value="1", reason="x", by=city.actor("zhao"), at=NOW)
    adjusted = adjust_target(
        target=investment, seen=1, value=str(110 * YI), reason="半年调整", by=city.actor("zhao"), at=NOW
    )
    client.force_login(city.people["zheng"])
    page = client.get(f"/targets/{investment.pk}").content.decode()

    assert [one.value for one in adjusted.versions.order_by("pk")] == [str(100 * YI), str(110 * YI)]
    assert "比总数少 10 亿元" in page and "半年调整" in page


def test_progress_is_reckoned_from_linked_items_and_held_against_time(investment: Target, city: City) -> None:
    bridge = project(city, "town", "东关大桥", m03=20 * YI, m05=30 * YI)
    road = project(city, "west", "西城路", m05=10 * YI)
    project(city, "west", "没有联上的", m05=50 * YI)
    task = open_goal(
        pack="", level="battle", parent=investment.goal, unit=city.units["city"],
        wanted=Wanted("项目战役", date(2026, 1, 1), date(2026, 12, 31)), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    link_items(goal=investment.goal, items=[bridge], on=DAY, by=city.actor("zhao"), at=NOW)
    link_items(goal=task, items=[bridge, road], on=DAY, by=city.actor("zhao"), at=NOW)
    split(investment, shares(city, 60 * YI, 40 * YI), city)

    found = progress(investment, DAY)
    assert (found.done, found.items) == (40 * YI, 2)
    assert found.share == Fraction(2, 5)
    assert found.elapsed == Fraction(166, 365)
    assert found.light == "attention"
    east, west = (progress(one, DAY) for one in investment.parts.order_by("pk"))
    assert (east.done, east.light) == (30 * YI, "on_time")
    assert (west.done, west.light) == (10 * YI, "behind")
    assert progress(investment, date(2026, 4, 1)).done == 20 * YI

    unlink_item(goal=task, item=road, on=date(2026, 6, 16), by=city.actor("zhao"), at=NOW)
    assert progress(investment, DAY).done == 30 * YI


def progress(target: Target, day: date) -> Any:
    scheme = scheme_of(target.goal)
    return Standings.of([target], "campaign", scheme, day).progress(target, scheme)


def test_a_month_of_cumulative_figures_is_their_difference() -> None:
    held = [(Period.parse(f"2026-{month:02}"), Fraction(value)) for month, value in ((3, 20), (5, 30), (6, 45))]
    last_year = [(Period.parse("2025-12"), Fraction(900))]

    assert within(held, Period.parse("2026-06"), Basis.YEAR_TO_DATE) == 15
    assert within(held, Period.parse("2026-03"), Basis.YEAR_TO_DATE) == 20
    assert within(held, Period.parse("2026-04"), Basis.YEAR_TO_DATE) is None
    assert within([*last_year, *held], Period.parse("2026"), Basis.YEAR_TO_DATE) == 45
    assert (
        within([*last_year, *[(period, 900 + one) for period, one in held]], Period.parse("2026"), Basis.SINCE_START)
        == 45
    )
    assert within(held, Period.parse("2026"), Basis.MONTH) == 95


def test_projects_started_are_counted_by_the_milestone_that_was_reached(campaign: Goal, city: City) -> None:
    target = set_target(goal=campaign, indicator="started", period="2026", value="4", by=city.actor("zhao"), at=NOW)
    items = [project(city, "town", f"项目{number}") for number in range(4)]
    link_items(goal=campaign, items=items, on=DAY, by=city.actor("zhao"), at=NOW)
    days = (
        (date(2026, 3, 1), "claimed"),
        (date(2025, 3, 1), "verified"),
        (None, "claimed"),
        (date(2026, 4, 1), "rejected"),
    )
    for item, (on, standing) in zip(items, days, strict=True):
        Milestone.objects.create(item=item, key="started", fact="actual", on=on, standing=standing, sequence=1)

    assert progress(target, DAY).done == 2  # one last year, or rejected, does not count; one without a day does


def test_what_holds_a_goal_up_is_the_longest_overdue_by_the_revised_day(city: City, campaign: Goal) -> None:
    late, moved, reached = (project(city, "town", name) for name in ("拖着的", "顺延的", "完成的"))
    for item in (late, moved, reached):
        Milestone.objects.create(item=item, key="started", fact="planned", on=date(2026, 4, 1), sequence=1)
    Milestone.objects.create(item=moved, key="started", fact="revised", on=date(2026, 6, 10), sequence=1)
    Milestone.objects.create(item=reached, key="started", fact="actual", on=date(2026, 5, 1), sequence=1)

    found = drags_of([late.pk, moved.pk, reached.pk], DAY, 10)
    assert [(one.item.name, one.days) for one in found] == [("拖着的", 75), ("顺延的", 5)]


@pytest.mark.parametrize("written", ["", "很多", "1e400", "NaN", "0.00000000001", "12.5.3"])
def test_nonsense_is_no_target(written: str) -> None:
    goals = load_pack("key_projects").goals
    assert goals is not None
    with pytest.raises(WrongNumber):
        read_value(goals.indicators["investment"], written)


def test_every_worked_example_of_a_pace_comes_out() -> None:
    goals = load_pack("key_projects").goals
    assert goals is not None and goals.pace.examples
    for one in goals.pace.examples:
        assert goals.pace.light(Fraction(one.done, 100), Fraction(one.elapsed, 100)) == one.then, one.place


@pytest.fixture
def letter(investment: Target, city: City) -> Paper:
    """The campaign's responsibility letter: the city leads, Zheng commands."""
    goal = investment.goal
    for slot, holder in (("lead_unit", {"unit": city.units["city"]}), ("commander", {"person": city.people["zheng"]})):
        assign_goal(
            goal=goal, slot=slot, **{"person": None, "unit": None, **holder}, on=DAY, by=city.actor("zhao"), at=NOW
        )
    return draw_paper(goal=goal, kind="letter", by=city.actor("zhao"), at=NOW)


def test_a_paper_is_signed_in_the_version_that_was_read_by_whoever_answers(letter: Paper, city: City) -> None:
    Post.objects.create(person=city.people["feng"], unit=city.units["city"], role="leader", starts_on="2021-01-01")
    for other in ("zhao", "feng"):  # one whose role signs nothing, and a leader who is not the one named
        with pytest.raises(NotAllowed):
            sign_paper(paper=letter, slot="commander", digest=letter.digest, by=city.actor(other), at=NOW)
    with pytest.raises(Outdated):
        sign_paper(paper=letter, slot="commander", digest="0" * 64, by=city.actor("zheng"), at=NOW)
    signed = sign_paper(paper=letter, slot="commander", digest=letter.digest, by=city.actor("zheng"), at=NOW)
    with pytest.raises(Conflict, match="signed here already"):
        sign_paper(paper=letter, slot="commander", digest=letter.digest, by=city.actor("zheng"), at=NOW)

    assert (signed.post, signed.digest) == (city.posts["zheng"], letter.digest)
    assert "郑领导" not in letter.content
    assert "郑领导" not in Record.objects.get(kind="paper.signed").after


def test_whoever_leads_no_more_signs_nothing_though_they_are_named(letter: Paper, city: City) -> None:
    city.people["zheng"].posts.update(ends_on="2022-01-01")

    with pytest.raises(NotAllowed):
        sign_paper(paper=letter, slot="commander", digest=letter.digest, by=city.actor("zheng"), at=NOW)


def test_what_changes_afterwards_makes_a_paper_outdated_until_it_is_signed_anew(
    letter: Paper, investment: Target, city: City, client: Client
) -> None:
    sign_paper(paper=letter, slot="commander", digest=letter.digest, by=city.actor("zheng"), at=NOW)
    assert "签订这一版" not in page_of(client, city, "zhao", f"/papers/{letter.pk}")
    client.force_login(city.people["zheng"])
    assert "签订这一版" in client.get(f"/papers/{letter.pk}").content.decode()  # for the unit that leads
    assert "已经过时" not in client.get(f"/papers/{letter.pk}").content.decode()
    with pytest.raises(Conflict, match="just what the last version says"):
        draw_paper(goal=letter.goal, kind=letter.kind, by=city.actor("zhao"), at=NOW)

    adjust_target(target=investment, seen=1, value=str(90 * YI), reason="半年调整", by=city.actor("zhao"), at=NOW)
    page = client.get(f"/papers/{letter.pk}").content.decode()
    assert "已经过时" in page and "郑领导" in page and "100 亿元" in page
    assert "内容已变化" in client.get(f"/goals/{letter.goal_id}").content.decode()
    with pytest.raises(Outdated):
        sign_paper(paper=letter, slot="lead_unit", digest=letter.digest, by=city.actor("zheng"), at=NOW)
    again = draw_paper(goal=letter.goal, kind=letter.kind, by=city.actor("zhao"), at=NOW)
    assert (again.version, again.signatures.count(), letter.signatures.count()) == (2, 0, 1)


def test_a_paper_is_taken_away_as_a_word_file(letter: Paper, city: City, client: Client) -> None:
    client.force_login(city.people["zheng"])
    answer = client.get(f"/papers/{letter.pk}/word")

    assert answer["Content-Disposition"].startswith("attachment")
    document = docx.Document(io.BytesIO(answer.content))
    words = "\n".join(one.text for one in document.paragraphs)
    assert "责任状" in words and "职责到人" in words and "指挥长" in words
    assert any("100 亿元" in cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_the_whole_way_through_the_pages(city: City, campaign: Goal, client: Client) -> None:
    client.force_login(city.people["zhao"])
    told = {
        "level": "campaign/battle", "unit": f"#{city.units['city'].pk}", "title": "项目建设战役", "statement": "开工四十个",
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", "flags": ["promise"],
    }  # fmt: skip
    assert client.post(f"/goals/open?under={campaign.pk}", told).status_code == 302
    battle = Goal.objects.get(title="项目建设战役")
    assert (
        client.post(
            f"/goals/{battle.pk}/targets/set", {"indicator": "started", "period": "2026", "value": "40"}
        ).status_code
        == 302
    )
    target = Target.objects.get(goal=battle)
    east, west = (f"unit-{city.units[key].pk}" for key in ("east", "west"))

    wrong = client.post(f"/targets/{target.pk}/split/unit?seen=1", {east: "25", west: "10", "reason": ""})
    assert wrong.status_code == 409 and "少 5 个" in wrong.content.decode()
    assert (
        client.post(f"/targets/{target.pk}/split/unit?seen=1", {east: "25", west: "15", "reason": ""}).status_code
        == 302
    )
    client.force_login(city.people["qian"])
    share = target.parts.get(unit=city.units["west"])
    assert "同意" in client.get(f"/targets/{share.pk}").content.decode()
    client.post(f"/targets/{share.pk}/answer?seen=1", {"agrees": "no", "reason": "指标偏高"})

    client.force_login(city.people["zheng"])
    page = client.get(f"/targets/{target.pk}").content.decode()
    assert "指标偏高" in page and "有异议" in page
    tree = client.get("/goals").content.decode()
    assert re.search(r"突破平度莱西攻势.*<ul>.*项目建设战役", tree, re.DOTALL)
    assert "区办实事" in client.get(f"/goals/{battle.pk}").content.decode()


def test_what_waits_for_somebody_stands_on_their_desk_until_it_is_done(
    letter: Paper, investment: Target, city: City, client: Client
) -> None:
    split(investment, shares(city, 60 * YI, 40 * YI), city)
    west = investment.parts.get(unit=city.units["west"])

    assert "待答复" in page_of(client, city, "qian", "/") and "待答复" not in page_of(client, city, "li", "/")
    assert "待签订" in page_of(client, city, "zheng", "/") and "待签订" not in page_of(client, city, "zhao", "/")
    answer_target(target=west, seen=1, agrees=True, by=city.actor("qian"), at=NOW)
    again = draw_paper(goal=letter.goal, kind=letter.kind, by=city.actor("zhao"), at=NOW)  # the split is in it
    for slot in ("commander", "lead_unit"):
        sign_paper(paper=again, slot=slot, digest=again.digest, by=city.actor("zheng"), at=NOW)
    assert "待答复" not in page_of(client, city, "qian", "/") and "待签订" not in page_of(client, city, "zheng", "/")


def test_an_item_names_the_goals_it_brings_about_to_whoever_sees_them(
    campaign: Goal, city: City, client: Client
) -> None:
    item = project(city, "west", "西城路")
    link_items(goal=campaign, items=[item], on=DAY, by=city.actor("zhao"), at=NOW)

    assert campaign.title in page_of(client, city, "zheng", f"/items/{item.pk}")
    assert campaign.title not in page_of(client, city, "qian", f"/items/{item.pk}")


def test_a_goal_s_forms_offer_and_change_nothing_that_their_reader_does_not_see(
    campaign: Goal, city: City, client: Client
) -> None:
    """Neither the units beside their own, nor an item that somebody further up linked."""
    Post.objects.filter(pk=city.posts["qian"].pk).update(role="dispatcher")
    goal = open_goal(
        pack="campaign",
        level="campaign",
        parent=None,
        unit=city.units["west"],
        wanted=YEAR,
        by=city.actor("zhao"),
        at=NOW,
    )
    target = set_target(goal=goal, indicator="started", period="2026", value="4", by=city.actor("zhao"), at=NOW)
    item = project(city, "east", "东城路")
    link_items(goal=goal, items=[item], on=DAY, by=city.actor("zhao"), at=NOW)

    by_unit = page_of(client, city, "qian", f"/targets/{target.pk}/split/unit")
    assert "西城区" in by_unit and "东城区" not in by_unit
    assert item.name not in page_of(client, city, "qian", f"/targets/{target.pk}/split/item")
    assert client.post(f"/goals/{goal.pk}/items/{item.pk}/unlink").status_code == 404
    assert item.name in page_of(client, city, "zhao", f"/targets/{target.pk}/split/item")


def page_of(client: Client, city: City, who: str, address: str) -> str:
    client.force_login(city.people[who])
    return client.get(address).content.decode()


def test_the_tree_costs_the_same_queries_however_many_goals_it_shows(
    city: City, investment: Target, client: Client
) -> None:
    client.force_login(city.people["zheng"])
    counted = []
    for number in (1, 12):
        for place in range(number):
            one = open_goal(
                pack="", level="battle", parent=investment.goal, unit=city.units["city"],
                wanted=Wanted(f"战役{number}-{place}", date(2026, 1, 1), date(2026, 12, 31)), by=city.actor("zhao"), at=NOW,
            )  # fmt: skip
            set_target(goal=one, indicator="started", period="2026", value="5", by=city.actor("zhao"), at=NOW)
        client.get("/goals")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/goals").status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[1]
