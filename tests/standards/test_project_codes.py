import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.divisions import national_divisions
from guatu.standards.project_codes import (
    Generation,
    InvalidProjectCode,
    check_project_code,
    looks_like_project_code,
    parse_project_code,
)
from guatu.text import Text


def test_a_code_of_2021_is_read_into_its_parts() -> None:
    code = parse_project_code("2106-370285-04-01-123456")

    assert code.generation is Generation.GBT_40058
    assert (code.year, code.month, code.region) == (2021, 6, "370285")
    assert (code.department, code.kind, code.serial, code.kind_title) == ("04", "01", "123456", None)


def test_a_code_of_the_first_generation_starts_with_its_year() -> None:
    code = parse_project_code("2017-370285-47-03-012345")

    assert code.generation is Generation.LEGACY
    assert (code.year, code.month, code.department) == (2017, None, "47")
    assert code.kind_title == Text("备案", "filed")


@pytest.mark.parametrize(
    ("first", "generation", "year", "month"),
    [
        ("2015", Generation.LEGACY, 2015, None),
        ("2020", Generation.LEGACY, 2020, None),
        ("2012", Generation.GBT_40058, 2020, 12),
        ("2101", Generation.GBT_40058, 2021, 1),
        ("2612", Generation.GBT_40058, 2026, 12),
    ],
)
def test_the_first_part_tells_the_generations_apart(
    first: str, generation: Generation, year: int, month: int | None
) -> None:
    code = parse_project_code(f"{first}-370285-04-01-123456")

    assert (code.generation, code.year, code.month) == (generation, year, month)


@pytest.mark.parametrize("first", ["2013", "2014", "2021", "2100", "2113"])
def test_a_first_part_that_is_neither_month_nor_year_is_refused(first: str) -> None:
    with pytest.raises(InvalidProjectCode) as refusal:
        parse_project_code(f"{first}-370285-04-01-123456", where="平度市.xlsx 台账!C7")

    assert refusal.value.where == "平度市.xlsx 台账!C7"
    assert first in refusal.value.what.zh and first in refusal.value.what.en


@pytest.mark.parametrize(
    "written",
    ["２１０６-３７０２８５-０４-０１-１２３４５６", "2106—370285—04—01—123456", "2106－370285–04−01‐123456",
     " 2106-370285- 04-01-123456\n"],
)  # fmt: skip
def test_full_width_digits_dashes_and_spaces_are_read(written: str) -> None:
    assert looks_like_project_code(written)
    assert str(parse_project_code(written)) == "2106-370285-04-01-123456"


@pytest.mark.parametrize(
    "text", ["", "2106-370285-04-01-12345", "2106370285040112345", "2021-08-31", "2106-37028X-04-01-123456", "见附件"]
)
def test_other_shapes_are_no_project_codes(text: str) -> None:
    assert not looks_like_project_code(text)
    assert not check_project_code(text).is_valid


@pytest.mark.parametrize(
    ("region", "valid", "warning"),
    [
        ("370285", True, None),
        ("000000", True, None),
        ("370000", True, None),
        ("370271", True, "370271"),
        ("370284", True, "胶南市"),
        ("990101", False, None),
    ],
)
def test_the_region_is_judged_against_known_divisions(region: str, valid: bool, warning: str | None) -> None:
    result = check_project_code(f"2106-{region}-04-01-123456", national_divisions())

    assert result.is_valid == valid
    assert [warning in what.zh for what, _ in result.warnings if warning] == [True] * bool(warning)
    assert bool(result.problems) != valid


def test_a_retired_region_names_its_successor() -> None:
    ((what, remedy),) = check_project_code("2011-370284-04-01-123456", national_divisions()).warnings

    assert "2012" in what.en
    assert "370211" in remedy.zh


def test_without_divisions_any_region_passes() -> None:
    assert check_project_code("2106-990101-04-01-123456").is_valid


def test_a_month_before_such_codes_were_issued_only_warns() -> None:
    result = check_project_code("1907-370285-04-01-123456")

    assert result.is_valid
    assert "2019-07" in result.warnings[0][0].zh


@given(st.text(alphabet="0123456789-－—X ", max_size=30))
def test_no_text_makes_the_check_fail_to_answer(text: str) -> None:
    result = check_project_code(text, national_divisions())

    assert result.is_valid == (not result.problems)
    assert looks_like_project_code(text) or not result.is_valid
