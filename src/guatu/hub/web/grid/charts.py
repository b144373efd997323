"""Charts of the same filter: groups with their lights, what an amount comes to in each, how a figure went round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.reading import latest_run, light_within
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.grid.board import condition
from guatu.hub.ledger.grid.charting import (
    amounts,
    course,
    first_against,
    first_amount,
    greatest,
    in_unit,
    lights_within,
    standing_alone,
)
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.grid.filling import latest_periods
from guatu.hub.ledger.grid.grouping import (
    LIGHT,
    LIST,
    TREE,
    UNIT,
    WORST_FIRST,
    Group,
    groupings,
    groups_of,
    named_in_order,
)
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.hub.ledger.packs import declared
from guatu.hub.web.charts import Bars, LineChart, Look, Series, Split, bars, line_chart, split
from guatu.hub.web.grid.asks import asks
from guatu.hub.web.ledgers import ledger_of
from guatu.standards.periods import Period
from guatu.standards.unit_titles import unit_title
from guatu.text import Text

MOST = 30
"""Groups drawn at most: those that hold most; the others are in the table."""
NONE = "-"
"""In place of what an amount is held against: nothing."""
_UNLIT = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A group: its name, how many it holds and of each light, its bar, and where the table shows them (empty: nowhere alone)."""

    title: Text
    count: int
    lights: Sequence[tuple[str, int, str]]
    drawn: Split
    address: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the charts are of: by what items are grouped, which amount is drawn, and what it is held against."""

    by: str
    of: str
    against: str
    groups: Mapping[str, Text]
    columns: Mapping[str, Column]

    @classmethod
    def of_request(cls, request: ActorRequest, ledger: LedgerDeclaration, *, lit: bool) -> Chosen:
        """From an address; what the ledger does not know is not asked for."""
        groups = {key: title for key, title in groupings(ledger).items() if key != TREE and (lit or key != LIGHT)}
        columns = amounts(ledger)
        by, of, against = (request.GET.get(name, "") for name in ("by", "of", "against"))
        of = of if of in columns else first_amount(columns)
        chosen = cls(by if by in groups else UNIT, of, against, groups, columns)
        known = against == NONE or against in chosen.rivals
        return chosen if known else replace(chosen, against=first_against(columns, of))

    @property
    def rivals(self) -> dict[str, Column]:
        """What the amount may be held against: the others in its unit."""
        of = self.columns.get(self.of)
        return {
            key: one for key, one in self.columns.items() if of is not None and one is not of and one.unit == of.unit
        }

    @property
    def drawn(self) -> list[Column]:
        return [self.columns[key] for key in (self.of, self.against) if key in self.columns]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the items that are asked for come to."""

    count: int
    periods: Mapping[str, str]
    groups: Mapping[str | None, Group]
    lights: Mapping[str | None, Mapping[str | None, int]]
    """Nothing where no round was judged, or the groups are lights themselves."""
    course: Sequence[tuple[Period, Decimal]]


def charts(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Eight statements at most for whatever it shows, beside those of every page."""
    ledger = ledger_of(ledger_key)
    declaration, today = declared(ledger), localdate()
    asked, run = ItemsAsked.of(request.GET), latest_run(ledger)
    chosen = Chosen.of_request(request, declaration, lit=run is not None)
    items, named = asked.items_and_name(ledger, request.actor)
    which = ("charts", chosen.by, chosen.of, chosen.against, run.pk if run is not None else None, f"{today:%Y-%m}")
    counted = fold(named, which, lambda: _counted(items, chosen, run, today))
    drawn = greatest([(key, one.count) for key, one in counted.groups.items()], MOST)
    shown = named_in_order(declaration, chosen.by, {key: counted.groups[key] for key in drawn})
    more = [(name, request.GET[name]) for name in ("by", "of", "against") if request.GET.get(name)]
    words = asks(request, ledger, declaration, asked, more, counted.count)
    words |= {
        "chosen": chosen,
        "lines": _lines(ledger, declaration, asked, chosen.by, shown, counted.lights, lit=run is not None),
        "kinds": [one for one in WORST_FIRST if any(one in held for held in counted.lights.values())],
        "judged": Period.parse(run.period).name() if run is not None else None,
        "hidden": len(counted.groups) - len(shown),
        "grouped": f"{reverse('items', args=[ledger.key])}?{urlencode([*asked.pairs(), ('group', chosen.by)])}",
        "amounts": _amounts(chosen, shown, counted.periods) if chosen.drawn else None,
        "course": _course(chosen.columns[chosen.of], counted.course) if chosen.drawn else None,
    }
    return render(request, "ledgers/charts.html", words)


def _counted(items: ItemQuerySet, chosen: Chosen, run: Run | None, today: date) -> Counted:
    light, of = light_within(run) if run is not None else None, chosen.columns.get(chosen.of)
    periods = latest_periods(items, chosen.drawn, today)
    return Counted(
        items.count(),
        periods,
        groups_of(items, chosen.by, chosen.drawn, periods, light),
        lights_within(items, chosen.by, light) if light is not None and chosen.by != LIGHT else {},
        course(items, of, today) if of is not None and of.kind is Kind.FIGURE else [],
    )


def _lines(
    ledger: Ledger,
    declaration: LedgerDeclaration,
    asked: ItemsAsked,
    by: str,
    shown: Sequence[tuple[Group, Text]],
    lights: Mapping[str | None, Mapping[str | None, int]],
    *,
    lit: bool,
) -> list[Line]:
    alone = standing_alone(int(one.key) for one, _ in shown if one.key) if by == UNIT else set()
    most, table, found = max((one.count for one, _ in shown), default=0), reverse("items", args=[ledger.key]), []
    for one, title in shown:
        narrowed = _narrowed(declaration, asked, by, one.key, alone)
        address = f"{table}?{urlencode(narrowed.pairs())}" if narrowed is not None else ""
        held = lights.get(one.key, {})
        if by == LIGHT:
            parts = [(one.key or WORST_FIRST[-1], one.count)]
        elif lit:
            parts = [
                (kind, held.get(kind, 0) + (held.get(None, 0) if kind == WORST_FIRST[-1] else 0))
                for kind in WORST_FIRST
            ]
        else:
            parts = [(_UNLIT, one.count)]
        leads = [(kind, count, _lit(table, narrowed, kind, held)) for kind, count in parts]
        found.append(Line(title, one.count, leads, split(parts, most), address))
    return found


def _narrowed(
    ledger: LedgerDeclaration, asked: ItemsAsked, by: str, key: str | None, alone: set[int]
) -> ItemsAsked | None:
    """What asks for the items of a group and no others; None where no filter does."""
    if by == UNIT:
        return replace(asked, unit=int(key)) if key and int(key) in alone else None
    if by == LIST:
        return replace(asked, list=key) if key else None
    if by == LIGHT:
        return replace(asked, light=key) if key else None
    if not facts_of(ledger)[by].filterable:
        return None
    _, said = condition(by, key)
    return replace(asked, where=tuple(dict.fromkeys((*asked.where, said))))


def _lit(table: str, narrowed: ItemsAsked | None, kind: str, held: Mapping[str | None, int]) -> str:
    """Where the items of a group with one light are; nowhere where some without any light are counted with them."""
    if narrowed is None or kind not in held or (kind == WORST_FIRST[-1] and held.get(None)):
        return ""
    return f"{table}?{urlencode(replace(narrowed, light=kind).pairs())}"


def _amounts(chosen: Chosen, shown: Sequence[tuple[Group, Text]], periods: Mapping[str, str]) -> Bars | None:
    """What an amount comes to in each group; groups without any are left out. None: no item has one."""
    of, against = chosen.columns[chosen.of], chosen.columns.get(chosen.against)
    rows = [(title, in_unit(of, one.sums[of.key]), _sum(against, one)) for one, title in shown if of.key in one.sums]
    if not rows:
        return None
    title = _dated(of, periods)
    marks = _dated(against, periods) if against is not None else Text("", "")
    groups = chosen.groups[chosen.by]
    told = Text(
        f"{title.zh}，按{groups.zh}分 {len(rows)} 组。", f"{title.en} by {groups.en.lower()}, in {len(rows)} groups."
    )
    return bars("amounts", title, told, rows, unit=_unit(of), marks=marks)


def _sum(column: Column | None, group: Group) -> Decimal | None:
    return in_unit(column, group.sums[column.key]) if column is not None and column.key in group.sums else None


def _course(of: Column, points: Sequence[tuple[Period, Decimal]]) -> LineChart | None:
    """How a figure went; None for what is no figure, or was reported fewer than two times."""
    if len(points) < 2:
        return None
    drawn = tuple((period.last_day, in_unit(of, value)) for period, value in points)
    first, last = points[0][0], points[-1][0]
    told = Text(
        f"{of.title.zh}，{first.name().zh}到{last.name().zh}，共 {len(points)} 期。",
        f"{of.title.en} from {first.name().en} to {last.name().en}, {len(points)} rounds.",
    )
    return line_chart(
        "course", of.title, told, (Series(of.title, Look.ACTUAL, drawn),), unit=_unit(of), first=first.start, last=last.last_day
    )  # fmt: skip


def _dated(column: Column, periods: Mapping[str, str]) -> Text:
    """An amount's name, with the period its figures are of."""
    period = periods.get(column.key)
    if period is None:
        return column.title
    named = Period.parse(period).name()
    return Text(f"{column.title.zh}（{named.zh}）", f"{column.title.en} ({named.en})")


def _unit(column: Column) -> Text:
    return unit_title(column.unit)
