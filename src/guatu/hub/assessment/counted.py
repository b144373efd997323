"""From a figure to the items it was made of, as the run kept them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet

from guatu.hub.assessment.models import ALL, ItemLight, Run, UnitResult
from guatu.hub.assessment.rows import spoken_of
from guatu.hub.assessment.why import Book
from guatu.text import Text

Side = Literal["numerator", "denominator"]
ItemLights = QuerySet[ItemLight]


@dataclass(frozen=True, slots=True)
class Part:
    """A total inside an indicator's formula, and the items that count in it."""

    counts: Q
    """What holds of a light of the run whose item counts."""
    side: Side
    formula: Text
    fields: tuple[str, ...]
    items: ItemLights


def items_behind(run: Run, book: Book, result: UnitResult, indicator: str) -> list[Part]:
    """Every total of an indicator with its items under the unit and on the list; empty for one made of others.

    Asks the database nothing by itself.
    """
    told = book.told["indicators"][indicator]
    sides: dict[int, Side] = dict.fromkeys(told["numerator"], "numerator")
    for number in told["denominator"]:
        sides.setdefault(number, "denominator")
    under = items_under(run, result)
    return [_part(book, number, side, under) for number, side in sides.items()]


def _part(book: Book, number: int, side: Side, under: ItemLights) -> Part:
    told = book.told["parts"][number]
    counts = Q(counted__contains=f" {number} ")
    return Part(counts, side, spoken_of(told["formula"]), tuple(told["fields"]), under.filter(counts))


def items_under(run: Run, result: UnitResult) -> ItemLights:
    """The run's items of a unit and all below it, as the tree stood, that are on the list."""
    below = UnitResult.objects.filter(run=run, list=ALL, path__startswith=result.path).values("unit")
    lights = ItemLight.objects.filter(run=run, unit__in=below).order_by("pk")
    return lights if result.list == ALL else lights.filter(lists__contains=f" {result.list} ")
