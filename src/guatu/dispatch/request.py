"""What a dispatcher asks of a round, and what of it a later run of the same round must do alike."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from guatu.dispatch.mappings import keep_path
from guatu.standards.periods import Period
from guatu.text import Language


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What a dispatcher asks for."""

    workbooks: Sequence[Path]
    pack: str
    rulebook: str
    period: Period
    out: Path
    dated: date
    history: Sequence[Path] = ()
    on_error: Literal["refuse", "blank"] = "refuse"
    mappings: Path | None = None
    """Folder of kept mappings (see `folder_of`); None reads without any."""
    answers: Path | None = None
    engine: Literal["duckdb", "reference"] = "duckdb"
    number: str | None = None
    """发文字号 of the circular, once it has one."""
    issue: str | None = None
    """期号 of the bulletin as `in the year/in all`; None counts on from the last round."""
    language: Language = "zh"
    """Of the papers, when neither `paper_language` nor this round's folder says another."""
    paper_language: Language | None = None


HISTORY = "history.json"
LANGUAGE = "language.txt"


def kept_language(out: Path) -> Language | None:
    """The language this round's papers were written in before."""
    path = out / "results" / LANGUAGE
    if not path.is_file():
        return None
    return "en" if path.read_text(encoding="utf-8").strip() == "en" else "zh"


def kept_history(out: Path) -> tuple[Path, ...]:
    """The earlier rounds this folder's round was made with."""
    path = out / "results" / HISTORY
    if not path.is_file():
        return ()
    folders = [Path(os.path.normpath(out / folder)) for folder in json.loads(path.read_text(encoding="utf-8"))]
    return tuple(folder for folder in folders if folder.is_dir())


def keep_request(folder: Path, request: RoundRequest) -> None:
    """Write down what a later run of this round must do alike: earlier rounds and mappings (relative to the
    folder), language."""
    folders = [os.path.relpath(earlier, request.out) for earlier in request.history]
    (folder / HISTORY).write_text(json.dumps(folders, ensure_ascii=False), encoding="utf-8")
    (folder / LANGUAGE).write_text(request.language, encoding="utf-8")
    if request.mappings is not None:
        keep_path(folder, request.out, request.mappings)
