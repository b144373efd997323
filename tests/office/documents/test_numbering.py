"""Document numbers, issue numbers, heading numbers, dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.office.documents.numbering import (
    DocumentNumber,
    IssueNumber,
    IssueNumbersHaveAGap,
    NotADocumentNumber,
    check_gap_free,
    chinese_number,
    written_date,
)


def test_a_document_number_is_read_and_printed() -> None:
    number = DocumentNumber.parse("某督〔2021〕15号")
    assert number == DocumentNumber("某督", 2021, 15)
    assert str(number) == "某督〔2021〕15号"


@pytest.mark.parametrize(
    "text",
    [
        "某督[2021]15号",
        "某督（2021）15号",
        "某督〔2021〕第15号",
        "某督〔2021〕015号",
        "某督〔21〕15号",
        "某督第〔2021〕1号",
        "〔2021〕1号",
    ],
)
def test_brackets_of_another_shape_leading_zeros_and_di_are_refused(text: str) -> None:
    with pytest.raises(NotADocumentNumber, match="2021"):
        DocumentNumber.parse(text)


def test_the_next_issue_counts_from_one_each_year_and_the_total_goes_on() -> None:
    assert IssueNumber(2021, 32, 78).following(2021) == IssueNumber(2021, 33, 79)
    assert IssueNumber(2021, 52, 98).following(2022) == IssueNumber(2022, 1, 99)


def test_an_issue_cannot_appear_before_the_last_one() -> None:
    with pytest.raises(ValueError, match="2020"):
        IssueNumber(2021, 1, 5).following(2020)


def test_a_gap_in_the_issues_is_refused() -> None:
    with pytest.raises(IssueNumbersHaveAGap, match="Issue 33 of 2021"):
        check_gap_free([IssueNumber(2021, 32, 78), IssueNumber(2021, 34, 79)])


@given(st.lists(st.booleans(), max_size=30))
def test_issues_that_follow_one_another_have_no_gap(new_years: list[bool]) -> None:
    issues = [IssueNumber(2020, 1, 1)]
    for new_year in new_years:
        issues.append(issues[-1].following(issues[-1].year + new_year))
    check_gap_free(issues)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_headings_count_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said


def test_dates_have_no_leading_zeros() -> None:
    assert written_date(date(2021, 9, 5), "zh") == "2021年9月5日"
    assert written_date(date(2021, 9, 5), "en") == "5 September 2021"
