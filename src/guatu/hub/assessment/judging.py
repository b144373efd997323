"""A ledger of the site judged by a rulebook of its pack, each round looking back at the ones judged before it.

Loads the engine: only for the terminal and the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from guatu.declarations import Pack
from guatu.engine.evaluation import evaluate
from guatu.engine.evaluation.plain_reasons import book_of
from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import Rulebook, load_chosen
from guatu.hub.accounts.actor import Actor
from guatu.hub.assessment.judged import Judged
from guatu.hub.assessment.keeping import digest_of_results, laid_open, packed
from guatu.hub.assessment.making import items_of, units_of
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.reading import runs_before
from guatu.hub.ledger.as_of import latest_sequence
from guatu.hub.ledger.engine_tables import round_inputs
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


def judge_run(run: Run, engine: Engine = "duckdb") -> Judged:
    """A run that waits, judged over every item of its ledger as known now, looking back at the runs of earlier rounds."""
    pack = loaded(run.pack)
    rulebook = rulebook_for(pack, run.ledger, run.rulebook)
    earlier, known_by = runs_before(run), latest_sequence()
    items = Item.objects.filter(ledger=run.ledger)
    with laid_open(earlier) as history:
        inputs = round_inputs(items, rulebook.ledger, pack, Period.parse(run.period), history, known_by=known_by)
        results = evaluate(inputs, rulebook, tables=engine)
        return Judged(
            known_by=known_by,
            version=results.version,
            sha256=results.sha256,
            digest=digest_of_results(results),
            looked_back=[one.pk for one in earlier],
            items=items_of(results, rulebook, history),
            units=units_of(results, rulebook),
            book=book_of(results, rulebook),
            kept=packed(results),
        )


def judge_rounds(
    ledger_key: str, rulebook_key: str, periods: Sequence[Period], out: Path, *, by: Actor, engine: Engine = "duckdb"
) -> Iterator[Results]:
    """Results of each round in order, over the items `by` may see, written to a folder of `out` named after the round."""
    ledger = Ledger.objects.select_related("pack").filter(key=ledger_key).first()
    if ledger is None:
        known = ", ".join(Ledger.objects.order_by("pk").values_list("key", flat=True)) or "—"
        raise Refusal(
            ledger_key,
            Text("没有这本台账", "there is no such ledger"),
            Text(f"可用：{known}。", f"There are: {known}."),
        )
    pack = loaded(ledger.pack)
    rulebook = rulebook_for(pack, ledger, rulebook_key)
    items = Item.objects.visible_to(by).filter(ledger=ledger)
    history: list[EarlierResults] = []
    for period in periods:
        results = evaluate(round_inputs(items, rulebook.ledger, pack, period, history), rulebook, tables=engine)
        folder = out / str(period) / "results"
        results.write(folder)
        history.append(EarlierResults.read(folder))
        yield results


def rulebook_for(pack: Pack, ledger: Ledger, key: str) -> Rulebook:
    """A rulebook of the pack, which must be one that judges this ledger."""
    rulebook = load_chosen(pack, key)
    if rulebook.ledger.key != ledger.key:
        raise Refusal(
            key,
            Text(f"这部细则评的是“{rulebook.ledger.title.zh}”", f"this rulebook judges '{rulebook.ledger.title.en}'"),
            Text("换一部细则，或换一本台账。", "Choose another rulebook, or another ledger."),
        )
    return rulebook
