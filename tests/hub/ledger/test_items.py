"""Items: entered, changed, moved; what they were on any day, as known then and as known now."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.items import (
    ChangedMeanwhile,
    CodeTaken,
    UnknownField,
    change_item,
    enter_item,
    move_item,
    set_item_state,
)
from guatu.hub.ledger.actions.revising import NotYet
from guatu.hub.ledger.as_of import rows_on, sequence_at
from guatu.hub.ledger.encodings import WrongValue
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemState
from guatu.text import Refusal
from tests.hub.people import NOW, City

LATER = NOW + timedelta(hours=1)


def named(day: date, known_by: int | None = None) -> dict[str, object]:
    """Cost by name on a day."""
    return {row.name: row.values.get("cost") for _, row in rows_on(Item.objects.all(), day, known_by=known_by)}


def test_an_item_keeps_its_values_to_the_digit(works: Ledger, city: City) -> None:
    item = enter_item(
        ledger=works, unit=city.units["town"], name="东关小学", on=date(2026, 1, 10),
        values={"cost": 99_999_999_999_999_99, "share": Decimal("0.123456789012"), "due": date(2027, 8, 31), "begun": False},
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    item.refresh_from_db()
    assert item.values == {
        "begun": False, "cost": 9_999_999_999_999_999, "due": "2027-08-31", "share": "0.123456789012",
    }  # fmt: skip


def test_a_change_is_seen_from_its_day_on_and_the_record_says_what_was(bridge: Item, city: City) -> None:
    change_item(
        item=bridge,
        seen=1,
        values={"cost": 100},
        on=date(2026, 6, 1),
        reason="概算批复",
        by=city.actor("zhao"),
        at=LATER,
    )

    assert named(date(2026, 1, 9)) == {}
    assert named(date(2026, 5, 31)) == {"东关大桥": 12_345_678_900}
    assert named(date(2026, 6, 1)) == {"东关大桥": 100}
    last = Record.objects.get(kind="item.changed")
    assert '"values.cost":12345678900' in last.before
    assert '"values.cost":100' in last.after


def test_what_was_known_then_stays_what_it_was(bridge: Item, city: City) -> None:
    change_item(
        item=bridge, seen=1, values={"cost": 5}, on=date(2026, 2, 1), reason="更正", by=city.actor("zhao"), at=LATER
    )

    assert named(date(2026, 3, 1)) == {"东关大桥": 5}
    assert named(date(2026, 3, 1), known_by=sequence_at(NOW)) == {"东关大桥": 12_345_678_900}


def test_a_correction_of_an_earlier_day_stops_where_the_fact_was_said_anew(bridge: Item, city: City) -> None:
    zhao = city.actor("zhao")
    change_item(item=bridge, seen=1, values={"cost": 200}, on=date(2026, 3, 1), reason="三月", by=zhao, at=LATER)
    change_item(item=bridge, seen=2, values={"begun": True}, on=date(2026, 4, 1), reason="四月", by=zhao, at=LATER)
    put_right = {"cost": 150, "share": Decimal("0.1")}
    change_item(item=bridge, seen=3, values=put_right, on=date(2026, 2, 1), reason="二月更正", by=zhao, at=LATER)

    shown = {
        day: dict(rows_on(Item.objects.all(), day))[bridge.pk].values
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
    }
    assert [values.get("cost") for values in shown.values()] == [12_345_678_900, 150, 200, 200]
    assert [values.get("share") for values in shown.values()] == [None, "0.1", "0.1", "0.1"]
    bridge.refresh_from_db()
    assert bridge.values == {"begun": True, "cost": 200, "share": "0.1"}


def test_an_item_changed_meanwhile_is_not_written_over(bridge: Item, city: City) -> None:
    zhao = city.actor("zhao")
    change_item(item=bridge, seen=1, values={"cost": 7}, on=date(2026, 6, 1), reason="先", by=zhao, at=LATER)

    with pytest.raises(ChangedMeanwhile):
        change_item(item=bridge, seen=1, values={"cost": 8}, on=date(2026, 6, 1), reason="后", by=zhao, at=LATER)

    bridge.refresh_from_db()
    assert bridge.values["cost"] == 7


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"cost": 1.5}, WrongValue),
        ({"cost": 2**63}, WrongValue),
        ({"share": Decimal("1e30")}, WrongValue),
        ({"due": "2026-01-01"}, WrongValue),
        ({"begun": "是"}, WrongValue),
        ({"colour": "red"}, UnknownField),
        ({"head": "张三"}, UnknownField),
        ({"name": "x"}, UnknownField),
    ],
)
def test_a_value_its_field_cannot_hold_is_refused(
    works: Ledger, city: City, values: dict[str, object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        enter_item(
            ledger=works, unit=city.units["town"], name="东关小学", on=date(2026, 1, 10), values=values,  # type: ignore[arg-type]  # that is the point
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip

    assert Item.objects.count() == 0


def test_a_code_goes_to_one_item_only(bridge: Item, works: Ledger, city: City) -> None:
    with pytest.raises(CodeTaken, match="东关大桥"):
        enter_item(
            ledger=works, unit=city.units["west"], name="西桥", code="W-1", on=date(2026, 2, 1),
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip


def test_a_moved_item_is_seen_by_its_new_unit_and_no_longer_by_its_old_one(bridge: Item, city: City) -> None:
    move_item(
        item=bridge, unit=city.units["west"], on=date(2026, 6, 1), reason="区划调整", by=city.actor("zhao"), at=LATER
    )

    assert not Item.objects.visible_to(city.actor("li")).exists()
    assert Item.objects.visible_to(city.actor("qian")).get() == bridge
    assert dict(rows_on(Item.objects.all(), date(2026, 5, 31)))[bridge.pk].unit == city.units["town"].pk


def test_a_suspended_item_goes_on_and_a_change_of_nothing_is_refused(bridge: Item, city: City) -> None:
    zhao = city.actor("zhao")
    set_item_state(item=bridge, state=ItemState.SUSPENDED, on=date(2026, 5, 1), reason="停工", by=zhao, at=LATER)

    with pytest.raises(Conflict):
        set_item_state(item=bridge, state=ItemState.SUSPENDED, on=date(2026, 5, 2), reason="停工", by=zhao, at=LATER)
    with pytest.raises(Conflict):
        change_item(item=bridge, seen=2, name="东关大桥", on=date(2026, 5, 2), reason="无", by=zhao, at=LATER)


@pytest.mark.parametrize("stranger", ["li", "wang", "qian", "zheng", "feng", "sun", "zhou", "wu"])
def test_nobody_but_the_dispatcher_changes_an_item(bridge: Item, city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        change_item(
            item=bridge, seen=1, values={"cost": 1}, on=date(2026, 6, 1), reason="试", by=city.actor(stranger), at=NOW
        )


def test_a_day_that_has_not_come_is_refused(bridge: Item, city: City) -> None:
    with pytest.raises(NotYet):
        change_item(
            item=bridge, seen=1, values={"cost": 1}, on=date(2026, 6, 16), reason="早", by=city.actor("zhao"), at=NOW
        )


def test_a_list_left_and_joined_again_is_remembered_by_day(bridge: Item, city: City) -> None:
    zhao = city.actor("zhao")
    change_item(item=bridge, seen=1, lists=("schools",), on=date(2026, 3, 1), reason="调出", by=zhao, at=LATER)
    change_item(item=bridge, seen=2, lists=("roads",), on=date(2026, 5, 1), reason="调入", by=zhao, at=LATER)

    spans = bridge.memberships.order_by("valid_from").values_list("list", "valid_from", "valid_to")
    assert list(spans) == [
        ("roads", date(2026, 1, 10), date(2026, 3, 1)),
        ("schools", date(2026, 3, 1), date(2026, 5, 1)),
        ("roads", date(2026, 5, 1), None),
    ]
