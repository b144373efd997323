"""Tables as both drivers see them: every column checked against its declaration and made canonical."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.expressions import Kind, Name
from guatu.engine.expressions.nodes import Value
from guatu.engine.tables.combinations import row_numbers
from guatu.engine.tables.dimension import Subject, TablesRefused, missing_table, usual_subject
from guatu.engine.tables.readable import Column
from guatu.engine.values import Severity
from guatu.text import Text

INT64 = 2**63 - 1
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_RANKS = {severity.value: severity.rank for severity in Severity}


class Store:
    """The tables and constants of one run.

    Canonical columns: numbers as whole counts of their last decimal (int64, or decimal128(38, 0) where
    the declared digits need it), dates as date32, texts and periods as string, tags as list<string>,
    severities as int8 (0 normal … 4 lagging, null not judged).
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
    ) -> None:
        self._tables = dict(tables)
        self._constants = {key: _constant(key, value) for key, value in constants.items()}
        self._subjects = dict(subjects or {})
        self._columns: dict[tuple[str, str], Any] = {}
        self._told_apart: set[tuple[str, tuple[str, ...]]] = set()

    def __contains__(self, table: str) -> bool:
        return table in self._tables

    def raw(self, table: str) -> pa.Table:
        if table not in self._tables:
            raise missing_table(table, "formula")
        return self._tables[table]

    def has(self, table: str, column: str) -> bool:
        return table in self._tables and column in self._tables[table].column_names

    def has_column(self, table: str, name: Name) -> bool:
        """Whether a declared column is there, plain or as a ratio."""
        return self.has(table, name.key) or self.has(table, f"{name.key}.num")

    def subject(self, table: str) -> Subject:
        return self._subjects.get(table) or usual_subject(table, self.raw(table).column_names)

    def constant(self, name: Name) -> Value | int:
        """A constant's value, checked against its declaration; a severity as its rank."""
        if name.key not in self._constants:
            raise TablesRefused(
                name.key,
                Text(f"没有给出常量“{name.title.zh}”", f"the constant '{name.title.en}' was not given"),
                Text("把它交给引擎；缺失时给空值。", "Hand it to the engine; give null where it is missing."),
            )
        value = self._constants[name.key]
        if isinstance(value, Fraction):
            most_den = 10**name.ratio - 1 if name.ratio else 10**name.decimals
            fits = value.denominator <= most_den and abs(value.numerator) < 10**name.digits
            if name.type.kind is Kind.SEVERITY or not (fits and (name.ratio or most_den % value.denominator == 0)):
                raise _undeclared(name.key, name, str(value))
        if name.type.kind is Kind.SEVERITY and isinstance(value, str):
            return _rank(name.key, value)
        return value

    def period(self) -> str:
        """The period of this run, `2021-08`: the constant `period`."""
        value = self._constants.get("period")
        if not isinstance(value, str):
            raise TablesRefused(
                "period",
                Text("没有给出本期", "the period of this run was not given"),
                Text("给出常量 period，例如 2021-08。", "Give the constant 'period', for instance 2021-08."),
            )
        return checked_period("period", value)

    def check_history(self, subject: Subject) -> None:
        """Refuses a history whose rows cannot be told apart or whose periods are not months."""
        self.refuse_twice(subject.history, (*subject.key, "period"))
        for period in pc.unique(self.plain(subject.history, "period")).to_pylist():
            checked_period(f"{subject.history}.period", period)

    def refuse_twice(self, table: str, columns: Sequence[str]) -> None:
        """Refuses rows that cannot be told apart by these columns, and rows that lack one of them."""
        if (table, tuple(columns)) in self._told_apart:
            return
        if not self._apart(table, columns):
            seen: set[tuple[Any, ...]] = set()
            for key in self.keys(table, columns):
                if key in seen or None in key:
                    raise _not_apart(table, columns, key)
                seen.add(key)
        self._told_apart.add((table, tuple(columns)))

    def _apart(self, table: str, columns: Sequence[str]) -> bool:
        """Whether every key is there and comes once, found without a look at each row."""
        keys = pa.table({str(place): self.plain(table, key) for place, key in enumerate(columns)})
        if not columns or any(column.null_count for column in keys.columns):
            return False
        return bool(keys.group_by(keys.column_names).aggregate([]).num_rows == keys.num_rows)

    def row_numbers(self, table: str) -> Any:
        """0, 1, 2 … for the rows as they came."""
        return row_numbers(self.raw(table).num_rows)

    def column(self, table: str, name: Name, suffix: str = "") -> Any:
        """The canonical Arrow array of a declared column; `suffix` is `.num` or `.den` of a ratio."""
        found = self._columns.get((table, name.key + suffix))
        if found is None:
            found = self._columns[table, name.key + suffix] = self._canonical(table, name, suffix)
        return found

    def plain(self, table: str, column: str) -> Any:
        """A column as it came, dictionaries decoded: for keys of joins and groups."""
        if not self.has(table, column):
            raise _absent(table, column)
        array = self.raw(table)[column].combine_chunks()
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        # A column without a single value has no type of its own; as a key it is text.
        texts = pa.types.is_large_string(array.type) or pa.types.is_null(array.type)
        return array.cast(pa.string()) if texts else array

    def size(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.raw(table).num_rows)

    def texts(self, table: str, column: str) -> Column:
        """A column as it came, as Python values."""
        found: Column = self.plain(table, column).to_pylist()
        return found

    def keys(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of some columns, row by row."""
        if not columns:
            return [()] * self.size(table)
        return list(zip(*(self.texts(table, column) for column in columns), strict=True))

    def values(self, table: str, name: Name) -> Column:
        """A declared column as Python values."""
        if name.type.numeric and (name.ratio or self.has(table, f"{name.key}.num")):
            nums = self.column(table, name, ".num").to_pylist()
            dens = self.column(table, name, ".den").to_pylist()
            return [None if n is None else Fraction(int(n), int(d)) for n, d in zip(nums, dens, strict=True)]
        values = self.column(table, name).to_pylist()
        if name.type.numeric:
            scale = 10**name.decimals
            return [None if value is None else Fraction(int(value), scale) for value in values]
        if name.type.kind is Kind.TAGS:
            return [None if value is None else frozenset(value) for value in values]
        return list(values)

    def _canonical(self, table: str, name: Name, suffix: str) -> Any:
        where = f"{table}.{name.key}{suffix}"
        array = self.plain(table, name.key + suffix)
        if array.null_count == len(array):
            array = pa.nulls(len(array), _NULL_AS.get(name.type.kind, pa.int64()))
        if name.type.numeric:
            return _whole(where, name, array, suffix)
        if name.type.kind is Kind.SEVERITY:
            return _ranks(where, array)
        wanted = _WANTED[name.type.kind]
        if not wanted(array.type):
            raise TablesRefused(
                where,
                Text(
                    f"这一列应存{name.type.words.zh}，却是 {array.type}",
                    f"this column should hold {name.type.words.en}, not {array.type}",
                ),
                Text("按字段声明的类型存放。", "Store it as its field is declared."),
            )
        return array.cast(pa.date32()) if name.type.kind is Kind.DATE else array


_NULL_AS = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TEXT: pa.string(),
    Kind.PERIOD: pa.string(),
    Kind.SEVERITY: pa.string(),
    Kind.TAGS: pa.list_(pa.string()),
}
_WANTED = {
    Kind.BOOLEAN: pa.types.is_boolean,
    Kind.DATE: pa.types.is_date,
    Kind.TEXT: pa.types.is_string,
    Kind.PERIOD: pa.types.is_string,
    Kind.TAGS: pa.types.is_list,
}


def _whole(where: str, name: Name, array: Any, suffix: str) -> Any:
    """A numeric column as whole counts, refusing floats and more digits than were declared."""
    if not (pa.types.is_integer(array.type) or pa.types.is_decimal(array.type)):
        raise TablesRefused(
            where,
            Text(f"数值列存成了 {array.type}", f"a numeric column came as {array.type}"),
            Text("用整数或精确小数，不用浮点。", "Use integers or exact decimals, never floats."),
        )
    digits = name.ratio if suffix == ".den" else name.digits
    whole = array.type == pa.int64() and not name.decimals and 10**digits - 1 <= INT64
    counts = array if whole else _counts(where, name, array)
    least, most = (extreme.as_py() for extreme in pc.min_max(counts).values())
    # As int, because Decimal's own arithmetic rounds to 28 digits.
    largest = 0 if least is None else max(abs(int(least)), abs(int(most)))
    if least is not None and (largest >= 10**digits or (suffix == ".den" and least <= 0)):
        raise _undeclared(where, name, str(largest))
    return counts.cast(pa.int64()) if 10**digits - 1 <= INT64 else counts


def _counts(where: str, name: Name, array: Any) -> Any:
    """Whole counts of the last declared decimal, as decimals without a point."""
    try:
        exact = array.cast(pa.decimal128(38, name.decimals))
    except pa.ArrowInvalid as error:
        raise _undeclared(where, name, str(error)) from error
    return pa.Array.from_buffers(pa.decimal128(38, 0), len(exact), exact.buffers(), offset=exact.offset)


def _ranks(where: str, keys: Any) -> Any:
    """Severities by rank; a word that is none is refused."""
    known = pa.array(list(_RANKS), pa.string())
    places = pc.index_in(keys, known)
    if places.null_count > keys.null_count:
        for key in pc.unique(keys).to_pylist():
            _rank(where, key)
    return pa.array(list(_RANKS.values()), pa.int8()).take(places)


def _rank(where: str, key: str | None) -> int | None:
    if key is None:
        return None
    if key not in _RANKS:
        raise TablesRefused(
            where,
            Text(f"“{key}”不是一种程度", f"'{key}' is not a severity"),
            Text(f"可取：{', '.join(_RANKS)}。", f"It is one of: {', '.join(_RANKS)}."),
        )
    return _RANKS[key]


def _constant(key: str, value: object) -> Value:
    if isinstance(value, float):
        raise TablesRefused(
            key,
            Text("常量不能是浮点数", "a constant cannot be a float"),
            Text("用 Decimal、Fraction 或整数。", "Use Decimal, Fraction or int."),
        )
    if isinstance(value, Severity):
        return None if value is Severity.NOT_JUDGED else value.value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Fraction(value)
    if value is None or isinstance(value, (bool, Fraction, str, date)):
        return value
    return str(value)


def _undeclared(where: str, name: Name, shown: str) -> TablesRefused:
    return TablesRefused(
        where,
        Text(
            f"数值 {shown} 超出声明（{name.digits} 位，{name.decimals} 位小数）",
            f"{shown} is beyond what is declared ({name.digits} digits, {name.decimals} decimals)",
        ),
        Text("给字段声明更多 digits 或 decimals。", "Declare more digits or decimals for the field."),
    )


def _absent(table: str, column: str) -> TablesRefused:
    return TablesRefused(
        f"{table}.{column}",
        Text("表里没有这一列", "the table has no such column"),
        Text("把这一列交给引擎，或从公式里去掉。", "Hand the column to the engine, or take it out of the formula."),
    )


def checked_period(where: str, value: object) -> str:
    """A month such as 2021-08; anything else is refused."""
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    raise TablesRefused(
        where,
        Text(f"“{value}”不是一期", f"'{value}' is not a period"),
        Text(
            "写年和月，例如 2021-08；季度写末月。",
            "Write year and month, for instance 2021-08; a quarter is its last month.",
        ),
    )


def _not_apart(table: str, columns: Sequence[str], key: tuple[Any, ...]) -> TablesRefused:
    named = ", ".join(f"{column}={value}" for column, value in zip(columns, key, strict=True))
    return TablesRefused(
        table,
        Text(f"有两行或缺键：{named}", f"two rows, or a missing key: {named}"),
        Text("每个对象每期只留一行，键要填全。", "Keep one row for each subject and period, with its keys filled in."),
    )
