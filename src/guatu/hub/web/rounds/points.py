"""Points as pages: units by what they earned, and why one earned it, matter by matter, down to the figures and their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.models import ALL, Run, RunState, UnitResult
from guatu.hub.assessment.points import Dimension, Earned, Matter, Scheme, UnitPoints, points_in, points_of
from guatu.hub.assessment.rows import Figure, figures_read
from guatu.hub.assessment.why import Book
from guatu.hub.web.rounds.pages import league_run
from guatu.hub.web.rounds.shown import Printing
from guatu.standards.periods import Period
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in the table of points."""

    unit: int
    title: Text
    rank: int | None
    total: Earned
    dimensions: Sequence[tuple[str, Earned]]
    seen: bool
    """Whether the reader may open the unit's page."""


def points(request: ActorRequest, run_id: int) -> HttpResponse:
    """Units by rank, each dimension a column; every number leads to how it came about."""
    run, _, scheme = _awarded(request, run_id)
    found = points_in(run)
    seen = set(
        Unit.objects.visible_to(request.actor).filter(pk__in=[one.unit for one in found]).values_list("pk", flat=True)
    )
    lines = [
        Line(one.unit, one.title, one.rank, one.total, [(each.key, one.of(each.key)) for each in scheme.dimensions], one.unit in seen)
        for one in found
    ]  # fmt: skip
    words = {
        "run": run,
        "ledger": run.ledger,
        "scheme": scheme,
        "lines": lines,
        "period": Period.parse(run.period).name(),
    }
    return render(request, "rounds/points.html", words)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """An indicator a matter was scored by, as it stood for the unit."""

    key: str
    title: Text
    said: Text
    sides: Text | None


@dataclass(frozen=True, slots=True)
class Scored:
    matter: Matter
    earned: Earned
    looked_at: Sequence[LookedAt]


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension of a unit's points, with all its matters."""

    dimension: Dimension
    earned: Earned
    scored: Sequence[Scored]


def points_of_unit(request: ActorRequest, run_id: int, unit_id: int) -> HttpResponse:
    """Why a unit earned its points: each matter with its method, what it looked at and what that came to."""
    run, book, scheme = _awarded(request, run_id)
    results = {one.list: one for one in UnitResult.objects.filter(run=run, unit=unit_id, list__in=(ALL, scheme.list))}
    earned = points_of(results[ALL]) if ALL in results else None
    if earned is None:
        raise Http404
    figures = figures_read(results[scheme.list].values) if scheme.list in results else {}
    words = {
        "run": run,
        "ledger": run.ledger,
        "scheme": scheme,
        "one": earned,
        "parts": [_part(book, one, earned, figures) for one in scheme.dimensions],
        "period": Period.parse(run.period).name(),
        "among": len(points_in(run)),
    }
    return render(request, "rounds/points_of.html", words)


def _awarded(request: ActorRequest, run_id: int) -> tuple[Run, Book, Scheme]:
    """A judged run the reader may see whose rulebook awards points."""
    run = league_run(request.actor, run_id)
    book = Book.of(run) if run.state == RunState.JUDGED else None
    scheme = Scheme.of(book) if book is not None else None
    if book is None or scheme is None:
        raise Http404
    return run, book, scheme


def _part(book: Book, dimension: Dimension, unit: UnitPoints, figures: Mapping[str, Figure]) -> Part:
    scored = [
        Scored(one, unit.of_matter(dimension.key, one.key), [_looked_at(book, key, figures) for key in one.indicators])
        for one in dimension.matters
    ]  # fmt: skip
    return Part(dimension, unit.of(dimension.key), scored)


def _looked_at(book: Book, key: str, figures: Mapping[str, Figure]) -> LookedAt:
    printing, figure = Printing.of(book, key), figures.get(key)
    return LookedAt(key, printing.title, printing.said(figure), printing.both_sides(figure))
