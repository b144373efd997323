"""A plain paper as DOCX: read as JSON from standard input, written to standard output.

Run as a module in a process of its own, for callers that load no document library:
`{"language", "title", "dated": ISO day, "lines": [...], "sections": [{"title", "paragraphs", "head", "rows"}]}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from guatu.office.documents.model import (
    Block,
    Column,
    Document,
    DocumentKind,
    Heading,
    Labels,
    Paragraph,
    Role,
    Row,
    Table,
)
from guatu.office.documents.word import render_docx
from guatu.text import Language

_SEAL = {"zh": "（印章）", "en": "(seal)"}
_ATTACHED = {"zh": "附件", "en": "Attachment"}


def paper_document(said: Mapping[str, Any]) -> Document:
    """The document a paper's words and tables make; it carries no number, no seal and no signer of its own."""
    language: Language = "en" if said["language"] == "en" else "zh"
    blocks: list[Block] = [Paragraph(f"line-{place}", (line,), Role.CENTRE) for place, line in enumerate(said["lines"])]
    for place, section in enumerate(said["sections"]):
        blocks += _section(f"section-{place}", section)
    dated = date.fromisoformat(said["dated"])
    return Document(
        kind=DocumentKind.CIRCULAR, language=language, title=str(said["title"]), dated=dated,
        dated_printed=dated.isoformat(), labels=Labels(_ATTACHED[language], _SEAL[language]), blocks=tuple(blocks),
    )  # fmt: skip


def _section(id_: str, section: Mapping[str, Any]) -> list[Block]:
    found: list[Block] = [Heading(id_, 1, (str(section["title"]),))]
    found += [Paragraph(f"{id_}-{place}", (str(one),)) for place, one in enumerate(section["paragraphs"])]
    if section["head"]:
        columns = tuple(Column(f"c{place}", str(title)) for place, title in enumerate(section["head"]))
        rows = tuple(
            Row(f"r{place}", tuple((str(cell),) for cell in cells)) for place, cells in enumerate(section["rows"])
        )
        found.append(Table(f"{id_}-table", columns, rows))
    return found


def main() -> None:
    sys.stdout.buffer.write(render_docx(paper_document(json.loads(sys.stdin.buffer.read()))).content)


if __name__ == "__main__":
    main()
