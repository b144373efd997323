"""Who came and who went: this round's items that the last one did not have, and the last one's that are gone.

Formulas see both without looking back themselves: over items as the column `entered`, over units as the linked table
`departed`, whose rows stand under every unit above theirs and on every list they were on. Where the last round's results
are not given nobody knows: `entered` is missing, `last_round` is missing, and `departed` is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.lists import ALL, with_fields
from guatu.engine.evaluation.results import EarlierResults
from guatu.engine.rulebook.formulas import ENTERED


def last_round(inputs: Inputs) -> EarlierResults | None:
    """The results of the round before this one, when they are given."""
    before = str(inputs.period.previous())
    return next((one for one in inputs.history if one.period == before), None)


def with_entered(items: pa.Table, inputs: Inputs) -> pa.Table:
    """The items with the column `entered`, unless the ledger has a field of that name."""
    if ENTERED in items.column_names:
        return items
    before = last_round(inputs)
    if before is None:
        return items.append_column(ENTERED, pa.nulls(items.num_rows, pa.bool_()))
    return items.append_column(ENTERED, pc.invert(_among(items, before.items.read(["item_id"]))))


def _among(items: pa.Table, others: pa.Table) -> pa.ChunkedArray:
    """Which items others have too, by their lasting ids."""
    return pc.is_in(items["item_id"], others["item_id"].combine_chunks())


def departed(inputs: Inputs) -> pa.Table:
    """The last round's items without a successor, one row for each unit and list they counted in then.

    An item of a unit that is no longer in the tree counts in the units at the top.
    """
    before = last_round(inputs)
    if before is None:
        items = inputs.items.slice(0, 0)
    else:
        items = before.items.read()
        items = items.filter(pc.invert(_among(items, inputs.items)))
    items = with_fields(items, inputs.ledger)
    above = _ancestors(inputs)
    tops = [code for code, parent in _parents(inputs).items() if parent is None]
    places, units, lists = [], [], []
    for place, (unit, tags) in enumerate(zip(items["unit"].to_pylist(), items["lists"].to_pylist(), strict=True)):
        for ancestor in above.get(unit, [unit, *tops]):
            for listed in _once((ALL, *(tags or ()))):
                places.append(place)
                units.append(ancestor)
                lists.append(listed)
    rows = items.take(pa.array(places, pa.int64()))
    own = [name for name in rows.column_names if name not in ("unit", "lists", ENTERED)]
    return (
        rows.select(own)
        .append_column("unit", pa.array(units, pa.string()))
        .append_column("list", pa.array(lists, pa.string()))
    )


def _ancestors(inputs: Inputs) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for above, below in zip(*(inputs.closure[one].to_pylist() for one in ("ancestor", "descendant")), strict=True):
        found.setdefault(below, []).append(above)
    return found


def _parents(inputs: Inputs) -> Mapping[str, str | None]:
    return dict(zip(inputs.units["code"].to_pylist(), inputs.units["parent"].to_pylist(), strict=True))


def _once(words: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(words)
