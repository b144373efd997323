"""Land dossiers: a ledger with milestones in order, duties and links, and two parcels of the town's on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.people import NOW, City

FOLDER = Path(__file__).resolve().parents[1] / "dossier"
JANUARY = date(2026, 1, 10)


@pytest.fixture
def dossiers(city: City) -> Ledger:
    install_pack(folder=FOLDER, by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="land_disposal")


def parcel_named(name: str, ledger: Ledger, city: City, unit: str = "town", code: str = "") -> Item:
    return enter_item(
        ledger=ledger, unit=city.units[unit], name=name, code=code, on=JANUARY, by=city.actor("zhao"), at=NOW
    )


@pytest.fixture
def parcel(dossiers: Ledger, city: City) -> Item:
    return parcel_named("东关一期", dossiers, city)


@pytest.fixture
def second(dossiers: Ledger, city: City) -> Item:
    return parcel_named("东关二期", dossiers, city)
