"""What charts of a filter are drawn from: how many of each light a group has, and what a figure came to round by round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations.ledger import Basis, FieldType
from guatu.hub.accounts.models import UnitAncestry
from guatu.hub.ledger.grid.columns import Column, Kind, columns_of
from guatu.hub.ledger.grid.grouping import FIGURE_SAID, summed, with_group
from guatu.hub.ledger.grid.sums import ExactSum
from guatu.hub.ledger.models import Figure, Item
from guatu.standards.periods import Period
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.standards.rounding import round_half_up

PERIODS = 24
"""Of a course the latest ones."""
_DONE = (Basis.YEAR_TO_DATE, Basis.SINCE_START, Basis.MONTH)


def amounts(ledger: LedgerDeclaration) -> dict[str, Column]:
    """Columns of a ledger that come to something when they are added up: figures first, then other amounts."""
    found = [one for one in columns_of(ledger).values() if summed(one, ledger)]
    return {one.key: one for one in sorted(found, key=lambda one: one.kind is not Kind.FIGURE)}


def first_amount(offered: dict[str, Column]) -> str:
    """What is drawn until somebody chooses: what was done since the year began, if it is reported, else the first amount."""
    done = (
        key for basis in _DONE for key, one in offered.items() if one.field is not None and one.field.basis is basis
    )
    return next(done, next(iter(offered), ""))


def first_against(offered: dict[str, Column], of: str) -> str:
    """What that is held against until somebody chooses: the plan of a year for a figure, in the same unit."""
    if of not in offered or offered[of].kind is not Kind.FIGURE:
        return ""
    plans = (
        key
        for key, one in offered.items()
        if one.field is not None and one.field.basis is Basis.YEAR and one.unit == offered[of].unit
    )
    return next(plans, "")


def in_unit(column: Column, value: Decimal) -> Decimal:
    """A sum as kept (fen, millionths of a mu, plain numbers) in the column's unit, to two decimals: a length, not the figure itself."""
    assert column.field is not None
    told: Decimal | Fraction = value
    match column.field.type:
        case FieldType.MONEY:
            told = from_fen(int(value), column.field.unit or "元")
        case FieldType.AREA:
            told = from_mu_millionths(int(value), column.field.unit or "亩")
    return round_half_up(told, 2).normalize() + 0


def lights_within(items: QuerySet[Item], by: str, light: Combinable) -> dict[str | None, dict[str | None, int]]:
    """Group -> light -> how many; `light` finds an item's light, None: not judged. One statement."""
    lit = with_group(items, by).annotate(lit=Cast(light, TextField())).order_by()
    found: dict[str | None, dict[str | None, int]] = {}
    for group, severity, count in lit.values_list("grouped", "lit").annotate(count=Count("pk")):
        found.setdefault(group, {})[severity] = count
    return found


def course(items: QuerySet[Item], column: Column, today: date) -> list[tuple[Period, Decimal]]:
    """What a figure of these items came to in each period begun by today, the latest of them, oldest first. One statement."""
    held = Figure.objects.in_force().filter(
        item__in=items.order_by().values("pk"), field=column.key, period__lte=f"{today:%Y-%m}"
    )
    sums = held.order_by().values_list("period").annotate(whole=ExactSum(FIGURE_SAID)).order_by("-period")[:PERIODS]
    return [(Period.parse(period), Decimal(whole)) for period, whole in reversed(sums) if whole is not None]


def standing_alone(units: Iterable[int]) -> set[int]:
    """Of these units those with none of the others below them: asking for them asks for nobody else. One statement."""
    known = set(units)
    above = UnitAncestry.objects.filter(ancestor__in=known, descendant__in=known).values_list(
        "ancestor_id", "descendant_id"
    )
    return known - {high for high, low in above if high != low}


def greatest(counts: Sequence[tuple[str | None, int]], most: int) -> set[str | None]:
    """The groups that hold most, so many of them; of equals those that come first."""
    return {key for key, _ in sorted(counts, key=lambda one: -one[1])[:most]}
