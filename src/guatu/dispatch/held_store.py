"""Tables of held items as Parquet: a column per field with what was read, and one with the cell as it stood.

A file a table (`results/table-1.parquet` …): `item_id`, `row`, then for column N of the file's description `vN` (value),
`sN` (the cell, where it says more than the value), `mN` (why there is none), `pN`, `dN`, `rN`, `cN` where any cell
needs them. Values are written in their own types, so what is read back is what was held.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from guatu.declarations import FieldType, Ledger
from guatu.dispatch.item import FORM_KEY, Held, HeldItem, HeldTable, Item
from guatu.office.containers.grid import show
from guatu.office.workbooks import Tag
from guatu.office.workbooks.held import FieldColumn, HeldRows
from guatu.standards.periods import Period

_ABOUT = b"guatu"
_WHOLE = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.INTEGER})
_EXACT = frozenset({FieldType.NUMBER, FieldType.PERCENT})
_SEVERAL = frozenset({FieldType.TAGS, FieldType.PEOPLE, FieldType.PHONES})


def write_tables(folder: Path, held: Held, items: Sequence[Item], ledger: Ledger) -> None:
    """Write every table of held items, without names and phones."""
    for number, (table, positions, indexes) in enumerate(held.tables, 1):
        part = table.rows.take(indexes)
        kept = [one for one in part.columns if _is_kept(one, ledger)]
        columns: dict[str, pa.Array] = {
            "item_id": pa.array([items[position].item_id for position in positions], pa.string()),
            "row": pa.array(part.places, pa.int32()),
        }
        for place, one in enumerate(kept):
            columns |= _column(place, one, ledger.fields[one.field].type)
        about = {
            "workbook": table.workbook,
            "unit": table.unit,
            "period": str(table.period),
            "sheet": part.sheet,
            "columns": [_about(one) for one in kept],
            "tags": _tags(part.tags),
        }
        made = pa.table(columns).replace_schema_metadata({_ABOUT: json.dumps(about, ensure_ascii=False)})
        pq.write_table(made, folder / f"table-{number}.parquet", compression="zstd", compression_level=1)


def _is_kept(one: FieldColumn, ledger: Ledger) -> bool:
    return one.field != FORM_KEY and one.field in ledger.fields and not ledger.fields[one.field].is_personal


def _about(one: FieldColumn) -> dict[str, object]:
    return {
        "field": one.field,
        "period": str(one.period) if one.period else None,
        "column": one.column,
        "unit": one.unit,
        "precision": one.precision,
    }


def _tags(tags: Sequence[Sequence[Tag]]) -> list[object]:
    """Tags without the workbook's repetitions: the distinct tuples, and which of them each row has."""
    known: dict[tuple[Any, ...], int] = {}
    rows = [[(known.setdefault(tag[:-1], len(known)), tag.address) for tag in row] for row in tags]
    return [list(known), rows]


def _column(place: int, one: FieldColumn, kind: FieldType) -> dict[str, pa.Array]:
    found = {f"v{place}": _values(one.values, kind)}
    sources = [None if source == value else source for source, value in zip(one.sources, one.values, strict=True)]
    if kind in _WHOLE or kind in _EXACT or kind in _SEVERAL or any(source is not None for source in sources):
        found[f"s{place}"] = _sources(one.sources)
    count = len(one.values)
    for mark, known, type_ in (("m", one.missing, pa.string()), ("p", one.precisions, pa.string())):
        if known:
            found[f"{mark}{place}"] = pa.array([known.get(index) for index in range(count)], type_)
    if one.deadlines:
        found[f"d{place}"] = pa.array([index in one.deadlines for index in range(count)], pa.bool_())
    if one.homes:
        for axis, mark in enumerate("rc"):
            homes = [one.homes[index][axis] if index in one.homes else None for index in range(count)]
            found[f"{mark}{place}"] = pa.array(homes, pa.int32())
    return found


def _values(values: Sequence[Any], kind: FieldType) -> pa.Array:
    if kind in _WHOLE:
        try:
            return pa.array(values, pa.int64())
        except (OverflowError, pa.ArrowInvalid):  # beyond 64 bits: as text
            pass
    if kind is FieldType.DATE:
        return pa.array(values, pa.date32())
    if kind is FieldType.FLAG:
        return pa.array(values, pa.bool_())
    if kind in _SEVERAL:
        values = [json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value for value in values]
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _sources(sources: Sequence[Any]) -> pa.Array:
    """Numbers as numbers, anything else as a person sees it in the formula bar."""
    kinds = set(map(type, sources)) - {type(None)}
    if kinds == {float}:
        return pa.array(sources, pa.float64())
    if kinds == {date}:
        return pa.array(sources, pa.date32())
    return pa.array([None if source is None else show(source) for source in sources], pa.string())


# -- back ---------------------------------------------------------------------------------------------------------


def read_tables(folder: Path, ledger: Ledger, fields: Iterable[str] | None = None) -> list[Item]:
    """The held items of an earlier run; with `fields`, their tables hold only these and no tags."""
    wanted = None if fields is None else set(fields)
    found: list[Item] = []
    for path in sorted(folder.glob("table-*.parquet"), key=lambda path: int(path.stem.partition("-")[2])):
        found += _table_items(path, ledger, wanted)
    return found


def _table_items(path: Path, ledger: Ledger, wanted: set[str] | None) -> list[Item]:
    file = pq.ParquetFile(path)
    about = json.loads(file.schema_arrow.metadata[_ABOUT])
    described = [(place, one) for place, one in enumerate(about["columns"]) if wanted is None or one["field"] in wanted]
    stored = set(file.schema_arrow.names)
    names = [f"{mark}{place}" for place, _ in described for mark in "vsmpdrc" if f"{mark}{place}" in stored]
    data = file.read(["item_id", "row", *names])
    rows = HeldRows(
        sheet=about["sheet"],
        columns=tuple(_column_back(data, place, one, ledger) for place, one in described),
        places=data["row"].to_pylist(),
        tags=_tags_back(about["tags"]) if wanted is None else [()] * data.num_rows,
    )
    table = HeldTable(rows, about["workbook"], about["unit"], Period.parse(about["period"]), ledger)
    return [HeldItem(table, index, item_id) for index, item_id in enumerate(data["item_id"].to_pylist())]


def _tags_back(record: Sequence[Any]) -> list[tuple[Tag, ...]]:
    known, rows = record
    return [tuple(_tag(known[number], address) for number, address in row) for row in rows]


def _tag(known: Sequence[Any], address: str) -> Tag:
    key, word, source, sheet = known
    return Tag(key, word, source, sheet, address)


def _column_back(data: pa.Table, place: int, about: Mapping[str, Any], ledger: Ledger) -> FieldColumn:
    kind = ledger.fields[about["field"]].type if about["field"] in ledger.fields else None
    column = data[f"v{place}"]
    values = column.to_pylist()
    if pa.types.is_string(column.type) and (parse := _parser(kind)) is not None:
        values = [None if text is None else parse(text) for text in values]

    def sparse(mark: str) -> dict[int, Any]:
        name = f"{mark}{place}"
        if name not in data.column_names:
            return {}
        return {index: one for index, one in enumerate(data[name].to_pylist()) if one is not None}

    rows, columns, deadlines = sparse("r"), sparse("c"), sparse("d")
    return FieldColumn(
        field=about["field"],
        period=Period.parse(about["period"]) if about["period"] else None,
        column=about["column"],
        unit=about["unit"],
        values=values,
        sources=data[f"s{place}"].to_pylist() if f"s{place}" in data.column_names else list(values),
        missing=sparse("m"),
        precision=about["precision"],
        precisions=sparse("p"),
        deadlines={index for index, one in deadlines.items() if one},
        homes={index: (row, columns[index]) for index, row in rows.items()},
    )


def _parser(kind: FieldType | None) -> Callable[[str], object] | None:
    if kind in _WHOLE:
        return int
    if kind in _EXACT:
        return Decimal
    if kind in _SEVERAL:
        return lambda text: tuple(json.loads(text)) if text.startswith("[") else text
    return None
