"""What formulas look back at: which earlier rounds, and which columns of them. Nothing else of the past is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.evaluation.results import WHOLE, EarlierResults, whole_numbers
from guatu.engine.expressions import Kind, Name, Typed
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.model import Rulebook
from guatu.engine.tables import OVERALL
from guatu.engine.tables.rounds import first_round, period_of_round, round_number, year_before

Constant = Fraction | bool | str | date | None


@dataclass(frozen=True, slots=True)
class Looked:
    """Names of columns, lights and constants, and the rounds each is read of: `always` where that depends on the data."""

    always: frozenset[str] | None = None
    """None where no formula looks at whatever rounds there are."""
    by_period: frozenset[tuple[str, frozenset[str]]] = frozenset()

    def names(self, period: str) -> frozenset[str] | None:
        """What is read of a round; None when it is not looked at."""
        found = [names for one, names in self.by_period if one == period]
        if self.always is not None:
            found.append(self.always)
        return frozenset().union(*found) if found else None


def looked_at(wanted: Iterable[Typed], period: str) -> Looked:
    """What the history functions in these formulas read, seen from a period such as `2025-08`."""
    always: set[str] | None = None
    by_period: dict[str, set[str]] = {}
    for part in (part for typed in wanted for part in typed.walk() if part.operation in HISTORY):
        names = {one.key for one in part.walk() if one.source is not None}
        nested = any(one is not part and one.operation in HISTORY for one in part.walk())
        rounds = None if nested else _periods(part, period)
        if rounds is None:
            always = names | (always or set())
        for one in rounds or ():
            by_period.setdefault(one, set()).update(names)
    return Looked(
        None if always is None else frozenset(always),
        frozenset((one, frozenset(names)) for one, names in by_period.items()),
    )


def _periods(typed: Typed, period: str) -> set[str] | None:
    """The earlier periods one history function may read; None: any."""
    if typed.operation == "same_period_last_year":
        return {year_before(period)}
    if typed.operation not in ("prev", "running", "to_month", "to_cumulative"):
        return None
    calendar = typed.word("calendar", "statistical")
    now = round_number(period, calendar)
    if now is None:
        return set()
    first = round_number(f"{period[:4]}-{first_round(calendar):02d}", calendar)
    assert first is not None
    back = {
        "prev": lambda: range(now - _steps(typed, 1, 1), now - _steps(typed, 1, 1) + 1),
        "running": lambda: range(now - _steps(typed, 0, 1) + 1, now),
        "to_month": lambda: range(now - 1, now),
        "to_cumulative": lambda: range(first, now),
    }[typed.operation]()
    return {period_of_round(number, calendar) for number in back}


def _steps(typed: Typed, place: int, usual: int) -> int:
    counted = len(typed.arguments) > place and typed.arguments[place].is_literal
    return int(str(typed.arguments[place].value)) if counted else usual


def light_column(dimension: str) -> str:
    """The name formulas have for a light: `light` for the overall one, else `light_<dimension>`."""
    return "light" if dimension == OVERALL else f"light_{dimension}"


def severities_by_dimension(lights: pa.Table, ids: Any) -> dict[str, Any]:
    """For each dimension a column with the severity of these subjects, null where there is none."""
    found: dict[str, Any] = {}
    before, places = None, None
    for dimension in pc.unique(lights["dimension"]).to_pylist():
        block = lights.filter(pc.equal(lights["dimension"], dimension))
        known = block["id"].combine_chunks()
        # Dimensions hold the same subjects in the same order, so that one look-up serves them all.
        if before is None or not known.equals(before):
            before, places = known, pc.index_in(ids, known)
        found[dimension] = block["severity"].combine_chunks().take(places)
    return found


def with_lights(table: pa.Table, key: str, lights: pa.Table) -> pa.Table:
    """The table with a column per light of its rows: `light` and `light_<dimension>`."""
    for dimension, column in severities_by_dimension(lights, table[key]).items():
        table = table.append_column(light_column(dimension), column)
    return table


def past_items(history: Iterable[EarlierResults], rulebook: Rulebook, looked: Looked) -> pa.Table:
    """Earlier rounds' items with the names looked at, their lights, and the constants of their round."""
    rounds = [(one, looked.names(one.constants["period"])) for one in history]
    tables = [_items_of(one, rulebook, names) for one, names in rounds if names is not None]
    return stacked(tables, ("item_id", "period"))


def _items_of(earlier: EarlierResults, rulebook: Rulebook, names: frozenset[str]) -> pa.Table:
    kept = [name for name in earlier.items.columns if name in names or name in ("item_id", "unit")]
    table = earlier.items.read(kept)
    lit = [name for name in names if name.startswith("light")]
    if lit:
        dimensions = [OVERALL if name == "light" else name.removeprefix("light_") for name in lit]
        table = with_lights(table, "item_id", earlier.lights_of("item", dimensions))
    return with_constants(table, earlier, rulebook, names)


def with_constants(
    table: pa.Table, earlier: EarlierResults, rulebook: Rulebook, names: frozenset[str] | None = None
) -> pa.Table:
    """An earlier table with its period and what its formulas knew of it, one column each."""
    rows = table.num_rows
    for name in rulebook.formulas.item_scope.constants.values():
        wanted = names is None or name.key in names
        if wanted and name.key in earlier.constants and name.key != "period":
            for key, column in _constant_columns(name, read_constant(name, earlier.constants[name.key]), rows).items():
                table = table.append_column(key, column)
    return table.append_column("period", pa.repeat(earlier.constants["period"], rows))


def _constant_columns(name: Name, value: Constant, rows: int) -> dict[str, Any]:
    if name.ratio:
        assert isinstance(value, Fraction)
        # The plain column says that the constant is here; its value is the pair.
        num, den = (pa.repeat(pa.scalar(Decimal(one), WHOLE), rows) for one in (value.numerator, value.denominator))
        return {name.key: pa.nulls(rows), f"{name.key}.num": num, f"{name.key}.den": den}
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return {name.key: pa.repeat(pa.scalar(exact, pa.decimal128(38, name.decimals)), rows)}
    return {name.key: pa.nulls(rows) if value is None else pa.repeat(value, rows)}


def ratio_columns(key: str, values: Sequence[Fraction | None]) -> dict[str, pa.Array]:
    """Exact values as the two columns in which tables keep a ratio."""
    return dict(zip((f"{key}.num", f"{key}.den"), sides(values), strict=True))


def sides(values: Sequence[Fraction | None]) -> tuple[Any, Any]:
    """Numerators and denominators of exact values, a column each."""
    nums = [None if value is None else value.numerator for value in values]
    dens = [None if value is None else value.denominator for value in values]
    return whole_numbers(nums), whole_numbers(dens)


def stacked(tables: list[pa.Table], keys: tuple[str, ...]) -> pa.Table:
    """Tables of several rounds as one; a column one of them lacks is missing there."""
    if not tables:
        return pa.table({key: pa.array([], pa.string()) for key in keys})
    return pa.concat_tables(tables, promote_options="permissive")


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
