"""Items as GeoJSON (RFC 7946): where they are, and what a sheet would say of them. CGCS 2000 stands for WGS 84, some centimetres off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.exports.columns import Cell, Column, Number
from guatu.hub.ledger.exports.items import Exported
from guatu.hub.ledger.exports.sheets import Rows
from guatu.hub.ledger.places import geometry_of, point_of, stated_in_cgcs2000


def features(ledger: LedgerDeclaration, columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """A feature for each item; one that is nowhere has no geometry. Numbers are exact, as JSON writes them."""
    yield b'{"type":"FeatureCollection","features":[\n'
    first = True
    for batch in rows:
        text = ",\n".join(_feature(ledger, columns, item) for item in batch)
        yield (("" if first else ",\n") + text).encode("utf-8", "replace")
        first = False
    yield b"\n]}\n"


def _feature(ledger: LedgerDeclaration, columns: Sequence[Column], item: Exported) -> str:
    said = (f"{_written(column.title)}:{_value(column.cell(item))}" for column in columns)
    place = _place(ledger, item)
    return f'{{"type":"Feature","id":{item.id},"geometry":{place},"properties":{{{",".join(said)}}}}}'


def _place(ledger: LedgerDeclaration, item: Exported) -> str:
    if item.geometry is not None:
        return _written(item.geometry)
    if not stated_in_cgcs2000(ledger):
        place = point_of(ledger, item.values, None)
        return _written(geometry_of(place)) if place is not None else "null"
    where = [item.values.get(key) for key in ledger.position or ()]
    if len(where) != 2 or None in where:
        return "null"
    return f'{{"type":"Point","coordinates":[{where[0]},{where[1]}]}}'


def _value(cell: Cell) -> str:
    match cell:
        case Number(text=text):
            return text
        case date():
            return _written(cell.isoformat())
    return _written(cell)


def _written(value: str | Mapping[str, Any] | None) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
