"""Document -> DOCX that people go on editing: real styles, page grid, and tags by which edits are found again.

Every paragraph carries a bookmark named after its block, every figure a content control tagged with the figure's id
and titled with what it is. Neither shows in print; `edits.recover_edits` reads both.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import Literal

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from guatu.office.cell_texts import NOT_XML
from guatu.office.documents import layout
from guatu.office.documents import word_page as page
from guatu.office.documents.model import (
    Attachment,
    Block,
    Document,
    Heading,
    Mention,
    PageBreak,
    Paragraph,
    Picture,
    Role,
    Run,
    Table,
)
from guatu.office.documents.word_page import element
from guatu.office.documents.word_tables import Grid, eighths, set_size
from guatu.office.palette import WARM

ROLE_STYLES = {
    Role.BODY: page.STYLE_BODY,
    Role.FLUSH: page.STYLE_FLUSH,
    Role.CENTRE: page.STYLE_CENTRE,
    Role.NOTE: page.STYLE_NOTE,
    Role.LEAD: page.STYLE_LEAD,
}
TITLE_ID, NUMBER_ID, RECIPIENTS_ID = "@title", "@number", "@recipients"
ADDED = "@added/"
"""Begins the id of a paragraph a person added."""


def bookmark_of(id_: str) -> str:
    """The bookmark of a block or cell: letters, digits and _ only, at most 40, as Word asks."""
    return "g_" + hashlib.sha256(id_.encode()).hexdigest()[:24]


def tag_of(figure: str) -> str:
    """The content-control tag of a figure: its id, or a digest where Word's 64 characters do not hold it."""
    return figure if len(figure) <= 60 else "g_" + hashlib.sha256(figure.encode()).hexdigest()[:24]


Kind = Literal["heading", "paragraph", "cell", "picture", "line", "layout", "added"]
"""What a written paragraph is. `line`: a title, number or caption a person may reword; `layout`: always written anew."""


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph as it was written into the DOCX."""

    id: str
    kind: Kind
    block: str
    """The block it belongs to: its own id, or that of its table, picture or attachment."""
    runs: tuple[Run, ...]
    number: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Docx:
    """A DOCX and what was written into it, paragraph by paragraph."""

    content: bytes
    written: tuple[Written, ...]


def render_docx(document: Document) -> Docx:
    """The document as DOCX; the same document gives the same bytes."""
    writer = _Writer(document, page.blank_document(document))
    writer.write()
    return Docx(page.saved(writer.word), tuple(writer.written))


def words(text: str) -> BaseOxmlElement:
    """A run of text; a line break in it stays one."""
    run = element("r")
    for index, line in enumerate(text.split("\n")):
        if index:
            run.append(element("br"))
        for order, part in enumerate(line.split("\t")):
            if order:
                run.append(element("tab"))
            if part:
                said = element("t")
                said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                said.text = NOT_XML.sub("", part)
                run.append(said)
    return run


@dataclass(slots=True)
class _Writer:
    document: Document
    word: WordDocument
    written: list[Written] = field(default_factory=list)
    controls: int = field(default=1000)
    style_ids: dict[str, str] = field(init=False)
    """Style name -> id; asking python-docx for each paragraph would take most of the time."""

    def __post_init__(self) -> None:
        self.style_ids = {str(style.name): style.style_id for style in self.word.styles}

    def write(self) -> None:
        document = self.document
        self.head()
        self.paragraph("Title", TITLE_ID, (document.title,), "line")
        if document.recipients:
            self.paragraph(page.STYLE_FLUSH, RECIPIENTS_ID, (document.recipients,), "line")
        for block in document.blocks:
            self.block(block)
        self.attachments_named()
        if document.masthead is None and document.signer:
            self.signature()
        for attachment in document.attachments:
            self.attachment(attachment)
        if document.imprint is not None:
            self.imprint()

    # -- words ---------------------------------------------------------------------------------------------

    def empty(self, style: str) -> WordParagraph:
        """A new paragraph at the end of the text, without words."""
        body = self.word.element.body
        made = element("p")
        properties = element("pPr")
        properties.append(element("pStyle", val=self.style_ids[style]))
        made.append(properties)
        body.find(qn("w:sectPr")).addprevious(made)
        return WordParagraph(made, self.word._body)

    def paragraph(self, style: str, id_: str, runs: tuple[Run, ...], kind: Kind, block: str = "") -> WordParagraph:
        """A new paragraph at the end of the text."""
        paragraph = self.empty(style)
        self.fill(paragraph._p, Written(id_, kind, block or id_, runs))
        return paragraph

    def fill(self, target: BaseOxmlElement, written: Written) -> None:
        """Fill a paragraph between the ends of its bookmark, and remember what was written."""
        self.written.append(written)
        mark = str(len(self.written))
        target.append(element("bookmarkStart", id=mark, name=bookmark_of(written.id)))
        if written.number:
            target.append(words(written.number))
        for run in written.runs:
            target.append(self.control(run) if isinstance(run, Mention) else words(run))
        target.append(element("bookmarkEnd", id=mark))

    def control(self, mention: Mention) -> BaseOxmlElement:
        self.controls += 1
        figure = self.document.figures.get(mention.figure)
        properties = element("sdtPr")
        if figure is not None:
            properties.append(element("alias", val=figure.provenance.title.in_(self.document.language)[:60]))
        properties.append(element("tag", val=tag_of(mention.figure)))
        properties.append(element("id", val=str(self.controls)))
        content = element("sdtContent")
        content.append(words(mention.printed))
        control = element("sdt")
        control.append(properties)
        control.append(content)
        return control

    # -- head and foot -------------------------------------------------------------------------------------

    def head(self) -> None:
        document, masthead = self.document, self.document.masthead
        if masthead is not None:
            self.paragraph(page.STYLE_MASTHEAD, "@masthead", (masthead.name,), "layout")
            self.paragraph(page.STYLE_CENTRE, "@issue", (masthead.issue_printed,), "layout")
            editor = (f"{masthead.editor}\t{masthead.dated}",)
            line = self.paragraph(page.STYLE_FLUSH, "@editor", editor, "layout")
            line.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
            _rule_below(line, layout.OUTER_RULE * 2)
        elif document.number:
            number = self.paragraph(page.STYLE_CENTRE, NUMBER_ID, (document.number,), "line")
            _rule_below(number, layout.OUTER_RULE)
        self.empty(page.STYLE_FLUSH)

    def attachments_named(self) -> None:
        listed = [one for one in self.document.attachments if one.listed]
        if not listed:
            return
        self.empty(page.STYLE_FLUSH)
        chinese = self.document.language == "zh"
        label = self.document.labels.attachments + ("：" if chinese else ": ")
        hang = len(label) if chinese else len(label) / 2
        for order, one in enumerate(listed, 1):
            number = "" if len(listed) == 1 else f"{order}." if chinese else f"{order}. "
            named = ((label if order == 1 else "") + number + one.title,)
            paragraph = self.paragraph(page.STYLE_FLUSH, f"@listed/{one.id}", named, "layout")
            paragraph.paragraph_format.keep_with_next = True
            first = hang if order == 1 else 0.0
            _indent(paragraph, left=2 + hang, hanging=first)

    def signature(self) -> None:
        document = self.document
        signer, dated = layout.signature_indents(document.signer, document.dated_printed)
        for id_, said, right, before in (
            ("@signature", document.signature, signer, 2 * layout.LINE),
            ("@dated", document.dated_printed, dated, 0.0),
        ):
            paragraph = self.paragraph(page.STYLE_FLUSH, id_, (said,), "layout")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.space_before = Pt(before)
            paragraph.paragraph_format.keep_with_next = before > 0
            _indent(paragraph, right=right)

    def imprint(self) -> None:
        """Lines at the foot of the last page, outer rules heavier than inner ones: a table that Word and WPS place at
        the bottom of the type area, and LibreOffice below the text."""
        assert self.document.imprint is not None
        grid = Grid(
            self.word, self.style_ids, (0.64, 0.36), outer=layout.OUTER_RULE, inner=layout.INNER_RULE, upright=False
        )
        grid.float_at_bottom()
        for index, (left, right) in enumerate(self.document.imprint.lines):
            row = grid.row()
            sides = ((left, "left"), (right, "right")) if right else ((left, "left"),)
            for order, (said, align) in enumerate(sides):
                cell = grid.cell(row, order, page.STYLE_IMPRINT, align, span=3 - len(sides), keep=True)
                self.fill(cell, Written(f"@imprint/{index}/{order}", "layout", "@imprint", (said,)))
        last = self.empty(page.STYLE_IMPRINT)
        last.paragraph_format.line_spacing = Pt(1)

    # -- blocks --------------------------------------------------------------------------------------------

    def attachment(self, attachment: Attachment) -> None:
        start = f"@attachment/{attachment.id}"
        self.paragraph(page.STYLE_LABEL, f"{start}/label", (attachment.label,), "layout", start)
        title = self.paragraph("Title", f"{attachment.id}@title", (attachment.title,), "line", start)
        title.paragraph_format.space_before = Pt(layout.LINE / 2)
        for block in attachment.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                paragraph = self.empty(f"Heading {block.level}")
                kind: Kind = "added" if block.id.startswith(ADDED) else "heading"
                self.fill(paragraph._p, Written(block.id, kind, block.id, block.runs, block.number))
            case Paragraph():
                kind = "added" if block.id.startswith(ADDED) else "paragraph"
                self.paragraph(ROLE_STYLES[block.role], block.id, block.runs, kind)
            case Table():
                self.table(block)
            case Picture():
                self.picture(block)
            case PageBreak():
                self.empty(page.STYLE_BODY).add_run().add_break(WD_BREAK.PAGE)

    def picture(self, block: Picture) -> None:
        paragraph = self.paragraph(page.STYLE_CELLS["normal"], block.id, (), "picture")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = bool(block.caption)
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Mm(block.width_mm))
        described = shape._inline.docPr
        described.set("descr", block.alt)
        described.set("name", block.id)
        if block.caption:
            caption = self.paragraph(page.STYLE_CAPTION, f"{block.id}@caption", (block.caption,), "line", block.id)
            caption.paragraph_format.keep_with_next = False

    def table(self, block: Table) -> None:
        if block.caption:
            self.paragraph(page.STYLE_CAPTION, f"{block.id}@caption", (block.caption,), "line", block.id)
        widths = tuple(column.width for column in block.columns)
        grid = Grid(
            self.word, self.style_ids, widths, outer=layout.OUTER_RULE, inner=layout.INNER_RULE / 1.5, upright=True
        )
        size = layout.SIZE_TABLE[block.size]
        head = grid.row(header=True)
        for index, column in enumerate(block.columns):
            cell = grid.cell(head, index, page.STYLE_HEAD, "centre", fill=WARM, keep=True)
            self.fill(cell, Written(f"{block.id}/@head/{column.key}", "layout", block.id, (column.header,)))
            set_size(cell, size if self.document.language == "zh" else size * 0.84)
        for order, row in enumerate(block.rows, 1):
            line = grid.row()
            keep = block.kept_together and order < len(block.rows)
            for index, (column, runs) in enumerate(zip(block.columns, row.cells, strict=True)):
                cell = grid.cell(line, index, page.STYLE_CELLS[block.size], column.align, keep=keep)
                self.fill(cell, Written(block.cell_id(row, column), "cell", block.id, runs, row=row.key))
                if row.strong:
                    for run in cell.iter(qn("w:r")):
                        page.set_face(run.get_or_add_rPr(), layout.HEI, size)
        self.empty(page.STYLE_NOTE).paragraph_format.line_spacing = Pt(6)


def _rule_below(paragraph: WordParagraph, millimetres: float) -> None:
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=eighths(millimetres), space="6", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _indent(paragraph: WordParagraph, *, left: float = 0, right: float = 0, hanging: float = 0) -> None:
    """Indents in characters of the body's size."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    indent = element("ind")
    for side, characters in (("left", left), ("right", right), ("hanging", hanging)):
        if characters:
            indent.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
            indent.set(qn(f"w:{side}"), str(round(characters * layout.SIZE_BODY * 20)))
    if not hanging:
        indent.set(qn("w:firstLineChars"), "0")
        indent.set(qn("w:firstLine"), "0")
    properties.insert_element_before(indent, "w:contextualSpacing", "w:jc", "w:rPr")
