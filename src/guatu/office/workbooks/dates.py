"""Dates in every spelling units use, with the precision and the deadline kept.

The value is the last day the words allow: 2021年9月 and 9月底前 are 30 September, 上旬 the 10th, 年内 31 December.
A date without a year belongs to the year of the round. The number 2021.1 may be January or, because Excel drops the
zero, October: it is asked, never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from guatu.office.containers.grid import Value, show
from guatu.office.containers.spelling import plain
from guatu.office.workbooks.normalising import squeezed
from guatu.office.workbooks.parsed import Parsed, refused

_CHINESE = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
_Y = r"(?:(?P<year>(?:19|20)\d\d|\d\d(?=年))(?:年度?|[./-])|(?P<word>今年|本年|当年|明年|去年|后年|次年)度?)"
_M = r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])"
_BEFORE = r"(?P<before>(?:之|以)?[前内]|完成)?"
_TIME = r"(?:T?\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:[AP]M)?)?"
_DAY = re.compile(rf"{_Y}?{_M}[月./-](?P<day>\d{{1,2}})[日号]?{_TIME}{_BEFORE}")
_MONTH = re.compile(rf"{_Y}?{_M}月(?:份)?(?P<part>底|末|初|上旬|中旬|下旬|上|中|下)?{_BEFORE}")
_POINT_MONTH = re.compile(rf"(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{{1,2}}){_BEFORE}")
_QUARTER = re.compile(rf"{_Y}?(?:第?(?P<quarter>[一二三四1-4])季度?|[Qq](?P<q>[1-4]))(?P<part>末|底)?{_BEFORE}")
_HALF = re.compile(rf"{_Y}?(?P<half>上|下)半年(?P<part>末|底)?{_BEFORE}")
_YEAR = re.compile(rf"(?:{_Y}|(?P<whole>(?:19|20)\d\d))?(?P<part>年底|年末|年内|年中|年初|全年|底|末|内|)年?{_BEFORE}")
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)?")
_APART = re.compile(r"\d\s*[\r\n]\s*\d")
_OPEN = re.compile(r"^(?:约|大约|大概|早于|晚于|不早于|不晚于)|(?:左右|前后|以?后|之后|起|以来)$")
_TWO = re.compile(r"\d.*(?:至|到|~|-{1,2}|—)\D{0,2}\d")
_YEAR_WORDS = {"今年": 0, "本年": 0, "当年": 0, "明年": 1, "次年": 1, "后年": 2, "去年": -1}
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: smaller numbers are years or counts


Spellings = tuple[re.Pattern[str], ...]
"""Ways to write a day that a ledger declares, compiled by `spellings`."""
_PARTS = {"yyyy": r"(?P<year>\d{4})", "yy": r"(?P<short>\d\d)", "mm": r"(?P<month>\d\d)", "m": r"(?P<month>\d\d?)"} | {
    "dd": r"(?P<day>\d\d)",
    "d": r"(?P<day>\d\d?)",
}


def spellings(declared: Iterable[str]) -> Spellings:
    """dd/mm/yyyy, d.m.yy and the like as expressions; two digits are a year of this century."""
    return tuple(
        re.compile(re.sub(r"yyyy|yy|mm?|dd?", lambda part: _PARTS[part[0]], re.escape(one)) + _TIME) for one in declared
    )


def _as_spelled(text: str, known: Spellings) -> Parsed | None:
    for expression in known:
        if match := expression.fullmatch(text):
            found = match.groupdict()
            year = int(found.get("year") or 2000 + int(found["short"] or 0))
            try:
                return Parsed(date(year, int(found["month"]), int(found["day"])), precision="day")
            except ValueError:
                return refused("impossible_date", "bad")
    return None


def parse_date(value: Value, year: int, *, epoch_1904: bool = False, known: Spellings = ()) -> Parsed:
    """A date cell. Text that is no date is refused; blanks are the caller's. `known` ways to write one go first."""
    match value:
        case datetime():
            return Parsed(value.date(), precision="day")
        case date():
            return Parsed(value, precision="day")
        case bool() | None:
            return refused("not_a_date", "bad")
        case float():
            return _from_number(value, year, _EPOCH_1904 if epoch_1904 else _EPOCH)
        case str():
            if _APART.search(plain(value)):
                return refused("two_dates", "question")  # 2023.1 and, on the next line, 2: never 2023.12
            text = squeezed(value)
            return (_as_spelled(text, known) if known else None) or _from_text(text, year)
        case _:
            return refused("not_a_date", "bad")


def find_date(text: str, year: int) -> Parsed | None:
    """The first full date inside a longer text, such as 已纳统(2021年3月); None when there is none."""
    text = squeezed(text)
    for expression, build in _SPELLINGS[:3]:
        for match in expression.finditer(text):
            if match.groupdict().get("year"):
                return build(match, year)
    if year_alone := re.search(r"((?:19|20)\d\d)年?", text):
        return Parsed(date(int(year_alone[1]), 12, 31), precision="year")
    return None


def _from_number(number: float, year: int, epoch: date) -> Parsed:
    if _FIRST_SERIAL <= number < _LAST_SERIAL and number.is_integer():
        return Parsed(epoch + timedelta(days=int(number)), precision="day")
    text = show(number)
    if re.fullmatch(r"(?:19|20)\d\d\.1", text):
        return refused("month_1_or_10", "question", year=text[:4])
    return _from_text(text, year)


def _from_text(text: str, year: int) -> Parsed:
    for expression, build in _SPELLINGS:
        if text and (match := expression.fullmatch(text)):
            return build(match, year)
    if _OPEN.search(text) and any(letter.isdecimal() for letter in text):
        return refused("open_date", "question")
    if _TWO.search(text):
        return refused("two_dates", "question")
    if text.isdecimal() and _FIRST_SERIAL <= int(text) < _LAST_SERIAL:
        return Parsed(_EPOCH + timedelta(days=int(text)), precision="day")
    return refused("not_a_date", "bad")


def _year(match: re.Match[str], year: int) -> int:
    found = match.groupdict()
    if digits := found.get("year") or found.get("whole"):
        return int(digits) + (2000 if len(digits) == 2 else 0)
    return year + _YEAR_WORDS.get(found.get("word") or "今年", 0)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _CHINESE.get(text, 0)


def _day(match: re.Match[str], year: int) -> Parsed:
    try:
        found = date(_year(match, year), _number(match["month"]), int(match["day"]))
    except ValueError:
        return refused("impossible_date", "bad")
    return Parsed(found, precision="day", is_deadline=bool(match.groupdict().get("before")))


def _month(match: re.Match[str], year: int) -> Parsed:
    number, part = _number(match["month"]), match.groupdict().get("part") or ""
    if not 1 <= number <= 12:
        return refused("impossible_date", "bad")
    of_year = _year(match, year)
    last = monthrange(of_year, number)[1]
    day = {"初": 10, "上": 10, "中": 20}.get(part[:1], last)
    precision = "ten_days" if part[:1] in ("初", "上", "中", "下") and part else "month"
    deadline = part in ("底", "末") or bool(match["before"])
    return Parsed(date(of_year, number, day), precision=precision, is_deadline=deadline)


def _quarter(match: re.Match[str], year: int) -> Parsed:
    month = 3 * _number(match["quarter"] or match["q"])
    of_year = _year(match, year)
    return Parsed(date(of_year, month, monthrange(of_year, month)[1]), precision="quarter", is_deadline=True)


def _half(match: re.Match[str], year: int) -> Parsed:
    of_year = _year(match, year)
    ends = date(of_year, 6, 30) if match["half"] == "上" else date(of_year, 12, 31)
    return Parsed(ends, precision="half", is_deadline=True)


def _whole_year(match: re.Match[str], year: int) -> Parsed:
    of_year, part = _year(match, year), match["part"]
    if part == "年中":
        return Parsed(date(of_year, 6, 30), precision="half", is_deadline=True)
    if part == "年初":
        return Parsed(date(of_year, 3, 31), precision="quarter", is_deadline=True)
    return Parsed(date(of_year, 12, 31), precision="year", is_deadline=True)


def _compact(match: re.Match[str], year: int) -> Parsed:
    return _day(match, year) if match["day"] else _point_month(match, year)


def _point_month(match: re.Match[str], year: int) -> Parsed:
    number, of_year = int(match["month"]), int(match["year"])
    if not 1 <= number <= 12:
        return refused("impossible_date", "bad")
    before = bool(match.groupdict().get("before"))
    return Parsed(date(of_year, number, monthrange(of_year, number)[1]), precision="month", is_deadline=before)


_Build = Callable[[re.Match[str], int], Parsed]
_SPELLINGS: tuple[tuple[re.Pattern[str], _Build], ...] = (
    (_DAY, _day),
    (_MONTH, _month),
    (_POINT_MONTH, _point_month),
    (_COMPACT, _compact),
    (_QUARTER, _quarter),
    (_HALF, _half),
    (_YEAR, _whole_year),
)
