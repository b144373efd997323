"""Items are found by what people type, by those who may see them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.bulk import write_steps
from guatu.hub.ledger.actions.items import change_item, enter_item
from guatu.hub.ledger.actions.revising import Told, next_sequence
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import Standing, planned
from guatu.hub.ledger.models import Item, ItemRevision, Ledger
from guatu.hub.ledger.search import search_text, words_of
from tests.hub.people import NOW, City


def found(asked: str) -> list[str]:
    return sorted(Item.objects.found_by(asked).values_list("name", flat=True))


@pytest.mark.parametrize(
    "asked",
    [
        "大桥", "东关", "東關大橋", "daqiao", "dong guan", "dgdq", "DGDQ", "东关 dq", "东关qiao", "W-1", "w-1", "Ｗ－１",
        "东关大桥", " 大 桥 ",
    ],
)  # fmt: skip
def test_an_item_is_found_by_part_of_its_name_its_code_pinyin_and_initials(bridge: Item, asked: str) -> None:
    assert found(asked) == ["东关大桥"]


@pytest.mark.parametrize("asked", ["小学", "xiaoxue", "W-2", "大桥 小学", "%", "_", "\\", "大桥%", "\x00"])
def test_what_it_does_not_hold_does_not_find_it(bridge: Item, works: Ledger, city: City, asked: str) -> None:
    assert found(asked) == ([] if asked != "\x00" else ["东关大桥"])


def test_a_name_written_in_traditional_characters_is_found_in_simplified_ones(works: Ledger, city: City) -> None:
    enter_item(
        ledger=works, unit=city.units["town"], name="東關醫院", on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
    )

    assert found("东关医院") == found("醫院") == found("yiyuan") == ["東關醫院"]


def test_after_a_change_it_is_found_by_the_new_name_and_not_by_the_old(bridge: Item, city: City) -> None:
    change_item(
        item=bridge, seen=1, name="北关隧道", code="W-9", on=date(2026, 5, 1), reason="更名", by=city.actor("zhao"),
        at=NOW + timedelta(hours=1),
    )  # fmt: skip

    assert found("suidao") == found("w-9") == ["北关隧道"]
    assert found("大桥") == found("w-1") == []


def test_items_written_many_at_once_are_found_as_those_written_singly(bridge: Item, works: Ledger, city: City) -> None:
    offers = [
        Offer(unit=city.units["town"].pk, name="东关中学", code="W-2"),
        Offer(unit=city.units["town"].pk, name="重庆路大桥", code="W-1", item=bridge.pk),
    ]
    standing = Standing(Item.objects.filter(pk=bridge.pk))
    told = Told("imported", date(2026, 6, 1), NOW, _the_record(bridge))

    write_steps(works, planned(offers, standing).steps, standing, told, next_sequence(told.record))

    assert found("dgzx") == ["东关中学"]
    assert found("chongqinglu") == ["重庆路大桥"] and found("东关大桥") == []


def _the_record(item: Item) -> Record:
    return Record.objects.get(pk=ItemRevision.objects.get(item=item).record_id)


def test_codes_among_the_values_lead_to_an_item_and_words_among_them_do_not() -> None:
    text = search_text("东关大桥", "", {"project_code": "2101-370283-04-01-123456", "owner": "甲公司", "cost": 1234567})

    assert "2101-370283-04-01-123456" in text
    assert "甲公司" not in text and "1234567" not in text


def test_a_question_without_end_asks_a_few_words() -> None:
    assert len(words_of("甲 " * 5000)) == 8
    assert words_of("A" * 5000) == ["a" * 64]


def test_the_nearest_comes_first(works: Ledger, city: City) -> None:
    for name in ("新东关大桥", "东关大桥东延工程", "东关大桥", "董观大桥工程"):
        enter_item(
            ledger=works, unit=city.units["town"], name=name, on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
        )

    assert [one.name for one in Item.objects.found_by("东关大桥").best_first("东关大桥")] == [
        "东关大桥", "东关大桥东延工程", "新东关大桥",
    ]  # fmt: skip
    assert Item.objects.found_by("dongguan").count() == 4
