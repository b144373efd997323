"""Counts and sums that are kept: a change shows in the very next answer, and nobody is told what others may see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.actions.units import move_unit
from guatu.hub.accounts.models import Post
from guatu.hub.ledger import asking
from guatu.hub.ledger.actions.items import change_item, move_item, set_item_state
from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.web.grid.table import between
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import FIRST, Enters, Shows

pytestmark = pytest.mark.django_db(transaction=True)
VIEWS = (
    "works", "works?where=stage:is:early", "works?group=stage&columns=cost,land", "works?group=tree&columns=cost",
    "works?group=list&columns=cost", "works/board", "works/board?by=stage", "works/calendar?month=2026-03",
)  # fmt: skip
ONCE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def said(shows: Shows, who: str = "zhao") -> list[str]:
    """What every view says, but for what is another each time."""
    return [ONCE.sub("", shows(f"/ledgers/{view}", who)) for view in VIEWS]


def test_what_a_table_comes_to_is_found_once(enters: Enters, shows: Shows) -> None:
    enters("东桥", stage="early", cost=120_000_000)
    first = said(shows)

    with CaptureQueriesContext(connection) as queries:
        assert said(shows) == first

    assert not [one["sql"] for one in queries if "SUM(" in one["sql"] or "COUNT(" in one["sql"]]


def test_every_kind_of_change_shows_at_once(enters: Enters, shows: Shows, city: City) -> None:
    """After each change a page that may have been kept says what one found anew says, and something else than before."""
    zhao = city.actor("zhao")
    first, second = enters("东桥", stage="early", cost=120_000_000, land=5_000_000), enters("南桥", lists=("roads",))

    def changed() -> None:
        first.refresh_from_db()
        change_item(
            item=first, seen=first.revision, values={"stage": "building"}, on=FIRST, reason="更正", by=zhao, at=NOW
        )

    changes: tuple[Callable[[], object], ...] = (
        lambda: enters("西桥", "bureau", lists=("roads",), stage="early", cost=7_000_000),
        changed,
        lambda: plan_milestone(item=first, key="started", on=date(2026, 3, 9), by=zhao, at=NOW),
        lambda: claim_milestone(item=first, key="signed", on=date(2026, 3, 2), evidence="合同", by=zhao, at=NOW),
        lambda: move_item(item=first, unit=city.units["bureau"], on=FIRST, reason="划转", by=zhao, at=NOW),
        lambda: set_item_state(item=second, state=ItemState.WITHDRAWN, on=FIRST, reason="退出", by=zhao, at=NOW),
    )
    before = said(shows)
    for make in changes:
        make()
        kept = said(shows)
        with transaction.atomic():  # where nothing is kept
            assert kept == said(shows)
        assert kept != before
        before = kept


def test_what_a_unit_comes_to_is_kept_until_its_tree_changes(enters: Enters, shows: Shows, city: City) -> None:
    enters("东桥", "town")
    enters("西桥", "west")
    west = f"/ledgers/works?unit={city.units['west'].pk}"
    assert "共 1 个" in shows(west)

    with CaptureQueriesContext(connection) as queries:
        assert "共 1 个" in shows(west)
    assert not [one["sql"] for one in queries if "COUNT(" in one["sql"]]
    move_unit(unit=city.units["town"], parent=city.units["west"], on=FIRST, by=city.actor("sun"), at=NOW)
    assert "共 2 个" in shows(west)


@pytest.mark.parametrize("few", [0, 50])
def test_a_unit_holds_the_same_items_whether_few_or_many_stand_under_it(
    enters: Enters, shows: Shows, city: City, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FEW", few)
    for unit in ("town", "east", "west", "bureau"):
        enters(f"{unit}的桥", unit)

    page = shows(f"/ledgers/works?unit={city.units['east'].pk}")

    assert "共 2 个" in page
    assert "town的桥" in page and "east的桥" in page
    assert "没有符合的" in shows("/ledgers/works?unit=999999")


def test_what_was_undone_is_never_told(enters: Enters, shows: Shows, ledger: object) -> None:
    """Numbers come back after a change that was undone; what was seen of it does not."""
    enters("东桥", stage="early")
    with transaction.atomic():
        enters("幽灵桥", stage="early")
        assert "幽灵桥" in "".join(said(shows))
        transaction.set_rollback(True)
    enters("西桥", stage="early")

    assert "幽灵桥" not in "".join(said(shows))
    assert all("西桥" in one for one in said(shows)[:2])


def test_nobody_is_told_what_others_may_see(enters: Enters, shows: Shows, city: City) -> None:
    enters("东桥", stage="early", cost=120_000_000)
    enters("市局的桥", "bureau", stage="early", cost=9_000_000)
    assert all("市局的桥" in one for one in said(shows)[:2])

    assert "129" in said(shows)[2]  # what the city's own see, kept
    assert "市局的桥" not in "".join(said(shows, "li")) and "129" not in said(shows, "li")[2]
    assert "共 0 个" in said(shows, "qian")[0]
    Post.objects.filter(person=city.people["zhao"]).update(unit=city.units["town"])  # from the next request on
    assert "市局的桥" not in "".join(said(shows)) and "129" not in said(shows)[2]


def test_an_answer_is_kept_only_by_a_name_and_never_inside_a_transaction() -> None:
    found: list[int] = []

    def work() -> int:
        found.append(1)
        return len(found)

    assert [fold("a", "count", work), fold("a", "count", work), fold("a", "sum", work)] == [1, 1, 2]
    assert [fold(None, "count", work), fold(None, "count", work)] == [3, 4]
    with transaction.atomic():
        assert [fold("a", "count", work), fold("a", "count", work)] == [5, 6]
    assert fold("a", "count", work) == 1


def test_pages_from_the_end_hold_the_same_rows_as_from_the_beginning(enters: Enters, shows: Shows) -> None:
    for number in range(7):
        enters(f"桥{number}", ("town", "bureau")[number % 2])
    rows = Item.objects.order_by("unit__order", "unit_id", "pk")
    whole = list(rows)

    for start in range(8):
        for end in range(start, 8):
            assert between(rows, 7, start, end) == whole[start:end]
