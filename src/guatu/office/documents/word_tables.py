"""Tables of the DOCX, written straight as elements: a document has thousands of cells."""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from guatu.office.documents import layout
from guatu.office.documents.word_page import element


class Grid:
    """A table at the end of the text, as wide as the type area."""

    def __init__(
        self,
        word: WordDocument,
        style_ids: Mapping[str, str],
        shares: tuple[float, ...],
        *,
        outer: float,
        inner: float,
        upright: bool,
    ) -> None:
        self.style_ids = style_ids
        total = sum(shares)
        self.widths = [round(layout.TEXT_WIDTH / 25.4 * 1440 * share / total) for share in shares]
        self.table = element("tbl")
        self.properties = element("tblPr")
        self.properties.append(element("tblW", w=str(sum(self.widths)), type="dxa"))
        self.properties.append(element("jc", val="center"))
        self.properties.append(_borders(outer, inner, upright))
        self.properties.append(element("tblLayout", type="fixed"))
        margins = element("tblCellMar")
        for side in ("left", "right"):
            margins.append(element(side, w="70", type="dxa"))
        self.properties.append(margins)
        self.table.append(self.properties)
        grid = element("tblGrid")
        for width in self.widths:
            grid.append(element("gridCol", w=str(width)))
        self.table.append(grid)
        word.element.body.find(qn("w:sectPr")).addprevious(self.table)

    def float_at_bottom(self) -> None:
        place = element("tblpPr", leftFromText="0", rightFromText="0", vertAnchor="margin", horzAnchor="margin")
        place.set(qn("w:tblpXSpec"), "center")
        place.set(qn("w:tblpYSpec"), "bottom")
        self.properties.insert(0, place)

    def row(self, *, header: bool = False) -> BaseOxmlElement:
        row = element("tr")
        properties = element("trPr")
        properties.append(element("cantSplit"))
        if header:
            properties.append(element("tblHeader"))
        row.append(properties)
        self.table.append(row)
        return row

    def cell(
        self,
        row: BaseOxmlElement,
        index: int,
        style: str,
        align: str,
        *,
        fill: str = "",
        span: int = 1,
        keep: bool = False,
    ) -> BaseOxmlElement:
        """A new cell; returns its paragraph, still empty."""
        cell = element("tc")
        properties = element("tcPr")
        properties.append(element("tcW", w=str(sum(self.widths[index : index + span])), type="dxa"))
        if span > 1:
            properties.append(element("gridSpan", val=str(span)))
        if fill:
            properties.append(element("shd", val="clear", color="auto", fill=fill.lstrip("#")))
        properties.append(element("vAlign", val="center"))
        cell.append(properties)
        paragraph = element("p")
        layout_ = element("pPr")
        layout_.append(element("pStyle", val=self.style_ids[style]))
        if keep:
            layout_.append(element("keepNext"))
        layout_.append(element("jc", val={"centre": "center"}.get(align, align)))
        paragraph.append(layout_)
        cell.append(paragraph)
        row.append(cell)
        return paragraph


def set_size(paragraph: BaseOxmlElement, size: float) -> None:
    for run in paragraph.iter(qn("w:r")):
        properties = run.get_or_add_rPr()
        for tag in ("sz", "szCs"):
            properties.append(element(tag, val=str(round(size * 2))))


def _borders(outer: float, inner: float, upright: bool) -> BaseOxmlElement:
    """Rules of a table in millimetres; none at the sides unless `upright`."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        size = inner if side.startswith("inside") else outer
        if side in ("left", "right", "insideV") and not upright:
            borders.append(element(side, val="nil"))
        else:
            borders.append(element(side, val="single", sz=eighths(size), space="0", color="000000"))
    return borders


def eighths(millimetres: float) -> str:
    return str(max(2, round(millimetres / 25.4 * 72 * 8)))
