"""One document in all its forms: DOCX, PDF and companion, with people's words of the last time kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.office.documents.companion import companion_json
from guatu.office.documents.edits import Edits
from guatu.office.documents.expansion import write
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.keeping import keep_edits
from guatu.office.documents.model import Document
from guatu.office.documents.pdf import pdf_bytes
from guatu.office.documents.templates import Template
from guatu.office.documents.word import render_docx
from guatu.text import Language, Text


@dataclass(frozen=True, slots=True)
class Produced:
    """The forms of one document. `warnings` say what became of people's words."""

    document: Document
    docx: bytes
    pdf: bytes
    companion: str
    warnings: tuple[Text, ...]


def produce(
    template: Template,
    facts: CircularFacts,
    language: Language,
    *,
    edits: Edits | None = None,
    fonts: Sequence[Path] = (),
) -> Produced:
    """Write a document from facts. The same facts, edits and fonts give the same bytes."""
    generated = write(template, facts, language)
    original = render_docx(generated)
    if edits is None:
        return Produced(
            generated, original.content, pdf_bytes(generated, fonts=fonts), companion_json(generated, original), ()
        )
    kept = keep_edits(generated, edits)
    docx = render_docx(kept.document)
    return Produced(
        document=kept.document,
        docx=docx.content,
        pdf=pdf_bytes(kept.document, fonts=fonts),
        companion=companion_json(kept.document, docx, original),
        warnings=kept.warnings,
    )
