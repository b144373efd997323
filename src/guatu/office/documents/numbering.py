"""Numbers official documents carry: 发文字号, 期号, heading numbers, dates. No gaps, no leading zeros."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from guatu.text import Language, Refusal, Text


class NotADocumentNumber(Refusal):
    """The text is not a 发文字号."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(
            where,
            Text(f"“{text}”不是规范的发文字号", f"'{text}' is not a proper document number"),
            Text(
                "写成 机关代字〔年份〕序号号，例如 某督〔2021〕15号：六角括号、四位年份、序号不编虚位、不加“第”字。",
                "Write agency code, year in 〔〕, serial and 号, such as 某督〔2021〕15号: tortoise-shell brackets, "
                "four-digit year, no leading zero, no 第.",
            ),
        )


class IssueNumbersHaveAGap(Refusal):
    """The numbers of a bulletin's issues do not follow one another."""

    def __init__(self, found: IssueNumber, expected: IssueNumber) -> None:
        super().__init__(
            str(found),
            Text(f"期号不连续，应为{expected}", f"the issue numbers have a gap; {expected.in_('en')} was expected"),
            Text(
                "补发缺号的一期，或更正期号。",
                "Issue the missing one, or correct the number.",
            ),
        )


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A 发文字号: agency code, full year in 〔〕, serial without leading zeros."""

    agency: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not self.agency or self.year < 1949 or self.serial < 1:
            raise ValueError(f"No document number has agency {self.agency!r}, year {self.year}, serial {self.serial}.")

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str, *, where: str = "document number") -> DocumentNumber:
        match = re.fullmatch(r"([\u4e00-\u9fffA-Za-z]{1,20})〔(\d{4})〕([1-9]\d{0,4})号", text.strip(), re.ASCII)
        if match is None or int(match[2]) < 1949 or match[1].endswith("第"):
            raise NotADocumentNumber(text, where)
        return cls(match[1], int(match[2]), int(match[3]))


@dataclass(frozen=True, slots=True)
class IssueNumber:
    """A bulletin's number: in its year, and since the first issue."""

    year: int
    number: int
    total: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.total:
            raise ValueError(f"Issue {self.number} of {self.year} cannot be number {self.total} in all.")

    def following(self, year: int) -> IssueNumber:
        """The next issue when it appears in `year`: each year counts from 1, the total goes on."""
        if year < self.year:
            raise ValueError(f"The issue after one of {self.year} cannot appear in {year}.")
        return IssueNumber(year, self.number + 1 if year == self.year else 1, self.total + 1)

    def in_(self, language: Language) -> str:
        if language == "zh":
            return f"第{self.number}期（总第{self.total}期）"
        return f"Issue {self.number} of {self.year} (No. {self.total} overall)"

    def __str__(self) -> str:
        return self.in_("zh")


def check_gap_free(issues: Iterable[IssueNumber]) -> None:
    """Refuse a sequence of issues, oldest first, in which any does not follow the one before."""
    before: IssueNumber | None = None
    for issue in issues:
        if before is not None and issue != (expected := before.following(max(issue.year, before.year))):
            raise IssueNumbersHaveAGap(issue, expected)
        before = issue


_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1-99 in Chinese, as headings count: 一 … 十 十一 … 二十 … 九十九."""
    if not 1 <= number <= 99:
        raise ValueError(f"Headings count from 1 to 99, not {number}.")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def heading_number(counts: tuple[int, ...], language: Language) -> str:
    """The number of a heading, from how many came before at each level down to its own: 一、 （一） 1. （1）."""
    level, own = len(counts), counts[-1]
    if language == "en":
        return ".".join(map(str, counts)) + (". " if level == 1 else " ")
    match level:
        case 1:
            return f"{chinese_number(own)}、"
        case 2:
            return f"（{chinese_number(own)}）"
        case 3:
            return f"{own}."
        case _:
            return f"（{own}）"


@dataclass(slots=True)
class HeadingCounter:
    """Numbers headings in the order they come; a deeper level starts again under each higher one."""

    language: Language
    counts: list[int] = field(default_factory=list)

    def next(self, level: int) -> str:
        self.counts = [*self.counts[:level], *[0] * (level - len(self.counts))]
        self.counts[level - 1] += 1
        return heading_number(tuple(max(count, 1) for count in self.counts), self.language)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def written_date(day: date, language: Language) -> str:
    """A day as documents date themselves: Arabic digits, no leading zeros."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
