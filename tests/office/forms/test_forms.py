"""A form leaves prefilled and can be read back by the reader as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from guatu.declarations.ledger import UnitDeclaration
from guatu.declarations.located import Place
from guatu.declarations.packs import load_pack
from guatu.office.forms import KEY_TITLE, FormColumn, FormFacts, FormRow, write_form
from guatu.office.forms.workbook import stored_to_shown
from guatu.office.workbooks import read_workbook
from guatu.standards.periods import Period
from guatu.text import Text

LEDGER = load_pack("key_projects").ledger
WAN = 10**6
KEYS = (
    "project_code",
    "name",
    "nature",
    "total_investment",
    "annual_plan",
    "ytd_done",
    "month_done",
    "plan_start",
    "actual_start",
    "is_started",
    "is_included",
    "physical_progress",
    "problem",
)
UNIT = UnitDeclaration("901", Text("东山区", "Dongshan"), Place("units.yaml", 1))


def form() -> FormFacts:
    columns = tuple(
        FormColumn(LEDGER.fields[key], locked=key in ("project_code", "name")) for key in KEYS if key in LEDGER.fields
    )
    rows = (
        FormRow(
            "i-1",
            {
                "project_code": "2105-370285-04-01-123456",
                "name": "滨海装备制造产业园（1期）",
                "nature": "new",
                "total_investment": 1_234_567_890_123,
                "annual_plan": 120_000 * WAN,
                "plan_start": date(2021, 3, 31),
                "actual_start": date(2021, 4, 12),
                "is_started": True,
                "is_included": False,
            },
        ),
        FormRow("i-2", {"project_code": None, "name": "=HYPERLINK(1)", "total_investment": 5_000 * WAN}),
    )
    return FormFacts(
        form="key_projects",
        version="2021-08",
        title=Text("2021年8月重点项目调度表", "Key projects, August 2021"),
        unit=UNIT.title,
        unit_code=UNIT.code,
        issuer=Text("某市重点办", "Key Projects Office"),
        as_of=date(2021, 8, 31),
        due_on=date(2021, 9, 5),
        columns=columns,
        rows=rows,
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "东山区.xlsx"
    write_form(path, form())
    return path


def test_the_same_facts_give_the_same_bytes(tmp_path: Path, written: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_form(again, form())
    assert again.read_bytes() == written.read_bytes()


def test_every_column_of_a_returned_form_is_read_as_the_field_it_was_made_for(written: Path) -> None:
    reading = read_workbook(written, LEDGER, period=Period.month(2021, 8), units=(UNIT,))

    mapped = {cell.field for row in reading.rows for cell in row.cells}
    assert not reading.refused, [finding.reason.zh for finding in reading.findings]
    assert mapped == {key for key in KEYS if key in LEDGER.fields} | {"form_key"}
    assert len(reading.rows) == 2


def test_what_was_prefilled_comes_back_unchanged(written: Path) -> None:
    reading = read_workbook(written, LEDGER, period=Period.month(2021, 8), units=(UNIT,))

    first = {cell.field: cell.value for cell in reading.rows[0].cells}
    assert first["total_investment"] == 1_234_567_890_123
    assert first["annual_plan"] == 120_000 * WAN
    assert first["is_started"] is True
    assert first["is_included"] is False
    assert first["actual_start"] == date(2021, 4, 12)
    assert first["nature"] == "new"
    assert first["project_code"] == "2105-370285-04-01-123456"


def test_the_unit_is_recognised_from_the_form_itself(tmp_path: Path) -> None:
    path = tmp_path / "无名.xlsx"
    write_form(path, form())
    reading = read_workbook(path, LEDGER, period=Period.month(2021, 8), units=(UNIT,))
    assert reading.unit is not None
    assert reading.unit.code == "901"


def test_what_identifies_an_item_is_locked_and_the_rest_is_not(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["填报表"]

    assert sheet.protection.sheet
    assert sheet["C4"].protection.locked
    assert not sheet["F4"].protection.locked
    assert not sheet["C6"].protection.locked  # a spare row, for a new project


def test_the_hidden_column_carries_form_version_and_item(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["填报表"]
    last = sheet.max_column

    assert sheet.cell(3, last).value == KEY_TITLE.zh
    assert sheet.cell(4, last).value == "key_projects@2021-08#i-1"
    assert sheet.column_dimensions[sheet.cell(4, last).column_letter].hidden


def test_flags_are_chosen_from_the_ledgers_words_and_money_must_be_a_number(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["填报表"]
    rules = {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}

    place = {sheet.cell(3, column).value: sheet.cell(4, column).coordinate for column in range(1, sheet.max_column)}
    flag = rules[place[LEDGER.fields["is_included"].title.zh]]
    money = rules[next(where for title, where in place.items() if title.startswith("总投资"))]
    assert (flag.type, money.type, money.operator or "between") == ("list", "decimal", "between")
    assert "不带单位" in money.error


def test_a_name_that_looks_like_a_formula_is_written_as_text(written: Path) -> None:
    cell = openpyxl.load_workbook(written)["填报表"]["C5"]
    assert cell.data_type == "s"
    assert cell.value == "'=HYPERLINK(1)"


def test_the_guide_lists_every_column(written: Path) -> None:
    guide = openpyxl.load_workbook(written)["填表说明"]
    listed = [row[0].value for row in guide.iter_rows() if row[0].value]
    for column in form().columns:
        assert any(title.startswith(column.heading.zh) for title in listed)


def test_a_form_without_items_still_has_its_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_form(path, replace(form(), rows=()))
    assert openpyxl.load_workbook(path)["填报表"].max_row >= 20


def test_two_columns_for_one_field_are_refused() -> None:
    facts = form()
    with pytest.raises(ValueError, match="one column for each field"):
        replace(facts, columns=(*facts.columns, facts.columns[0]))


def test_percentages_and_areas_leave_in_the_units_people_use() -> None:
    rate = next((field for field in LEDGER.fields.values() if field.type.value == "percent"), None)
    assert rate is not None
    assert stored_to_shown(rate, Decimal("1.015")) == 1.015
