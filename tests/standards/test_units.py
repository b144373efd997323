import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.units import (
    AREA_UNITS,
    MONEY_UNITS,
    Quantity,
    Unit,
    UnitKind,
    find_units,
    parse_unit,
    read_quantity,
    unit_named,
)


def names(text: str) -> list[str]:
    return [unit.name for unit in find_units(text)]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("总投资(亿元)", "亿元"),
        ("总投资\n（万元）", "万元"),
        ("面积（亩）", "亩"),
        ("总 投 资 ( 亿 元 )", "亿元"),
        ("单位:万元", "万元"),
        ("填报单位:某区发展和改革局        单位:万元        截至2021年8月底", "万元"),
        ("截至2021年8月底                                单位:亿元", "亿元"),
        ("金额单位：人民币万元", "万元"),
        ("单位 亿元", "亿元"),
        ("总投资 亿元", "亿元"),
        ("总投资 亿 元", "亿元"),
        ("总投资亿元", "亿元"),
        ("资金需求/万元", "万元"),
        ("占地 亩", "亩"),
        ("注册资本（万元，人民币）", "万元"),
        ("资金（折合人民币亿元）", "亿元"),
        ("（元）", "元"),
        ("（百万元）", "百万元"),
        ("用地规模(㎡)", "平方米"),
        ("用地规模(m²)", "平方米"),
        ("建筑面积【万㎡】", "万平方米"),
        ("建筑面积万平方米", "万平方米"),
        ("面积(ha)", "公顷"),
        ("规划面积（平方公里）", "平方公里"),
        ("占年度计划%", "%"),
        ("完成率（％）", "%"),
        ("能耗(吨标煤)", "吨标煤"),
        ("用电(万千瓦时)", "万千瓦时"),
        ("亩均税收(万元/亩)", "万元/亩"),
        ("亩均税收万元/亩", "万元/亩"),
        ("租金（元/平方米）", "元/平方米"),
        ("时限（天）", "天"),
        ("责任单位(个)", "个"),
    ],
)
def test_the_unit_of_a_title_or_line_is_found(title: str, name: str) -> None:
    unit = parse_unit(title)

    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize(
    ("title", "name", "currency"),
    [
        ("总投资(亿美元)", "亿美元", "USD"),
        ("总投资亿美元", "亿美元", "USD"),
        ("到位外资（万美金）", "万美元", "USD"),
        ("总投资亿(美元)", "亿美元", "USD"),
        ("外资(万USD)", "万美元", "USD"),
        ("合同外资(万港币)", "万港元", "HKD"),
        ("合同外资(万欧元)", "万欧元", "EUR"),
        ("注册资本(亿日元)", "亿日元", "JPY"),
    ],
)
def test_a_foreign_unit_is_never_taken_for_yuan(title: str, name: str, currency: str) -> None:
    unit = parse_unit(title, expecting=UnitKind.MONEY)

    assert unit is not None
    assert (unit.name, unit.currency) == (name, currency)


@pytest.mark.parametrize(
    "title",
    [
        "过亿元四新项目",
        "表一 过亿元“四新”项目进展情况(57个)",
        "投资过亿元",
        "总投资30亿元以上",
        "总投资30亿元",
        "责任单位",
        "施工单位进场准备",
        "负责人",
        "责 任 人",
        "2021年度",
        "投资额度",
        "单元",
        "多元",
        "占地亩",
        "每亩",
        "(2021-2023)",
        "是否纳统",
        "项目名称",
        "建设性质",
        "",
        "开工时间(月)",
        "工期/月",
    ],
)
def test_what_only_looks_like_a_unit_is_none(title: str) -> None:
    assert find_units(title) == ()


def test_a_choice_of_units_is_several_and_so_not_one() -> None:
    assert names("总投资(亿元/亿美元)") == ["亿元", "亿美元"]
    assert names("总投资（万元或万美元）") == ["万元", "万美元"]
    assert parse_unit("总投资(亿元/亿美元)") is None


def test_a_sheet_line_may_give_a_unit_of_each_kind() -> None:
    line = "单位:万元、亩    时间:2021年1-8月"

    assert names(line) == ["万元", "亩"]
    assert str(parse_unit(line, expecting=UnitKind.MONEY)) == "万元"
    assert str(parse_unit(line, expecting=UnitKind.AREA)) == "亩"
    assert parse_unit(line, expecting=UnitKind.ENERGY) is None


@pytest.mark.parametrize(
    ("title", "as_money"),
    [
        ("总投资(亿)", "亿元"),
        ("外资美元(万)", "万美元"),
        ("外资(万)美元", "万美元"),
        ("美元、欧元(万)", None),
        ("(美元,万)", None),
    ],
)
def test_a_bare_multiplier_is_money_only_where_money_is_expected(title: str, as_money: str | None) -> None:
    unit = parse_unit(title, expecting=UnitKind.MONEY)

    assert (unit and unit.name) == as_money


def test_a_bare_multiplier_says_that_it_is_one() -> None:
    unit = parse_unit("用工(万)")

    assert unit == Unit(UnitKind.MULTIPLIER, "万", 10_000)


@pytest.mark.parametrize(
    ("name", "fen"),
    [("元", 100), ("千元", 10**5), ("万元", 10**6), ("百万元", 10**8), ("千万元", 10**9), ("亿元", 10**10)],
)
def test_money_units_in_fen(name: str, fen: int) -> None:
    assert MONEY_UNITS[name].factor == fen


@pytest.mark.parametrize(
    ("name", "millionths"),
    [("平方米", 1500), ("㎡", 1500), ("m²", 1500), ("万平方米", 15_000_000), ("亩", 10**6), ("公顷", 15 * 10**6),
     ("ha", 15 * 10**6), ("平方公里", 1500 * 10**6)],
)  # fmt: skip
def test_area_units_in_millionths_of_a_mu(name: str, millionths: int) -> None:
    assert AREA_UNITS[name].factor == millionths


def test_energy_and_ratios_are_recognised_but_have_no_factor() -> None:
    for name, kind in (("万吨标煤", UnitKind.ENERGY), ("千瓦时", UnitKind.ENERGY), ("万元/亩", UnitKind.RATIO)):
        unit = unit_named(name)
        assert unit is not None
        assert (unit.kind, unit.factor) == (kind, None)


def test_per_mille_is_not_percent() -> None:
    unit = unit_named("‰")

    assert unit is not None and unit.kind is UnitKind.RATIO


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [
        ("3.5亿美元", "3.5", "亿美元"),
        ("1,200 亩", "1200", "亩"),
        ("１２万元", "12", "万元"),
        ("-3.2万元", "-3.2", "万元"),
        ("101.5%", "101.5", "%"),
        ("3.5亿", "3.5", "亿"),
        ("20000平方米", "20000", "平方米"),
    ],
)
def test_a_number_with_its_unit_in_a_cell(cell: str, number: str, unit: str) -> None:
    quantity = read_quantity(cell)

    assert isinstance(quantity, Quantity)
    assert (str(quantity.number), str(quantity.unit)) == (number, unit)


@pytest.mark.parametrize("cell", ["", "3", "亿元", "约3亿元", "12,34亩", "2021年", "3亿元(含税)", "3.5.6亩", "1-8月"])
def test_any_other_cell_is_no_quantity(cell: str) -> None:
    assert read_quantity(cell) is None


@given(st.text(alphabet="总投资单位人民币美港欧日元万亿千百(（)）:：/ 、,平方米亩公顷%年度0123456789", max_size=20))
def test_no_title_ever_turns_dollars_into_yuan(title: str) -> None:
    # Where the only currency written is the dollar, whatever is found as money is dollars.
    dollars = title.replace("人民币", "").replace("港", "").replace("欧", "").replace("日", "").replace("元", "美元")

    assert all(unit.currency == "USD" for unit in find_units(dollars) if unit.kind is UnitKind.MONEY)
