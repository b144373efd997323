"""What an evaluation leaves: tables of results with the reasons needed to explain them, as Parquet and a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guatu.standards.periods import Period
from guatu.text import Refusal, Text

WHOLE = pa.decimal128(38, 0)
"""Numerators and denominators."""


def whole_numbers(values: Sequence[int | None]) -> Any:
    """Whole numbers of up to 38 digits as a column; those of 18 go there the short way."""
    try:
        return pa.array(values, pa.int64()).cast(WHOLE)
    except OverflowError:
        return pa.array([None if value is None else Decimal(value) for value in values], WHOLE)


LIGHTS = pa.schema(
    [
        ("subject", pa.string()),  # item | unit
        ("id", pa.string()),  # item_id, or the unit's code
        ("unit", pa.string()),
        ("dimension", pa.string()),  # a dimension's key, or overall
        ("state", pa.string()),  # judged | not_judged | not_applicable | exempt
        ("severity", pa.string()),  # key of a Severity; not_judged where nothing was decided
        ("clause", pa.string()),  # the clause that fired
        ("undecided", pa.list_(pa.string())),  # worse clauses that could not be judged
        ("missing", pa.list_(pa.string())),  # names whose values were missing; `history` for earlier results
        ("conditions", pa.string()),  # per clause, in the rulebook's order, 1, 0 or ? per condition: `0? 1`
        ("inputs", pa.list_(pa.string())),  # exact values of the names the clause's reason mentions, in their order
        ("before", pa.string()),  # last round's severity
        ("change", pa.string()),  # worse | better | same; null without a judged last round
    ]
)
INDICATORS = pa.schema(
    [
        ("unit", pa.string()),
        ("list", pa.string()),
        ("indicator", pa.string()),
        ("state", pa.string()),  # ok | missing | zero_denominator | no_items
        ("num", WHOLE),  # the value in lowest terms: 分, millionths of a 亩, 1 = 100 %
        ("den", WHOLE),
        ("numerator", WHOLE),  # the two sides of a division as they were totalled
        ("denominator", WHOLE),
        ("value", pa.string()),  # in the printed unit, to the stored decimals
        ("printed", pa.string()),
        ("rank", pa.int32()),
        ("ranked_among", pa.int32()),
        ("comparable", pa.bool_()),  # false: too few items or no value, so it has no rank
        ("items", pa.int64()),
        ("missing", pa.int64()),  # items whose data the formula lacked
    ]
)
POINTS = pa.schema(
    [
        ("unit", pa.string()),
        ("dimension", pa.string()),  # a dimension, or total
        ("item", pa.string()),  # an item, or null for the dimension's sum
        ("state", pa.string()),  # scored | not_scored | zero | worst | group_mean | vetoed
        ("num", WHOLE),
        ("den", WHOLE),
        ("points", pa.string()),  # to two decimals, half up
        ("how_zh", pa.string()),
        ("how_en", pa.string()),
        ("rank", pa.int32()),
    ]
)
LADDER = pa.schema(
    [
        ("ladder", pa.string()),
        ("subject", pa.string()),
        ("id", pa.string()),
        ("unit", pa.string()),
        ("state", pa.string()),  # breach | clear | not_judged | no_round
        ("count", pa.int32()),  # breaches standing, this one included
        ("step", pa.string()),
        ("hold", pa.string()),
        ("missing", pa.list_(pa.string())),
    ]
)
_SCHEMAS = {"lights": LIGHTS, "indicators": INDICATORS, "points": POINTS, "ladder": LADDER}
_SNAPSHOT = ("items", "units", "closure", "membership")
_MANIFEST = "manifest.json"


class ResultsRefused(Refusal):
    """A folder that does not hold published results."""


class Kept:
    """A table of an earlier round, in memory or still in its Parquet file: read only as far as it is asked for."""

    def __init__(self, held: pa.Table | Path) -> None:
        self._held = held

    @property
    def columns(self) -> list[str]:
        schema = self._held.schema if isinstance(self._held, pa.Table) else pq.read_schema(self._held)
        return list(schema.names)

    def read(self, columns: Sequence[str] | None = None, **among: Sequence[str]) -> pa.Table:
        """These columns of the rows whose `among` columns have one of the values given."""
        if not isinstance(self._held, pa.Table):
            filters = [(key, "in", list(values)) for key, values in among.items()] or None
            return pq.read_table(self._held, columns=None if columns is None else list(columns), filters=filters)
        table = self._held
        for key, values in among.items():
            table = table.filter(pc.is_in(table[key], pa.array(values, pa.string())))
        return table if columns is None else table.select(list(columns))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and bool(self.read().equals(other.read()))

    __hash__ = object.__hash__


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    return found


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        raise ResultsRefused(
            str(folder),
            Text(f"这里没有可读的往期结果：{error}", f"holds no readable results: {error}"),
            Text("给出 guatu run 写出的文件夹。", "Give a folder that guatu run wrote."),
        ) from error


@dataclass(frozen=True, slots=True)
class EarlierResults:
    """Published results of one round, as later rounds read them: only where a rule looks back, and then in part."""

    period: str
    rulebook: str
    version: str
    constants: Mapping[str, str]
    items: Kept
    lights: Kept
    indicators: Kept
    ladder: Kept

    @classmethod
    def read(cls, folder: Path) -> EarlierResults:
        """Read what `Results.write` left. Raises ResultsRefused when the folder holds none."""
        with _readable(folder):
            manifest = _manifest(folder)
            paths = {name: folder / f"{name}.parquet" for name in ("items", "lights", "indicators", "ladder")}
            for path in paths.values():
                pq.read_schema(path)
        return cls(
            period=str(Period.parse(manifest["period"])),
            rulebook=manifest["rulebook"],
            version=manifest["version"],
            constants=manifest["constants"],
            **{name: Kept(path) for name, path in paths.items()},
        )

    def lights_of(self, subject: str, dimensions: Sequence[str] | None = None) -> pa.Table:
        """id, dimension and severity of the lights of one kind of subject."""
        among = {"subject": [subject]} | ({} if dimensions is None else {"dimension": list(dimensions)})
        return self.lights.read(("id", "dimension", "severity"), **among)


_LOOKED_UP = ("subject", "dimension", "ladder")
"""Columns by which later rounds pick rows, and so the only ones whose extremes are written down."""


def _write(table: pa.Table, path: Path) -> None:
    """As Parquet: words by their place in a dictionary, figures, which seldom come twice, as they are."""
    words = [field.name for field in table.schema if not (_is_number(field.type) or pa.types.is_date(field.type))]
    looked_up = [name for name in _LOOKED_UP if name in table.column_names]
    pq.write_table(table, path, compression="zstd", use_dictionary=words, write_statistics=looked_up)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind))


@dataclass(frozen=True, slots=True)
class Results:
    """One round's results. Each table's columns are described beside its schema in this module."""

    period: Period
    rulebook: str
    version: str
    sha256: str
    engine: str
    constants: Mapping[str, str]
    """What formulas knew of the round, written exactly: period constants and settings."""
    items: pa.Table
    """The items as judged, without names of people and phones."""
    lights: pa.Table
    indicators: pa.Table
    points: pa.Table
    ladder: pa.Table
    units: pa.Table
    """The unit tree, its closure and the lists as they stood, so that reasons are found again from here alone."""
    closure: pa.Table
    membership: pa.Table

    @classmethod
    def read(cls, folder: Path) -> Results:
        """Read what `write` left, complete. Raises ResultsRefused when the folder holds none."""
        with _readable(folder):
            manifest = _manifest(folder)
            tables = {name: pq.read_table(folder / f"{name}.parquet") for name in (*_SCHEMAS, *_SNAPSHOT)}
        return cls(
            period=Period.parse(manifest["period"]),
            rulebook=manifest["rulebook"],
            version=manifest["version"],
            sha256=manifest["sha256"],
            engine=manifest["engine"],
            constants=manifest["constants"],
            **tables,
        )

    def write(self, folder: Path) -> None:
        """Write the tables as Parquet and a manifest, for `EarlierResults.read`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*_SCHEMAS, *_SNAPSHOT):
            _write(getattr(self, name), folder / f"{name}.parquet")
        manifest = {
            "period": str(self.period),
            "rulebook": self.rulebook,
            "version": self.version,
            "sha256": self.sha256,
            "engine": self.engine,
            "constants": dict(self.constants),
        }
        (folder / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def as_earlier(self) -> EarlierResults:
        """These results as the next round reads them."""
        return EarlierResults(
            str(self.period),
            self.rulebook,
            self.version,
            self.constants,
            Kept(self.items),
            Kept(self.lights),
            Kept(self.indicators),
            Kept(self.ladder),
        )
