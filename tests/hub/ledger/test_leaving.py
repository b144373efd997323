"""The day an item left its ledger: written when it is withdrawn or merged, gone when it comes back, asked for by year."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from guatu.hub.ledger.actions.import_undoing import undo_import
from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.actions.items import set_item_state
from guatu.hub.ledger.actions.merging import merge_items
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemState
from tests.hub.ledger.dossiers import dossiers, parcel, second  # noqa: F401  # fixtures
from tests.hub.ledger.workbooks import install, send, workbook
from tests.hub.people import NOW, City

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def put(item: Item, state: ItemState, on: date, city: City) -> Item:
    return set_item_state(item=item, state=state, on=on, reason="会议纪要", by=city.actor("zhao"), at=NOW)


def test_it_is_written_on_withdrawal_and_gone_on_resumption(parcel: Item, city: City) -> None:  # noqa: F811
    assert put(parcel, ItemState.WITHDRAWN, MARCH, city).left_on == MARCH
    assert put(parcel, ItemState.ACTIVE, APRIL, city).left_on is None
    assert put(parcel, ItemState.SUSPENDED, MAY, city).left_on is None


def test_an_earlier_day_that_becomes_known_later_is_the_day_it_left(parcel: Item, city: City) -> None:  # noqa: F811
    put(parcel, ItemState.SUSPENDED, MARCH, city)
    put(parcel, ItemState.WITHDRAWN, MAY, city)
    put(parcel, ItemState.ACTIVE, date(2026, 6, 1), city)
    assert put(parcel, ItemState.WITHDRAWN, date(2026, 6, 2), city).left_on == date(2026, 6, 2)


def test_before_it_entered_it_left_on_the_day_it_entered(parcel: Item, city: City) -> None:  # noqa: F811
    gone = put(parcel, ItemState.WITHDRAWN, date(2025, 12, 1), city)

    assert gone.left_on == gone.entered_on


def test_whoever_is_merged_left_that_day(parcel: Item, second: Item, city: City) -> None:  # noqa: F811
    merge_items(item=second, into=parcel, on=APRIL, reason="同一地块", by=city.actor("zhao"), at=NOW)

    second.refresh_from_db()
    parcel.refresh_from_db()
    assert (second.left_on, parcel.left_on) == (APRIL, None)


def test_what_an_undone_workbook_brought_has_left(city: City, tmp_path: object) -> None:
    install(city, tmp_path)  # type: ignore[arg-type]
    sent = take_import(
        sent=send(city, workbook([("R-1", "东关大桥", 500, 10, None, None)])), by=city.actor("li"), at=NOW
    )
    undo_import(sent=sent, reason="报错", by=city.actor("li"), at=NOW)

    one = Item.objects.get()
    assert (one.state, one.left_on) == ("withdrawn", one.effective_on)


def test_items_that_left_in_a_year_are_asked_for(
    parcel: Item, second: Item, dossiers: Ledger, city: City, client: Client  # noqa: F811
) -> None:  # fmt: skip
    put(parcel, ItemState.WITHDRAWN, MARCH, city)

    def found(**said: str) -> list[str]:
        return [one.name for one in ItemsAsked.of(said).items(dossiers, city.actor("zhao"))]

    assert found(left="2026") == ["东关一期"] and found(left="2025") == [] and found(left="二六") == ["东关二期"]
    assert found(left="2026", state="merged") == [] and found(left="2026", state="withdrawn") == ["东关一期"]
    assert ItemsAsked.of({"left": "2026"}).said() == {"left": "2026"}
    client.force_login(city.people["zhao"])
    page = client.get("/ledgers/land_disposal?left=2026").content.decode()
    assert "2026 年退出或并入" in page and "东关一期" in page and "东关二期" not in page
    assert "2026-03-01 起" in client.get(f"/items/{parcel.pk}").content.decode()


@pytest.mark.django_db
def test_items_that_left_before_this_was_written_get_their_day(parcel: Item, second: Item, city: City) -> None:  # noqa: F811
    put(parcel, ItemState.SUSPENDED, date(2026, 2, 1), city)
    put(parcel, ItemState.WITHDRAWN, MARCH, city)
    Item.objects.update(left_on=None)

    import_module("guatu.hub.ledger.migrations.0013_reached_values_and_leaving").fill_left_on(apps, None)

    assert dict(Item.objects.values_list("name", "left_on")) == {"东关一期": MARCH, "东关二期": None}
