import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.credit_codes import (
    ALPHABET,
    DEPARTMENTS,
    InvalidCreditCode,
    check_character,
    check_credit_code,
    organisation_check_character,
    parse_credit_code,
)

PUBLISHED = ["91350100M000100Y43", "91110000600037341L", "11370881004339597L"]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_valid_without_warning(code: str) -> None:
    result = check_credit_code(code)

    assert (result.is_valid, result.warnings, result.expected_check) == (True, (), code[17])


def test_a_code_names_its_department_and_region() -> None:
    result = check_credit_code("11370881004339597L")

    assert result.department == DEPARTMENTS["1"]
    assert result.region == "370881"


@pytest.mark.parametrize(
    "written", ["９１１１００００６０００３７３４１Ｌ", " 91110000 600037341l ", "91110000-60003734-1L"]
)
def test_full_width_spaces_hyphens_and_small_letters_are_read(written: str) -> None:
    assert parse_credit_code(written) == "91110000600037341L"


@pytest.mark.parametrize("department", "123456789ANY")
def test_every_registering_department_has_valid_codes(department: str) -> None:
    first = department + "2370285" + "MA3C0000"
    first += organisation_check_character("MA3C0000")

    assert check_credit_code(first + check_character(first)).is_valid


def test_a_first_character_of_no_department_is_a_problem() -> None:
    first = "B1370285MA3C0000" + organisation_check_character("MA3C0000")

    (what, remedy), *others = check_credit_code(first + check_character(first)).problems

    assert "“B”" in what.zh and "123456789ANY" in remedy.en
    assert others == []


def test_the_wrong_check_character_is_named_with_the_right_one() -> None:
    result = check_credit_code("911100006000373419")

    assert result.expected_check == "L"
    assert "应为 L" in result.problems[0][0].zh
    assert "call for L" in result.problems[0][0].en


def test_a_wrong_inner_check_only_warns() -> None:
    right = organisation_check_character("60003734")
    wrong = "9" if right != "9" else "8"
    first = "91110000" + "60003734" + wrong

    result = check_credit_code(first + check_character(first))

    assert result.is_valid
    assert f"应为 {right}" in result.warnings[0][0].zh


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("9111000060003734", "16 位"),
        ("", "0 位"),
        ("9111000060OO37341L", "数字 0"),
        ("91110000600037V41L", "第 15 位“V”"),
        ("91110000600037中41L", "第 15 位“中”"),
    ],
)
def test_a_malformed_code_is_refused_with_place_and_reason(code: str, zh: str) -> None:
    with pytest.raises(InvalidCreditCode) as refusal:
        parse_credit_code(code, where="莱西市.xlsx 调度!H12")

    assert refusal.value.where == "莱西市.xlsx 调度!H12"
    assert zh in refusal.value.in_("zh")


def test_a_region_with_letters_is_a_problem() -> None:
    first = "91A10000" + "60003734" + "1"

    assert "第 3-8 位" in check_credit_code(first + check_character(first)).problems[0][0].zh


@given(st.sampled_from(PUBLISHED), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_mistake_is_found(code: str, place: int, character: str) -> None:
    mistaken = code[:place] + character + code[place + 1 :]

    assert check_credit_code(mistaken).is_valid == (mistaken == code)


@given(st.text(max_size=24))
def test_no_text_makes_the_check_fail_to_answer(text: str) -> None:
    result = check_credit_code(text)

    assert result.is_valid == (not result.problems)
