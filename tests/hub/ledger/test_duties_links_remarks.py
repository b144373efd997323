"""Who answers for an item, what it has to do with others, what is written of it: dated, handed over, never overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.models import Post
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.duties import (
    Answerable,
    SlotTaken,
    WrongHolder,
    assign_duty,
    end_duty,
    hand_over_duty,
)
from guatu.hub.ledger.actions.items import move_item
from guatu.hub.ledger.actions.links import LinkRefused, WrongLink, end_link, link_items
from guatu.hub.ledger.actions.remarks import add_remark
from guatu.hub.ledger.holders import duties_on
from guatu.hub.ledger.models import Duty, Item, Ledger
from guatu.text import Refusal
from tests.hub.ledger.dossiers import dossiers, parcel, parcel_named, second
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel", "second"]
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def held_by(city: City, parcel: Item, unit: str, slot: str = "lead", on: date = MARCH) -> Duty:
    holder = Answerable(unit=city.units[unit])
    return assign_duty(item=parcel, slot=slot, holder=holder, on=on, by=city.actor("zhao"), at=NOW)


def test_a_unit_with_a_duty_sees_the_item_until_it_ends(parcel: Item, city: City) -> None:
    qian, zhao = city.actor("qian"), city.actor("zhao")
    assert not Item.objects.visible_to(qian).exists()
    duty = held_by(city, parcel, "west")
    assert Item.objects.visible_to(qian).get() == parcel

    end_duty(duty=duty, on=MAY, reason="不再牵头", by=zhao, at=NOW)

    assert not Item.objects.visible_to(qian).exists()
    assert [(one.valid_from, one.valid_to) for one in Duty.objects.all()] == [(MARCH, MAY)]


def test_a_duty_of_a_role_is_named_by_whoever_is_in_it_that_day(parcel: Item, city: City) -> None:
    holder = Answerable(unit=city.units["town"], role="reporter")
    assign_duty(item=parcel, slot="answerable", holder=holder, on=MARCH, by=city.actor("zhao"), at=NOW)
    Post.objects.filter(pk=city.posts["li"].pk).update(ends_on=MAY)

    def named(day: date, slots: tuple[str, ...] | None) -> str:
        ((_, holder),) = duties_on(day, [parcel.pk], slots)
        return holder.zh

    for slots in (None, ("answerable",)):
        assert "李填报" in named(MARCH, slots)
        assert "空缺" in named(MAY, slots) and "李填报" not in named(MAY, slots)


def test_an_item_moved_away_stays_seen_by_those_with_a_duty(parcel: Item, city: City) -> None:
    held_by(city, parcel, "west")

    move_item(item=parcel, unit=city.units["bureau"], on=MAY, reason="归口", by=city.actor("zhao"), at=NOW)

    assert Item.objects.visible_to(city.actor("qian")).exists()
    assert not Item.objects.visible_to(city.actor("li")).exists()


def test_a_slot_for_one_is_handed_over_and_one_for_several_is_shared(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    duty = held_by(city, parcel, "east")
    with pytest.raises(SlotTaken):
        held_by(city, parcel, "west")
    hand_over_duty(duty=duty, holder=Answerable(unit=city.units["west"]), on=MAY, reason="分工调整", by=zhao, at=NOW)
    held_by(city, parcel, "east", "helpers")
    held_by(city, parcel, "bureau", "helpers")
    with pytest.raises(SlotTaken):
        held_by(city, parcel, "bureau", "helpers")

    spans = (
        Duty.objects.filter(slot="lead").order_by("valid_from").values_list("unit__title_zh", "valid_from", "valid_to")
    )
    assert list(spans) == [("东城区", MARCH, MAY), ("西城区", MAY, None)]
    with pytest.raises(Conflict):
        hand_over_duty(duty=duty, holder=Answerable(unit=city.units["east"]), on=MAY, reason="再", by=zhao, at=NOW)


@pytest.mark.parametrize(
    ("slot", "holder"),
    [
        ("lead", lambda city: Answerable(person=city.people["li"])),
        ("answerable", lambda city: Answerable(unit=city.units["town"])),
        ("answerable", lambda city: Answerable()),
        ("answerable", lambda city: Answerable(unit=city.units["town"], role="king")),
        ("king", lambda city: Answerable(unit=city.units["town"])),
    ],
)
def test_a_duty_is_held_only_as_its_slot_says(parcel: Item, city: City, slot: str, holder: object) -> None:
    with pytest.raises(WrongHolder):
        assign_duty(item=parcel, slot=slot, holder=holder(city), on=MARCH, by=city.actor("zhao"), at=NOW)  # type: ignore[operator]


def test_records_of_duties_hold_ids_and_no_names(parcel: Item, city: City) -> None:
    assign_duty(
        item=parcel,
        slot="answerable",
        holder=Answerable(person=city.people["li"]),
        on=MARCH,
        by=city.actor("zhao"),
        at=NOW,
    )

    said = Record.objects.get(kind="duty.assigned")
    assert f'"person":{city.people["li"].pk}' in said.after
    assert "李填报" not in said.after


@pytest.mark.parametrize("stranger", ["li", "wang", "qian", "sun"])
def test_strangers_assign_and_link_nothing(parcel: Item, second: Item, city: City, stranger: str) -> None:
    by = city.actor(stranger)
    with pytest.raises(NotAllowed):
        assign_duty(item=parcel, slot="lead", holder=Answerable(unit=city.units["west"]), on=MARCH, by=by, at=NOW)
    with pytest.raises(NotAllowed):
        link_items(source=second, target=parcel, kind="part_of", on=MARCH, by=by, at=NOW)


def test_a_second_phase_is_part_of_one_whole_and_never_of_itself(
    dossiers: Ledger, parcel: Item, second: Item, city: City
) -> None:
    zhao = city.actor("zhao")
    third = parcel_named("东关三期", dossiers, city)
    link = link_items(source=second, target=parcel, kind="part_of", on=MARCH, by=zhao, at=NOW)
    link_items(source=third, target=second, kind="part_of", on=MARCH, by=zhao, at=NOW)

    with pytest.raises(LinkRefused, match="already"):
        link_items(source=second, target=third, kind="part_of", on=MARCH, by=zhao, at=NOW)
    end_link(link=link, on=MAY, reason="分立", by=zhao, at=NOW)
    with pytest.raises(LinkRefused, match="circle"):
        link_items(source=second, target=third, kind="part_of", on=MAY, by=zhao, at=NOW)
    link_items(source=parcel, target=third, kind="part_of", on=MAY, by=zhao, at=NOW)
    with pytest.raises(WrongLink):
        link_items(source=parcel, target=parcel, kind="beside", on=MAY, by=zhao, at=NOW)
    with pytest.raises(WrongLink):
        link_items(source=parcel, target=second, kind="unheard_of", on=MAY, by=zhao, at=NOW)


def test_links_go_round_where_their_kind_allows(parcel: Item, second: Item, city: City) -> None:
    zhao = city.actor("zhao")
    link_items(source=parcel, target=second, kind="beside", on=MARCH, by=zhao, at=NOW)
    link_items(source=second, target=parcel, kind="beside", on=MARCH, by=zhao, at=NOW)

    with pytest.raises(LinkRefused):
        link_items(source=second, target=parcel, kind="beside", on=MARCH, by=zhao, at=NOW)


def test_what_was_written_stays_and_is_put_right_once(parcel: Item, city: City) -> None:
    li = city.actor("li")
    first = add_remark(item=parcel, kind="work", on=MARCH, text="完成 3 户签约", by=li, at=NOW)
    add_remark(item=parcel, kind="work", on=MARCH, text="完成 2 户签约", corrects=first, by=li, at=NOW)

    with pytest.raises(Conflict):
        add_remark(item=parcel, kind="work", on=MARCH, text="完成 1 户", corrects=first, by=li, at=NOW)
    with pytest.raises(Refusal):
        add_remark(item=parcel, kind="work", on=MARCH, text="  ", by=li, at=NOW)
    assert [one.text for one in parcel.remarks.order_by("pk")] == ["完成 3 户签约", "完成 2 户签约"]
    with pytest.raises(NotAllowed):
        add_remark(item=parcel, kind="work", on=MARCH, text="我来写", by=city.actor("qian"), at=NOW)
