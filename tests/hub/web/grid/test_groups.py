"""Groups, their counts and their sums: whatever the database adds up agrees with adding it up by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from guatu.hub.ledger.grid.columns import columns_of
from guatu.hub.ledger.grid.grouping import Group, all_together, groups_of, summed, total_of
from guatu.hub.ledger.grid.tree import branches
from guatu.hub.ledger.grid.window import stretches
from guatu.hub.ledger.models import Figure, Item, Ledger, ListMembership
from guatu.hub.ledger.packs import declared
from guatu.text import Text
from tests.hub.people import City
from tests.hub.web.grid.conftest import Enters, Shows
from tests.hub.web.grid.test_table import names, row_of

AMOUNTS = some.integers(-(2**62), 2**62)
DECIMALS = some.decimals(min_value=Decimal("-1e17"), max_value=Decimal("1e17"), places=6, allow_nan=False)
WORKS = some.lists(
    some.fixed_dictionaries(
        {
            "unit": some.sampled_from(["town", "east", "west"]),
            "stage": some.sampled_from([None, "early", "building", "done"]),
            "begun": some.sampled_from([None, True, False]),
            "lists": some.sets(some.sampled_from(["roads", "schools"])),
            "cost": some.none() | AMOUNTS,
            "weight": some.none() | DECIMALS,
            "spent": some.none() | AMOUNTS,
        }
    ),
    max_size=12,
)


@pytest.mark.usefixtures("ledger")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(works=WORKS)
def test_counts_and_sums_of_every_group_are_those_of_adding_up_by_hand(
    city: City, works: Sequence[dict[str, Any]]
) -> None:
    ledger = Ledger.objects.get(key="works")
    Figure.objects.all().delete()
    ListMembership.objects.all().delete()
    Item.objects.all().delete()
    for number, one in enumerate(works):
        put(ledger, city, number, one)
    known, items = columns_of(declared(ledger)), Item.objects.all()
    columns, periods = [known[key] for key in ("cost", "weight", "spent")], {"spent": "2026-01"}

    for by in ("unit", "list", "stage", "begun"):
        found = groups_of(items, by, columns, periods)
        assert {key: (one.count, one.sums) for key, one in found.items()} == by_hand(city, works, by)
        if by != "list":
            assert all_together(found.values()) == Group("", len(works), sums_of(works))
    whole = total_of(items, columns, periods)
    assert (whole.count, whole.sums) == (len(works), sums_of(works))


def put(ledger: Ledger, city: City, number: int, one: dict[str, Any]) -> None:
    values = {key: one[key] for key in ("stage", "begun", "cost") if one[key] is not None}
    if one["weight"] is not None:
        values["weight"] = format(one["weight"].normalize(), "f")
    item = Item.objects.create(
        ledger=ledger, unit=city.units[one["unit"]], name=f"工程{number}", values=values, revision=1, sequence=1,
        effective_on=date(2026, 1, 1), entered_on=date(2026, 1, 1),
    )  # fmt: skip
    for key in one["lists"]:
        ListMembership.objects.create(item=item, list=key, valid_from=date(2026, 1, 1))
    ListMembership.objects.create(item=item, list="past", valid_from=date(2025, 1, 1), valid_to=date(2025, 6, 1))
    if one["spent"] is not None:
        Figure.objects.create(item=item, field="spent", period="2026-01", amount=one["spent"], sequence=1)
    Figure.objects.create(item=item, field="spent", period="2025-12", amount=7, sequence=1)


def sums_of(works: Sequence[dict[str, Any]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in works:
        for key in ("cost", "weight", "spent"):
            if one[key] is not None:
                found[key] = found.get(key, Decimal(0)) + Decimal(one[key])
    return found


def by_hand(city: City, works: Sequence[dict[str, Any]], by: str) -> dict[str | None, tuple[int, dict[str, Decimal]]]:
    held: dict[str | None, list[dict[str, Any]]] = {}
    for one in works:
        keys: list[str | None]
        if by == "unit":
            keys = [str(city.units[one["unit"]].pk)]
        elif by == "list":
            keys = sorted(one["lists"]) or [None]
        else:
            value = one[by]
            keys = [str(value).lower() if isinstance(value, bool) else value]
        for key in keys:
            held.setdefault(key, []).append(one)
    return {key: (len(some_), sums_of(some_)) for key, some_ in held.items()}


@given(counts=some.lists(some.integers(0, 7), max_size=9), size=some.integers(1, 6))
def test_pages_hold_every_item_of_every_group_once_and_in_order(counts: list[int], size: int) -> None:
    groups = [(str(number), count) for number, count in enumerate(counts)]
    everything = [(key, place) for key, count in groups for place in range(count)]
    found = [
        (part.key, part.skipped + place)
        for start in range(0, max(len(everything), 1), size)
        for part in stretches(groups, start, size)
        for place in range(part.taken)
    ]

    assert found == everything


def test_a_line_of_a_group_says_its_name_its_count_and_its_sums_and_no_sum_of_shares(
    enters: Enters, shows: Shows
) -> None:
    enters("东桥", stage="building", cost=1_000_000, share=Decimal("0.5"))
    enters("西桥", stage="building", cost=2_500_000, share=Decimal("0.25"))
    enters("南桥", stage="early")
    enters("北桥")

    page = shows("/ledgers/works?group=stage&columns=cost,share,industry,longitude")

    lines = re.findall(r'aria-expanded="true">([^<]+)</a> <span class="count">(\d+)</span>', page)
    assert lines == [("前期", "1"), ("在建", "2"), ("没有填", "1")]
    assert names(page) == ["南桥", "东桥", "西桥", "北桥"]
    building = page[page.index(">在建</a>") :]
    cells = re.findall(r"<td[^>]*>[^<]*</td>", building)[:4]
    assert cells[0] == '<td class="figure">3.5</td>'
    assert cells[1] == '<td class="figure" title="比率不能相加">—</td>'
    assert cells[2] == "<td></td>"
    assert cells[3] == '<td class="figure" title="没有单位的数不相加">—</td>'


def test_an_item_on_two_lists_stands_under_both_and_counts_once_in_all(enters: Enters, shows: Shows) -> None:
    enters("东桥", lists=("roads", "schools"), cost=1_000_000)
    enters("西桥", lists=("roads",), cost=2_000_000)

    page = shows("/ledgers/works?group=list&columns=cost")

    assert names(page) == ["东桥", "西桥", "东桥"]
    foot = page[page.index("<tfoot>") :]
    assert '<span class="count">2</span>' in foot and '<td class="figure">3</td>' in foot


def test_a_folded_group_keeps_its_line_and_hides_its_items(enters: Enters, shows: Shows) -> None:
    enters("东桥", stage="building")
    enters("南桥", stage="early")
    enters("北桥")

    page = shows("/ledgers/works?group=stage&folded=building,-")

    assert names(page) == ["南桥"]
    assert page.count('aria-expanded="false"') == 2


def test_a_tree_sums_what_lies_under_a_unit_and_folds_it_whole(enters: Enters, shows: Shows, city: City) -> None:
    enters("镇桥", unit="town", cost=1_000_000)
    enters("区桥", unit="east", cost=2_000_000)
    enters("西桥", unit="west", cost=4_000_000)

    page = shows("/ledgers/works?group=tree&columns=cost")
    lines = re.findall(
        r'class="d(\d)"><a class="folds"[^>]*>([^<]+)</a> <span class="count">(\d+)</span></th><td class="figure">([^<]+)',
        page,
    )
    assert lines == [
        ("0", "挂图市", "3", "7"),
        ("1", "东城区", "2", "3"),
        ("2", "东关镇", "1", "1"),
        ("1", "西城区", "1", "4"),
    ]
    assert names(page) == ["区桥", "镇桥", "西桥"]

    folded = shows(f"/ledgers/works?group=tree&columns=cost&folded={city.units['east'].pk}")
    assert names(folded) == ["西桥"] and "东关镇" not in folded
    assert row_of(folded, "西桥") == ["4"]


def test_who_sees_part_of_the_tree_is_not_told_what_stands_above_it(enters: Enters, shows: Shows) -> None:
    enters("镇桥", unit="town")

    page = shows("/ledgers/works?group=tree", who="li")

    assert "东关镇" in page and "东城区" not in page


def test_a_tree_of_units_holds_each_with_all_under_it() -> None:
    units = {
        1: (None, 0, Text("市", "City")),
        2: (1, 0, Text("区", "")),
        3: (2, 0, Text("镇", "")),
        4: (1, 1, Text("县", "")),
    }
    groups: dict[str | None, Group] = {"3": Group("3", 2, {"a": Decimal(5)}), "4": Group("4", 1, {"a": Decimal(7)})}

    found = [
        (one.unit, one.depth, one.own.count, one.whole.count, one.whole.sums["a"])
        for one in branches(groups, units, None)
    ]

    assert found == [
        (1, 0, 0, 3, Decimal(12)),
        (2, 1, 0, 2, Decimal(5)),
        (3, 2, 2, 2, Decimal(5)),
        (4, 1, 1, 1, Decimal(7)),
    ]


def test_shares_positions_and_numbers_without_a_unit_are_not_added_up(ledger: Ledger) -> None:
    known = columns_of(declared(ledger))
    added = {key for key, one in known.items() if summed(one, declared(ledger))}

    assert added == {"cost", "land", "jobs", "weight", "spent"}
