"""A league of a run: the units of a peer group on a list in rank order, and how each stood before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guatu.hub.assessment.models import ALL, Run, UnitResult
from guatu.hub.assessment.reading import runs_up_to
from guatu.hub.assessment.rows import Figure, spoken_of
from guatu.hub.assessment.why import Book
from guatu.hub.web.charts import Slopes, Sparkline, slopes, sparkline
from guatu.hub.web.rounds.shown import Printing
from guatu.standards.periods import Period
from guatu.standards.rounding import round_half_up
from guatu.text import Text

PERCENTAGE_POINTS = Text("百分点", "pp")
MOST_SLOPES = 30
"""Units a picture of who moved can tell apart."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a league: a list, an indicator it is ordered by, a peer group, every indicator or the ranked."""

    list: str
    by: str
    group: str
    every: bool

    @classmethod
    def of(cls, said: Mapping[str, str], book: Book) -> Asked:
        listed = said.get("list", ALL)
        by = said.get("by", "")
        known = book.told["indicators"]
        first = next(iter(ranked(book) or known), "")
        listed = listed if listed in book.told["lists"] else ALL
        return cls(listed, by if by in known else first, said.get("group", ""), said.get("every") == "1")


def ranked(book: Book) -> list[str]:
    """Indicators by which units are ranked, in the rulebook's order."""
    return [key for key, told in book.told["indicators"].items() if told["better"] != "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one unit."""

    indicator: str
    said: Text
    sides: Text | None
    why_not: Text | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: the indicator it is ordered by, how that went, then the others."""

    unit: int
    title: Text
    rank: int | None
    move: int | None
    """Places gained since the round before; negative: lost."""
    main: Cell
    change: str | None
    """Since the round before."""
    gap: str | None
    """To the whole."""
    line: Sparkline | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class League:
    asked: Asked
    printing: Printing
    others: tuple[tuple[str, Printing], ...]
    """The other columns, by their keys."""
    groups: tuple[tuple[str, Text], ...]
    lines: tuple[Line, ...]
    whole: Line | None
    """The unit above them all."""
    picture: Slopes | None
    before: Text | None
    """The round it is compared with."""
    unit_apart: Text
    """What differences are in."""


def league_of(run: Run, book: Book, asked: Asked) -> League:
    """Four queries, whatever it shows."""
    rows = list(UnitResult.objects.filter(run=run, list=asked.list).defer("besides").order_by("place"))
    groups = _groups(rows)
    group = asked.group if asked.group in dict(groups) else groups[0][0] if groups else ""
    asked = Asked(asked.list, asked.by, group, asked.every)
    members = [one for one in rows if one.peers == group]
    above = _above(members, rows)
    shown = [*members, above] if above is not None else members
    runs = runs_up_to(run)
    then = _then([one for one in runs if one.pk != run.pk], asked, shown)
    keys = [key for key in (book.told["indicators"] if asked.every else ranked(book)) if key != asked.by]
    maker = _Maker(run, book, asked, {key: Printing.of(book, key) for key in (asked.by, *keys)}, runs, then)
    whole = maker.line(above, None) if above is not None else None
    whole_value = maker.value_of(above) if above is not None else None
    lines = sorted(
        (maker.line(one, whole_value) for one in members),
        key=lambda line: (line.rank is None, line.rank or 0),
    )
    others = tuple((key, maker.printings[key]) for key in keys)
    picture = _picture(maker, members)
    printing = maker.printings[asked.by]
    before = Period.parse(runs[-2].period).name() if len(runs) > 1 else None
    apart = PERCENTAGE_POINTS if printing.is_share else printing.unit
    return League(asked, printing, others, groups, tuple(lines), whole, picture, before, apart)


def _groups(rows: Sequence[UnitResult]) -> tuple[tuple[str, Text], ...]:
    """Peer groups of more than one unit, those nearest the top first, each by what it is called."""
    titles = {one.unit_id: one.title for one in rows}
    sizes: dict[str, list[UnitResult]] = {}
    for one in rows:
        if one.peers:
            sizes.setdefault(one.peers, []).append(one)
    several = [(key, found) for key, found in sizes.items() if len(found) > 1] or list(sizes.items())[:1]
    several.sort(key=lambda one: one[1][0].path.count("/"))
    return tuple((key, _called(key, found[0], titles)) for key, found in several)


def _called(key: str, member: UnitResult, titles: Mapping[int, Text]) -> Text:
    """What a peer group is called: by its own name, or by the unit above."""
    if not key.startswith("under/"):
        return Text(key, key)
    above = titles.get(int(key.removeprefix("under/")))
    return Text(f"{above.zh}所属", f"under {above.en}") if above is not None else Text("同级单位", "units of one level")


def _above(members: Sequence[UnitResult], rows: Sequence[UnitResult]) -> UnitResult | None:
    """The nearest unit above all members."""
    if not members:
        return None
    by_path = {one.path: one for one in rows}
    parents = {one.path.rsplit("/", 2)[0] + "/" for one in members}
    while len(parents) > 1:
        parents = {one.rstrip("/").rpartition("/")[0] + "/" for one in parents}
    return by_path.get(next(iter(parents)))


Past = dict[tuple[int, int], list[Any]]
"""Run and unit -> the indicator as it was."""


def _then(runs: Sequence[Run], asked: Asked, shown: Sequence[UnitResult]) -> Past:
    found: Past = {}
    if not runs:
        return found
    past = UnitResult.objects.filter(run__in=runs, list=asked.list, unit__in=[one.unit_id for one in shown])
    for run, unit, text in past.values_list("run_id", "unit_id", "values"):
        told = json.loads(text).get(asked.by)
        if told is not None:
            found[run, unit] = told
    return found


@dataclass(frozen=True)
class _Maker:
    """Makes lines; everything looked up is here already."""

    run: Run
    book: Book
    asked: Asked
    printings: Mapping[str, Printing]
    runs: Sequence[Run]
    then: Past

    def line(self, one: UnitResult, whole: Fraction | None) -> Line:
        told = json.loads(one.values)
        figures = {key: Figure(*told[key]) for key in self.printings if key in told}
        main, printing = figures.get(self.asked.by), self.printings[self.asked.by]
        then = self.before(one.unit_id)
        move = then.rank - main.rank if then is not None and then.rank and main is not None and main.rank else None
        value = main.exact if main is not None else None
        return Line(
            one.unit_id, one.title, main.rank if main is not None else None, move,
            self._cell(self.asked.by, main), printing.apart_by(value, then.exact if then is not None else None),
            printing.apart_by(value, whole), self._spark(one, value),
            tuple(self._cell(key, figures.get(key)) for key in self.printings if key != self.asked.by),
        )  # fmt: skip

    def value_of(self, one: UnitResult) -> Fraction | None:
        told = json.loads(one.values).get(self.asked.by)
        return Figure(*told).exact if told is not None else None

    def before(self, unit: int) -> Figure | None:
        """The unit's figure in the round before."""
        if len(self.runs) < 2:
            return None
        told = self.then.get((self.runs[-2].pk, unit))
        return Figure(*told) if told is not None else None

    def _cell(self, key: str, one: Figure | None) -> Cell:
        printing = self.printings[key]
        return Cell(
            key,
            printing.in_column(one),
            printing.both_sides(one),
            printing.why_not(one),
            one.rank if one is not None else None,
        )

    def _spark(self, one: UnitResult, now: Fraction | None) -> Sparkline | None:
        if len(self.runs) < 2:
            return None
        printing = self.printings[self.asked.by]
        past = [self.then.get((run.pk, one.unit_id)) for run in self.runs[:-1]]
        values = [*(Figure(*told).exact if told is not None else None for told in past), now]
        if all(value is None for value in values):
            return None
        return sparkline(one.title, [drawn(printing, value) for value in values], unit=printing.unit)


def drawn(printing: Printing, value: Fraction | None) -> Decimal | None:
    """A value as a chart takes it: in its unit, as it is printed."""
    return None if value is None else round_half_up(value * printing.many / printing.one, printing.decimals)


def _picture(maker: _Maker, members: Sequence[UnitResult]) -> Slopes | None:
    """Who rose and who fell in rank since the round before."""
    if len(maker.runs) < 2 or not 2 <= len(members) <= MOST_SLOPES:
        return None
    rows = []
    for one in members:
        then, now = maker.before(one.unit_id), json.loads(one.values).get(maker.asked.by)
        if then is not None and then.rank and now is not None and (rank := Figure(*now).rank):
            rows.append((one.title, Decimal(then.rank), Decimal(rank)))
    if len(rows) < 2:
        return None
    start, end = (Period.parse(one.period).name() for one in maker.runs[-2:])
    title = maker.printings[maker.asked.by].title
    told = Text(
        f"{len(rows)}个单位从{start.zh}到{end.zh}的位次", f"Ranks of {len(rows)} units from {start.en} to {end.en}"
    )
    named = Text(f"{title.zh}位次的升降", f"Who moved, by {title.en.lower()}")
    return slopes("moves", named, told, rows, unit=Text("位", "rank"), start=start, end=end, least_on_top=True)


def title_of_list(book: Book, key: str) -> Text:
    return spoken_of(book.told["lists"].get(key, key))
