"""Rounds kept in a lake: a finished round put in, and all of them evaluated from there, one after another."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.declarations import Ledger, load_pack
from guatu.dispatch import outputs
from guatu.dispatch.figures import Figures
from guatu.dispatch.reading import Notice
from guatu.dispatch.writing import indicator_rows, point_rows
from guatu.engine.evaluation import EarlierResults, Inputs, Results, evaluate
from guatu.engine.evaluation.results import Kept
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import Rulebook, load_chosen
from guatu.engine.tables import OVERALL, Lake, LakeRefused, ParquetLake, SparkLake, spark_session
from guatu.engine.tables.lake import ARROW_SCHEMES
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text

SNAPSHOT = ("items", "units", "closure", "membership")
RESULTS = ("lights", "indicators", "points", "ladder")
ROUNDS = "rounds"
"""Written last: a round without it is not there."""

OUT = "results"
"""Where results go when no other place is named: beside the tables they were worked out from."""

PLACE = "place"
"""The column that keeps the units in their declared order."""

_WORD = re.compile(r"\w+", re.ASCII)

EVALUATING = Text("评判各期", "Evaluating rounds")


@dataclass(frozen=True, slots=True)
class LakeRequest:
    """What to evaluate, by which rulebook, on what."""

    lake: str
    pack: str
    rulebook: str
    out: str | None = None
    periods: Sequence[Period] = ()
    """None given: every round the lake holds, in order."""
    engine: Engine = "duckdb"
    master: str | None = None
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one round came to."""

    period: str
    items: int
    lights: Mapping[str, int]
    """Severity -> items whose overall light it is."""
    indicators: int
    earlier: tuple[str, ...]
    """The rounds its rules could look back at."""


def open_lake(uri: str, engine: Engine = "duckdb") -> Lake:
    """The lake at a place; with `spark`, Spark reads and writes it where Arrow has no file system for the address.

    What is read is asked of Spark from the driver, and results come to it: elsewhere Arrow carries both sooner.
    """
    scheme, found, _ = uri.partition("://")
    return SparkLake(uri) if engine == "spark" and found and scheme not in ARROW_SCHEMES else ParquetLake(uri)


def add_round(folder: Path, lake: Lake) -> Evaluated:
    """Put the round a run left in `folder` into the lake, in the place of what was there of it.

    Raises ResultsRefused when the folder holds no finished round. Names of people and phones are not among results.
    """
    results = Results.read(folder / OUT if (folder / OUT).is_dir() else folder)
    period = str(results.period)
    lake.remove(ROUNDS, period)
    units = results.units.append_column(PLACE, pa.array(range(results.units.num_rows), pa.int32()))
    tables = {"items": _typed(results.items), "units": units, "closure": results.closure}
    for name, rows in (tables | {"membership": results.membership}).items():
        lake.write(name, period, rows)
    lake.write(ROUNDS, period, pa.table({"period": [period], "items": [results.items.num_rows]}))
    return _evaluated(results, ())


def _typed(items: pa.Table) -> pa.Table:
    """Without fields nobody reported, which have no type: a field that is not there is missing everywhere."""
    return items.select([field.name for field in items.schema if not pa.types.is_null(field.type)])


def evaluate_lake(request: LakeRequest, notice: Notice) -> list[Evaluated]:
    """Evaluate rounds in order, each looking back at the ones before, and write what they came to."""
    pack = load_pack(request.pack)
    rulebook = load_chosen(pack, request.rulebook)
    if request.engine == "spark":
        spark_session(request.master)
    lake = open_lake(request.lake, request.engine)
    out_uri = request.out or f"{request.lake.rstrip('/')}/{OUT}"
    out = open_lake(out_uri, request.engine)
    wanted = [Period.parse(one) for one in lake.periods(ROUNDS)]
    chosen = _chosen(request, wanted)
    found = []
    for number, period in enumerate(chosen):
        notice(EVALUATING, number, len(chosen))
        history = [_earlier(lake, out, one, rulebook) for one in _before(out, period)]
        results = evaluate(_inputs(lake, period, pack.ledger, rulebook, history), rulebook, tables=request.engine)
        _write(results, out)
        if "://" not in out_uri:
            _write_csv(Path(out_uri) / "csv" / str(period), results, rulebook, request.language)
        found.append(_evaluated(results, tuple(one.period for one in history)))
    notice(EVALUATING, len(chosen), len(chosen))
    return found


def _chosen(request: LakeRequest, held: Sequence[Period]) -> list[Period]:
    if not held:
        raise LakeRefused(
            request.lake,
            Text("这里没有一期数据", "holds no round"),
            Text("先用 guatu lake add 放入 guatu run 的结果。", "Put results of guatu run in with guatu lake add."),
        )
    for period in request.periods:
        if period not in held:
            raise LakeRefused(
                f"--round {period}",
                Text("湖里没有这一期", "the lake does not hold this round"),
                Text(f"有：{'、'.join(map(str, held))}。", f"It holds: {', '.join(map(str, held))}."),
            )
    return sorted(request.periods or held, key=lambda one: (one.last_day, str(one)))


def _before(out: Lake, period: Period) -> list[str]:
    """Evaluated rounds of the same kind that are earlier."""
    return [one for one in out.periods(ROUNDS) if Period.parse(one).kind is period.kind and one < str(period)]


class FromLake(Kept):
    """A table of an earlier round, read from the lake as far as it is asked for."""

    def __init__(self, lake: Lake, table: str, period: str) -> None:
        self._lake, self._table, self._period = lake, table, period

    @property
    def columns(self) -> list[str]:
        return self._lake.columns(self._table, self._period)

    def read(self, columns: Sequence[str] | None = None, **among: Sequence[str]) -> pa.Table:
        return self._lake.read(self._table, self._period, columns, among)


def _earlier(lake: Lake, out: Lake, period: str, rulebook: Rulebook) -> EarlierResults:
    [kept] = out.read(ROUNDS, period).to_pylist()
    if kept["rulebook"] != rulebook.key:
        raise Refusal(
            f"-o {out.uri}",
            Text(f"这里是按“{kept['rulebook']}”评的结果", f"holds results by the rulebook '{kept['rulebook']}'"),
            Text("换一个文件夹。", "Choose another folder."),
        )
    return EarlierResults(
        period=period,
        rulebook=kept["rulebook"],
        version=kept["version"],
        constants=json.loads(kept["constants"]),
        items=FromLake(lake, "items", period),
        lights=FromLake(out, "lights", period),
        indicators=out.read("indicators", period),
        ladder=out.read("ladder", period),
    )


def _inputs(
    lake: Lake, period: Period, ledger: Ledger, rulebook: Rulebook, history: Sequence[EarlierResults]
) -> Inputs:
    """One round's tables; of the items only the fields some text of the rulebook names."""
    at = str(period)
    named = fields_named(rulebook)
    columns = [name for name in lake.columns("items", at) if name in named]
    units = lake.read("units", at).sort_by(PLACE)
    return Inputs(
        period=period,
        items=lake.read("items", at, columns).sort_by([("unit", "ascending"), ("item_id", "ascending")]),
        units=units.drop_columns([PLACE]),
        closure=lake.read("closure", at),
        membership=lake.read("membership", at).sort_by([("list", "ascending"), ("item_id", "ascending")]),
        ledger=ledger,
        extra={
            name: lake.read(name, at)
            for name in lake.tables()
            if name not in (*SNAPSHOT, ROUNDS, OUT) and at in lake.periods(name)
        },
        history=history,
    )


def fields_named(rulebook: Rulebook) -> set[str]:
    """Item columns that some text of the rulebook mentions by key or title, milestones' days, and what links rows."""
    declarations = [getattr(rulebook, one.name) for one in fields(rulebook) if one.name not in ("ledger", "formulas")]
    text = "\n".join(_texts(declarations))
    words = set(_WORD.findall(text))
    found = {"item_id", "unit", "lists"}
    for key, declared in rulebook.ledger.fields.items():
        if key in words or declared.title.zh in text or declared.title.en in text:
            found.add(key)
    for milestone in rulebook.ledger.milestones.values():
        found |= {one for one in (milestone.planned, milestone.actual) if one}
    for link in rulebook.ledger.links.values():
        found |= {*link.same, *link.same.values()}
    return found


def _texts(part: Any) -> Iterator[str]:
    """Every text inside declarations."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(part, (list, tuple, set, frozenset)):
        for one in part:
            yield from _texts(one)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _texts(getattr(part, one.name))


def _write(results: Results, out: Lake) -> None:
    period = str(results.period)
    out.remove(ROUNDS, period)
    for name in RESULTS:
        out.write(name, period, getattr(results, name))
    kept = {
        "period": period,
        "rulebook": results.rulebook,
        "version": results.version,
        "sha256": results.sha256,
        "engine": results.engine,
        "constants": json.dumps(dict(results.constants), ensure_ascii=False),
    }
    out.write(ROUNDS, period, pa.table({name: [value] for name, value in kept.items()}))


def _write_csv(folder: Path, results: Results, rulebook: Rulebook, language: Language) -> None:
    """The small tables as `guatu run` writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = indicator_rows(Figures(rulebook, results, {}, {}, language=language), rulebook.ledger, language)
    outputs.write_csv(folder / "indicators.csv", outputs.INDICATORS, rows)
    if rulebook.points is not None:
        outputs.write_csv(folder / "points.csv", outputs.POINTS, point_rows(results, language))


def _evaluated(results: Results, earlier: tuple[str, ...]) -> Evaluated:
    lights = results.lights
    whole = lights.filter(pc.and_(pc.equal(lights["subject"], "item"), pc.equal(lights["dimension"], OVERALL)))
    return Evaluated(
        period=str(results.period),
        items=results.items.num_rows,
        lights=Counter(whole["severity"].to_pylist()),
        indicators=results.indicators.num_rows,
        earlier=earlier,
    )
