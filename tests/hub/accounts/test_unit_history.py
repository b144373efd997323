"""What a unit was called and where it stood, on any day."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.hub.accounts.actions.units import WrongDay, rename_unit
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.models import Unit, UnitSpan
from guatu.hub.audit.models import Record
from guatu.text import Text
from tests.hub.people import NOW, City


def test_a_renamed_unit_keeps_what_it_was_called_before(city: City) -> None:
    rename_unit(
        unit=city.units["town"], title=Text("东关街道", "Dongguan"), on=date(2024, 3, 1), by=city.actor("sun"), at=NOW
    )

    spans = UnitSpan.objects.filter(unit=city.units["town"]).values_list("title_zh", "valid_from", "valid_to")
    assert list(spans) == [
        ("东关镇", date(2020, 1, 1), date(2024, 3, 1)),
        ("东关街道", date(2024, 3, 1), None),
    ]
    assert Unit.objects.get(pk=city.units["town"].pk).title_zh == "东关街道"
    assert Record.objects.get().kind == "unit.renamed"


@pytest.mark.parametrize("on", [date(2019, 12, 31), date(2020, 1, 1), date(2026, 6, 16)])
def test_a_rename_before_the_last_change_or_in_the_future_is_refused(city: City, on: date) -> None:
    with pytest.raises(WrongDay):
        rename_unit(unit=city.units["town"], title=Text("新", "New"), on=on, by=city.actor("sun"), at=NOW)

    assert Record.objects.count() == 0


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "zhou", "wu"])
def test_only_the_system_administrator_renames_a_unit(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        rename_unit(
            unit=city.units["town"], title=Text("新", "New"), on=date(2024, 3, 1), by=city.actor(stranger), at=NOW
        )
