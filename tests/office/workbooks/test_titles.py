"""Which column a title means: brackets, groups, years, ticks, and what the cells say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.declarations.located import Place
from guatu.office.workbooks import ColumnMapping, WorkbookReading, read_workbook
from guatu.standards.periods import Period
from guatu.text import Text

AUGUST = Period.month(2021, 8)
Titles = dict[str, Sequence[Any]]
Read = Callable[..., WorkbookReading]

BASE: Titles = {
    "项目名称": ("甲路改造项目", "乙产业园一期", "丙医院迁建项目"),
    "总投资": (1000, 2000, 3000),
    "年度计划投资": (500, 800, 900),
    "1-8月累计": (100, 400, 900),
}


@pytest.fixture
def read(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> Read:
    """Read a sheet of columns: a title with `|` stands over two rows, its group above."""

    def reading(more: Titles, *, base: Titles = BASE, units: Sequence[UnitDeclaration] = (), line: str = "") -> Any:
        book = openpyxl.Workbook()
        sheet = book["Sheet"]
        sheet.append(["2021年8月重点项目调度表"])
        sheet.append([line or "单位:万元", "单位:万元"])
        for index, (title, values) in enumerate({**base, **more}.items(), 1):
            group, bar, leaf = title.rpartition("|")
            sheet.cell(3, index, group if bar else leaf)
            if bar:
                sheet.cell(4, index, leaf)
            else:
                sheet.merge_cells(start_row=3, end_row=4, start_column=index, end_column=index)
            for row, value in enumerate(values, 5):
                sheet.cell(row, index, value)
        path = tmp_path / "某区.xlsx"
        book.save(path)
        return read_workbook(path, ledgers["key_projects"], period=AUGUST, units=units)

    return reading


def column(reading: WorkbookReading, title: str) -> ColumnMapping:
    return next(one for one in reading.tables[0].columns if one.shown_title == title.replace("|", " | "))


def fields(reading: WorkbookReading, *titles: str) -> list[str | None]:
    return [column(reading, title).field for title in titles]


DATES = ("2021年3月", "2021年4月", "2021年5月")


def test_a_qualifier_in_brackets_reads_like_a_title_under_a_group(read: Read) -> None:
    reading = read({"开工时间(实际)": DATES, "开工时间(计划)": DATES, "竣工时间(计划)": DATES})

    assert fields(reading, "开工时间(实际)", "开工时间(计划)", "竣工时间(计划)") == [
        "actual_start",
        "plan_start",
        "plan_finish",
    ]


def test_east_and_north_are_longitude_and_latitude(read: Read) -> None:
    reading = read({"项目坐标|E": (120.1, 120.2, 120.3), "项目坐标|N": (36.1, 36.2, 36.3)})

    assert fields(reading, "项目坐标|E", "项目坐标|N") == ["longitude", "latitude"]


def test_coordinates_under_each_others_title_are_not_taken(read: Read) -> None:
    reading = read({"经度": (36.1, 36.2, 36.3), "纬度": (120.1, 120.2, 120.3)})

    assert "latitude" not in fields(reading, "经度", "纬度")
    assert {finding.cell for finding in reading.findings if finding.code in ("unmapped_column", "unsure_column")}


def test_an_exact_title_never_loses_its_field_to_a_similar_one(read: Read) -> None:
    reading = read({"项目经度": (120.1, 120.2, 120.3), "责任人": ("王强", "李敏", "张伟")})

    assert fields(reading, "项目经度", "责任人") == ["longitude", "person"]


def test_a_column_of_figures_is_no_person(read: Read) -> None:
    reading = read({"责任人": (12.5, 13.5, 14.5)})

    assert column(reading, "责任人").field is None


def test_a_group_that_names_a_field_turns_a_leaf_that_needs_one(read: Read) -> None:
    reading = read({"项目立项|进展": ("已办结", "办理中", "未办理"), "项目进展": ("打桩", "封顶", "装修")})

    assert fields(reading, "项目立项|进展", "项目进展") == ["project_approval", "physical_progress"]


@pytest.mark.parametrize("title", ["2021年主要建设内容", "年度主要建设内容", "2022年主要建设内容"])
def test_the_works_of_a_year_are_not_the_works(read: Read, title: str) -> None:
    reading = read({title: ("主体施工", "竣工", "打桩"), "建设内容": ("道路3公里", "厂房", "病房楼")})

    assert fields(reading, title, "建设内容") == [None, "scale"]
    assert [finding.code for finding in reading.findings if finding.raw == title] == ["unmapped_column"]


@pytest.mark.parametrize("title", ["是否省重点", "是否列入省重点", "是否省级重点", "省重点"])
@pytest.mark.parametrize("ticks", [("是", "否", "是"), (1, 0, 1), ("√", None, "√")])
def test_ticks_under_the_name_of_a_list_put_projects_on_it(read: Read, title: str, ticks: Sequence[Any]) -> None:
    reading = read({title: ticks})

    assert [("provincial" in row.lists) for row in reading.rows] == [True, False, True]


def test_a_month_in_brackets_makes_a_month_s_figure_only_of_what_has_one(read: Read) -> None:
    reading = read({"完成投资(8月)": (20, 30, 40), "进展情况(截至8月底)": (None, None, None)})

    assert fields(reading, "完成投资(8月)", "进展情况(截至8月底)") == ["month_done", "physical_progress"]


@pytest.mark.parametrize("title", ["2021年计划|建设内容", "年度目标|形象进度"])
def test_under_a_year_s_plan_nothing_is_what_it_is_by_itself(read: Read, title: str) -> None:
    reading = read({title: ("主体施工", "竣工", "打桩")})

    assert fields(reading, title) == [None]


def test_a_planned_time_of_inclusion_is_no_time_of_inclusion(read: Read) -> None:
    reading = read({"纳统|计划纳统时间": DATES, "纳统|纳统时间": DATES})

    assert fields(reading, "纳统|计划纳统时间", "纳统|纳统时间") == [None, "included_on"]


def test_a_person_with_a_number_is_the_person(read: Read) -> None:
    reading = read({"企业联系人及手机号": ("王强 13800000001", "李敏 13800000002", "张伟 13800000003")})

    assert [row.value("person") for row in reading.rows] == [("王强",), ("李敏",), ("张伟",)]


@pytest.mark.parametrize(("numbers", "role"), [((1, 2, 3), "sequence"), (("A-07", "A-11", "B-02"), "field")])
def test_numbers_that_count_the_rows_are_no_local_numbers(read: Read, numbers: Sequence[Any], role: str) -> None:
    reading = read({"编号": numbers})

    assert column(reading, "编号").role == role


def test_the_round_s_year_under_plans_by_year_is_this_year_s_plan(read: Read) -> None:
    base = {title: values for title, values in BASE.items() if title != "年度计划投资"}
    plans = {f"分年度投资计划|{year}年": (year, year, year) for year in (2020, 2021, 2022)}
    reading = read(plans, base=base)

    assert fields(reading, *plans) == [None, "annual_plan", None]


def test_a_unit_behind_a_stroke_is_no_part_of_the_title(read: Read) -> None:
    reading = read({"到位资金/亿元": (1, 2, 3)})

    assert (column(reading, "到位资金/亿元").field, column(reading, "到位资金/亿元").unit) == ("funds_in_place", "亿元")


def test_the_sum_to_the_end_of_last_month_belongs_to_that_month(read: Read) -> None:
    reading = read({"上月末年内累计完成投资": (90, 350, 800)})

    mapped = column(reading, "上月末年内累计完成投资")
    assert (mapped.field, mapped.period) == ("ytd_done", Period.month(2021, 7))


def test_a_table_of_promotion_lacks_figures_with_one_warning_and_is_not_refused(read: Read) -> None:
    base: Titles = {
        "项目名称": ("甲厂", "乙厂", "丙厂"),
        "投资方": ("某公司", "某集团", "某厂"),
        "项目阶段": ("在谈", "签约", "线索"),
        "注册资本": (10, 20, 30),
        "签约时间": DATES,
    }
    reading = read({}, base=base)

    assert not reading.refused
    assert [finding.code for finding in reading.findings] == ["figures_absent"]


def test_a_table_of_progress_without_its_plan_is_refused(read: Read) -> None:
    reading = read({}, base={title: values for title, values in BASE.items() if title != "年度计划投资"} | {"备注": ()})

    assert reading.refused
    assert "no_column" in [finding.code for finding in reading.findings]


CITY = UnitDeclaration("990300", Text("清河市", "Qinghe"), Place("units.yaml", 1))
DISTRICT = UnitDeclaration("990301", Text("东浦区", "Dongpu"), Place("units.yaml", 2), parent="990300")


@pytest.mark.parametrize("line", ["填报单位（盖章）：东浦区重点办", "填报单位：清河市东浦区", "报送单位(公章):东浦区"])
def test_the_unit_in_the_reporting_line_goes_before_the_city_it_belongs_to(read: Read, line: str) -> None:
    reading = read({}, units=(CITY, DISTRICT), line=line)

    assert reading.unit is not None
    assert reading.unit.code == "990301"
