"""The companion of a document: each figure with its provenance, each paragraph as it was generated.

It is written beside the DOCX. People never edit it; with it `recover_edits` tells their words from ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guatu.office.documents.model import Document, Mention, Run
from guatu.office.documents.word import Docx, Written, bookmark_of, tag_of
from guatu.office.figures import Figure, number_of, printed, scale_for
from guatu.text import Refusal, Text

FORMAT = "guatu.document/1"


class NotACompanion(Refusal):
    """The file is not the companion of a document of ours."""

    def __init__(self, where: str, why: Text) -> None:
        super().__init__(
            where,
            Text(f"不是公文的伴随文件：{why.zh}", f"this is not the companion of a document: {why.en}"),
            Text("用与该 DOCX 同时生成的 JSON 文件。", "Use the JSON file that was written together with the DOCX."),
        )


def companion_json(document: Document, docx: Docx, generated: Docx | None = None) -> str:
    """The companion as JSON text.

    `generated` is the document as it was before people's words were put back; without it, `docx` is what was generated.
    """
    original = {one.id: one for one in (generated or docx).written}
    kept = {one.id for one in docx.written if one.id in original and original[one.id].runs != one.runs}
    shown: dict[str, list[str]] = {}
    for one in (*docx.written, *original.values()):
        for run in one.runs:
            if isinstance(run, Mention):
                prints = shown.setdefault(run.figure, [])
                ours = one.id not in kept or run.printed in _forms(document, run.figure)
                if ours and run.printed not in prints:
                    prints.append(run.printed)
    present = {one.id for one in docx.written}
    left_out = [one for one in original.values() if one.id not in present]
    data = {
        "format": FORMAT,
        "kind": document.kind.value,
        "language": document.language,
        "title": document.title,
        "number": document.number,
        "dated": document.dated.isoformat(),
        "figures": {
            key: _figure(document.figures[key], prints) for key, prints in shown.items() if key in document.figures
        },
        "paragraphs": [
            {**_written(original.get(one.id, one)), **({"kept": _runs(one.runs)} if one.id in kept else {})}
            for one in docx.written
        ],
        "removed": [_written(one) for one in left_out],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _forms(document: Document, figure: str) -> tuple[str, ...]:
    """How we print a figure: with its unit and bare. Anything else in a kept sentence was typed by hand."""
    known = document.figures.get(figure)
    if known is None:
        return ()
    return printed(known, document.language), number_of(known, scale_for([known]), document.language)


def _written(one: Written) -> dict[str, Any]:
    data: dict[str, Any] = {"id": one.id, "bookmark": bookmark_of(one.id), "kind": one.kind, "block": one.block}
    if one.number:
        data["number"] = one.number
    if one.row:
        data["row"] = one.row
    return {**data, "runs": _runs(one.runs)}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, str]]:
    return [{"figure": run.figure, "text": run.printed} if isinstance(run, Mention) else {"text": run} for run in runs]


def _figure(figure: Figure, prints: list[str]) -> dict[str, Any]:
    """Values as text: a JSON number would lose what an exact figure has."""
    reasons = figure.provenance
    return {
        "tag": tag_of(figure.id),
        "printed": prints,
        "kind": figure.kind.value,
        "value": None if figure.value is None else str(figure.value),
        "missing": None if figure.missing is None else _text(figure.missing),
        "provenance": {
            "title": _text(reasons.title),
            "rule": reasons.rule,
            "version": reasons.version,
            "formula": None if reasons.formula is None else _text(reasons.formula),
            "numerator": reasons.numerator,
            "denominator": reasons.denominator,
            "items": reasons.items,
            "missing_cells": reasons.missing_cells,
            "note": None if reasons.note is None else _text(reasons.note),
            "rows": [{"workbook": row.workbook, "sheet": row.sheet, "cell": row.cell} for row in reasons.rows],
        },
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


@dataclass(frozen=True, slots=True)
class Companion:
    """A companion read back: what was written, by id, and how each figure was printed."""

    written: Mapping[str, Written]
    removed: Mapping[str, Written]
    """What people had deleted before and was left out."""
    prints: Mapping[str, frozenset[str]]
    tags: Mapping[str, str]
    """Content-control tag -> figure id."""
    titles: Mapping[str, Text]


def read_companion(path: Path) -> Companion:
    """Read a companion; anything else is refused."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotACompanion(str(path.name), Text(str(error), str(error))) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotACompanion(str(path.name), Text(f"缺少 format: {FORMAT}", f"it lacks format: {FORMAT}"))
    figures = data["figures"]
    return Companion(
        written={one["id"]: _read(one) for one in data["paragraphs"]},
        removed={one["id"]: _read(one) for one in data["removed"]},
        prints={key: frozenset(one["printed"]) for key, one in figures.items()},
        tags={one["tag"]: key for key, one in figures.items()},
        titles={key: Text(**one["provenance"]["title"]) for key, one in figures.items()},
    )


def _read(data: Mapping[str, Any]) -> Written:
    runs = tuple(Mention(run["figure"], run["text"]) if "figure" in run else run["text"] for run in data["runs"])
    return Written(data["id"], data["kind"], data["block"], runs, data.get("number", ""), data.get("row", ""))
