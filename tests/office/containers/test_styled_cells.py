"""Cells of a style are found however a program writes them; the quick way and the thorough one never disagree."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.office.containers.grid import position
from guatu.office.containers.ooxml import _styled

USUAL = '<row r="{row}"><c r="B{row}" s="{style}"><v>0.5</v></c><c r="AA{row}" t="s"><v>1</v></c></row>'
FORMS = [
    USUAL,
    '<row r="{row}" s="{style}" customFormat="1"><c r="B{row}" s="{style}"/></row>',  # the row has a style as well
    '<row r="{row}"><c s="{style}" r="B{row}"><v>0.5</v></c></row>',
    '<row r="{row}"><c r="B{row}" t="s" s="{style}"><v>0</v></c></row>',
    "<row r='{row}'><c r='B{row}' s='{style}'><v>0.5</v></c></row>",
    '<row r="{row}" spans="2"><c r="B{row}" s="{style}"><v>0.5</v></c></row>',
    '<row r="{row}"><c r="B{row}" cm="1" s="{style}"><v>0.5</v></c></row>',
]


def sheet(rows: list[tuple[str, int]]) -> bytes:
    body = "".join(form.format(row=number, style=style) for number, (form, style) in enumerate(rows, 1))
    return f'<worksheet><cols><col min="1" max="2" style="2"/></cols><sheetData>{body}</sheetData></worksheet>'.encode()


def by_parsing(data: bytes, styles: list[int]) -> set[tuple[tuple[int, int], int]]:
    found = set()
    for cell in fromstring(data).iter("c"):
        place = position(cell.get("r", ""))
        if place is not None and int(cell.get("s", "0")) in styles:
            found.add((place, int(cell.get("s", "0"))))
    return found


@pytest.mark.parametrize("form", FORMS)
def test_a_styled_cell_is_found_in_every_way_of_writing_it(form: str) -> None:
    data = sheet([(USUAL, 2), (form, 2), (form, 12), (form, 3)])

    assert set(_styled(data, [2, 3])) == by_parsing(data, [2, 3])
    assert len(list(_styled(data, [2, 3]))) == 3


@given(
    st.lists(st.tuples(st.sampled_from(FORMS), st.integers(0, 25)), max_size=8), st.sets(st.integers(1, 25), min_size=1)
)
def test_the_cells_of_some_styles_are_those_an_xml_parser_finds(rows: list[tuple[str, int]], styles: set[int]) -> None:
    data = sheet(rows)

    assert set(_styled(data, sorted(styles))) == by_parsing(data, sorted(styles))
