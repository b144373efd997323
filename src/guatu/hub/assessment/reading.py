"""What pages ask of judged rounds: the run that counts, lights of items, how they went round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Case, Exists, OuterRef, Subquery, When

from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.composed import ByKey
from guatu.hub.ledger.grid.grouping import WORST_FIRST
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.standards.periods import Period

STRIP = 12
"""Rounds a strip of lights shows."""


_LATEST = ByKey(lambda ledger: Run.objects.lit().filter(ledger=ledger).defer("book")[:1])


def latest_run(ledger: Ledger) -> Run | None:
    """The run whose lights count now: the latest round judged, and of it the run made last. One query."""
    return _LATEST.first(ledger.pk)


def latest_runs(ledgers: Iterable[Ledger | int] | None = None) -> dict[int, Run]:
    """`latest_run` of each ledger that has one, by the ledger's id; of all ledgers when none are given."""
    found: dict[int, Run] = {}
    lit = Run.objects.lit() if ledgers is None else Run.objects.lit().filter(ledger__in=list(ledgers))
    for one in lit.defer("book"):
        found.setdefault(one.ledger_id, one)
    return found


def runs_before(run: Run) -> list[Run]:
    """The rounds that came before under the same rulebook, of each the run made last; the latest round last.

    Only rounds of the same kind: a month looks back at months.
    """
    kind = Period.parse(run.period).kind
    earlier = Run.objects.judged().filter(ledger=run.ledger_id, rulebook=run.rulebook, ends_on__lt=run.starts_on)
    found: dict[str, Run] = {}
    for one in earlier.defer("book"):
        if Period.parse(one.period).kind == kind:
            found.setdefault(one.period, one)
    return sorted(found.values(), key=lambda one: one.ends_on)


def runs_up_to(run: Run, at_most: int = STRIP) -> list[Run]:
    """The run and those of the rounds before it, the oldest first: what strips and sparklines are drawn from."""
    return [*runs_before(run)[-(at_most - 1) :], run] if at_most > 1 else [run]


def lights_of(run: Run, item_ids: Iterable[int]) -> dict[int, str]:
    """Item -> its overall severity, as `{% light %}` takes it; what the run did not judge is not in it. One query."""
    found = ItemLight.objects.filter(run=run, item__in=list(item_ids))
    return dict(found.values_list("item_id", "severity"))


def strips_of(items: Iterable[Item], at_most: int = STRIP, *, run: Run | None = None) -> dict[int, list[str | None]]:
    """Item id -> its overall severities, oldest to newest, as `{% strip %}` takes them. Three queries at most.

    Up to the run given, or the latest of the ledger the items are on. A round in which an item was not there has None;
    rounds before it was first judged are left out, and so is an item that never was.
    """
    listed = list(items)
    last = run if run is not None or not listed else Run.objects.lit().filter(ledger=listed[0].ledger_id).first()
    if last is None:
        return {}
    runs = [one.pk for one in runs_up_to(last, at_most)]
    lit = ItemLight.objects.filter(run__in=runs, item__in=listed).values_list("item_id", "run_id", "severity")
    by_item: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for item, of, severity in lit:
        by_item[item][of] = severity
    return {item: _from_the_first(known, runs) for item, known in by_item.items()}


def _from_the_first(known: Mapping[int, str], runs: Sequence[int]) -> list[str | None]:
    first = next(place for place, one in enumerate(runs) if one in known)
    return [known.get(one) for one in runs[first:]]


def worst_first() -> Case:
    """What lights of items are ordered by so that the worst come first."""
    return Case(*(When(severity=one, then=place) for place, one in enumerate(WORST_FIRST)), default=len(WORST_FIRST))


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Severities that some item shows with how many do, the worst first."""
    return [(one, counts[one]) for one in WORST_FIRST if counts.get(one)]


def light_within(run: Run) -> Subquery:
    """The light of an item in a run, as an expression over items; what was not judged has none."""
    return Subquery(ItemLight.objects.filter(run=run, item=OuterRef("pk")).values("severity")[:1])


def items_with_light(items: ItemQuerySet, run: Run, severity: str) -> ItemQuerySet:
    """Of these items, those whose overall light in the run is of this severity."""
    return items.filter(Exists(ItemLight.objects.filter(run=run, severity=severity, item=OuterRef("pk"))))


def with_light_now(items: ItemQuerySet, ledger: Ledger, severity: str) -> ItemQuerySet:
    """By the round whose lights count now; none before a round is judged."""
    run = latest_run(ledger)
    return items_with_light(items, run, severity) if run is not None else items.none()
