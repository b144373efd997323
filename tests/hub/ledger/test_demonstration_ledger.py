"""The three Qingdao rounds through the door: the ledger holds what the published figures say, round by round."""

from __future__ import annotations

from demo.hub import fill
from demo.ledger import ROUNDS, compare, report
from django.utils import timezone

from guatu.hub.ledger.models import Import, Item


def test_the_ledger_bears_out_every_figure_it_holds_of_the_three_rounds(db: None) -> None:
    fill(timezone.now())

    report()

    for period in ROUNDS:
        assert compare(period) == (390, [])
    assert Item.objects.count() == 1426
    assert Import.objects.filter(state="taken").count() == 30
