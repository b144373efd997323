"""Edit a DOCX as a person would, by another hand than ours: python-docx and plain elements."""

from __future__ import annotations

from pathlib import Path

from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from guatu.office.documents.word import bookmark_of


class Editor:
    """An open DOCX; paragraphs are found by the id of their block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.word = open_document(str(path))

    def paragraph(self, id_: str) -> BaseOxmlElement:
        for mark in self.word.element.body.iter(qn("w:bookmarkStart")):
            if mark.get(qn("w:name")) == bookmark_of(id_):
                return mark.getparent()
        raise AssertionError(f"no paragraph {id_}")

    def replace(self, id_: str, old: str, new: str) -> None:
        """Type `new` over `old` inside a paragraph."""
        for text in self.paragraph(id_).iter(qn("w:t")):
            if old in (text.text or ""):
                text.text = text.text.replace(old, new)
                return
        raise AssertionError(f"{old!r} is not in {id_}")

    def delete(self, id_: str) -> None:
        paragraph = self.paragraph(id_)
        paragraph.getparent().remove(paragraph)

    def add_after(self, id_: str, words: str, style: str | None = None) -> None:
        paragraph = OxmlElement("w:p")
        if style is not None:
            properties = OxmlElement("w:pPr")
            named = OxmlElement("w:pStyle")
            named.set(qn("w:val"), style)
            properties.append(named)
            paragraph.append(properties)
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = words
        run.append(text)
        paragraph.append(run)
        self.paragraph(id_).addnext(paragraph)

    def untag_figures(self, id_: str) -> None:
        """What an editor without content controls does: the words stay, the tags go."""
        paragraph = self.paragraph(id_)
        for control in list(paragraph.iter(qn("w:sdt"))):
            for run in control.find(qn("w:sdtContent")):
                control.addprevious(run)
            control.getparent().remove(control)

    def save(self) -> None:
        self.word.save(str(self.path))
