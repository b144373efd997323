"""What pages post beside their forms' fields is kept without null characters, which PostgreSQL refuses to keep."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from guatu.hub.ledger.actions.goals import Wanted, open_goal
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.targets import Part, set_target, split_target
from guatu.hub.ledger.models import CellAnswer, Target
from guatu.hub.ledger.models.targets import Along
from guatu.hub.web.posted import all_posted, everything_posted, posted
from tests.hub.goals_pack import write_goals_pack
from tests.hub.ledger.workbooks import install, send, workbook
from tests.hub.people import NOW, City


def test_a_name_gives_its_last_value_and_all_of_them_without_nulls() -> None:
    request = RequestFactory().post("/", {"key": ["一\x00", "\x00二"], "re\x00ason": "三"})

    assert (posted(request, "key"), posted(request, "none")) == ("二", "")
    assert (all_posted(request, "key"), all_posted(request, "none")) == (["一", "二"], [])
    assert dict(everything_posted(request)) == {"key": "二", "re\x00ason": "三"}


@pytest.mark.django_db
def test_an_objection_with_a_null_in_it_is_kept_without(client: Client, city: City, tmp_path: Path) -> None:
    zhao, days = city.actor("zhao"), (date(2026, 1, 1), date(2026, 12, 31))
    install_pack(folder=write_goals_pack(tmp_path / "campaign"), by=city.actor("sun"), at=NOW)
    goal = open_goal(
        pack="campaign", level="campaign", parent=None, unit=city.units["city"], wanted=Wanted("攻势", *days), by=zhao, at=NOW
    )  # fmt: skip
    whole = set_target(goal=goal, indicator="started", period="2026", value="10", by=zhao, at=NOW)
    split_target(
        target=whole, seen=1, along=Along.UNIT, parts=[Part("10", unit=city.units["town"])], by=zhao, at=NOW
    )  # fmt: skip
    share = Target.objects.get(whole=whole)
    client.force_login(city.people["li"])

    client.post(f"/targets/{share.pk}/answer", {"agrees": "no", "reason": "太\x00多"})

    share.refresh_from_db()
    assert (share.standing, share.objection) == ("objected", "太多")


@pytest.mark.django_db
def test_an_answer_with_a_null_in_it_is_kept_without(client: Client, city: City, tmp_path: Path) -> None:
    install(city, tmp_path)
    sent = send(city, workbook([("R-2", "滨海路", "约五百", 10, None, None)]))
    asked = sent.findings.filter(grade="question").first() or sent.findings.first()
    assert asked is not None
    asked.grade = "question"
    asked.save()
    client.force_login(city.people["li"])

    client.post(f"/imports/{sent.pk}/answer", {f"answer-{asked.pk}": "500\x00"})

    assert CellAnswer.objects.get(answered_in=sent).answer == "500"
