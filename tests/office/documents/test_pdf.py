"""The PDF: page, fonts, determinism, and data that can never become markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.office.documents import write
from guatu.office.documents.fonts import font_folders
from guatu.office.documents.layout import signature_indents
from guatu.office.documents.model import Document, Paragraph
from guatu.office.documents.pdf import pdf_bytes
from guatu.office.documents.templates import Template
from tests.office.documents.sample import bulletin_facts, facts


@pytest.fixture(scope="module")
def document(circular: Template) -> Document:
    return write(circular, facts(), "zh")


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return pdf_bytes(document)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/MediaBox", pdf))


def fonts(pdf: bytes) -> set[str]:
    return {name.decode().split("+")[-1] for name in re.findall(rb"/FontName\s*/([^\s/]+)", pdf)}


def test_the_same_document_gives_the_same_bytes(document: Document, pdf: bytes) -> None:
    assert pdf_bytes(document) == pdf


def test_pages_are_a4(pdf: bytes) -> None:
    assert set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)) == {b"0 0 595.2756 841.8898"}


def test_every_font_is_embedded_and_free(pdf: bytes) -> None:
    names = fonts(pdf)
    assert names
    assert all(re.match(r"Noto|Fandol|Libertinus", name) for name in names)
    assert len(re.findall(rb"/FontFile", pdf)) >= len(names)


def test_simhei_is_never_used_though_it_lies_beside_the_free_fonts(pdf: bytes) -> None:
    assert any((Path(folder) / "SimHei.ttf").exists() for folder in font_folders())
    assert not any("SimHei" in name for name in fonts(pdf))


def test_the_date_in_the_pdf_is_the_documents(pdf: bytes) -> None:
    assert b"2021-09-10" in pdf or b"D:20210910" in pdf


def test_markup_in_what_people_sent_stays_text(document: Document) -> None:
    hostile = Paragraph("x", ('#panic("no") #image("/etc/passwd") $x$ *b* @label \\ "quoted" `raw`',))
    made = pdf_bytes(document.with_blocks((hostile,), ()))
    assert pages(made) == 1


def test_a_document_of_many_rows_runs_over_pages(circular: Template) -> None:
    few, many = (pages(pdf_bytes(write(circular, facts(items=count), "zh"))) for count in (3, 60))
    assert many > few


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bulletin_becomes_a_pdf_in_both_languages(bulletin: Template, language: str) -> None:
    assert pages(pdf_bytes(write(bulletin, bulletin_facts(), "zh" if language == "zh" else "en"))) >= 2


def test_the_date_stands_four_characters_from_the_edge_and_a_short_signer_is_centred_on_it() -> None:
    signer, dated = signature_indents("某某办", "2021年9月10日")
    assert dated == 4.0
    assert signer == 4.0 - (3 - (3 + 3.5)) / 2
