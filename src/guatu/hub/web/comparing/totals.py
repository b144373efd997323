"""A figure summed over the units below one, at two rounds, drawn as slopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from guatu.declarations import FieldDeclaration
from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.ledger.comparing import FigureMoved
from guatu.hub.web.charts import Slopes, slopes
from guatu.standards.periods import Period
from guatu.standards.quantities import from_fen
from guatu.standards.unit_titles import unit_title
from guatu.text import Text

AT_MOST = 20
"""Slopes a chart can tell apart; of more units those with the greatest figures."""


def groups_of(units: Iterable[int], tops: Iterable[int]) -> dict[int, Unit]:
    """Of each unit the one right below a top that it belongs to; a top, and what lies under none of them, stands for itself."""
    asked = set(units)
    below = UnitAncestry.objects.filter(descendant__in=asked, ancestor__parent__in=set(tops)).select_related("ancestor")
    found = {one.descendant_id: one.ancestor for one in below}
    rest = Unit.objects.in_bulk(asked - found.keys())
    return {**rest, **found}


def totals_of(
    moved: Iterable[FigureMoved], groups: Mapping[int, Unit], field: FieldDeclaration, before: Period, after: Period
) -> Slopes | None:
    """None where no unit had a figure at both rounds."""
    sums: dict[int, tuple[int, int]] = {}
    named: dict[int, Text] = {}
    reported: dict[int, set[str]] = {}
    for one in moved:
        unit = groups[one.unit]
        named[unit.pk] = unit.title
        was, now = sums.get(unit.pk, (0, 0))
        sums[unit.pk] = (was + (one.before or 0), now + (one.after or 0))
        seen = reported.setdefault(unit.pk, set())
        seen |= {"before"} if one.before is not None else set()
        seen |= {"after"} if one.after is not None else set()
    unit_of = field.unit or "元"
    rows = [
        (named[key], _short(was, unit_of), _short(now, unit_of))
        for key, (was, now) in sorted(sums.items(), key=lambda pair: -pair[1][1])
        if len(reported[key]) == 2
    ][:AT_MOST]
    if not rows:
        return None
    start, end = before.name(), after.name()
    told = Text(
        f"{len(rows)} 个单位的{field.title.zh}，{start.zh}与{end.zh}相比。",
        f"{field.title.en} of {len(rows)} units, {start.en} and {end.en}.",
    )
    return slopes("totals", field.title, told, rows, unit=unit_title(unit_of), start=start, end=end)


def _short(fen: int, unit: str) -> Decimal:
    """To two decimals of the unit: a label beside a line, not the figure itself."""
    return from_fen(fen, unit).quantize(Decimal("0.01")).normalize() + 0
