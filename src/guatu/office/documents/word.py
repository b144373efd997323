"""Document -> DOCX that people go on editing: real styles, page grid, and tags by which edits are found again.

Every paragraph carries a bookmark named after its block, every figure a content control tagged with the figure's id
and titled with what it is. Neither shows in print; `edits.recover_edits` reads both.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

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
from guatu.office.palette import WARM

_ROLE_STYLES = {
    Role.BODY: page.STYLE_BODY,
    Role.FLUSH: page.STYLE_FLUSH,
    Role.CENTRE: page.STYLE_CENTRE,
    Role.NOTE: page.STYLE_NOTE,
    Role.LEAD: page.STYLE_LEAD,
}
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
}
TITLE_ID, NUMBER_ID, RECIPIENTS_ID = "@title", "@number", "@recipients"


def bookmark_of(id_: str) -> str:
    """The bookmark of a block or cell: letters, digits and _ only, at most 40, as Word asks."""
    return "g_" + hashlib.sha256(id_.encode()).hexdigest()[:24]


def tag_of(figure: str) -> str:
    """The content-control tag of a figure: its id, or a digest where Word's 64 characters do not hold it."""
    return figure if len(figure) <= 60 else "g_" + hashlib.sha256(figure.encode()).hexdigest()[:24]


def docx_bytes(document: Document) -> bytes:
    """The document as DOCX; the same document gives the same bytes."""
    return page.saved(_Writer(document, page.blank_document(document)).written())


@dataclass(slots=True)
class _Writer:
    document: Document
    word: WordDocument
    bookmarks: int = 0
    controls: int = field(default=1000)

    def written(self) -> WordDocument:
        document = self.document
        self.head()
        self.text(self.word.add_paragraph(style="Title"), TITLE_ID, (document.title,))
        if document.recipients:
            self.text(self.word.add_paragraph(style=page.STYLE_FLUSH), RECIPIENTS_ID, (document.recipients,))
        for block in document.blocks:
            self.block(block)
        self.attachments_named()
        if document.masthead is None and document.signer:
            self.signature()
        for attachment in document.attachments:
            self.attachment(attachment)
        if document.imprint is not None:
            self.imprint()
        return self.word

    # -- words ---------------------------------------------------------------------------------------------

    def text(self, paragraph: WordParagraph, id_: str, runs: tuple[Run, ...], *, number: str = "") -> None:
        """Fill a paragraph between the ends of its bookmark."""
        self.bookmarks += 1
        mark = str(self.bookmarks)
        target = paragraph._p
        target.append(element("bookmarkStart", id=mark, name=bookmark_of(id_)))
        if number:
            paragraph.add_run(number)
        for run in runs:
            if isinstance(run, Mention):
                target.append(self.control(run))
            else:
                paragraph.add_run(run)
        target.append(element("bookmarkEnd", id=mark))

    def control(self, mention: Mention) -> BaseOxmlElement:
        self.controls += 1
        figure = self.document.figures.get(mention.figure)
        properties = element("sdtPr")
        if figure is not None:
            properties.append(element("alias", val=figure.provenance.title.in_(self.document.language)[:60]))
        properties.append(element("tag", val=tag_of(mention.figure)))
        properties.append(element("id", val=str(self.controls)))
        properties.append(element("text"))
        words = element("t")
        words.text = mention.printed
        run = element("r")
        run.append(words)
        content = element("sdtContent")
        content.append(run)
        control = element("sdt")
        control.append(properties)
        control.append(content)
        return control

    # -- head and foot -------------------------------------------------------------------------------------

    def head(self) -> None:
        document, masthead = self.document, self.document.masthead
        if masthead is not None:
            self.word.add_paragraph(masthead.name, style=page.STYLE_MASTHEAD)
            self.word.add_paragraph(masthead.issue_printed, style=page.STYLE_CENTRE)
            line = self.word.add_paragraph(f"{masthead.editor}\t{masthead.dated}", style=page.STYLE_FLUSH)
            line.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
            _rule_below(line, layout.OUTER_RULE * 2)
            self.word.add_paragraph(style=page.STYLE_FLUSH)
            return
        if document.number:
            number = self.word.add_paragraph(style=page.STYLE_CENTRE)
            self.text(number, NUMBER_ID, (document.number,))
            _rule_below(number, layout.OUTER_RULE)
        self.word.add_paragraph(style=page.STYLE_FLUSH)

    def attachments_named(self) -> None:
        listed = [one for one in self.document.attachments if one.listed]
        if not listed:
            return
        self.word.add_paragraph(style=page.STYLE_FLUSH)
        chinese = self.document.language == "zh"
        label = self.document.labels.attachments + ("：" if chinese else ": ")
        hang = len(label) if chinese else len(label) / 2
        for order, one in enumerate(listed, 1):
            paragraph = self.word.add_paragraph(style=page.STYLE_FLUSH)
            number = "" if len(listed) == 1 else f"{order}." if chinese else f"{order}. "
            paragraph.add_run((label if order == 1 else "") + number + one.title)
            first = hang if order == 1 else 0.0
            _indent(paragraph, left=2 + hang, hanging=first)

    def signature(self) -> None:
        document = self.document
        signer, dated = layout.signature_indents(document.signer, document.dated_printed)
        for words, right, before in (
            (document.signature, signer, 2 * layout.LINE),
            (document.dated_printed, dated, 0.0),
        ):
            paragraph = self.word.add_paragraph(words, style=page.STYLE_FLUSH)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.space_before = Pt(before)
            paragraph.paragraph_format.keep_with_next = before > 0
            _indent(paragraph, right=right)

    def imprint(self) -> None:
        """Lines at the foot of the last page, outer rules heavier than inner ones: a table that Word and WPS place at
        the bottom of the type area, and LibreOffice below the text."""
        assert self.document.imprint is not None
        lines = self.document.imprint.lines
        table = self.word.add_table(rows=len(lines), cols=2)
        place = element("tblpPr", leftFromText="0", rightFromText="0", vertAnchor="margin", horzAnchor="margin")
        place.set(qn("w:tblpXSpec"), "center")
        place.set(qn("w:tblpYSpec"), "bottom")
        table._tbl.tblPr.insert_element_before(place, "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblLook")
        _borders(table, outer=layout.OUTER_RULE, inner=layout.INNER_RULE, vertical=False)
        for row, (left, right) in zip(table.rows, lines, strict=True):
            target = row.cells[0] if right else row.cells[0].merge(row.cells[1])
            _cell_words(target, left, WD_ALIGN_PARAGRAPH.LEFT, style=page.STYLE_IMPRINT)
            if right:
                _cell_words(row.cells[1], right, WD_ALIGN_PARAGRAPH.RIGHT, style=page.STYLE_IMPRINT)
            target.paragraphs[0].paragraph_format.keep_with_next = True
        _widths(table, (0.64, 0.36))
        self.word.add_paragraph(style=page.STYLE_IMPRINT).paragraph_format.line_spacing = Pt(1)

    # -- blocks --------------------------------------------------------------------------------------------

    def attachment(self, attachment: Attachment) -> None:
        self.word.add_paragraph(attachment.label, style=page.STYLE_LABEL)
        title = self.word.add_paragraph(attachment.title, style="Title")
        title.paragraph_format.space_before = Pt(layout.LINE / 2)
        for block in attachment.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                heading = self.word.add_paragraph(style=f"Heading {block.level}")
                self.text(heading, block.id, block.runs, number=block.number)
            case Paragraph():
                self.text(self.word.add_paragraph(style=_ROLE_STYLES[block.role]), block.id, block.runs)
            case Table():
                self.table(block)
            case Picture():
                self.picture(block)
            case PageBreak():
                self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def picture(self, block: Picture) -> None:
        paragraph = self.word.add_paragraph(style=page.STYLE_CELLS["normal"])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = bool(block.caption)
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Mm(block.width_mm))
        described = shape._inline.docPr
        described.set("descr", block.alt)
        described.set("name", block.id)
        if block.caption:
            caption = self.word.add_paragraph(block.caption, style=page.STYLE_CAPTION)
            caption.paragraph_format.keep_with_next = False

    def table(self, block: Table) -> None:
        if block.caption:
            self.word.add_paragraph(block.caption, style=page.STYLE_CAPTION)
        table = self.word.add_table(rows=1 + len(block.rows), cols=len(block.columns))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        size = layout.SIZE_TABLE[block.size]
        _borders(table, outer=layout.OUTER_RULE, inner=layout.INNER_RULE / 1.5, vertical=True)
        grid = [list(row.cells) for row in table.rows]
        for cell, column in zip(grid[0], block.columns, strict=True):
            head = _cell_words(cell, column.header, WD_ALIGN_PARAGRAPH.CENTER, style=page.STYLE_HEAD, fill=WARM)
            for run in head.runs:
                run.font.size = Pt(size)
        _row(table, 0, header=True)
        style = page.STYLE_CELLS[block.size]
        for index, row in enumerate(block.rows, 1):
            for cell, column, runs in zip(grid[index], block.columns, row.cells, strict=True):
                paragraph = _cell_words(cell, "", _ALIGN[column.align], style=style)
                self.text(paragraph, block.cell_id(row, column), runs)
                if row.strong:
                    for run in paragraph._p.iter(qn("w:r")):
                        page.set_face(run.get_or_add_rPr(), layout.HEI, size)
            _row(table, index, header=False)
        _widths(table, [column.width for column in block.columns])
        self.word.add_paragraph(style=page.STYLE_NOTE).paragraph_format.line_spacing = Pt(6)


def _cell_words(
    cell: _Cell,
    words: str,
    align: WD_ALIGN_PARAGRAPH,
    *,
    style: str,
    fill: str = "",
) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.alignment = align
    if words:
        paragraph.add_run(words)
    properties = cell._tc.get_or_add_tcPr()
    for old in properties.findall(qn("w:vAlign")):
        properties.remove(old)
    if fill:
        properties.append(element("shd", val="clear", color="auto", fill=fill.lstrip("#")))
    properties.append(element("vAlign", val="center"))
    return paragraph


def _row(table: WordTable, index: int, *, header: bool) -> None:
    properties = table.rows[index]._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))


def _widths(table: WordTable, shares: list[float] | tuple[float, ...]) -> None:
    total = sum(shares)
    table.autofit = False
    widths = [Mm(layout.TEXT_WIDTH * share / total) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell in row._tr.tc_lst:
            span = cell.grid_span
            start = cell.grid_offset
            cell.width = Mm(sum(width.mm for width in widths[start : start + span]))


def _borders(table: WordTable, *, outer: float, inner: float, vertical: bool) -> None:
    """Rules of a table in millimetres; none at the sides without `vertical`."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        upright = side in ("left", "right", "insideV")
        size = inner if side.startswith("inside") else outer
        if upright and not vertical:
            borders.append(element(side, val="nil"))
        else:
            borders.append(element(side, val="single", sz=_eighths(size), space="0", color="000000"))
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _eighths(millimetres: float) -> str:
    return str(max(2, round(millimetres / 25.4 * 72 * 8)))


def _rule_below(paragraph: WordParagraph, millimetres: float) -> None:
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=_eighths(millimetres), space="6", color="000000"))
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
