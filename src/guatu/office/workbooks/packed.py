"""A reading as bytes and back: what a child process that parsed a stranger's file hands to the one that trusts no file.

A JSON head and plain number buffers behind it. Nothing in it can run: unpacking only ever makes numbers, texts, dates
and the named tuples of a reading, and what does not fit is a `NotAReading`.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.office.workbooks.held import AllRows, FieldColumn, HeldRows, held
from guatu.office.workbooks.reading import (
    ColumnMapping,
    ControlSum,
    Finding,
    KeptUse,
    ReadCell,
    ReadRow,
    ReadTable,
    Recognised,
    Sender,
    Tag,
    WorkbookReading,
)
from guatu.standards.periods import Period
from guatu.text import Text

_MARK = b"GUATU-READING-1\n"
_HEAD = 8  # bytes of the head's length
_TEXTS, _FLOATS, _WHOLES, _DECIMALS, _FLAGS = ({kind, type(None)} for kind in (str, float, int, Decimal, bool))
_ALIKE = {float, Decimal, bool}


class NotAReading(ValueError):
    """Bytes that are no packed reading, or one cut short."""


# -- single values ------------------------------------------------------------------------------------------------

_WRITE: Mapping[type, tuple[str, Callable[[Any], Any]]] = {
    str: ("s", str),
    float: ("f", float.hex),
    bool: ("b", int),
    int: ("i", str),
    Decimal: ("n", str),
    datetime: ("t", datetime.isoformat),
    date: ("d", date.isoformat),
    time: ("m", time.isoformat),
    timedelta: ("x", lambda value: [value.days, value.seconds, value.microseconds]),
    tuple: ("l", list),
    type(None): ("-", lambda value: None),
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "s": str,
    "f": float.fromhex,
    "b": bool,
    "i": int,
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "m": time.fromisoformat,
    "x": lambda parts: timedelta(*map(int, parts)),
    "l": lambda parts: tuple(map(str, parts)),
    "-": lambda _: None,
}


def _written(value: Any) -> list[Any]:
    mark, write = _WRITE[type(value)]
    return [mark, write(value)]


def _read(record: Sequence[Any]) -> Any:
    mark, value = record
    return _READ[mark](value)


# -- columns of values --------------------------------------------------------------------------------------------


class _Out:
    """Collects buffers; the head names each by its number."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []

    def add(self, numbers: array[Any]) -> int:
        self.buffers.append(numbers.tobytes())
        return len(self.buffers) - 1

    def whole(self, numbers: Sequence[int]) -> int:
        return self.add(array("q", numbers))

    def values(self, values: Sequence[Any]) -> dict[str, Any]:
        """Numbers as they are, everything else as codes into a list of the distinct values."""
        kinds = set(map(type, values))
        if kinds <= _TEXTS:
            first = dict.fromkeys(values)
            return {"texts": list(first), "codes": self._codes(first, values)}
        if float in kinds and kinds <= _FLOATS:
            return self._numbers("d", values, 0.0)
        if int in kinds and kinds <= _WHOLES:
            with suppress(OverflowError):  # beyond 64 bits: as text, below
                return self._numbers("q", values, 0)
        if kinds <= _DECIMALS:
            spelt = ["" if value is None else str(value) for value in values]  # 1 and 1.0 are equal and not the same
            spellings = dict.fromkeys(spelt)
            return {"decimals": list(spellings), "codes": self._codes(spellings, spelt)}
        keys: Sequence[Any] = values
        if kinds & _ALIKE and not kinds <= _FLAGS:  # 1.0, 1 and TRUE compare equal, too
            keys = [(type(value), repr(value)) for value in values]
        known = dict(zip(keys, values, strict=True))
        return {"distinct": [_written(value) for value in known.values()], "codes": self._codes(known, keys)}

    def _codes(self, known: Mapping[Any, Any], keys: Sequence[Any]) -> int:
        numbers = {key: number for number, key in enumerate(known)}
        return self.add(array("i", map(numbers.__getitem__, keys)))

    def _numbers(self, kind: str, values: Sequence[Any], filler: Any) -> dict[str, Any]:
        none = [index for index, value in enumerate(values) if value is None]
        filled = [filler if value is None else value for value in values] if none else values
        return {"kind": kind, "numbers": self.add(array(kind, filled)), "none": self.whole(none)}


class _In:
    """Takes buffers back by their number."""

    def __init__(self, data: memoryview, sizes: Sequence[int]) -> None:
        self.places: list[memoryview] = []
        at = 0
        for size in sizes:
            self.places.append(data[at : at + size])
            at += size
        if at != len(data):
            raise NotAReading("the buffers are not as long as the head says")

    def _array(self, kind: str, number: int) -> list[Any]:
        found = array(kind)
        found.frombytes(self.places[number])
        return found.tolist()

    def whole(self, number: int) -> list[int]:
        return self._array("q", number)

    def _coded(self, known: Sequence[Any], codes: int) -> list[Any]:
        return list(map(known.__getitem__, self._array("i", codes)))

    def values(self, record: Mapping[str, Any]) -> list[Any]:
        if "distinct" in record:
            return self._coded([_read(one) for one in record["distinct"]], record["codes"])
        if "decimals" in record:
            return self._coded([Decimal(one) if one else None for one in record["decimals"]], record["codes"])
        if "texts" in record:
            return self._coded(record["texts"], record["codes"])
        if record["kind"] not in ("d", "q"):
            raise NotAReading("a column of an unknown kind")
        found = self._array(record["kind"], record["numbers"])
        for index in self.whole(record["none"]):
            found[index] = None
        return found


# -- the rows of a table ------------------------------------------------------------------------------------------


def _column(out: _Out, one: FieldColumn) -> dict[str, Any]:
    return {
        "field": one.field,
        "period": _period(one.period),
        "column": one.column,
        "unit": one.unit,
        "values": out.values(one.values),
        "sources": None if _are_their_sources(one) else out.values(one.sources),
        "missing": _sparse(out, one.missing),
        "units": _sparse(out, one.units),
        "precision": one.precision,
        "precisions": _sparse(out, one.precisions),
        "deadlines": out.whole(sorted(one.deadlines)),
        "homes": [[index, *place] for index, place in one.homes.items()],
    }


def _are_their_sources(one: FieldColumn) -> bool:
    """Whether values are but the texts the cells hold: then they travel once."""
    return set(map(type, one.values)) <= _TEXTS and one.values == one.sources


def _column_back(take: _In, record: Mapping[str, Any]) -> FieldColumn:
    values = take.values(record["values"])
    return FieldColumn(
        field=record["field"],
        period=_period_back(record["period"]),
        column=record["column"],
        unit=record["unit"],
        values=values,
        sources=list(values) if record["sources"] is None else take.values(record["sources"]),
        missing=_sparse_back(take, record["missing"]),
        units=_sparse_back(take, record["units"]),
        precision=record["precision"],
        precisions=_sparse_back(take, record["precisions"]),
        deadlines=set(take.whole(record["deadlines"])),
        homes={index: (row, column) for index, row, column in record["homes"]},
    )


def _sparse(out: _Out, known: Mapping[int, Any]) -> dict[str, Any] | None:
    return {"at": out.whole(list(known)), "said": out.values(list(known.values()))} if known else None


def _sparse_back(take: _In, record: Mapping[str, Any] | None) -> dict[int, Any]:
    return {} if record is None else dict(zip(take.whole(record["at"]), take.values(record["said"]), strict=True))


def _part(out: _Out, part: HeldRows) -> dict[str, Any]:
    tags = [tag for row in part.tags for tag in row]
    return {
        "sheet": part.sheet,
        "places": out.whole(part.places),
        "columns": [_column(out, one) for one in part.columns],
        "tag_counts": out.whole([len(row) for row in part.tags]),
        "tags": [out.values([tag[index] for tag in tags]) for index in range(len(Tag._fields))],
        "odd": [[index, _row(row)] for index, row in part.odd.items()],
    }


def _part_back(take: _In, record: Mapping[str, Any]) -> HeldRows:
    flat = iter(map(Tag, *(take.values(one) for one in record["tags"])))
    return HeldRows(
        sheet=record["sheet"],
        columns=tuple(_column_back(take, one) for one in record["columns"]),
        places=take.whole(record["places"]),
        tags=[tuple(next(flat) for _ in range(count)) for count in take.whole(record["tag_counts"])],
        odd={index: _row_back(row) for index, row in record["odd"]},
    )


def _row(row: ReadRow) -> list[Any]:
    return [row.sheet, row.number, [list(tag) for tag in row.tags], [_cell(one) for one in row.cells], row.hidden]


def _row_back(record: Sequence[Any]) -> ReadRow:
    sheet, number, tags, cells, hidden = record
    return ReadRow(sheet, number, tuple(Tag(*tag) for tag in tags), tuple(map(_cell_back, cells)), hidden)


def _cell(cell: ReadCell) -> list[Any]:
    changed = cell._replace(period=None, value=_written(cell.value), source=_written(cell.source))  # type: ignore[arg-type]
    return [_period(cell.period), *changed]


def _cell_back(record: Sequence[Any]) -> ReadCell:
    period, *fields = record
    cell = ReadCell(*fields)
    return cell._replace(period=_period_back(period), value=_read(fields[2]), source=_read(fields[4]))


# -- everything else ----------------------------------------------------------------------------------------------


def _period(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _period_back(text: str | None) -> Period | None:
    return None if text is None else Period.parse(text)


def _text(text: Text) -> list[str]:
    return [text.zh, text.en]


def _mapping(one: ColumnMapping) -> list[Any]:
    return [
        one.column, one.letters, one.title, one.role, one.field, _period(one.period), one.unit, one.confidence,
        _text(one.why), one.hidden, one.decided,
    ]  # fmt: skip


def _mapping_back(record: Sequence[Any]) -> ColumnMapping:
    column, letters, title, role, key, period, unit, confidence, why, hidden, decided = record
    return ColumnMapping(
        column, letters, tuple(title), role, key, _period_back(period), unit, confidence, Text(*why), hidden, decided
    )


def _finding(one: Finding) -> list[Any]:
    return [
        one.workbook, one.sheet, one.cell, one.raw, one.grade, one.code, _text(one.reason), _text(one.remedy)
    ]  # fmt: skip


def _finding_back(record: Sequence[Any]) -> Finding:
    workbook, sheet, cell, raw, grade, code, reason, remedy = record
    return Finding(workbook, sheet, cell, raw, grade, code, Text(*reason), Text(*remedy))


def pack_reading(reading: WorkbookReading) -> bytes:
    """The whole reading as bytes; `unpack_reading` gives back an equal one."""
    out = _Out()
    parts = held(reading.rows).parts
    head: dict[str, Any] = {
        "name": reading.name,
        "sha256": reading.sha256,
        "unit": None
        if reading.unit is None
        else [reading.unit.code, _text(reading.unit.title), _text(reading.unit.by)],
        "tables": [
            [one.sheet, one.header, one.data, one.caption, [_mapping(column) for column in one.columns]]
            for one in reading.tables
        ],
        "rows": [_part(out, part) for part in parts],
        "findings": [_finding(one) for one in reading.findings],
        "controls": [
            [one.sheet, one.address, one.label, one.field, _period(one.period), one.stated, one.summed]
            for one in reading.controls
        ],
        "skipped": {sheet: _text(why) for sheet, why in reading.skipped.items()},
        "kept": [[one.sheet, _text(one.made), list(map(_text, one.changes))] for one in reading.kept],
        "sender": None if reading.sender is None else [reading.sender.code, reading.sender.title],
    }
    head["buffers"] = [len(one) for one in out.buffers]
    written = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"".join([_MARK, len(written).to_bytes(_HEAD, "little"), written, *out.buffers])


def unpack_reading(data: bytes, path: Path) -> WorkbookReading:
    """The reading of the workbook at `path`, as `pack_reading` wrote it. Raises `NotAReading` for anything else."""
    try:
        if not data.startswith(_MARK):
            raise NotAReading("these bytes do not begin like a reading")
        start = len(_MARK) + _HEAD
        size = int.from_bytes(data[len(_MARK) : start], "little")
        head = json.loads(data[start : start + size].decode("utf-8", "surrogatepass"))
        return _reading(head, _In(memoryview(data)[start + size :], head["buffers"]), path)
    except NotAReading:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, StopIteration) as error:
        raise NotAReading(f"the reading is damaged ({error})") from error
    except RuntimeError as error:  # a generator that ran dry
        raise NotAReading(f"the reading is damaged ({error})") from error


def _reading(head: Mapping[str, Any], take: _In, path: Path) -> WorkbookReading:
    unit = head["unit"]
    return WorkbookReading(
        path=path,
        name=head["name"],
        sha256=head["sha256"],
        unit=None if unit is None else Recognised(unit[0], Text(*unit[1]), Text(*unit[2])),
        tables=tuple(
            ReadTable(sheet, tuple(header), tuple(data), tuple(caption), tuple(map(_mapping_back, columns)))
            for sheet, header, data, caption, columns in head["tables"]
        ),
        rows=AllRows(_part_back(take, one) for one in head["rows"]),
        findings=tuple(map(_finding_back, head["findings"])),
        controls=tuple(
            ControlSum(sheet, place, label, key, _period_back(period), stated, summed)
            for sheet, place, label, key, period, stated, summed in head["controls"]
        ),
        skipped={sheet: Text(*why) for sheet, why in head["skipped"].items()},
        kept=tuple(
            KeptUse(sheet, Text(*made), tuple(Text(*one) for one in changes)) for sheet, made, changes in head["kept"]
        ),
        sender=None if head["sender"] is None else Sender(*head["sender"]),
    )
