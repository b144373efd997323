"""What other pages show of the latest round: an item's light, a unit's indicators, the lights of my units on the desk."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit, UnitAncestry, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.assessment.models import ALL, ItemLight, Run, UnitResult
from guatu.hub.assessment.moved import WORSE, moved_in
from guatu.hub.assessment.reading import in_order, latest_run, latest_runs, runs_up_to
from guatu.hub.assessment.rows import Figure, LightRow, lights_read, spoken_of
from guatu.hub.assessment.why import OVERALL, Book
from guatu.hub.ledger.asking import seen_by
from guatu.hub.ledger.holders import duties_held
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.web.charts import Sparkline, sparkline
from guatu.hub.web.rounds.league import PERCENTAGE_POINTS, drawn, ranked
from guatu.hub.web.rounds.shown import Printing
from guatu.hub.web.rounds.why import Past, past_of
from guatu.standards.periods import Period
from guatu.text import Text

MOST_MOVED = 10


# -- an item ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemLit:
    """An item's light of the latest round with its reason, and how it went."""

    run: Run
    period: Text
    severity: str
    change: str
    because: Text | None
    past: Sequence[Past]
    strip: Sequence[str | None]


def light_of_item(found: Item) -> ItemLit | None:
    """Five queries at most; None where its ledger was never judged with it."""
    run = latest_run(found.ledger)
    light = ItemLight.objects.filter(run=run, item=found).select_related("run").first() if run is not None else None
    if run is None or light is None:
        return None
    lights, past = lights_read(light.lights), past_of(light)
    return ItemLit(
        run, Period.parse(run.period).name(), light.severity, light.change, _because(lights), past,
        [one.severity for one in past],
    )  # fmt: skip


def _because(lights: Mapping[str, LightRow]) -> Text | None:
    """The sentence of the clause that decided the overall light."""
    clause = lights[OVERALL].clause if OVERALL in lights else ""
    said = next((one.because for key, one in lights.items() if key != OVERALL and clause and one.clause == clause), "")
    return spoken_of(said) if said else None


# -- a unit ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Indicator:
    """One ranked indicator of a unit, and how it went."""

    key: str
    title: Text
    said: Text
    sides: Text | None
    why_not: Text | None
    rank: int | None
    among: int | None
    change: str | None
    unit_apart: Text
    line: Sparkline | None


@dataclass(frozen=True, slots=True)
class UnitLit:
    """A unit in the latest round of a ledger."""

    run: Run
    ledger: Ledger
    period: Text
    indicators: Sequence[Indicator]
    counts: Sequence[tuple[str, int]]
    steps: Sequence[Mapping[str, Text]]
    """Measures of ladders that are due."""


def unit_lit(unit: Unit, actor: Actor) -> list[UnitLit]:
    """The unit's indicators of each ledger's latest round and its items by light; a few queries for each ledger.

    Only of ledgers of which the actor sees an item; counts are of the items they may see.
    """
    visible = seen_by(actor)
    ledgers = Ledger.objects.filter(pk__in=visible.values("ledger")).order_by("pk")
    runs = latest_runs(ledgers.values_list("pk", flat=True))
    if not runs:
        return []
    results = UnitResult.objects.filter(run__in=[one.pk for one in runs.values()], unit=unit, list=ALL)
    found = []
    for result in results.select_related("run__ledger").order_by("run__ledger_id"):
        run, book = result.run, Book.of(result.run)
        lit = ItemLight.objects.filter(
            run=run, unit__in=below([unit.pk]), item__in=visible.filter(ledger=run.ledger_id)
        )
        counts = dict(lit.order_by().values_list("severity").annotate(n=Count("pk")))
        found.append(
            UnitLit(
                run, run.ledger, Period.parse(run.period).name(), _indicators(run, book, result), in_order(counts),
                _steps(result),
            )
        )  # fmt: skip
    return found


def _indicators(run: Run, book: Book, result: UnitResult) -> list[Indicator]:
    runs = runs_up_to(run)
    past = UnitResult.objects.filter(run__in=[one.pk for one in runs], unit=result.unit_id, list=ALL)
    told = {of: json.loads(text) for of, text in past.values_list("run_id", "values")}
    course = [told.get(one.pk, {}) for one in runs]
    return [_indicator(Printing.of(book, key), key, course) for key in ranked(book)]


def _indicator(printing: Printing, key: str, course: Sequence[Mapping[str, Any]]) -> Indicator:
    figures = [Figure(*one[key]) if key in one else None for one in course]
    now, before = figures[-1], figures[-2] if len(figures) > 1 else None
    values = [one.exact if one is not None else None for one in figures]
    line = None
    if len(values) > 1 and any(one is not None for one in values):
        line = sparkline(printing.title, [drawn(printing, one) for one in values], unit=printing.unit)
    return Indicator(
        key, printing.title, printing.said(now), printing.both_sides(now), printing.why_not(now),
        now.rank if now is not None else None, now.ranked_among if now is not None else None,
        printing.apart_by(values[-1], before.exact if before is not None else None),
        PERCENTAGE_POINTS if printing.is_share else printing.unit, line,
    )  # fmt: skip


def _steps(result: UnitResult) -> list[Mapping[str, Text]]:
    told = json.loads(result.besides).get("steps", ())
    return [{"title": spoken_of(one["title"]), "measure": spoken_of(one["measure"])} for one in told]


# -- the desk --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """The items of one of my units by light, in the latest round of a ledger."""

    unit: Unit
    run: Run
    ledger: Ledger
    period: Text
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Moved:
    """An item whose light is another than the round before, and the sentence of what made it so."""

    light: ItemLight
    because: Text | None


def desk_lights(actor: Actor) -> dict[str, Any]:
    """Lights of the units I hold a post at, and what moved of what I answer for, else what became worse under me.

    A few queries, whatever the number of units and ledgers.
    """
    mine = actor.units_with(Permission.SEE_ITEMS)
    ledgers = {one.pk: one for one in Ledger.objects.order_by("pk")}
    runs = latest_runs(ledgers)
    if not runs or not mine:
        return {"lit": [], "moved": [], "moved_more": 0, "answered_for": False}
    under = _under(mine)
    counted = (
        ItemLight.objects.filter(run__in=[one.pk for one in runs.values()], unit__in=list(under))
        .order_by()
        .values_list("run_id", "unit_id", "severity")
        .annotate(n=Count("pk"))
    )
    totals: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for run, unit, severity, n in counted:
        for above in under[unit]:
            totals[run, above][severity] += n
    units = {one.pk: one for one in Unit.objects.filter(pk__in=mine).order_by("order", "pk")}
    lit = [
        UnitCounts(one, run, ledgers[of], Period.parse(run.period).name(), in_order(totals[run.pk, one.pk]))
        for of, run in runs.items()
        for one in units.values()
        if (run.pk, one.pk) in totals
    ]
    return {"lit": lit, **_moved(actor, list(runs.values()), list(under))}


def _under(units: Iterable[int]) -> dict[int, list[int]]:
    """Every unit under these -> those of these it lies under."""
    found: dict[int, list[int]] = {}
    for low, high in UnitAncestry.objects.filter(ancestor__in=units).values_list("descendant_id", "ancestor_id"):
        found.setdefault(low, []).append(high)
    return found


def _moved(actor: Actor, runs: Sequence[Run], under: Sequence[int]) -> dict[str, Any]:
    """What moved of what the actor has a duty on, the worse first; without any, what became worse under their units. The first
    of them, and how many there are."""
    changed, visible = moved_in(runs), seen_by(actor)
    own = changed.filter(item__in=visible.filter(pk__in=duties_held(actor, localdate()).values("item")))
    below = changed.filter(change=WORSE, unit__in=under)
    found = moved(own, MOST_MOVED)
    answered_for = bool(found)
    listed = found or moved(below, MOST_MOVED)
    more = (own if answered_for else below).count() - len(listed)
    return {"moved": listed, "moved_more": more, "answered_for": answered_for}


def moved(changed: QuerySet[ItemLight], at_most: int) -> list[Moved]:
    """Lights that moved as pages tell of them, each with its reason."""
    found = changed.select_related("item", "unit", "run__ledger").defer("run__book", "values", "counted")[:at_most]
    return [Moved(one, _because(lights_read(one.lights))) for one in found]
