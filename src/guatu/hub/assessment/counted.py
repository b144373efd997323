"""From a figure to the items it was made of, as the run kept them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from guatu.hub.assessment.models import ALL, ItemLight, Run, UnitResult
from guatu.hub.assessment.rows import spoken_of
from guatu.hub.assessment.why import Book
from guatu.text import Text

Side = Literal["numerator", "denominator"]
ItemLights = QuerySet[ItemLight]


@dataclass(frozen=True, slots=True)
class Part:
    """A total inside an indicator's formula, and the items that count in it."""

    side: Side
    formula: Text
    fields: tuple[str, ...]
    items: tuple[ItemLight, ...]


def items_behind(run: Run, book: Book, result: UnitResult, indicator: str) -> list[Part]:
    """Every total of an indicator with its items under the unit and on the list; empty for one made of others. Two queries."""
    told = book.told["indicators"][indicator]
    numbers: dict[int, Side] = dict.fromkeys(told["denominator"], "denominator")
    numbers |= dict.fromkeys(told["numerator"], "numerator")
    rows = list(items_under(run, result).only("item_id", "counted")) if numbers else []
    found = []
    for number in dict.fromkeys((*told["numerator"], *told["denominator"])):
        part = book.told["parts"][number]
        counted = tuple(one for one in rows if f" {number} " in one.counted)
        found.append(Part(numbers[number], spoken_of(part["formula"]), tuple(part["fields"]), counted))
    return found


def items_under(run: Run, result: UnitResult) -> ItemLights:
    """The run's items of a unit and all below it, as the tree stood, that are on the list."""
    below = UnitResult.objects.filter(run=run, list=ALL, path__startswith=result.path).values("unit")
    lights = ItemLight.objects.filter(run=run, unit__in=below).order_by("pk")
    return lights if result.list == ALL else lights.filter(lists__contains=f" {result.list} ")
