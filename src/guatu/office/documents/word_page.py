"""Styles, page, footers and package parts of the DOCX: what Word, WPS and LibreOffice read before any text."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from functools import cache, partial
from xml.sax.saxutils import quoteattr

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from guatu.office.documents import layout
from guatu.office.documents.layout import Face
from guatu.office.documents.model import Document
from guatu.text import Language

_TWIPS = 20
_NAMESPACES = {"w": nsmap["w"]}
STYLE_BODY = "Normal"
STYLE_FLUSH = "Guatu Flush"
STYLE_CENTRE = "Guatu Centre"
STYLE_NOTE = "Guatu Note"
STYLE_LEAD = "Guatu Lead"
STYLE_CELLS = {"normal": "Guatu Cell", "small": "Guatu Cell Small", "fine": "Guatu Cell Fine"}
STYLE_HEAD = "Guatu Column Head"
STYLE_CAPTION = "Caption"
STYLE_LABEL = "Guatu Attachment Label"
STYLE_IMPRINT = "Guatu Imprint"
STYLE_MASTHEAD = "Guatu Masthead"
_FACES = (layout.TITLE, layout.BODY, layout.HEI, layout.KAI, layout.SONG)


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of the `w` namespace, attributes likewise: element("ind", firstLine="640")."""
    named = {_w(name): value for name, value in attributes.items()}
    made: BaseOxmlElement = oxml_parser.makeelement(_w(tag), named, _NAMESPACES)
    return made


@cache
def _w(name: str) -> str:
    return qn(f"w:{name}")


def prepare_word(language: Language) -> None:
    """Make the empty document of a language ahead of the first that is asked for."""
    _pattern(language == "zh")


def blank_document(document: Document) -> WordDocument:
    """An empty Word document with our page, styles, footers and properties."""
    word = new_document(io.BytesIO(_pattern(document.language == "zh")))
    _properties(word, document)
    return word


@cache
def _pattern(chinese: bool) -> bytes:
    """Page, styles and footers, made once: they take longer than the words of a circular."""
    word = new_document()
    body = word.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _styles(word, chinese)
    _page(word)
    _footers(word)
    _settings(word)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def saved(word: WordDocument) -> bytes:
    """The package as bytes: the same document gives the same bytes."""
    raw = io.BytesIO()
    word.save(raw)
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = _font_table() if name == "word/fontTable.xml" else source.read(name)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return target.getvalue()


def _font_table() -> bytes:
    """The official faces with the name to use where a machine has only the other one."""
    names = {face.named: face.also_named for face in _FACES}
    fonts = "".join(
        f'<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/><w:charset w:val="86"/></w:font>'
        for name, other in names.items()
    )
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    latin = f'<w:font w:name="{layout.LATIN}"><w:charset w:val="00"/></w:font>'
    return f'{head}<w:fonts xmlns:w="{namespace}">{fonts}{latin}</w:fonts>'.encode()


def set_face(properties: BaseOxmlElement, face: Face, size: float) -> None:
    """Give run properties a face for both scripts and a size in points."""
    for tag in ("w:rFonts", "w:sz", "w:szCs", "w:b", "w:bCs", "w:i", "w:color", "w:spacing", "w:kern"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.insert(
        0, element("rFonts", ascii=layout.LATIN, hAnsi=layout.LATIN, eastAsia=face.named, cs=layout.LATIN)
    )
    half_points = str(round(size * 2))
    for tag in ("sz", "szCs"):
        properties.append(element(tag, val=half_points))


def _styles(word: WordDocument, chinese: bool) -> None:
    styles = word.styles
    defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for old in list(defaults):
            defaults.remove(old)
        set_face(defaults, layout.BODY, layout.SIZE_BODY)
        defaults.append(element("lang", val="en-US" if chinese else "en-GB", eastAsia="zh-CN", bidi="ar-SA"))
    style = partial(_style, word, chinese)
    both = WD_ALIGN_PARAGRAPH.JUSTIFY if chinese else WD_ALIGN_PARAGRAPH.LEFT
    centre, body, small = WD_ALIGN_PARAGRAPH.CENTER, layout.SIZE_BODY, layout.SIZE_CAPTION
    style(STYLE_BODY, layout.BODY, body, align=both, indent=True)
    style("Title", layout.TITLE, layout.SIZE_TITLE, align=centre, line=36, after=layout.LINE)
    for level, face in enumerate((layout.HEI, layout.KAI, layout.BODY, layout.BODY), 1):
        style(f"Heading {level}", face, body, align=both, indent=True).paragraph_format.keep_with_next = True
    style(STYLE_FLUSH, layout.BODY, body)
    style(STYLE_CENTRE, layout.BODY, body, align=centre)
    style(STYLE_LEAD, layout.KAI, body, align=both, indent=True)
    style(STYLE_LABEL, layout.HEI, body).paragraph_format.page_break_before = True
    style(STYLE_NOTE, layout.BODY, layout.SIZE_NOTE, line=15, before=3, after=9, grid=False)
    for cell_style, size in zip(STYLE_CELLS.values(), layout.SIZE_TABLE.values(), strict=True):
        style(cell_style, layout.BODY, size, line=0, grid=False)
    style(STYLE_HEAD, layout.HEI, small, align=centre, line=0, grid=False)
    caption = style(STYLE_CAPTION, layout.HEI, small, align=centre, line=0, before=9, after=5, grid=False)
    caption.paragraph_format.keep_with_next = True
    style(STYLE_IMPRINT, layout.BODY, layout.SIZE_SMALL, line=0, grid=False)
    style(STYLE_MASTHEAD, layout.TITLE, layout.SIZE_MASTHEAD, align=centre, line=58, grid=False)


def _style(
    word: WordDocument,
    chinese: bool,
    name: str,
    face: Face,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    indent: bool = False,
    line: float = layout.LINE,
    before: float = 0,
    after: float = 0,
    grid: bool = True,
) -> ParagraphStyle:
    """Make or remake a paragraph style. `line` is an exact pitch in points, 0 = single."""
    style = word.styles[name] if name in word.styles else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    if name not in (STYLE_BODY,) and style.base_style is None:
        style.base_style = word.styles[STYLE_BODY]
    style.quick_style = True
    set_face(style.element.get_or_add_rPr(), face, size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    tracked = chinese and size == layout.SIZE_BODY
    spacing = element("spacing", val=str(round(layout.TRACKING * _TWIPS)) if tracked else "0")
    style.element.rPr.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    style.font.bold = False
    style.font.italic = False
    layout_ = style.paragraph_format
    layout_.alignment = align
    layout_.space_before, layout_.space_after = Pt(before), Pt(after)
    if line:
        layout_.line_spacing_rule, layout_.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    else:
        layout_.line_spacing_rule = WD_LINE_SPACING.SINGLE
    layout_.widow_control = True
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:ind", "w:snapToGrid", "w:contextualSpacing", "w:numPr"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    first = (
        {"firstLineChars": "200", "firstLine": str(round(size * 2 * _TWIPS))}
        if indent
        else {
            "firstLineChars": "0",
            "firstLine": "0",
        }
    )
    properties.insert_element_before(element("ind", **first), "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
    if not grid:
        properties.insert_element_before(
            element("snapToGrid", val="0"), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
        )
    return style


def _page(word: WordDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    section.header_distance = Mm(15)
    # 4号 is 4.9 mm high: its line ends this far above the edge when it starts 7 mm below the type area
    section.footer_distance = Mm(layout.BOTTOM - layout.FOLIO_BELOW - 5)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(
        element(
            "docGrid",
            type="lines",
            linePitch=str(layout.LINE_PITCH_TWIPS),
        )
    )


def _footers(word: WordDocument) -> None:
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, align, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        indent = element("ind", firstLineChars="0", firstLine="0")
        indent.set(qn(f"w:{side}Chars"), "100")
        indent.set(qn(f"w:{side}"), str(round(layout.SIZE_SMALL * _TWIPS)))
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        properties = paragraph._p.get_or_add_pPr()
        for old in properties.findall(qn("w:ind")):
            properties.remove(old)
        properties.insert_element_before(indent, "w:contextualSpacing", "w:jc", "w:rPr")
        _folio(paragraph)


def _folio(paragraph: Paragraph) -> None:
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        set_face(run._r.get_or_add_rPr(), layout.SONG, layout.SIZE_SMALL)
        if part is None:
            for kind in ("begin", "instr", "separate", "text", "end"):
                if kind == "instr":
                    instruction = element("instrText")
                    instruction.text = " PAGE "
                    run._r.append(instruction)
                elif kind == "text":
                    shown = element("t")
                    shown.text = "1"
                    run._r.append(shown)
                else:
                    run._r.append(element("fldChar", fldCharType=kind))


def _settings(word: WordDocument) -> None:
    settings = word.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("compat")
        settings.append(compat)
    for old in list(compat):
        compat.remove(old)
    for name in ("spaceForUL", "balanceSingleByteDoubleByteWidth", "doNotLeaveBackslashAlone", "ulTrailSpace"):
        compat.append(element(name))
    compat.append(element("useFELayout"))
    compat.append(
        element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15")
    )


def _properties(word: WordDocument, document: Document) -> None:
    moment = datetime(document.dated.year, document.dated.month, document.dated.day, tzinfo=UTC).replace(tzinfo=None)
    core = word.core_properties
    core.title = document.title
    core.author = core.last_modified_by = document.signer
    core.subject = document.number
    core.language = "zh-CN" if document.language == "zh" else "en-GB"
    core.comments = core.keywords = core.category = ""
    core.created = core.modified = moment
    core.revision = 1
