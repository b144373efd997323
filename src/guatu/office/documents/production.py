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
from guatu.office.documents.templates import Template
from guatu.office.documents.word import render_docx
from guatu.text import Language, Text


@dataclass(frozen=True, slots=True)
class Produced:
    """The forms of one document. `warnings` say what became of people's words."""

    document: Document
    docx: bytes
    pdf: bytes | None
    """None when only the DOCX was asked for."""
    companion: str
    warnings: tuple[Text, ...]


def produce(
    template: Template,
    facts: CircularFacts,
    language: Language,
    *,
    edits: Edits | None = None,
    fonts: Sequence[Path] = (),
    pdf: bool = True,
) -> Produced:
    """Write a document from facts. The same facts, edits and fonts give the same bytes."""
    generated = write(template, facts, language)
    original = render_docx(generated)
    if edits is None:
        made = _pdf(generated, fonts) if pdf else None
        return Produced(generated, original.content, made, companion_json(generated, original), ())
    kept = keep_edits(generated, edits)
    docx = render_docx(kept.document)
    return Produced(
        document=kept.document,
        docx=docx.content,
        pdf=_pdf(kept.document, fonts) if pdf else None,
        companion=companion_json(kept.document, docx, original),
        warnings=kept.warnings,
    )


def _pdf(document: Document, fonts: Sequence[Path]) -> bytes:
    """The typesetter loads with the first PDF."""
    from guatu.office.documents.pdf import pdf_bytes

    return pdf_bytes(document, fonts=fonts)
