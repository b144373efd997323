"""What a judged round gives a map: the light of each item, and a wash by an indicator of the rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.engine.values.severity import Severity
from guatu.hub.assessment.models import ALL, Run
from guatu.hub.assessment.reading import latest_run
from guatu.hub.assessment.rows import Figure, figures_read
from guatu.hub.assessment.why import Book
from guatu.hub.ledger.models import Ledger
from guatu.hub.web.maps.districts import LIGHT, District, Share
from guatu.hub.web.maps.washes import STEPS, Step, Wash, Washed
from guatu.hub.web.rounds.shown import Printing
from guatu.text import Text

INDICATOR = "indicator"
NO_VALUE = Text("没有数值", "no value")


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged round and what holds of the whole of it."""

    run: Run
    book: Book


def judged_of(ledger: Ledger) -> Judged | None:
    """The round whose lights count now; two queries."""
    run = latest_run(ledger)
    return Judged(run, Book.of(run)) if run is not None else None


def light_shares(judged: Judged) -> list[Share]:
    """The share of each light the round gave, worst first."""
    given = sorted((one for one in judged.run.counts if one != Severity.NOT_JUDGED.value), key=lambda one: -_rank(one))
    return [Share(LIGHT, one, _lit(judged.book.word(one))) for one in given]


def _lit(word: Text) -> Text:
    return Text(f"亮灯：{word.zh}", f"Lights: {word.en}")


def _rank(severity: str) -> int:
    return Severity(severity).rank or 0


def indicators(judged: Judged) -> list[tuple[str, Text]]:
    """Every indicator of the rulebook, as a wash is asked for by it."""
    book = judged.book
    return [(f"{INDICATOR}:{key}", book.text("indicators", key, "title")) for key in book.told.get("indicators", {})]


def by_indicator(judged: Judged, key: str, listed: str, districts: Sequence[District]) -> Wash:
    """Each district by its unit's value in the round, in equal steps from the least to the most; one query."""
    run, book = judged.run, judged.book
    rows = run.results.filter(list=listed or ALL, unit__in=[one.unit for one in districts]).values_list(
        "unit_id", "values"
    )
    figures = {unit: figures_read(values).get(key) for unit, values in rows}
    known = [exact for one in figures.values() if one is not None and (exact := one.exact) is not None]
    printing = Printing.of(book, key)
    edges = _edges(known)
    steps = [Step(0, NO_VALUE)]
    for number, ends in enumerate(edges, 1):
        low, high = (printing.value(one) for one in ends)
        steps.append(Step(number, Text(f"{low.zh} – {high.zh}", f"{low.en} – {high.en}")))
    found = [_washed(one, figures.get(one.unit), printing, edges) for one in districts]
    title = printing.title
    return Wash(Text(f"{title.zh}（{run.period}）", f"{title.en} ({run.period})"), steps, found)


def _edges(known: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    if not known:
        return []
    least, most = min(known), max(known)
    if least == most:
        return [(least, most)]
    width = (most - least) / STEPS
    return [(least + number * width, least + (number + 1) * width) for number in range(STEPS)]


def _washed(
    one: District, figure: Figure | None, printing: Printing, edges: Sequence[tuple[Fraction, Fraction]]
) -> Washed:
    exact = figure.exact if figure is not None else None
    if figure is None or exact is None:
        return Washed(one, 0, Text("—", "—"), NO_VALUE)
    step = next(number for number, (_, high) in enumerate(edges, 1) if exact <= high)
    return Washed(one, step, printing.value(exact), _rank_said(figure))


def lights(run: Run | None) -> dict[int, str]:
    """The light of every item of the round; one query."""
    return dict(run.lights.values_list("item_id", "severity")) if run is not None else {}


def _rank_said(figure: Figure) -> Text | None:
    if figure.rank is None:
        return None
    return Text(f"第 {figure.rank} 名，共 {figure.ranked_among}", f"rank {figure.rank} of {figure.ranked_among}")
