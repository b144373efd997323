"""The workbook to fill in: the two sheets as the pack declares them, with the units there are, and every choice as a list."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from guatu.declarations import Ledger
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.comparing import tree_for
from guatu.hub.accounts.loading.declared import declared_sheets
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.models.units import KINDS
from guatu.office.forms.checks import accepts, validation, word_for
from guatu.office.forms.facts import FormColumn
from guatu.office.sheets import Book
from guatu.text import Language, Text

_SPARE = 2000
_PREFILLED = 20_000


def template(by: Actor, language: Language, *, made_at: datetime) -> bytes:
    """Column titles stay Chinese: they are what the reader knows; notes on them are in `language`."""
    ledgers = declared_sheets().ledgers
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        book = Book(path, language, Text("单位和人员", "Units and people").in_(language), "Guatu", made_at)
        for key, rows in (("units", _units(by, ledgers["units"])), ("people", [])):
            _sheet(book, ledgers[key], rows, language)
        book.close()
        return io.BytesIO(path.read_bytes()).getvalue()


def _sheet(book: Book, ledger: Ledger, rows: Sequence[Sequence[str]], language: Language) -> None:
    sheet = book.sheet(Text(ledger.title.zh, ledger.title.zh))
    columns = list(ledger.fields.values())
    last = len(rows) + _SPARE
    for place, field in enumerate(columns):
        book.text(sheet, 0, place, field.title.zh, book.header(bold=field.required))
        note = field.title.en + ": " if language == "en" else ""
        book.comment(sheet, 0, place, note + accepts(field).in_(language))
        rule = validation(FormColumn(field), language)
        if rule is not None:
            sheet.data_validation(1, place, last, place, rule)
    style = book.cell(num_format="@")
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            book.text(sheet, number, place, value, style)
    book.widths(sheet, [[field.title.zh, *(row[place] for row in rows[:200])] for place, field in enumerate(columns)])
    sheet.freeze_panes(1, 1)


def _units(by: Actor, ledger: Ledger) -> list[list[str]]:
    """The units there are, each under its parent's code, or its name from above."""
    tree, units = tree_for(by)
    kind = ledger.fields["kind"]
    rows = []
    for unit in list(units.values())[:_PREFILLED]:
        parent = units.get(unit.parent_id or 0)
        rows.append(
            [unit.title_zh, unit.title_en, word_for(kind, unit.kind) or KINDS[unit.kind].zh, unit.code,
             _said(parent, units), str(unit.order), unit.opened_on.isoformat()]
        )  # fmt: skip
    assert tree.by_key.keys() == units.keys()
    return rows


def _said(parent: Unit | None, units: dict[int, Unit]) -> str:
    if parent is None:
        return ""
    if parent.code:
        return parent.code
    above = units.get(parent.parent_id or 0)
    return f"{above.title_zh}/{parent.title_zh}" if above is not None else parent.title_zh
