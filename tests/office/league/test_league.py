"""The league workbook as another program reads it."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from guatu.office.cell_texts import LONGEST_TEXT, safe_text
from guatu.office.figures import MISSING
from guatu.office.league import LeagueFacts, write_league
from tests.office.league.sample import item, league_facts


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparkline Group")  # openpyxl does not read them
        return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("league") / "league.xlsx"
    write_league(path, league_facts())
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return opened(path)


def header(sheet: Worksheet, row: int) -> list[str]:
    return [str(cell.value or "") for cell in sheet[row]]


def test_the_same_facts_give_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_league(again, league_facts())
    assert again.read_bytes() == path.read_bytes()


def test_there_is_a_sheet_for_each_list_and_each_question(book: Workbook) -> None:
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == [
        "全部项目",
        "省重点",
        "亮灯",
        "指标",
        "报送情况",
        "数据问题",
        "缺报影响",
        "问责阶梯",
    ]
    assert book.active is not None
    assert book.active.title == "全部项目"


def test_indicators_stand_under_their_groups_with_the_unit_in_the_header(book: Workbook) -> None:
    sheet = book["全部项目"]
    assert header(sheet, 3)[2:8] == ["", "开工", "纳统", "投资", "", ""]
    assert header(sheet, 4)[:8] == [
        "位次",
        "单位",
        "项目数",
        "开工率",
        "纳统率",
        "累计完成投资\n(亿元)",
        "投资完成率",
        "位次",
    ]


def test_numbers_are_numbers_with_formats(book: Workbook) -> None:
    sheet = book["全部项目"]
    row = {title: sheet.cell(7, column) for column, title in enumerate(header(sheet, 4), 1)}  # 西水区, third
    assert row["单位"].value == "西水区"
    assert (row["开工率"].value, row["开工率"].number_format) == (0.8125, "0.0%")
    assert (row["累计完成投资\n(亿元)"].value, row["累计完成投资\n(亿元)"].number_format) == (73.12, "#,##0.00")
    assert row["项目数"].value == 96


def test_a_result_that_rests_on_missing_cells_is_starred_and_says_how_many(book: Workbook) -> None:
    cell = book["全部项目"].cell(7, 5)
    assert cell.number_format == '0.0%"*"'
    assert cell.comment is not None
    assert "2 个单元格缺报" in cell.comment.text


def test_a_unit_without_figures_has_dashes_that_say_why_and_no_rank(book: Workbook) -> None:
    sheet = book["全部项目"]
    cells = [sheet.cell(8, column) for column in range(1, 9)]
    assert cells[1].value == "北川新区"
    assert [cell.value for cell in (cells[0], *cells[2:])] == [MISSING] * 7
    assert cells[4].comment is not None
    assert "未报送" in cells[4].comment.text


def test_headers_stay_in_sight_can_be_filtered_and_repeat_in_print(book: Workbook) -> None:
    for sheet in book:
        if sheet.sheet_state != "visible":
            continue
        assert sheet.freeze_panes, sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.print_title_rows, sheet.title
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.page_setup.fitToHeight in (0, None) or sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in str(sheet.oddFooter.center.text), sheet.title


def test_every_list_has_a_native_chart_and_sparklines(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        first = package.read("xl/worksheets/sheet2.xml").decode()
    assert len(charts) == 3  # ranking and lights of the main list, ranking of the other
    assert first.count("<x14:sparkline>") == 3


def test_lights_are_words_and_shapes_with_the_reason_beside_them(book: Workbook) -> None:
    sheet = book["亮灯"]
    row = dict(zip(header(sheet, 3), (cell.value for cell in sheet[4]), strict=True))
    assert (row["综合"], row["开工"], row["投资"], row["纳统"]) == ("■ 滞后", "■ 滞后", "▲ 关注", None)
    assert row["原因"] == "开工■ 应于8月开工，至今未开工；投资▲ 低于时序25.5个百分点"
    assert row["年度计划\n(亿元)"] == 12


def test_every_figure_stands_with_numerator_and_denominator(book: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["指标"].iter_rows(min_row=4)]
    assert ["西水区", "全部项目", "开工率", 0.8125, 78, 96] in [row[:6] for row in rows]
    figures = sum(len(league.indicators) * (len(league.rows) + bool(league.total)) for league in league_facts().lists)
    assert len(rows) == figures


def test_nothing_anybody_wrote_is_a_formula(path: Path, book: Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert '\'=HYPERLINK("http://x","点我")' in [cell.value for cell in cells]
    assert "'@约500" in [cell.value for cell in cells]
    with zipfile.ZipFile(path) as package:
        assert not any(b"hyperlink" in package.read(name).lower() for name in package.namelist() if "_rels" in name)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " =", "\u3000=", "\ufeff="]
)
def test_a_text_that_begins_like_a_formula_is_made_visibly_harmless(start: str) -> None:
    assert safe_text(f"{start}1+1").startswith("'")


@given(st.text(max_size=40))
def test_safe_text_keeps_every_word_and_never_begins_like_a_formula(text: str) -> None:
    safe = safe_text(text)
    assert safe.lstrip(" \u3000\xa0\ufeff")[:1] not in tuple("=+-@\t\r\n＝＋－＠") or not safe.strip(
        " \u3000\xa0\ufeff"
    )
    assert safe in (text, f"'{text}") or "?" in safe


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert len(safe_text("长" * 40_000)) == LONGEST_TEXT
    assert safe_text("长" * 40_000).endswith("…")


def test_sheets_of_the_same_or_an_illegal_name_get_legal_ones(tmp_path: Path) -> None:
    facts = league_facts()
    title = replace(facts.lists[0].title, zh="省/市[重点]：一个特别特别特别特别特别特别特别特别特别长的清单名称")
    twice = tuple(replace(one, title=title) for one in facts.lists)
    write_league(tmp_path / "x.xlsx", replace(facts, lists=twice))
    names = opened(tmp_path / "x.xlsx").sheetnames
    assert len(names) == len(set(names))
    assert all(len(name) <= 31 for name in names)


def test_an_english_workbook_has_no_chinese_but_names_as_reported(tmp_path: Path) -> None:
    facts = replace(league_facts(), language="en", items=(), findings=(), arrivals=())
    write_league(tmp_path / "en.xlsx", facts)
    book = opened(tmp_path / "en.xlsx")
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [text for text in said if any("\u4e00" <= c <= "\u9fff" for c in text) and "调度表" not in text] == []


def test_a_workbook_without_any_list_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one list"):
        replace(league_facts(), lists=())


def test_a_thousand_items_fit(tmp_path: Path) -> None:
    facts: LeagueFacts = replace(league_facts(), items=tuple(item(f"p{n}", f"项目{n}") for n in range(1000)))
    write_league(tmp_path / "many.xlsx", facts)
    sheet = opened(tmp_path / "many.xlsx")["亮灯"]
    assert sum(1 for _ in sheet.iter_rows(min_row=4)) == 1000
