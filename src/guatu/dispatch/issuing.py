"""The papers of a round as files: circular and bulletin in DOCX and PDF, each with its companion JSON."""

from __future__ import annotations

from pathlib import Path

from guatu.dispatch.round import Round
from guatu.office.documents import CircularFacts, docx_bytes, load_template, pdf_bytes, write
from guatu.text import Text


def write_papers(folder: Path, made: Round, facts: CircularFacts) -> list[Text]:
    """Write every paper the pack has a template for; returns what a person should know of them."""
    notes: list[Text] = []
    for key, template in sorted(made.pack.files("documents").items()):
        document = write(load_template(template), facts, made.request.language)
        (folder / f"{key}.docx").write_bytes(docx_bytes(document))
        (folder / f"{key}.pdf").write_bytes(pdf_bytes(document))
    return notes
