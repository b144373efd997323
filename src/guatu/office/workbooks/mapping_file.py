"""The column-mapping file: what the reader understood, written down so that a person can correct and reuse it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from guatu.declarations.entries import is_encoding, no_encoding
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Mapping_
from guatu.office.workbooks.normalising import word_key
from guatu.office.workbooks.reading import ColumnMapping, WorkbookReading
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

_HEAD = """\
# 列映射：每列一条。field 写字段键（“-”为不读取，“list:键”为清单勾选列），unit 为列的单位，period 为月份。
# Column mapping: one entry a column. `field` is a field's key (`-` = do not read, `list:key` = ticks of a list),
# `unit` the unit of the column, `period` its month. Correct it and give it to `guatu run --mapping`.
"""


class WrongMapping(Refusal):
    """A column-mapping file names a field, unit or period that does not exist."""


def mapping_of(reading: WorkbookReading) -> str:
    """The mapping of a reading as YAML text; `read_yaml` of it is what `read_workbook(mapping=…)` takes."""
    sheets: dict[str, list[dict[str, Any]]] = {}
    for table in reading.tables:
        entries = sheets.setdefault(table.sheet, [])
        for one in table.columns:
            if one.title and (entry := _entry(one)) not in entries:
                entries.append(entry)
    body = yaml.safe_dump({"columns": sheets}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=200)
    return _HEAD + body


def _entry(one: ColumnMapping) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": one.shown_title, "field": _written(one)}
    if one.unit:
        entry["unit"] = one.unit
    if one.period:
        entry["period"] = str(one.period)
    return entry


def _written(one: ColumnMapping) -> str:
    match one.role:
        case "field":
            return one.field or "-"
        case "list_flag":
            return f"list:{one.field}"
        case _:
            return "-"


def overruled(
    found: Sequence[ColumnMapping], sheet: str, mapping: Mapping_ | None, ledger: Ledger
) -> list[ColumnMapping]:
    """The mappings with those a person decided put in their place; columns the file does not name stay as found."""
    entries = mapping["columns"].get(sheet, ()) if mapping and "columns" in mapping else ()
    decided = {word_key(str(entry["title"])): entry for entry in entries}
    result = []
    for one in found:
        entry = decided.get(word_key(one.shown_title))
        result.append(one if entry is None else _decided(one, entry, ledger))
    return result


def text_encoding(mapping: Mapping_ | None) -> str | None:
    """The encoding a person says the file's text is in (`encoding: gb18030`); workbooks need none."""
    if mapping is None or "encoding" not in mapping:
        return None
    encoding = str(mapping["encoding"])
    if not is_encoding(encoding):
        raise WrongMapping(str(mapping.at("encoding")), *no_encoding(encoding))
    return encoding


def _decided(one: ColumnMapping, entry: Mapping[str, Any], ledger: Ledger) -> ColumnMapping:
    name = str(entry.get("field", "-"))
    why = Text("列映射文件指明", "named in the column-mapping file")
    if one.role == "sequence" and name == "-":
        return one
    base = replace(one, role="ignored", field=None, period=None, unit=None, confidence=1.0, why=why)
    if name == "-":
        return base
    if name.startswith("list:"):
        key = name.removeprefix("list:")
        if key not in ledger.lists:
            raise _wrong(entry, Text(f"没有清单“{key}”", f"there is no list '{key}'"), ledger.lists)
        return replace(base, role="list_flag", field=key)
    if name not in ledger.fields:
        raise _wrong(entry, Text(f"没有字段“{name}”", f"there is no field '{name}'"), ledger.fields)
    period = Period.parse(str(entry["period"])) if entry.get("period") else None
    unit = str(entry["unit"]) if entry.get("unit") else None
    return replace(base, role="field", field=name, period=period, unit=unit)


def _wrong(entry: Mapping[str, Any], what: Text, known: Mapping[str, object]) -> WrongMapping:
    place = entry.at("field") if isinstance(entry, Mapping_) else entry.get("title", "mapping")
    return WrongMapping(str(place), what, Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."))
