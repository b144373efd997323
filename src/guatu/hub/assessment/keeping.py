"""The tables of a run as one file, for the rounds that look back at it; and the digest over their canonical rows.

Loads pyarrow: only for the worker and the terminal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile

import pyarrow as pa

from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.hub.assessment.models import Run

_DIGESTED = ("items", "units", "closure", "membership", "lights", "indicators", "points", "ladder")


def packed(results: Results) -> bytes:
    """The folder `Results.write` makes, in one file; Parquet is packed already."""
    whole = BytesIO()
    with TemporaryDirectory() as folder, ZipFile(whole, "w", ZIP_STORED) as into:
        results.write(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            into.write(path, path.name)
    return whole.getvalue()


@contextmanager
def laid_open(runs: Sequence[Run]) -> Iterator[list[EarlierResults]]:
    """The kept results of runs, read only as far as a rule looks back; there as long as the context lasts."""
    with TemporaryDirectory(prefix="guatu-rounds-") as home:
        found = []
        for run in runs:
            folder = Path(home) / str(run.pk)
            with run.kept.open("rb") as held, ZipFile(held) as whole:
                whole.extractall(folder)
            found.append(EarlierResults.read(folder))
        yield found


def digest_of_results(results: Results) -> str:
    """SHA-256 over the rows of every table, typed, canonical and sorted, and over the rules and constants they came from.

    Row order, the engine and the making of files change nothing in it.
    """
    whole = hashlib.sha256()
    head = [str(results.period), results.rulebook, results.sha256, sorted(results.constants.items())]
    whole.update(_line(head))
    for name in _DIGESTED:
        table: pa.Table = getattr(results, name)
        columns = sorted(table.column_names)
        whole.update(_line([name, columns]))
        for line in sorted(map(_line, _rows(table, columns))):
            whole.update(line)
    return f"sha256:{whole.hexdigest()}"


def _rows(table: pa.Table, columns: Sequence[str]) -> Iterable[tuple[object, ...]]:
    return zip(*(table[name].to_pylist() for name in columns), strict=True)


def _line(row: Iterable[object]) -> bytes:
    said = json.dumps([*row], ensure_ascii=False, separators=(",", ":"), default=_exact)
    return said.encode() + b"\n"


def _exact(value: object) -> str:
    if isinstance(value, Decimal | date):
        return str(value)
    raise TypeError(f"Results hold {type(value).__name__}, which has no canonical form.")
