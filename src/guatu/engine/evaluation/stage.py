"""One round set up for the engine: constants, items as formulas see them, and their earlier results as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol

import pyarrow as pa

from guatu.declarations.ledger import Ledger
from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.lists import with_fields, with_membership
from guatu.engine.evaluation.results import WHOLE, EarlierResults
from guatu.engine.expressions import Kind, Name, Typed
from guatu.engine.expressions.nodes import Value
from guatu.engine.rulebook.formulas import parameter_columns
from guatu.engine.rulebook.model import Rulebook, Subject
from guatu.engine.tables import Dimension, DuckdbTables, ReferenceTables
from guatu.engine.tables import Subject as TableSubject

Engine = Literal["duckdb", "reference"]
Constant = Fraction | bool | str | date | None

BY_UNIT = Dimension("unit", "closure", "unit", "descendant", "ancestor")
BY_LIST = Dimension("list", "membership", "item_id", "item_id", "list")
_SUBJECTS = {
    "items": TableSubject(("item_id",), "items_history"),
    "units": TableSubject(("unit", "list"), "units_history"),
}


class Tables(Protocol):
    """What a driver can be asked (see guatu.engine.tables)."""

    def rows(self, table: str, wanted: Mapping[str, Typed], keep: list[str] = ...) -> pa.Table: ...

    def groups(self, table: str, by: list[Any], wanted: Mapping[str, Typed]) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """`items` holds one row per item with all fields, lists and, once judged, lights."""

    inputs: Inputs
    rulebook: Rulebook
    engine: Engine
    constants: Mapping[str, Constant]
    items: pa.Table
    items_history: pa.Table

    def tables(self, **more: pa.Table) -> Tables:
        """The driver over this round's tables; `more` adds or replaces some."""
        given = {
            **self.inputs.extra,
            **parameter_tables(self.rulebook),
            **milestones_table(self.items, self.inputs.ledger),
            "items": self.items,
            "items_history": self.items_history,
            "closure": self.inputs.closure,
            "membership": self.inputs.membership,
            **more,
        }
        driver = ReferenceTables if self.engine == "reference" else DuckdbTables
        return driver(given, self.constants, _SUBJECTS)


def set_stage(inputs: Inputs, rulebook: Rulebook, engine: Engine) -> Stage:
    """Constants of the period and the settings; items completed; earlier items in one table."""
    constants = period_constants(inputs, rulebook) | {key: one.value for key, one in rulebook.settings.items()}
    items = with_membership(with_fields(inputs.items, inputs.ledger), inputs.membership)
    history = [_items_of(earlier, rulebook) for earlier in inputs.history]
    return Stage(inputs, rulebook, engine, constants, items, stacked(history, ("item_id", "period")))


def parameter_tables(rulebook: Rulebook) -> dict[str, pa.Table]:
    """The rulebook's parameters as tables, one row per value."""
    tables: dict[str, pa.Table] = {}
    for key, parameter in rulebook.parameters.items():
        columns: dict[str, pa.Array] = {
            name: pa.array([row.keys[number] for row in parameter.rows], pa.string())
            for number, name in enumerate(parameter.by)
        }
        value = parameter_columns(parameter)["value"]
        kind = pa.decimal128(38, value.decimals) if value.type.numeric else None
        columns["value"] = pa.array([_stored(row.value) for row in parameter.rows], kind)
        if parameter.dated:
            columns["valid_from"] = pa.array([row.valid_from for row in parameter.rows], pa.date32())
            columns["valid_to"] = pa.array([row.valid_to for row in parameter.rows], pa.date32())
        tables[key] = pa.table(columns)
    return tables


def _stored(value: Value) -> Any:
    return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value


def milestones_table(items: pa.Table, ledger: Ledger) -> dict[str, pa.Table]:
    """One row per item and milestone the ledger declares, from the fields that hold its days."""
    if not ledger.milestones:
        return {}
    nothing = pa.nulls(items.num_rows, pa.date32())
    parts = [
        pa.table(
            {
                "item_id": items["item_id"],
                "milestone": pa.array([key] * items.num_rows, pa.string()),
                "planned": items[one.planned].cast(pa.date32()) if one.planned else nothing,
                "actual": items[one.actual].cast(pa.date32()) if one.actual else nothing,
            }
        )
        for key, one in ledger.milestones.items()
    ]
    return {"milestones": pa.concat_tables(parts)}


def period_constants(inputs: Inputs, rulebook: Rulebook) -> dict[str, Constant]:
    """What every formula knows of the round."""
    period = inputs.period
    return {
        "period": str(period.months[-1]) if period.months else f"{period.last_day:%Y-%m}",
        "period_start": period.first_day,
        "period_end": period.last_day,
        "period_year": Fraction(period.year),
        "period_quarter": Fraction(period.quarter),
        "period_month": Fraction(period.last_day.month),
        "expected_progress": rulebook.progress.expected(period),
    }


def public_items(items: pa.Table, inputs: Inputs) -> pa.Table:
    """The items without names of people and phones: what may be kept and shown in reasons."""
    hidden = {key for key, one in inputs.ledger.fields.items() if one.is_personal}
    return items.select([column for column in items.column_names if column not in hidden])


def written(value: Constant) -> str:
    """A constant exactly, as the manifest keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_constant(name: Name, text: str) -> Constant:
    """A constant as the manifest keeps it, read back."""
    if not text:
        return None
    if name.type.numeric:
        return Fraction(text)
    if name.type.kind is Kind.BOOLEAN:
        return text == "true"
    return date.fromisoformat(text) if name.type.kind is Kind.DATE else text


def _items_of(earlier: EarlierResults, rulebook: Rulebook) -> pa.Table:
    """An earlier round's items with their lights, and with the constants of that round as columns."""
    return with_constants(with_lights(earlier.items, "item_id", earlier.lights, "item"), earlier, rulebook)


def with_lights(table: pa.Table, key: str, lights: pa.Table, subject: Subject) -> pa.Table:
    """The table with a column per light of its rows: `light` and `light_<dimension>`."""
    found: dict[str, dict[str, str]] = {}
    columns = ("subject", "id", "dimension", "severity")
    for kind, subject_id, dimension, severity in zip(*(lights[one].to_pylist() for one in columns), strict=True):
        if kind == subject:
            found.setdefault("light" if dimension == "overall" else f"light_{dimension}", {})[subject_id] = severity
    ids = table[key].to_pylist()
    for name, by_id in found.items():
        table = table.append_column(name, pa.array([by_id.get(one) for one in ids], pa.string()))
    return table


def with_constants(table: pa.Table, earlier: EarlierResults, rulebook: Rulebook) -> pa.Table:
    """An earlier table with its period and what its formulas knew of it, one column each."""
    rows = table.num_rows
    for name in rulebook.formulas.item_scope.constants.values():
        if name.key in earlier.constants and name.key != "period":
            for key, column in _constant_columns(name, read_constant(name, earlier.constants[name.key]), rows).items():
                table = table.append_column(key, column)
    return table.append_column("period", pa.array([earlier.constants["period"]] * rows, pa.string()))


def _constant_columns(name: Name, value: Constant, rows: int) -> dict[str, pa.Array]:
    if name.ratio:
        assert isinstance(value, Fraction)
        # The plain column says that the constant is here; its value is the pair.
        return {name.key: pa.nulls(rows), **ratio_columns(name.key, [value] * rows)}
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return {name.key: pa.array([exact] * rows, pa.decimal128(38, name.decimals))}
    return {name.key: pa.array([value] * rows)}


def ratio_columns(key: str, values: list[Fraction | None]) -> dict[str, pa.Array]:
    """Exact values as the two columns in which tables keep a ratio."""
    nums = [None if value is None else Decimal(value.numerator) for value in values]
    dens = [None if value is None else Decimal(value.denominator) for value in values]
    return {f"{key}.num": pa.array(nums, WHOLE), f"{key}.den": pa.array(dens, WHOLE)}


def stacked(tables: list[pa.Table], keys: tuple[str, ...]) -> pa.Table:
    """Tables of several rounds as one; a column one of them lacks is missing there."""
    if not tables:
        return pa.table({key: pa.array([], pa.string()) for key in keys})
    return pa.concat_tables(tables, promote_options="permissive")
