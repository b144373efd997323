"""Items as earlier rounds had them: who reported each last, under which name, and at which cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from guatu.dispatch.items import Item
from guatu.dispatch.reconciliation.names import identity_name
from guatu.engine.evaluation import EarlierResults
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class PastItem:
    """An item in the latest earlier round that has it."""

    item_id: str
    unit: str
    name: str
    code: str | None
    period: str
    values: Mapping[str, object]
    """The facts identity checks compare."""
    place: str
    """Workbook, sheet and cell of its name; the unit where the cells are not kept."""
    known_when: Text | None = None
    """In place of the period, for an item that no report of a period brought."""
    known_where: Text | None = None
    """In place of `place`, likewise."""


def past_items(
    history: Sequence[EarlierResults], kept: Mapping[str, Sequence[Item]], fields: Iterable[str], code: str | None
) -> dict[str, PastItem]:
    """Lasting id -> the item as last published.

    `kept`: the cells of earlier rounds by period; `code`: the ledger's field that holds the code.
    """
    found: dict[str, PastItem] = {}
    wanted = list(dict.fromkeys(("item_id", "unit", "name", *([code] if code else []), *fields)))
    for earlier in sorted(history, key=lambda one: one.period):
        places = {item.item_id: item.place() for item in kept.get(earlier.period, ())}
        for row in earlier.items.read([one for one in wanted if one in earlier.items.columns]).to_pylist():
            found[row["item_id"]] = PastItem(
                item_id=row["item_id"],
                unit=row["unit"],
                name=str(row.get("name") or row["item_id"]),
                code=row.get(code) if code else None,
                period=earlier.period,
                values={key: row.get(key) for key in fields},
                place=places.get(row["item_id"], row["unit"]),
            )
    return found


def rows_of(history: Sequence[EarlierResults], items: Iterable[PastItem]) -> pa.Table | None:
    """The items as their latest rounds had them, as one table of all their fields."""
    wanted: dict[str, list[str]] = {}
    for one in items:
        wanted.setdefault(one.period, []).append(one.item_id)
    tables = []
    for earlier in history:
        if ids := wanted.get(earlier.period):
            tables.append(earlier.items.read(item_id=ids))
    return pa.concat_tables(tables, promote_options="permissive") if tables else None


def known_items(past: Mapping[str, PastItem]) -> dict[str, tuple[str, str | None, str]]:
    """What `give_ids` asks of earlier rounds."""
    return {key: (one.unit, one.code, identity_name(one.name)) for key, one in past.items()}
