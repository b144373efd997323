"""Write a unit's report form: known items filled in, what identifies them locked, every cell checked while typing.

The headers are the ledger's own titles, so the reader needs no mapping for a form that comes back. A hidden column
carries form, version and item of each row; it is how a renamed project is still the same one.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.cell_texts import safe_text
from guatu.office.forms.checks import accepts, validation, word_for
from guatu.office.forms.facts import FormColumn, FormFacts, FormValue
from guatu.office.palette import HAIRLINE, QUIET, WARM
from guatu.office.sheets import Book
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.text import Text

HEADER = 2
"""Row of the header, counted from 0; the first item follows."""
KEY_TITLE = Text("系统编号（勿改）", "System key (do not change)")
_FORMATS = {
    FieldType.MONEY: "General",
    FieldType.AREA: "General",
    FieldType.NUMBER: "General",
    FieldType.INTEGER: "0",
    FieldType.PERCENT: "0.0#%",
    FieldType.DATE: "yyyy-mm-dd",
}


def form_key(facts: FormFacts, item_id: str) -> str:
    """What stands in the hidden column: `form@version#item`."""
    return f"{facts.form}@{facts.version}#{item_id}"


def write_form(path: Path, facts: FormFacts) -> None:
    """Write the form at `path`; the same facts give the same bytes."""
    language = facts.language
    created = datetime(facts.as_of.year, facts.as_of.month, facts.as_of.day)
    book = Book(path, language, facts.title.in_(language), facts.issuer.in_(language), created)
    sheet = book.sheet(Text("填报表", "Report"))
    _head(book, sheet, facts)
    _rows(book, sheet, facts)
    _checks(sheet, facts)
    _protect(sheet, facts)
    _guide(book, facts)
    sheet.activate()
    book.close()


def _head(book: Book, sheet: Worksheet, facts: FormFacts) -> None:
    language = facts.language
    last = len(facts.columns)
    title = book.style(font_size=16, bold=True, align="center")
    sheet.set_row(0, 34)
    sheet.merge_range(0, 0, 0, last, "", title)
    book.text(sheet, 0, 0, facts.title.in_(language), title)
    if language == "zh":
        line = f"填报单位：{facts.unit.zh}　　单位：{facts.money_unit}　　数据截至：{facts.as_of}"
        line += f"　　报送期限：{facts.due_on}" if facts.due_on else ""
    else:
        line = f"填报单位: {facts.unit.en}   单位: {facts.money_unit}   As of: {facts.as_of}"
        line += f"   Due: {facts.due_on}" if facts.due_on else ""
    quiet = book.style(font_color=QUIET)
    sheet.merge_range(1, 0, 1, last, "", quiet)
    book.text(sheet, 1, 0, line, quiet)
    sheet.set_row(HEADER, 36)
    book.text(sheet, HEADER, 0, Text("序号", "No.").in_(language), book.header())
    for index, column in enumerate(facts.columns, 1):
        style = book.header(bold=column.field.required or column.locked)
        book.text(sheet, HEADER, index, headed(column, facts), style)
        shown = column.help.in_(language) if column.help else accepts(column.field).in_(language)
        book.comment(sheet, HEADER, index, shown)
    book.text(sheet, HEADER, last + 1, KEY_TITLE.in_(language), book.header())


def headed(column: FormColumn, facts: FormFacts) -> str:
    """The title with its unit: 总投资（万元）."""
    title = column.heading.in_(facts.language)
    unit = _unit(column.field, facts)
    return f"{title}（{unit}）" if unit else title


def _unit(field: FieldDeclaration, facts: FormFacts) -> str | None:
    if field.type is FieldType.MONEY:
        return field.unit or facts.money_unit
    return field.unit if field.type in (FieldType.AREA, FieldType.NUMBER) else None


def _rows(book: Book, sheet: Worksheet, facts: FormFacts) -> None:
    texts: list[list[str]] = [["序号"], *([headed(column, facts)] for column in facts.columns)]
    for index, row in enumerate(facts.rows, HEADER + 1):
        sheet.write_number(index, 0, index - HEADER, book.cell(align="center", font_color=QUIET))
        for place, column in enumerate(facts.columns, 1):
            value = row.values.get(column.field.key)
            _write(book, sheet, index, place, column, value, facts)
            texts[place].append(str(value or "")[:40] if isinstance(value, str) else "")
        key = book.cell(font_color=QUIET)
        sheet.write_string(index, len(facts.columns) + 1, safe_text(form_key(facts, row.item_id)), key)
    for index in range(HEADER + 1 + len(facts.rows), HEADER + 1 + len(facts.rows) + facts.spare_rows):
        sheet.write_blank(index, 0, None, book.cell())
        for place, column in enumerate(facts.columns, 1):
            sheet.write_blank(index, place, None, book.cell(**_look(column, locked=False)))
    book.widths(sheet, texts, least=10, most=36)
    sheet.set_column(len(facts.columns) + 1, len(facts.columns) + 1, 12, None, {"hidden": True})
    sheet.freeze_panes(HEADER + 1, 3 if len(facts.columns) > 2 else 1)
    sheet.repeat_rows(0, HEADER)


def _look(column: FormColumn, *, locked: bool) -> dict[str, Any]:
    look: dict[str, Any] = {"locked": locked, "left": 1, "left_color": HAIRLINE}
    if column.field.type in _FORMATS:
        look |= {"num_format": _FORMATS[column.field.type], "align": "right"}
    elif column.field.type in (FieldType.FLAG, FieldType.CHOICE):
        look |= {"align": "center"}
    else:
        look |= {"text_wrap": True, "num_format": "@"}
    return look | ({"bg_color": WARM} if locked else {})


def _write(
    book: Book, sheet: Worksheet, row: int, place: int, column: FormColumn, value: FormValue, facts: FormFacts
) -> None:
    style = book.cell(**_look(column, locked=column.locked))
    shown = stored_to_shown(column.field, value, facts.money_unit)
    if isinstance(shown, float) and column.field.type in (FieldType.MONEY, FieldType.AREA):
        pattern = "#,##0" if shown.is_integer() else "#,##0.00####"
        sheet.write_number(
            row, place, shown, book.cell(**{**_look(column, locked=column.locked), "num_format": pattern})
        )
    elif isinstance(shown, float):
        sheet.write_number(row, place, shown, style)
    elif isinstance(shown, date):
        sheet.write_datetime(row, place, datetime(shown.year, shown.month, shown.day), style)
    else:
        book.text(sheet, row, place, shown, style)


def stored_to_shown(field: FieldDeclaration, value: FormValue, money_unit: str = "万元") -> str | float | date | None:
    """A stored value as a cell shows it: money and area in the field's unit, states as the ledger's words."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return word_for(field, "true" if value else "false")
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return word_for(field, value) if field.type is FieldType.CHOICE else value
    if field.type is FieldType.MONEY and isinstance(value, int):
        return float(from_fen(value, field.unit or money_unit))
    if field.type is FieldType.AREA and isinstance(value, int):
        return float(from_mu_millionths(value, field.unit or "亩"))
    return float(value)


def _checks(sheet: Worksheet, facts: FormFacts) -> None:
    last = HEADER + len(facts.rows) + facts.spare_rows
    if last == HEADER:
        return
    for place, column in enumerate(facts.columns, 1):
        rule = validation(column, facts.language)
        if rule is not None:
            sheet.data_validation(HEADER + 1, place, last, place, rule)


def _protect(sheet: Worksheet, facts: FormFacts) -> None:
    """Against slips, not against people: no password, widths and filters stay free."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    if facts.rows:
        sheet.autofilter(HEADER, 0, HEADER + len(facts.rows), len(facts.columns))


def _guide(book: Book, facts: FormFacts) -> None:
    language = facts.language
    sheet = book.sheet(Text("填表说明", "How to fill it in"), landscape=False)
    book.heading(sheet, Text("填表说明", "How to fill it in").in_(language), facts.title.in_(language), 4)
    wrapped = book.style(text_wrap=True, valign="top")
    line = 3
    general = (
        *facts.instructions,
        Text("浅色底的列已锁定，不用填写；新增项目填在末尾空行。", "Tinted cells are locked; new items go in the empty rows."),
        Text("没有的内容空着，不要填 0 或“/”；0 表示确实为零。", "Leave empty what there is not; 0 means it is really zero."),
        Text("不要改动表头、增删列或合并单元格。", "Do not change headers, add or remove columns, or merge cells."),
    )  # fmt: skip
    for order, text in enumerate(general, 1):
        sheet.merge_range(line, 0, line, 3, "", wrapped)
        book.text(sheet, line, 0, f"{order}. {text.in_(language)}", wrapped)
        sheet.set_row(line, 34)
        line += 1
    line += 1
    for place, title in enumerate(
        (Text("列", "Column"), Text("填写要求", "What to write"), Text("必填", "Required"), Text("锁定", "Locked"))
    ):
        book.text(sheet, line, place, title.in_(language), book.header())
    for column in facts.columns:
        line += 1
        said = column.help.in_(language) if column.help else accepts(column.field).in_(language)
        book.text(sheet, line, 0, headed(column, facts), book.cell(text_wrap=True))
        book.text(sheet, line, 1, said, book.cell(text_wrap=True))
        for place, yes in ((2, column.field.required), (3, column.locked)):
            book.text(sheet, line, place, "√" if yes else "", book.cell(align="center"))
    for place, width in enumerate((28, 56, 9, 9)):
        sheet.set_column(place, place, width)
