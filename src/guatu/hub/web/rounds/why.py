"""Why an item's light shows what it shows: the clause, the values put in, what nearly fired, the cells behind. A page, or a drawer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.models import ItemLight
from guatu.hub.assessment.reading import runs_up_to
from guatu.hub.assessment.rows import spoken_of
from guatu.hub.assessment.why import Book, why_overall, whys_by_dimension
from guatu.hub.ledger.models import Import, Item, ItemRevision
from guatu.hub.ledger.shown import NOTHING
from guatu.standards.periods import Period
from guatu.text import Text

REVISIONS = 60
"""Revisions that are looked through for the cells of values."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value was read."""

    cell: str
    file: str
    taken_from: int | None
    """The import it came with."""
    on: date


@dataclass(frozen=True, slots=True)
class Source:
    """A value that was put in, and the cell it came from; none where no workbook brought it."""

    title: Text
    said: Text
    cell: Cell | None
    open: bool
    """Whether the reader may see the import."""


def why(request: ActorRequest, item_id: int, run_id: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.visible_to(request.actor).select_related("ledger", "unit"), pk=item_id)
    light = get_object_or_404(ItemLight.objects.select_related("run", "unit"), run=run_id, item=item)
    run, book = light.run, Book.of(light.run)
    overall = why_overall(light, book)
    if overall is None:
        raise Http404
    dimensions = whys_by_dimension(light, book)
    deciding = book.dimension_of_clause(overall.fired.clause) if overall.fired else None
    fields = dict.fromkeys(key for one in dimensions if one.state != "not_applicable" for key in one.fields)
    fields |= dict.fromkeys(
        key for number in light.counted.split() for key in book.told["parts"][int(number)]["fields"]
    )
    words = {
        "item": item,
        "light": light,
        "run": run,
        "period": Period.parse(run.period).name(),
        "source": book.text("source"),
        "overall": overall,
        "dimensions": dimensions,
        "deciding": deciding,
        "sources": _sources(request.actor, light, book, fields),
        "past": past_of(light),
        "drawer": "HX-Request" in request.headers,
    }
    template = "rounds/parts/why.html" if words["drawer"] else "rounds/why.html"
    response = render(request, template, words)
    response["Vary"] = "HX-Request"
    return response


@dataclass(frozen=True, slots=True)
class Past:
    """One round of the strip."""

    run: int
    period: Text
    severity: str | None


def past_of(light: ItemLight) -> list[Past]:
    """The item's light round by round up to this run, the oldest first. Two queries."""
    runs = runs_up_to(light.run)
    lit = dict(ItemLight.objects.filter(run__in=runs, item=light.item_id).values_list("run_id", "severity"))
    first = next((place for place, one in enumerate(runs) if one.pk in lit), 0)
    return [Past(one.pk, Period.parse(one.period).name(), lit.get(one.pk)) for one in runs[first:]]


def _sources(actor: Actor, light: ItemLight, book: Book, fields: Iterable[str]) -> list[Source]:
    """Each field a reason rests on: its value as it was judged, and where it was read. Two queries."""
    values, cells = json.loads(light.values), _cells(light)
    taken = {one.taken_from for one in cells.values() if one.taken_from is not None}
    seen = set(Import.objects.visible_to(actor).filter(pk__in=taken).values_list("pk", flat=True))
    nothing = Text(NOTHING, NOTHING)
    return [
        Source(
            book.text("names", key), spoken_of(values[key]) if key in values else nothing, cell,
            cell is not None and cell.taken_from in seen,
        )
        for key in fields
        for cell in [cells.get(key)]
    ]  # fmt: skip


def _cells(light: ItemLight) -> Mapping[str, Cell]:
    """Field -> the latest cell that said it, of what was known when the round was judged."""
    known = ItemRevision.objects.filter(
        item=light.item_id, sequence__lte=light.run.known_by or 0, effective_on__lte=light.run.ends_on
    )
    found: dict[str, Cell] = {}
    for one in known.order_by("-effective_on", "-number").only("evidence", "effective_on")[:REVISIONS]:
        told = json.loads(one.evidence)
        for key, cell in told.get("cells", {}).items():
            found.setdefault(key, Cell(cell, told.get("file", ""), told.get("import"), one.effective_on))
    return found
