"""Points of a round as pages: ranked, from the total to each matter, its figure and the items; nothing where none are awarded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.assessment.models import Run, UnitResult
from guatu.hub.assessment.reading import latest_run
from guatu.hub.ledger.models import Ledger
from tests.hub.assessment.conftest import RULEBOOK, judged, two_bridges
from tests.hub.assessment.test_rounds import judged_run
from tests.hub.people import City

__all__ = ["judged"]

SCHEME = """\
points:
  title: {zh: 积分制考核, en: Points}
  dimensions:
    - key: pace
      title: {zh: 进度, en: Pace}
      weight: 60%
      examples:
        - {kind: value, given: {begun_rate: 50%}, then: 30}
      items:
        - key: begun
          title: {zh: 开工得分, en: Begun}
          method: linear_to_target
          value: begun_rate
          parameters: {points: 100, target: 100%}
          when_missing: zero
          cite: {zh: 按开工率计分, en: Scored by the share begun}
          examples:
            - {kind: value, given: {begun_rate: 80%}, then: 80}
            - {kind: boundary, given: {begun_rate: 100%}, then: 100}
            - {kind: missing, given: {begun_rate: null}, then: {result: 0, state: zero}}
    - key: orders
      title: {zh: 督查, en: Supervision}
      weight: 40%
      examples:
        - {kind: value, given: {begun_rate: 50%}, then: 40}
      items:
        - key: deductions
          title: {zh: 督查扣分, en: Deductions}
          method: points_events
          parameters: {start: 100, cap: 100}
          cite: {zh: 逐条扣分, en: Deducted one by one}
          examples:
            - {kind: value, given: {entries: [{item: deductions, points: -5}]}, then: 95}
            - {kind: boundary, given: {entries: [{item: deductions, points: -101}]}, then: 0}
            - {kind: missing, given: {}, then: 100}
  vetoes:
    - key: none_begun
      title: {zh: 无一开工, en: None begun}
      when: begun_rate = 0%
      total: 0
      cite: {zh: 一个也没有开工的，总分记零, en: Nobody begun makes the total nought}
      examples:
        - {kind: firing, given: {begun_rate: 0%}, then: 0}
        - {kind: boundary, given: {begun_rate: 1%}, then: 40.6}
        - {kind: missing, given: {begun_rate: null}, then: 40}
"""


def text_of(city: City, who: str, path: str, status: int = 200) -> str:
    client = Client()
    client.force_login(city.people[who])
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.fixture
def awarded(city: City, tmp_path: Path) -> Run:
    return judged_run(two_bridges(city, tmp_path, RULEBOOK + SCHEME), city, "2026-04")


def test_units_stand_by_their_points_and_every_number_leads_to_its_why(awarded: Run, city: City) -> None:
    assert f'href="/rounds/{awarded.pk}/points"' in text_of(city, "zhao", f"/rounds/{awarded.pk}")
    page = text_of(city, "zhao", f"/rounds/{awarded.pk}/points")

    west, town = city.units["west"].pk, city.units["town"].pk
    assert page.index("西城区") < page.index("东关镇") and ">100.00</a>" in page
    assert f'href="/rounds/{awarded.pk}/points/{west}#pace"' in page
    assert f'href="/rounds/{awarded.pk}/points/{town}"' in page and "无一开工" in page


def test_why_a_unit_earned_its_points_goes_down_to_the_figure_its_two_sides_and_its_items(
    awarded: Run, city: City
) -> None:
    west = city.units["west"].pk

    why = text_of(city, "zhao", f"/rounds/{awarded.pk}/points/{west}")

    assert "= 60.00 + 40.00" in why and "小计×权重60%" in why
    assert "完成目标的 100% → 100分" in why and "按完成比例计分" in why and "按开工率计分" in why
    assert "记分合计 0 → 100分" in why
    behind = f"/rounds/{awarded.pk}/units/{west}/begun_rate?list=all"
    assert f'href="{behind}"' in why and "= 1 / 1" in why
    assert "西桥" in text_of(city, "zhao", behind)


def test_a_veto_says_so_instead_of_a_sum(awarded: Run, city: City) -> None:
    why = text_of(city, "zhao", f"/rounds/{awarded.pk}/points/{city.units['town'].pk}")

    assert "一票否决" in why and "<strong>0.00</strong>" in why and "一个也没有开工的，总分记零" in why


def test_who_sees_no_item_of_the_ledger_and_a_run_without_points_have_no_such_page(
    awarded: Run, city: City, tmp_path: Path
) -> None:
    unit = city.units["west"].pk
    for path in (f"/rounds/{awarded.pk}/points", f"/rounds/{awarded.pk}/points/{unit}"):
        text_of(city, "sun", path, status=403)
    text_of(city, "zhao", f"/rounds/{awarded.pk}/points/{city.units['bureau'].pk}", status=404)

    UnitResult.objects.filter(run=awarded).update(besides="{}")
    assert "没有单位计分" in text_of(city, "zhao", f"/rounds/{awarded.pk}/points")
    Run.objects.filter(pk=awarded.pk).update(book=json.dumps({**json.loads(awarded.book), "points": {}}))
    assert "/points" not in text_of(city, "zhao", f"/rounds/{awarded.pk}")
    text_of(city, "zhao", f"/rounds/{awarded.pk}/points", status=404)


def test_a_round_that_only_awards_points_takes_nobody_s_lights_away(city: City, tmp_path: Path) -> None:
    ledger: Ledger = two_bridges(city, tmp_path, RULEBOOK)
    lit = judged_run(ledger, city, "2026-04")
    folder = ledger.pack
    Run.objects.create(
        ledger=ledger, pack=folder, rulebook="points", title_zh="积分", title_en="Points", period="2026-05",
        starts_on=lit.starts_on.replace(month=5), ends_on=lit.ends_on.replace(month=5), known_by=1, state="judged",
        asked_at=lit.asked_at, record_id=1, digest="sha256:1",
    )  # fmt: skip

    assert latest_run(ledger) == lit


def test_more_units_cost_no_more_queries(awarded: Run, city: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(city, "zhao", f"/rounds/{awarded.pk}/points")
        return len(queries)

    asked()
    few = asked()
    first = UnitResult.objects.get(run=awarded, unit=city.units["west"], list="all")
    for name in ("bureau",):
        unit = city.units[name]
        UnitResult.objects.filter(run=awarded, unit=unit).delete()
        UnitResult.objects.create(
            run=awarded, unit=unit, title_zh=unit.title_zh, title_en="", path=f"/{unit.pk}/", place=99, values=first.values,
            besides=first.besides,
        )  # fmt: skip

    assert asked() == few
