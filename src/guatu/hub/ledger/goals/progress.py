"""How far targets have come by a day, from what the linked items report or people say, and what holds goals up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from guatu.declarations.goals import Actual, Goals, PaceLight
from guatu.declarations.ledger import Basis
from guatu.hub.accounts.models import UnitAncestry
from guatu.hub.ledger.models import Figure, Goal, GoalItem, Item, Milestone, PackVersion, Reached, Target
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period

ACTUAL, PLANNED = "actual", ("revised", "planned")
ALONG = ("unit", "item", "period")
"""Whose words on parts make up a whole, those along units first."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a target was reached by a day."""

    on: date
    value: Fraction
    sequence: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one target: what was reached, the share of it, the share of time gone, and the light."""

    done: Fraction
    share: Fraction
    elapsed: Fraction
    light: PaceLight
    items: int
    """How many items count."""
    silent: int
    """Of how many of them, or of its parts, nothing was reported in the period."""
    said: tuple[Said, ...] = ()
    """Where people say what was reached: their words that count."""


@dataclass(frozen=True, slots=True)
class Linked:
    item: int
    unit: int
    ledger: str


@dataclass(slots=True)
class Standings:
    """What the progress of many targets is reckoned from, read in a few queries whatever their number."""

    day: date
    linked: Mapping[int, Sequence[Linked]]
    """Of each goal the items of it and of all below it."""
    under: Mapping[int, frozenset[int]]
    figures: Mapping[tuple[int, str], list[tuple[Period, Fraction]]]
    reached: Mapping[tuple[int, str], date | None]
    bases: Mapping[tuple[str, str], Basis] = field(default_factory=dict)
    said: Mapping[int, Said] = field(default_factory=dict)
    """The last word on a target by the day."""
    parts: Mapping[int, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    """Of a target the parts of its splits, by along what."""

    @classmethod
    def of(cls, targets: Sequence[Target], pack: str, scheme: Goals, day: date) -> Standings:
        actuals = [one.actual for one in scheme.indicators.values() if one.actual is not None]
        linked = linked_below({one.goal_id for one in targets}, pack)
        items = {one.item for each in linked.values() for one in each}
        asked = [one.pk for one in targets if _is_entered(scheme, one)]
        parts = _parts(asked)
        below = [one for each in parts.values() for along in each.values() for one in along]
        return cls(
            said=_said([*asked, *below], day),
            parts=parts,
            day=day,
            linked=linked,
            under=_under({one.unit_id for one in targets}),
            figures=_figures(items, {one.figure for one in actuals if one.figure}),
            reached=_reached(items, {one.milestone for one in actuals if one.milestone}),
            bases=_bases(pack),
        )

    def progress(self, target: Target, scheme: Goals) -> Progress | None:
        """None where nobody says what was reached, or no item is linked."""
        indicator = scheme.indicators.get(target.indicator)
        if indicator is None or not target.amount:
            return None
        if indicator.actual is None:
            return self._entered(target, scheme, adds=indicator.adds)
        counted = [one for one in self.linked.get(target.goal_id, ()) if self._counts(one, target, indicator.actual)]
        if not counted:
            return None
        period = Period.parse(target.period)
        values = [self._value(one.item, indicator.actual, period) for one in counted]
        done = sum((one for one in values if one is not None), Fraction())
        return self._come(target, scheme, done, len(counted), sum(1 for one in values if one is None))

    def _come(
        self, target: Target, scheme: Goals, done: Fraction, items: int, silent: int, said: tuple[Said, ...] = ()
    ) -> Progress:
        share, gone = done / target.amount, elapsed(Period.parse(target.period), self.day)
        return Progress(done, share, gone, scheme.pace.light(share, gone), items, silent, said)

    def _entered(self, target: Target, scheme: Goals, *, adds: bool) -> Progress | None:
        """By the last word on the target itself; else, where parts make up the whole, by those on its parts."""
        own = self.said.get(target.pk)
        if own is not None:
            return self._come(target, scheme, own.value, 0, 0, (own,))
        for parts in self.parts.get(target.pk, {}).values() if adds else ():
            words = tuple(self.said[one] for one in parts if one in self.said)
            if words:
                done = sum((one.value for one in words), Fraction())
                return self._come(target, scheme, done, 0, len(parts) - len(words), words)
        return None

    def _counts(self, one: Linked, target: Target, actual: Actual) -> bool:
        if one.ledger != actual.ledger or (target.item_id is not None and one.item != target.item_id):
            return False
        return target.along != "unit" or one.unit in self.under.get(target.unit_id, frozenset())

    def _value(self, item: int, actual: Actual, period: Period) -> Fraction | None:
        if actual.milestone is not None:
            if (item, actual.milestone) not in self.reached:
                return Fraction(0)
            on = self.reached[item, actual.milestone]
            return Fraction(1 if on is None or period.first_day <= on <= min(period.last_day, self.day) else 0)
        assert actual.figure is not None
        held = [one for one in self.figures.get((item, actual.figure), ()) if one[0].first_day <= self.day]
        return within(held, period, self.bases.get((actual.ledger, actual.figure), Basis.YEAR_TO_DATE))


def within(figures: Sequence[tuple[Period, Fraction]], period: Period, basis: Basis) -> Fraction | None:
    """What was done in a period, by figures in their basis; None where nothing was reported of it.

    Of cumulative figures the last inside the period less the last before it (of the same year, where they begin anew each year).
    """
    inside = [one for one in figures if period.first_day <= one[0].last_day <= period.last_day]
    if not inside:
        return None
    if basis is Basis.MONTH:
        return sum((value for _, value in inside), Fraction())
    before = [
        one
        for one in figures
        if one[0].last_day < period.first_day
        and (basis is Basis.SINCE_START or one[0].last_day.year == period.first_day.year)
    ]
    last = max(inside, key=lambda one: one[0].last_day)[1]
    if basis is Basis.YEAR or not before:
        return last
    return last - max(before, key=lambda one: one[0].last_day)[1]


def elapsed(period: Period, day: date) -> Fraction:
    """The share of a period's days that have passed with `day`."""
    whole = (period.last_day - period.first_day).days + 1
    gone = (min(day, period.last_day) - period.first_day).days + 1
    return Fraction(max(gone, 0), whole)


def linked_below(goals: Iterable[int], pack: str) -> dict[int, list[Linked]]:
    """Of each of these goals the items linked to it or to a goal below it, each once."""
    parents = dict(Goal.objects.filter(pack=pack).exclude(state="withdrawn").values_list("pk", "parent_id"))
    wanted, found = set(goals), {key: dict[int, Linked]() for key in goals}
    rows = GoalItem.objects.filter(goal__pack=pack, valid_to=None).values_list(
        "goal_id", "item_id", "item__unit_id", "item__ledger__key"
    )
    for goal, item, unit, ledger in rows.order_by("pk"):
        above: int | None = goal if goal in parents else None
        while above is not None:
            if above in wanted:
                found[above][item] = Linked(item, unit, ledger)
            above = parents.get(above)
    return {key: list(each.values()) for key, each in found.items()}


@dataclass(frozen=True, slots=True)
class Drag:
    """A milestone that should have been reached and was not."""

    item: Item
    milestone: str
    planned_on: date
    days: int


def drags_of(items: Iterable[int], day: date, most: int) -> list[Drag]:
    """What holds these items up, the longest overdue first; of each milestone the revised day where there is one."""
    facts = Milestone.objects.in_force().counting().filter(item__in=list(items)).exclude(item__state="merged")
    planned: dict[tuple[int, str], tuple[str, date]] = {}
    reached: set[tuple[int, str]] = set()
    for item, key, fact, on in facts.values_list("item_id", "key", "fact", "on"):
        if fact == ACTUAL:
            reached.add((item, key))
        elif fact in PLANNED and on is not None and (fact == PLANNED[0] or (item, key) not in planned):
            planned[item, key] = (fact, on)
    late = sorted(
        (on, item, key) for (item, key), (_, on) in planned.items() if on < day and (item, key) not in reached
    )
    rows = {one.pk: one for one in Item.objects.filter(pk__in=[item for _, item, _ in late[:most]]).select_related(
        "unit", "ledger__pack"
    ).defer("ledger__pack__files")}  # fmt: skip
    return [Drag(rows[item], key, on, (day - on).days) for on, item, key in late[:most]]


def _is_entered(scheme: Goals, target: Target) -> bool:
    indicator = scheme.indicators.get(target.indicator)
    return indicator is not None and indicator.actual is None


def _parts(targets: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """Parts in force of each target, along units before items and periods."""
    found: dict[int, dict[str, list[int]]] = {}
    rows = Target.objects.in_force().filter(whole__in=targets).order_by("pk").values_list("whole_id", "along", "pk")
    for whole, along, pk in sorted(rows, key=lambda one: ALONG.index(one[1])):
        found.setdefault(whole, {}).setdefault(along, []).append(pk)
    return found


def _said(targets: Sequence[int], day: date) -> dict[int, Said]:
    rows = Reached.objects.in_force().filter(target__in=targets, on__lte=day).order_by("on")
    return {
        target: Said(on, Fraction(value), sequence)
        for target, on, value, sequence in rows.values_list("target_id", "on", "value", "sequence")
    }


def _under(units: set[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    pairs = UnitAncestry.objects.filter(ancestor_id__in=units).values_list("ancestor_id", "descendant_id")
    for above, below in pairs:
        found.setdefault(above, set()).add(below)
    return {key: frozenset(each) for key, each in found.items()}


def _figures(items: set[int], fields: set[str]) -> dict[tuple[int, str], list[tuple[Period, Fraction]]]:
    found: dict[tuple[int, str], list[tuple[Period, Fraction]]] = {}
    rows = Figure.objects.in_force().filter(item__in=items, field__in=fields)
    for item, name, period, amount, number in rows.values_list("item_id", "field", "period", "amount", "number"):
        value = Fraction(amount) if amount is not None else Fraction(number) if number else None
        if value is not None:
            found.setdefault((item, name), []).append((Period.parse(period), value))
    return found


def _reached(items: set[int], keys: set[str]) -> dict[tuple[int, str], date | None]:
    rows = Milestone.objects.in_force().counting().filter(item__in=items, key__in=keys, fact=ACTUAL)
    return {(item, key): on for item, key, on in rows.values_list("item_id", "key", "on")}


def _bases(pack: str) -> dict[tuple[str, str], Basis]:
    version = PackVersion.objects.defer("files").get(key=pack, is_current=True)
    return {
        (ledger.key, one.key): one.basis
        for ledger in loaded(version).ledgers.values()
        for one in ledger.fields.values()
        if one.basis is not None
    }
