"""Official documents: plain facts and a pack's template in, DOCX and PDF out, every figure with its provenance.

template = load_template(pack / "documents" / "circular.yaml")
made = produce(template, facts, "zh", edits=recover_edits(old_docx, old_companion))
made.docx, made.pdf, made.companion, made.warnings
"""

from guatu.office.documents.edits import Edits, recover_edits
from guatu.office.documents.expansion import write
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.production import Produced, produce
from guatu.office.documents.templates import Template, load_template
from guatu.office.documents.word_page import prepare_word

__all__ = [
    "CircularFacts",
    "Edits",
    "Produced",
    "Template",
    "load_template",
    "prepare_word",
    "produce",
    "recover_edits",
    "write",
]
