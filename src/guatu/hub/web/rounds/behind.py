"""From a number to its rows: how a figure of a unit came about, and the items it was made of, as far as a reader may see them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.counted import ItemLights, Part, items_behind, items_under
from guatu.hub.assessment.models import ALL, Run, RunState, UnitResult
from guatu.hub.assessment.reading import runs_up_to
from guatu.hub.assessment.rows import Figure, figures_read, spoken_of
from guatu.hub.assessment.why import NOTHING, Book
from guatu.hub.ledger.asking import seen_by
from guatu.hub.web.charts import sparkline
from guatu.hub.web.posted import asked_for
from guatu.hub.web.rounds.league import drawn, title_of_list
from guatu.hub.web.rounds.pages import league_run
from guatu.hub.web.rounds.shown import Printing, apart
from guatu.standards.periods import Period
from guatu.text import Text

PER_PAGE = 50
SIDES = {"numerator": Text("分子", "Numerator"), "denominator": Text("分母", "Denominator")}


@dataclass(frozen=True, slots=True)
class PartShown:
    """A total of the formula: how many items counted, of them those the reader may not see."""

    number: int
    side: Text | None
    formula: Text
    counted: int
    unseen: int


def figure(request: ActorRequest, run_id: int, unit_id: int, indicator: str) -> HttpResponse:
    run = league_run(request.actor, run_id)
    if run.state != RunState.JUDGED:
        raise Http404
    book = Book.of(run)
    listed = asked_for(request, "list", ALL)
    result = UnitResult.objects.filter(run=run, unit=unit_id, list=listed).first()
    if result is None or indicator not in book.told["indicators"]:
        raise Http404
    told, printing = book.told["indicators"][indicator], Printing.of(book, indicator)
    one = figures_read(result.values).get(indicator)
    parts = items_behind(run, book, result, indicator)
    chosen, counts = _chosen(request, len(parts)), _counts(request, run, result, parts)
    words: dict[str, Any] = {
        "run": run,
        "ledger": run.ledger,
        "result": result,
        "period": Period.parse(run.period).name(),
        "printing": printing,
        "said": printing.said(one),
        "sides": printing.both_sides(one),
        "why_not": printing.why_not(one),
        "one": one,
        "formula": spoken_of(told["formula"]),
        "cite": spoken_of(told["cite"]) if told["cite"] else None,
        "listed": title_of_list(book, listed),
        "list": listed,
        "made_of": _made_of(book, told["made_of"], result),
        "parts": [_part(number, part, told, counts) for number, part in enumerate(parts)],
        "chosen": chosen,
        "line": _line(run, result, indicator, printing),
    }
    words["carried"] = urlencode({"list": listed, "part": chosen})
    if parts:
        words |= _rows(request, parts[chosen], book)
    return render(request, "rounds/figure.html", words)


def _chosen(request: ActorRequest, count: int) -> int:
    return whole_number(request.GET.get("part", ""), below=count) or 0


def _counts(request: ActorRequest, run: Run, result: UnitResult, parts: Sequence[Part]) -> dict[str, int]:
    """How many items each total counts, and how many of them the reader may see; one query."""
    if not parts:
        return {}
    wanted = {f"all_{number}": Count("pk", filter=part.counts) for number, part in enumerate(parts)}
    wanted |= {f"seen_{number}": Count("pk", filter=part.counts & Q(seen=True)) for number, part in enumerate(parts)}
    found: dict[str, int] = _with_seen(request, items_under(run, result)).aggregate(**wanted)
    return found


def _with_seen(request: ActorRequest, lights: ItemLights) -> QuerySet[Any]:
    """With whether the reader may see the item."""
    return lights.order_by().annotate(seen=Exists(seen_by(request.actor).filter(pk=OuterRef("item"))))


def _part(number: int, part: Part, told: Any, counts: Mapping[str, int]) -> PartShown:
    side = SIDES[part.side] if told["denominator"] else None
    counted = counts[f"all_{number}"]
    return PartShown(number, side, part.formula, counted, counted - counts[f"seen_{number}"])


def _made_of(book: Book, keys: list[str], result: UnitResult) -> list[tuple[str, Text, Text]]:
    """The other indicators a formula over units is made of."""
    figures, known = figures_read(result.values), book.told["indicators"]
    named = [key.removeprefix("all_") if key not in known else key for key in keys]
    return [
        (key, book.text("indicators", key, "title"), Printing.of(book, key).said(figures.get(key)))
        for key in dict.fromkeys(named)
        if key in known
    ]


def _rows(request: ActorRequest, part: Part, book: Book) -> dict[str, Any]:
    """The items of one total: a page of those the reader may see, with the values that were put in."""
    listed = _with_seen(request, part.items).filter(seen=True)
    listed = listed.select_related("item", "unit").defer("lights", "counted", "item__search_text", "item__values")
    page = Paginator(listed.order_by("unit__order", "unit_id", "item_id"), PER_PAGE).get_page(request.GET.get("page"))
    lights = list(page.object_list)
    told = [json.loads(one.values) for one in lights]
    columns = [column(book.text("names", key), [one.get(key) for one in told]) for key in part.fields]
    rows = [(one, [each.said[at] for each in columns]) for at, one in enumerate(lights)]
    return {"page": page, "rows": rows, "columns": columns}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the items behind a figure: figures without the unit they share, which stands at the head."""

    title: Text
    unit: Text | None
    said: tuple[Text, ...]


_FIGURE = re.compile(r"(-?\d+(?:\.\d+)?)(.*)")


def column(title: Text, values: Sequence[str | list[str] | None]) -> Column:
    """Values in words, as the run keeps them, as a column of a table."""
    said = [NOTHING if value is None else spoken_of(value) for value in values]
    found = [(_FIGURE.fullmatch(one.zh), _FIGURE.fullmatch(one.en)) for one in said if one is not NOTHING]
    units = {(zh[2], en[2].strip()) for zh, en in found if zh and en}
    if len(units) != 1 or not all(zh and en for zh, en in found):
        return Column(title, None, tuple(said))
    zh, en = units.pop()
    return Column(title, Text(zh, en) if zh or en else None, tuple(map(_bare, said)))


def _bare(one: Text) -> Text:
    """A figure without its unit, thousands apart, no noughts at its end."""
    figure = _FIGURE.fullmatch(one.zh) if one is not NOTHING else None
    if figure is None:
        return one
    plain = apart(figure[1].rstrip("0").rstrip(".") if "." in figure[1] else figure[1])
    return Text(plain, plain)


def _line(run: Run, result: UnitResult, indicator: str, printing: Printing) -> Any:
    """How the figure went, round by round."""
    runs = runs_up_to(run)
    if len(runs) < 2:
        return None
    past = UnitResult.objects.filter(run__in=runs, unit=result.unit_id, list=result.list).values_list(
        "run_id", "values"
    )
    told = {of: json.loads(text).get(indicator) for of, text in past}
    values = [Figure(*told[one.pk]).exact if told.get(one.pk) else None for one in runs]
    return sparkline(printing.title, [drawn(printing, value) for value in values], unit=printing.unit)
