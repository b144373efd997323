"""The three Qingdao rounds through the door: the ledger holds what the published figures say, and is judged as they say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from demo.compare import EXPECTED, rows
from demo.hub import fill
from demo.ledger import LEDGER, ROUNDS, compare, judge_rounds, report
from django.utils import timezone

from guatu.engine.evaluation import LightExplanation, Results, explain_light
from guatu.engine.evaluation.explaining import ClauseReason, explain_indicator
from guatu.engine.rulebook import load_chosen
from guatu.hub.assessment.counted import items_behind
from guatu.hub.assessment.models import ItemLight, Run, UnitResult
from guatu.hub.assessment.rows import figures_read
from guatu.hub.assessment.why import Book, Why, why_overall, whys_by_dimension
from guatu.hub.assessment.why import ClauseReason as ToldReason
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.packs import declared, loaded

MONEY_OVER_MONEY = ("completion_rate", "four_new_done_share")


def test_the_ledger_bears_out_every_figure_of_the_three_rounds_and_every_rank(db: None) -> None:
    fill(timezone.now())

    report()
    runs = judge_rounds()

    for period in ROUNDS:
        assert compare(period) == (390, [])
    assert Item.objects.count() == 1426
    assert Import.objects.filter(state="taken").count() == 30
    assert [wrongly for run in runs for wrongly in judged_wrongly(run)] == []
    assert explained_otherwise(runs[-1]) == []
    assert counted_otherwise(runs[-1]) == []


def judged_wrongly(run: Run) -> list[str]:
    """Values, their two sides and ranks of expected.csv that the run does not hold, to the digit."""
    lists = declared(Ledger.objects.get(key=LEDGER)).lists
    titled = {one.title.zh: key for key, one in lists.items()} | {"全部": "all"}
    found = {
        (one.unit.code, one.list): figures_read(one.values)
        for one in UnitResult.objects.filter(run=run).select_related("unit")
    }
    wrong, compared = [], 0
    for row in (one for one in rows(EXPECTED) if one["round"] == run.period):
        measure = row["measure"].removeprefix("rank_")
        figure = found.get((row["unit_code"], titled.get(row["list"], row["list"])), {}).get(measure)
        column = "value" if measure == row["measure"] else "rank"
        fen = 10_000 if measure in MONEY_OVER_MONEY else 1  # printed in hundredths of 万元, kept in 分
        sides = {side: str(int(row[side]) * fen) for side in ("numerator", "denominator") if row[side]}
        wanted = {column: row["value"]} | sides
        compared += 1
        wrong += [
            f"{row['round']} {row['unit']} {row['list']} {row['measure']} {column}"
            for column, value in wanted.items()
            if figure is None or str(getattr(figure, column)) != value
        ]
    assert compared > 1000
    return wrong


def explained_otherwise(run: Run) -> list[str]:
    """Lights whose reasons, put together from the database, are not what the engine explains from its tables."""
    book, different = Book.of(run), []
    results = kept_results(run)
    rulebook = load_chosen(loaded(run.pack), run.rulebook)
    for light in ItemLight.objects.filter(run=run).order_by("item_id")[::7]:
        overall = why_overall(light, book)
        assert overall is not None
        for told in (overall, *whys_by_dimension(light, book)):
            said = explain_light(results, rulebook, str(light.item_id), told.dimension)
            if as_told(told) != as_said(said):
                different.append(f"{light.item_id} {told.dimension}: {as_told(told)} / {as_said(said)}")
    return different[:3]


def kept_results(run: Run) -> Results:
    with TemporaryDirectory() as folder, run.kept.open("rb") as held, ZipFile(held) as whole:
        whole.extractall(folder)
        return Results.read(Path(folder))


def as_told(one: Why) -> tuple[object, ...]:
    parts = (one.fired, *one.nearly, *one.undecided)
    return (
        one.title, one.state, one.severity, one.word, one.before or None, one.change or None, one.missing, one.fields,
        *map(reason, parts),
    )  # fmt: skip


def as_said(one: LightExplanation) -> tuple[object, ...]:
    parts = (one.fired, *one.nearly, *one.undecided)
    before = one.before.value if one.before else None
    return (
        one.title, one.state, one.severity.value, one.word, before, one.change, one.missing, one.fields,
        *map(reason, parts),
    )  # fmt: skip


def reason(one: ClauseReason | ToldReason | None) -> object:
    if one is None:
        return None
    conditions: Sequence[object] = [(each.formula, each.with_values, each.held) for each in one.conditions]
    return (one.clause, str(getattr(one.severity, "value", one.severity)), one.word, one.because, one.cite, conditions)


def counted_otherwise(run: Run) -> list[str]:
    """Figures whose items, found in the database, are not those the engine totals."""
    results, rulebook, different = kept_results(run), load_chosen(loaded(run.pack), run.rulebook), []
    book = Book.of(run)
    for result in UnitResult.objects.filter(run=run).select_related("unit").order_by("pk")[::5]:
        for indicator in ("completion_rate", "start_rate", "four_new_done_wan"):
            said = explain_indicator(results, rulebook, result.unit.code, result.list, indicator)
            found = items_behind(run, book, result, indicator)
            told = {part.formula: sorted(str(one.item_id) for one in part.items) for part in found}
            wanted = {part.formula: sorted(part.items) for part in said.parts}
            if told != wanted:
                different.append(f"{result.title_zh} {result.list} {indicator}")
    return different
