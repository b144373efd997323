"""Official documents: plain facts and a pack's template in, DOCX and PDF out, every figure with its provenance.

template = load_template(pack / "documents" / "circular.yaml")
document = write(template, facts, "zh")
docx_bytes(document), pdf_bytes(document), companion_json(document)
"""

from guatu.office.documents.expansion import write
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.pdf import pdf_bytes
from guatu.office.documents.templates import load_template
from guatu.office.documents.word import docx_bytes

__all__ = ["CircularFacts", "docx_bytes", "load_template", "pdf_bytes", "write"]
