"""Document -> PDF by typst, fonts embedded, PDF/A; the layout is `official.typ`, the words are data."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from guatu.office.documents import layout
from guatu.office.documents.fonts import font_folders
from guatu.office.documents.layout import Face
from guatu.office.documents.model import Block, Document, Heading, Paragraph, Picture, Run, Table, plain
from guatu.office.palette import WARM

_TEMPLATE = Path(__file__).with_name("official.typ")
_FACES = {"title": layout.TITLE, "body": layout.BODY, "hei": layout.HEI, "kai": layout.KAI, "song": layout.SONG}


def pdf_bytes(document: Document, *, fonts: Sequence[Path] = ()) -> bytes:
    """The document as PDF/A-2u: the same bytes for the same document and fonts.

    `fonts` are folders searched before the free fonts that come along, for a city that holds licences of its own.
    """
    pictures: dict[str, bytes] = {}
    data = _document(document, pictures)
    with tempfile.TemporaryDirectory(prefix="guatu-pdf-") as folder:
        root = Path(folder)
        (root / "document.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (root / "main.typ").write_bytes(_TEMPLATE.read_bytes())
        for name, png in pictures.items():
            (root / name).write_bytes(png)
        searched = typst.Fonts(include_system_fonts=False, font_paths=font_folders(fonts))
        compiler = typst.Compiler(root / "main.typ", root=root, font_paths=searched)
        moment = datetime(document.dated.year, document.dated.month, document.dated.day, tzinfo=UTC)
        result = compiler.compile(format="pdf", pdf_standards=["a-2u"], timestamp=moment)
    assert isinstance(result, bytes)
    return result


def _document(document: Document, pictures: dict[str, bytes]) -> dict[str, Any]:
    masthead = document.masthead
    return {
        "language": document.language,
        "title": document.title,
        "author": document.signer,
        "dated": [document.dated.year, document.dated.month, document.dated.day],
        "dated_printed": document.dated_printed,
        "number": document.number,
        "recipients": document.recipients,
        "signature": "" if masthead else document.signature,
        "indents": layout.signature_indents(document.signer, document.dated_printed),
        "attachments_label": document.labels.attachments,
        "masthead": None
        if masthead is None
        else {
            "name": masthead.name,
            "issue": masthead.issue_printed,
            "editor": masthead.editor,
            "dated": masthead.dated,
        },
        "blocks": [_block(block, pictures) for block in document.blocks],
        "attachments": [
            {
                "label": one.label,
                "title": one.title,
                "listed": one.listed,
                "blocks": [_block(block, pictures) for block in one.blocks],
            }
            for one in document.attachments
        ],
        "imprint": [list(line) for line in document.imprint.lines] if document.imprint else [],
        "faces": {name: _face(face, chinese=document.language == "zh") for name, face in _FACES.items()},
        "layout": _layout(),
    }


def _face(face: Face, *, chinese: bool) -> dict[str, Any]:
    latin = () if chinese or face in (layout.HEI, layout.TITLE) else ("Libertinus Serif",)
    fonts = list(dict.fromkeys((*face.embedded, "Noto Sans CJK SC")))
    return {"latin": list(latin), "fonts": fonts, "heavier": face.heavier}


def _layout() -> dict[str, Any]:
    return {
        "page": [layout.PAGE_WIDTH, layout.PAGE_HEIGHT],
        "margins": [layout.TOP, layout.RIGHT, layout.BOTTOM, layout.LEFT],
        "folio_below": layout.FOLIO_BELOW,
        "line": layout.LINE,
        "tracking": layout.TRACKING,
        "outer_rule": layout.OUTER_RULE,
        "inner_rule": layout.INNER_RULE,
        "header_fill": WARM,
        "sizes": {
            "title": layout.SIZE_TITLE,
            "body": layout.SIZE_BODY,
            "small": layout.SIZE_SMALL,
            "caption": layout.SIZE_CAPTION,
            "note": layout.SIZE_NOTE,
            "masthead": layout.SIZE_MASTHEAD,
        },
    }


def _runs(runs: tuple[Run, ...]) -> list[dict[str, str]]:
    return [{"text": plain((run,))} for run in runs]


def _block(block: Block, pictures: dict[str, bytes]) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "number": block.number, "runs": _runs(block.runs)}
        case Paragraph():
            return {"kind": "paragraph", "role": block.role.value, "runs": _runs(block.runs)}
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "together": block.kept_together,
                "size": layout.SIZE_TABLE[block.size],
                "columns": [
                    {"header": column.header, "align": column.align, "width": column.width} for column in block.columns
                ],
                "rows": [{"strong": row.strong, "cells": [_runs(cell) for cell in row.cells]} for row in block.rows],
            }
        case Picture():
            name = f"picture-{len(pictures) + 1}.png"
            pictures[name] = block.png
            return {
                "kind": "picture",
                "file": name,
                "width": block.width_mm,
                "caption": block.caption,
                "alt": block.alt,
            }
        case _:
            return {"kind": "page_break"}
