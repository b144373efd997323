"""Items as the engine's tables: exact, and never refused for what a spreadsheet leaves behind the point."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guatu.dispatch.items import items_of
from guatu.dispatch.tables import items_table
from tests.dispatch.cast import AUGUST, cell, ledger, reading, row


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("0.813", "0.813000"),
        ("0.642389123456789", "0.642389"),
        ("0.0000005", "0.000001"),
        ("-0.0000005", "-0.000001"),
    ],
)
def test_a_rate_a_formula_left_with_many_places_is_kept_to_six_half_up(stated: str, kept: str) -> None:
    rows = reading(row(4, cell("name", "清河大桥"), cell("completion_rate", Decimal(stated), period=AUGUST)))
    items, _ = items_of(rows, "990001", ledger(), AUGUST)

    assert items_table(items, ledger())["completion_rate"].to_pylist() == [Decimal(kept)]
