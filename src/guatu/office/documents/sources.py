"""The list of sources behind a document: every figure it mentions, with rule, fraction and cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guatu.office.documents.model import Column, Mention, Row, Run, Table
from guatu.office.figures import Figure, Provenance, RowRef
from guatu.text import Language

_CELL = re.compile(r"([A-Z]+)(\d+)")
_WIDTHS = {"order": 0.8, "figure": 1.8, "title": 2.4, "fraction": 2.2, "rule": 3.2, "cells": 3.4}
_SHOWN = 3


def sources_table(
    id_: str,
    caption: str,
    headers: Mapping[str, str],
    mentioned: Mapping[str, str],
    figures: Mapping[str, Figure],
    language: Language,
) -> Table:
    """One row for each figure in `mentioned`, in order."""
    rows = []
    for order, (key, shown) in enumerate(mentioned.items(), 1):
        reasons = figures[key].provenance
        cells: dict[str, tuple[Run, ...]] = {
            "order": (str(order),),
            "figure": (Mention(key, shown),),
            "title": (reasons.title.in_(language),),
            "fraction": (_fraction(reasons),),
            "rule": (_rule(reasons, language),),
            "cells": (_cells(reasons, language),),
        }
        rows.append(Row(key, tuple(cells[name] for name in headers)))
    columns = tuple(
        Column(name, header, "right" if name in ("order", "figure") else "left", _WIDTHS[name])
        for name, header in headers.items()
    )
    return Table(id_, columns, tuple(rows), caption, size="fine")


def _rule(reasons: Provenance, language: Language) -> str:
    named = f"{reasons.rule} {reasons.version}".strip()
    if reasons.formula is None:
        return named
    return f"{named}：{reasons.formula.zh}" if language == "zh" else f"{named}: {reasons.formula.en}"


def _fraction(reasons: Provenance) -> str:
    if reasons.numerator is None:
        return ""
    return reasons.numerator if reasons.denominator is None else f"{reasons.numerator} / {reasons.denominator}"


def _cells(reasons: Provenance, language: Language) -> str:
    runs = compressed(reasons.rows)
    more = len(runs) - _SHOWN
    said = [str(run) for run in runs[:_SHOWN]]
    if more > 0:
        said.append(f"等{len(runs)}处" if language == "zh" else f"and {more} more")
    if reasons.note is not None:
        said.append(reasons.note.in_(language))
    return ("；" if language == "zh" else "; ").join(said)


Columns = dict[tuple[str, str, str], list[int]]
"""Workbook, sheet and column letters -> row numbers."""


def compressed(rows: Iterable[RowRef], more: Columns | None = None) -> list[RowRef]:
    """Cells of one column that follow one another as one run: H5, H6, H7 -> H5:H7; `more` by row numbers already."""
    columns: Columns = more if more is not None else {}
    runs: list[RowRef] = []
    for ref in rows:
        if match := _CELL.fullmatch(ref.cell):
            columns.setdefault((ref.workbook, ref.sheet, match[1]), []).append(int(match[2]))
        else:
            runs.append(ref)
    for (workbook, sheet, letters), numbers in columns.items():
        for first, last in _spans(sorted(set(numbers))):
            cell = f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
            runs.append(RowRef(workbook, sheet, cell))
    return runs


def _spans(numbers: list[int]) -> Iterable[tuple[int, int]]:
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last
