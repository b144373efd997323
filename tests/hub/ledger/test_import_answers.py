"""Questions about a workbook: shown with both sides, answered once, replayed next month; last round's figures looked back at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.import_answers import answer_questions
from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.merging import merge_items
from guatu.hub.ledger.models import Figure, ImportDecision, Item, Ledger
from guatu.text import Refusal
from tests.hub.ledger import workbooks
from tests.hub.ledger.workbooks import answered, install, questions, send, take, workbook
from tests.hub.people import NOW, City

TWINS = [("R-1", "东关大桥", 500, 10, None, None), (None, "东关大桥工程", 500, 5, None, None)]


@pytest.fixture
def roads(city: City, tmp_path: Path) -> Ledger:
    return install(city, tmp_path)


def test_two_that_look_alike_are_shown_beside_each_other_and_stay_two_until_answered(city: City, roads: Ledger) -> None:
    sent = send(city, workbook(TWINS))

    [asked] = questions(sent, "likely_duplicate")
    assert [side["name"] for side in json.loads(asked.beside)] == ["东关大桥", "东关大桥工程"]
    assert json.loads(asked.beside)[1]["values"] == {"cost": 500_0000_00}
    assert sent.counts["new"] == 2


def test_what_is_said_to_be_one_counts_once_this_month_and_the_next(city: City, roads: Ledger) -> None:
    [asked] = questions(send(city, workbook(TWINS)), "likely_duplicate")
    sent = answered(city, asked, "same")
    assert not questions(sent, "likely_duplicate")
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    assert Item.objects.get().name == "东关大桥"

    may = send(city, workbook(TWINS), "2026-05")

    assert not questions(may, "likely_duplicate")
    assert (may.counts["new"], may.counts["changed"] + may.counts["same"]) == (0, 1)
    assert ImportDecision.objects.get().items == [str(Item.objects.get().pk), json.loads(asked.about)["items"][1]]


def test_what_is_said_to_be_two_is_not_asked_again_once_both_are_in_the_ledger(city: City, roads: Ledger) -> None:
    [asked] = questions(send(city, workbook(TWINS)), "likely_duplicate")
    take_import(sent=answered(city, asked, "different"), by=city.actor("li"), at=NOW)
    assert Item.objects.count() == 2

    may = send(city, workbook(TWINS), "2026-05")

    assert not questions(may, "likely_duplicate")
    assert may.counts["new"] == 0


def test_a_renamed_item_carries_its_history_on_when_a_person_says_so(city: City, roads: Ledger) -> None:
    take(city, workbook([(None, "滨海路", 800, 10, None, None)]))
    road = Item.objects.get()

    [asked] = questions(send(city, workbook([(None, "滨海大道路", 800, 20, None, None)]), "2026-05"), "likely_renamed")
    sent = answered(city, asked, "same")
    assert (sent.counts["new"], sent.counts["changed"], sent.counts["absent"]) == (0, 1, 0)
    take_import(sent=sent, by=city.actor("li"), at=NOW)

    road.refresh_from_db()
    assert (Item.objects.count(), road.name) == (1, "滨海大道路")


GONE = """\
  - key: not_reported
    title: {zh: 未报, en: Not reported}
    kind: gone
    grade: question
    reason:
      zh: “{name}”在{other_period}由{other_unit}填报（{other_place}），本期不见了
      en: "'{name}' was reported by {other_unit} in {other_period} ({other_place}) and is gone"
    remedy: {zh: 请答复。, en: Answer.}
    cite: {zh: 由人确认, en: A person confirms}
    examples:
      - {kind: firing, before: [{name: 东关大桥, cost: 1万元}], given: [], then: fires}
      - {kind: quiet, before: [{name: 东关大桥, cost: 1万元}], given: [{name: 东关大桥, cost: 1万元}], then: quiet}
"""


def test_what_is_gone_is_said_to_be_known_from_where_it_is_known(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "CHECKS", workbooks.CHECKS + GONE)
    roads = install(city, tmp_path)
    take(city, workbook([("R-1", "东关大桥", 500, 10, None, None)]))
    enter_item(ledger=roads, unit=city.units["town"], name="北关桥", on=date(2026, 2, 3), by=city.actor("zhao"), at=NOW)

    may = send(city, workbook([("R-9", "滨海路", 800, 1, None, None)]), "2026-05")

    reported, entered = sorted(
        (one.reason_zh for one in questions(may, "not_reported")), key=lambda said: "北关桥" in said
    )
    assert "“东关大桥”在2026年1-4月由" in reported and ".xlsx）" in reported
    assert "“北关桥”在台账里由" in entered and "（2026-02-03 直接录入，没有报过）" in entered and "4月" not in entered


def test_an_item_of_another_unit_that_looks_alike_is_asked_about_and_counts_there(city: City, roads: Ledger) -> None:
    take(city, workbook([("R-1", "东关大桥", 500, 10, None, None)]), unit="west", by="zhao")

    [asked] = questions(send(city, workbook([(None, "东关大桥工程", 500, 5, None, None)])), "likely_duplicate")
    sent = answered(city, asked, "same")

    assert sum(sent.counts[kind] for kind in ("new", "changed", "moved", "same")) == 0
    assert Item.objects.get().unit == city.units["west"]


def test_an_item_of_another_unit_with_a_code_of_its_own_is_another_however_alike(city: City, roads: Ledger) -> None:
    take(city, workbook([("R-1", "东关大桥", 500, 10, None, None)]), unit="west", by="zhao")

    sent = send(city, workbook([("R-2", "东关大桥工程", 500, 5, None, None)]))

    assert not questions(sent, "likely_duplicate")
    assert sent.counts["new"] == 1


def test_a_figure_below_last_rounds_is_asked_about_and_missing_until_a_person_stands_by_it(
    city: City, roads: Ledger
) -> None:
    take(city, workbook([("R-1", "东关大桥", 500, 100, None, None)]))
    may = send(city, workbook([("R-1", "东关大桥", 500, 80, None, None)]), "2026-05")

    [asked] = questions(may, "fell")
    assert "上期已报 100" in asked.reason_zh
    assert "figures.done.2026-05" not in may.steps.get().changes

    sent = answered(city, asked, "80")
    assert not questions(sent, "fell")
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    assert Figure.objects.get(field="done", period="2026-05").amount == 80_0000_00


def test_a_months_figure_is_the_difference_to_what_the_ledger_had_last_round(city: City, roads: Ledger) -> None:
    take(city, workbook([("R-1", "东关大桥", 500, 100, None, None)]))
    take(city, workbook([("R-1", "东关大桥", 500, 130, None, None)]), "2026-05")

    assert Figure.objects.get(field="month_done", period="2026-05").amount == 30_0000_00


def test_what_was_merged_does_not_come_back_with_the_next_workbook(city: City, roads: Ledger) -> None:
    [asked] = questions(send(city, workbook(TWINS)), "likely_duplicate")
    take_import(sent=answered(city, asked, "different"), by=city.actor("li"), at=NOW)
    bridge, twin = Item.objects.order_by("pk")
    merge_items(item=twin, into=bridge, on=date(2026, 5, 1), reason="同一座桥", by=city.actor("zhao"), at=NOW)

    both, twin_alone = send(city, workbook(TWINS), "2026-05"), send(city, workbook(TWINS[1:]), "2026-05")

    for sent in (both, twin_alone):
        assert (sent.counts["new"], sent.counts["absent"]) == (0, 0)
        assert [one.item_id for one in sent.steps.all()] == [bridge.pk]


def test_an_answer_that_is_none_is_refused_and_a_stranger_answers_nothing(city: City, roads: Ledger) -> None:
    [asked] = questions(send(city, workbook(TWINS)), "likely_duplicate")

    for answer, why in ({asked.pk: "maybe"}, Refusal), ({asked.pk: " "}, Conflict), ({0: "same"}, Conflict):
        with pytest.raises(why):
            answer_questions(sent=asked.found_in, answers=answer, by=city.actor("li"), at=NOW)
    with pytest.raises(NotAllowed):
        answer_questions(sent=asked.found_in, answers={asked.pk: "same"}, by=city.actor("qian"), at=NOW)
    assert not ImportDecision.objects.exists()
