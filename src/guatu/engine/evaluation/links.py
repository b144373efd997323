"""Rows of the same ledger that belong to an item, as the ledger's links declare: what `along` totals over."""

from __future__ import annotations

import pyarrow as pa

from guatu.declarations.ledger import Ledger, LinkDeclaration
from guatu.engine.rulebook.formulas import linked_columns


def linked_rows(items: pa.Table, link: LinkDeclaration, ledger: Ledger) -> pa.Table:
    """One row per item and row linked to it: `item_id` of the item, every other column of the linked row.

    Rows are linked whose fields all equal the item's; a blank field links nothing.
    """
    left = pa.table({"item_id": items["item_id"]} | {f"k{i}": _key(items, own) for i, own in enumerate(link.same)})
    right = pa.table(
        {"row": pa.array(range(items.num_rows), pa.int64())}
        | {f"k{i}": _key(items, other) for i, other in enumerate(link.same.values())}
    )
    keys = [f"k{i}" for i in range(len(link.same))]
    found = left.join(right, keys=keys, join_type="inner").sort_by([("row", "ascending"), ("item_id", "ascending")])
    rows = items.select([key for key in linked_columns(ledger) if key in items.column_names]).take(found["row"])
    return rows.set_column(rows.column_names.index("item_id"), "item_id", found["item_id"])


def _key(items: pa.Table, field: str) -> pa.ChunkedArray:
    """A column to compare by, as text, so that a field nobody reported compares too."""
    return items[field].cast(pa.string())
