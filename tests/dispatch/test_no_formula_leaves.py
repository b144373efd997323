"""Text that begins like a formula leaves as text: ten beginnings through every kind of file we write."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from guatu.declarations import load_pack
from guatu.dispatch.form import form_facts
from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.office.forms import write_form
from guatu.office.forms.ledger_table import LedgerTable, write_ledger_table
from guatu.standards.periods import Period
from tests.dispatch.cast import AUGUST, no_notice, pack, project, workbook

EAST = "990001"
BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠")
NAMES = tuple(f"{begin}SUM(1)|cmd{number}" for number, begin in enumerate(BEGINNINGS))
"""Names of projects, each told from the others by its number."""
STARTS = "=+-@\t\r＝＋－＠"
FIGURE = re.compile(r"[+-]?\d[\d,.]*%?")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Everything a round and its forms write, by the kind of writer."""
    home = tmp_path_factory.mktemp("formulas")
    pack(home)
    source = workbook(home / "in/东关镇.xlsx", *(project(n + 1, f"项目{n}") for n in range(len(NAMES))))
    _name(source)
    out = home / "out"
    request = RoundRequest(
        workbooks=(source,), pack=str(home / "county"), rulebook="yinchuan_2025", period=AUGUST, out=out,
        dated=date(2021, 9, 7),
    )  # fmt: skip
    run_round(request, no_notice)
    loaded = load_pack(home / "county")
    facts = form_facts(loaded, loaded.units[EAST], Period.parse("2021-09"), last=out)
    write_form(home / "form.xlsx", facts)
    ledger = LedgerTable("=1+1", [loaded.ledger.fields["name"]], [[name] for name in NAMES])
    for ending in ("csv", "xlsx"):
        write_ledger_table(home / f"ledger.{ending}", ledger)
    return {
        "league": [out / "league.xlsx"],
        "marked": [out / "returned/东关镇.xlsx"],
        "forms": [home / "form.xlsx", home / "ledger.xlsx"],
        "text": [*out.glob("*.csv"), home / "ledger.csv"],
    }


def _name(path: Path) -> None:
    """The names as text, as a program that is not Excel may have saved them; and a cell to ask about."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row, name in enumerate(NAMES, 4):
        for column in (2, 11):
            sheet.cell(row, column).value = name
            sheet.cell(row, column).data_type = "s"
    sheet.cell(4, 8).value = 2021.1
    book.save(path)


def cells(path: Path) -> Iterator[Cell]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell, Cell) and cell.value is not None)


def fields(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [field for row in csv.reader(file) for field in row]


def names_in(paths: list[Path]) -> set[int]:
    """The numbers of the names that stand somewhere in the files."""
    texts = [text for path in paths for text in (fields(path) if path.suffix == ".csv" else map(_text, cells(path)))]
    return {number for number in range(len(NAMES)) if any(f"SUM(1)|cmd{number}" in text for text in texts)}


def _text(cell: Cell) -> str:
    return str(cell.value)


@pytest.mark.parametrize("writer", ["league", "marked", "forms", "text"])
def test_every_beginning_reaches_every_writer(writer: str, written: dict[str, list[Path]]) -> None:
    assert names_in(written[writer]) == set(range(len(NAMES)))


@pytest.mark.parametrize("writer", ["league", "marked", "forms"])
def test_no_cell_of_a_workbook_is_a_formula_or_becomes_one_when_it_is_edited(
    writer: str, written: dict[str, list[Path]]
) -> None:
    for path in written[writer]:
        for cell in cells(path):
            assert cell.data_type != "f", (path.name, cell.coordinate, cell.value)
            if isinstance(cell.value, str) and cell.value.lstrip(" \u3000")[:1] in tuple(STARTS):
                assert cell.quotePrefix, (path.name, cell.coordinate, cell.value)


def test_no_field_of_a_text_file_begins_like_a_formula(written: dict[str, list[Path]]) -> None:
    for path in written["text"]:
        running = [one for one in fields(path) if one[:1] in tuple(STARTS) and not FIGURE.fullmatch(one)]
        assert running == [], path.name


def test_libreoffice_finds_no_formula_in_anything_we_write(written: dict[str, list[Path]], tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    every = [path for paths in written.values() for path in paths]
    for number, path in enumerate(every):
        shutil.copy(path, tmp_path / f"{number}{path.suffix}")
    made = tmp_path / "read"
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "fods"]
    files = [str(tmp_path / f"{number}{path.suffix}") for number, path in enumerate(every)]
    subprocess.run([*command, "--outdir", str(made), *files], check=True, capture_output=True, timeout=300)

    for number, path in enumerate(every):
        assert "table:formula=" not in (made / f"{number}.fods").read_text(encoding="utf-8"), path.name
