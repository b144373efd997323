"""The DOCX as another program reads it: page, styles, tables, tags, and nothing an official document must not carry."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document as open_document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from guatu.office.documents import write
from guatu.office.documents.model import Document, Paragraph
from guatu.office.documents.templates import Template
from guatu.office.documents.word import Docx, render_docx
from tests.office.documents.sample import bulletin_facts, facts


@pytest.fixture(scope="module")
def document(circular: Template) -> Document:
    return write(circular, facts(), "zh")


@pytest.fixture(scope="module")
def made(document: Document) -> Docx:
    return render_docx(document)


@pytest.fixture(scope="module")
def word(made: Docx) -> WordDocument:
    return open_document(io.BytesIO(made.content))


def part(made: Docx, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        return package.read(name).decode("utf-8")


def test_the_same_document_gives_the_same_bytes(document: Document, made: Docx) -> None:
    assert render_docx(document).content == made.content


def test_the_page_is_that_of_gb_t_9704(word: WordDocument) -> None:
    section = word.sections[0]
    assert section.page_width is not None
    assert (round(section.page_width.mm), round((section.page_height or Mm(0)).mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round((one or Mm(0)).mm) for one in margins] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "580")


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
    ],
)
def test_styles_name_the_official_faces_and_sizes(word: WordDocument, style: str, face: str, size: int) -> None:
    found = word.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert found.font.size == Pt(size)
    assert not found.font.bold


def test_a_machine_without_the_official_faces_is_told_what_to_use_instead(made: Docx) -> None:
    table = part(made, "word/fontTable.xml")
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_text_is_indented_two_characters_and_headings_stay_with_what_follows(word: WordDocument) -> None:
    indent = word.styles["Normal"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert all(word.styles[f"Heading {level}"].paragraph_format.keep_with_next for level in (1, 2, 3, 4))


def test_page_numbers_stand_outside_odd_right_even_left(word: WordDocument) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    odd, even = word.sections[0].footer.paragraphs[0], word.sections[0].even_page_footer.paragraphs[0]
    assert odd.text.startswith("— ")
    assert odd.text.endswith(" —")
    assert "PAGE" in odd._p.xml
    assert (str(odd.alignment), str(even.alignment)) == ("RIGHT (2)", "LEFT (0)")


def test_the_header_row_of_every_table_repeats_and_rows_do_not_break(word: WordDocument) -> None:
    tables = word.tables[:-1]  # the last is the imprint
    assert len(tables) >= 5
    for table in tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_every_figure_is_a_content_control_with_its_id_and_title(made: Docx) -> None:
    xml = part(made, "word/document.xml")
    assert re.search(
        r'<w:sdt><w:sdtPr><w:alias w:val="投资完成率"/><w:tag w:val="all/completion_rate"/><w:id w:val="\d+"/></w:sdtPr>'
        r'<w:sdtContent><w:r><w:t xml:space="preserve">75\.8%</w:t></w:r></w:sdtContent></w:sdt>',
        xml,
    )
    numbers = re.findall(r'<w:sdtPr>.*?<w:id w:val="(\d+)"/>', xml)
    assert len(numbers) == len(set(numbers))


def test_bookmarks_are_unique_and_legal(made: Docx) -> None:
    names = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]*)"', part(made, "word/document.xml"))
    assert len(names) == len(set(names)) > 100
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)


def test_there_is_a_placeholder_and_no_seal_no_red_head(made: Docx, word: WordDocument) -> None:
    said = [paragraph.text for paragraph in word.paragraphs]
    assert "某市重点项目推进指挥部办公室（印章）" in said
    colours = set(re.findall(r'<w:color w:val="([0-9A-Fa-f]{6})"', part(made, "word/document.xml")))
    assert colours <= {"000000"}
    assert len(word.inline_shapes) == 2  # the two charts, no picture of a seal


def test_pictures_say_in_words_what_they_show(word: WordDocument) -> None:
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert "西水区: 滞后 9, 关注 14, 正常 70, 未判定 3" in described[0]
    assert "西水区 60.7%" in described[1]


def test_properties_come_from_the_document_not_from_the_clock(word: WordDocument) -> None:
    core = word.core_properties
    assert (core.title, core.author, core.subject) == (
        "关于2021年1-8月重点项目推进情况的通报",
        "某市重点项目推进指挥部办公室",
        "某督〔2021〕15号",
    )
    assert core.created is not None
    assert core.created.date() == date(2021, 9, 10)


def test_elements_of_cells_and_paragraphs_stand_in_the_order_word_demands(made: Docx) -> None:
    xml = part(made, "word/document.xml")
    cell = ["w:tcW", "w:gridSpan", "w:shd", "w:vAlign"]
    paragraph = ["w:pStyle", "w:keepNext", "w:pBdr", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"]
    for tag, order in (("tcPr", cell), ("pPr", paragraph)):
        for inside in re.findall(rf"<w:{tag}>(.*?)</w:{tag}>", xml):
            found = [name for name in re.findall(r"<(w:\w+)", inside) if name in order]
            assert found == sorted(found, key=order.index), inside


def test_control_characters_in_what_people_sent_do_not_break_the_file(circular: Template) -> None:
    base = facts()
    dirty = replace(base.lagging[0], name="滨海\x00\x0b产业园\ufffe")
    made = render_docx(write(circular, replace(base, lagging=(dirty,)), "zh"))
    text = "\n".join(cell.text for table in open_document(io.BytesIO(made.content)).tables for cell in table._cells)
    assert "滨海产业园" in text


def test_markup_in_what_people_sent_stays_text(document: Document) -> None:
    hostile = Paragraph("x", ("<w:p/> & {{ totals }} #set page() $x$",))
    made = render_docx(document.with_blocks((hostile,), ()))
    assert "<w:p/> & {{ totals }} #set page() $x$" in [
        p.text for p in open_document(io.BytesIO(made.content)).paragraphs
    ]


def test_a_bulletin_begins_with_masthead_issue_editor_and_date(bulletin: Template) -> None:
    made = render_docx(write(bulletin, bulletin_facts(), "zh"))
    said = [paragraph.text for paragraph in open_document(io.BytesIO(made.content)).paragraphs if paragraph.text]
    assert said[:4] == [
        "重点项目简报",
        "第32期（总第78期）",
        "某市重点项目推进指挥部办公室\t2021年9月10日",
        "2021年1-8月重点项目推进情况",
    ]
    assert not any("（印章）" in words for words in said)
