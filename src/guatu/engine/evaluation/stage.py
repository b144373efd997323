"""One round set up for the engine: constants, items as formulas see them, and their earlier results as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from guatu.declarations.ledger import Ledger
from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.links import linked_rows
from guatu.engine.evaluation.lists import LISTING, code_lists, with_fields
from guatu.engine.evaluation.past import Constant, Looked, looked_at, past_items
from guatu.engine.evaluation.turnover import departed, last_round, with_entered
from guatu.engine.expressions import Typed
from guatu.engine.expressions.nodes import Value
from guatu.engine.rulebook.formulas import DEPARTED, ENTERED, parameter_columns
from guatu.engine.rulebook.model import Rulebook
from guatu.engine.tables import Dimension, DuckdbTables, Held, LightRules, ReferenceTables, Session, SparkTables
from guatu.engine.tables import Subject as TableSubject

Engine = Literal["duckdb", "reference", "spark"]
"""`spark` needs an active Spark session (see `spark_session`)."""

BY_UNIT = Dimension("unit", "closure", "unit", "descendant", "ancestor")
BY_LIST = Dimension("list", "listing", LISTING, "code", "list")
_SUBJECTS = {
    "items": TableSubject(("item_id",), "items_history"),
    "units": TableSubject(("unit", "list"), "units_history"),
}


class Tables(Protocol):
    """What a driver can be asked (see guatu.engine.tables)."""

    def rows(self, table: str, wanted: Mapping[str, Typed], keep: list[str] = ...) -> pa.Table: ...

    def groups(self, table: str, by: list[Any], wanted: Mapping[str, Typed]) -> dict[str, list[Any]]: ...


@runtime_checkable
class FactTables(Tables, Protocol):
    """A driver that says at once what the lights of a whole table rest on; with one that does not, each row is judged."""

    def facts(self, table: str, rules: LightRules) -> Mapping[str, Held]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """`items` holds one row per item with all fields and lists; `listing` is the lists of items in brief."""

    inputs: Inputs
    rulebook: Rulebook
    engine: Engine
    constants: Mapping[str, Constant]
    items: pa.Table
    listing: pa.Table
    session: Session | None = None
    _past: dict[Looked, pa.Table] = field(default_factory=dict)

    def tables(self, wanted: Iterable[Typed], **more: pa.Table) -> Tables:
        """The driver over this round's tables, with as much of the past as these formulas look at.

        `more` adds or replaces some tables.
        """
        formulas = list(wanted)
        given = {
            **self.inputs.extra,
            **parameter_tables(self.rulebook),
            **(milestones_table(self.items, self.inputs.ledger) if names_table(formulas, "milestones") else {}),
            **{
                link.key: linked_rows(self.items, link, self.inputs.ledger)
                for link in self.inputs.ledger.links.values()
                if names_table(formulas, link.key)
            },
            **({DEPARTED: departed(self.inputs)} if names_table(formulas, DEPARTED) else {}),
            "items": with_entered(self.items, self.inputs) if names_column(formulas, ENTERED) else self.items,
            "items_history": self.past(formulas),
            "closure": self.inputs.closure,
            "membership": self.inputs.membership,
            "listing": self.listing,
            **more,
        }
        if self.engine == "reference":
            return ReferenceTables(given, self.constants, _SUBJECTS)
        if self.engine == "spark":
            return SparkTables(given, self.constants, _SUBJECTS)
        return DuckdbTables(given, self.constants, _SUBJECTS, self.session)

    def past(self, wanted: Iterable[Typed]) -> pa.Table:
        """Earlier rounds' items, as far as these formulas look back."""
        looked = looked_at(wanted, str(self.constants["period"]))
        if looked not in self._past:
            self._past[looked] = past_items(self.inputs.history, self.rulebook, looked)
        return self._past[looked]


def names_table(wanted: Iterable[Typed], table: str) -> bool:
    """Whether a formula totals over linked rows of this table."""
    parts = (part for typed in wanted for part in typed.walk())
    return any(part.operation == "along" and str(part.arguments[0].value) == table for part in parts)


def names_column(wanted: Iterable[Typed], key: str) -> bool:
    """Whether a formula reads this column."""
    return any(part.source == "column" and part.key == key for typed in wanted for part in typed.walk())


def set_stage(inputs: Inputs, rulebook: Rulebook, engine: Engine, session: Session | None = None) -> Stage:
    """Constants of the period and the settings; items completed with every field and with the lists they are on."""
    constants = period_constants(inputs, rulebook) | {key: one.value for key, one in rulebook.settings.items()}
    coded = code_lists(with_fields(inputs.items, inputs.ledger), inputs.membership)
    return Stage(inputs, rulebook, engine, constants, coded.items, coded.listing, session or Session())


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
                "milestone": pa.repeat(key, items.num_rows),
                "planned": items[one.planned].cast(pa.date32()) if one.planned else nothing,
                "actual": items[one.actual].cast(pa.date32()) if one.actual else nothing,
            }
        )
        for key, one in ledger.milestones.items()
    ]
    return {"milestones": pa.concat_tables(parts)}


def period_constants(inputs: Inputs, rulebook: Rulebook) -> dict[str, Constant]:
    """What every formula knows of the round."""
    period, before = inputs.period, last_round(inputs)
    return {
        "period": str(period.months[-1]) if period.months else f"{period.last_day:%Y-%m}",
        "period_start": period.first_day,
        "period_end": period.last_day,
        "last_round": None if before is None else before.constants["period"],
        "period_year": Fraction(period.year),
        "period_quarter": Fraction(period.quarter),
        "period_month": Fraction(period.last_day.month),
        "expected_progress": rulebook.progress.expected(period),
    }


def public_items(items: pa.Table, inputs: Inputs) -> pa.Table:
    """The items without names of people and phones: what may be kept and shown in reasons."""
    hidden = {key for key, one in inputs.ledger.fields.items() if one.is_personal} | {LISTING}
    return items.select([column for column in items.column_names if column not in hidden])
