"""A ledger of the site judged by a rulebook of its pack, each round looking back at the ones judged before it.

Loads the engine: only for the terminal and the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from guatu.engine.evaluation import evaluate
from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import load_chosen
from guatu.hub.accounts.actor import Actor
from guatu.hub.ledger.engine_tables import round_inputs
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


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
    rulebook = load_chosen(pack, rulebook_key)
    if rulebook.ledger.key != ledger.key:
        raise Refusal(
            rulebook_key,
            Text(f"这部细则评的是“{rulebook.ledger.title.zh}”", f"this rulebook judges '{rulebook.ledger.title.en}'"),
            Text("换一部细则，或换一本台账。", "Choose another rulebook, or another ledger."),
        )
    items = Item.objects.visible_to(by).filter(ledger=ledger)
    history: list[EarlierResults] = []
    for period in periods:
        results = evaluate(round_inputs(items, rulebook.ledger, pack, period, history), rulebook, tables=engine)
        folder = out / str(period) / "results"
        results.write(folder)
        history.append(EarlierResults.read(folder))
        yield results
