"""The code of a unit, held to the standard its kind goes by."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from guatu.hub.accounts.models.units import UnitKind
from guatu.standards.credit_codes import parse_credit_code
from guatu.standards.divisions import Division, national_divisions
from guatu.text import Refusal, Text

_CREDIT_CODE_LENGTH = 18


class WrongCode(Refusal):
    """A code that its kind of unit cannot have."""


def checked_code(kind: str, code: str, *, under: str = "", on: date, where: str) -> str:
    """The normal form of a unit's code; blank stays blank. `under` is the code of the division it lies in.

    Enterprises have credit codes, cities and districts division codes, towns nine digits that begin with their
    district's. Departments may have a credit code; zones what statistics or the city gave them.
    """
    given = re.sub(r"\s", "", unicodedata.normalize("NFKC", code)).upper()
    if not given:
        return ""
    match kind:
        case UnitKind.ENTERPRISE:
            return parse_credit_code(given, where=where)
        case UnitKind.DEPARTMENT if len(given) == _CREDIT_CODE_LENGTH:
            return parse_credit_code(given, where=where)
        case UnitKind.CITY | UnitKind.DISTRICT:
            _check_division(given, on, where)
        case UnitKind.TOWN:
            _check_town(given, under, where)
        case _:
            _check_plain(given, where)
    return given


def _check_division(code: str, on: date, where: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", code):
        raise WrongCode(
            where,
            Text(f"“{code}”不是行政区划代码", f"'{code}' is no division code"),
            Text("写 6 位数字，例如 370203。", "Write six digits, such as 370203."),
        )
    known = national_divisions()
    found = known.get(code)
    if found is not None and found.retired is not None and on.year > found.retired.year:
        raise _retired(found, where)
    city = known.get(code[:4])
    if found is None and city is not None:
        raise WrongCode(
            where,
            Text(f"{city.name}没有代码为“{code}”的区划", f"{city.name} has no division with the code '{code}'"),
            Text(
                "对照区划代码表改正；刚设立的区划先不写代码，待代码表更新后补上。",
                "Correct it from the table of divisions; leave the code of one just made blank until the table has it.",
            ),
        )


def _retired(found: Division, where: str) -> WrongCode:
    assert found.retired is not None
    now = "、".join(str(one) for one in national_divisions().current(found.code))
    return WrongCode(
        where,
        Text(f"代码“{found.code}”（{found.name}）已于 {found.retired.year} 年撤销",
             f"the code '{found.code}' ({found.name}) was abolished in {found.retired.year}"),
        Text(f"现为：{now}。", f"It is now: {now}."),
    )  # fmt: skip


def _check_town(code: str, under: str, where: str) -> None:
    if not re.fullmatch(r"[0-9]{9}", code):
        raise WrongCode(
            where,
            Text(f"“{code}”不是镇街代码", f"'{code}' is no town code"),
            Text("写 9 位数字：6 位区划代码加 3 位。", "Write nine digits: the district's six and three more."),
        )
    if re.fullmatch(r"[0-9]{6}", under) and not code.startswith(under):
        raise WrongCode(
            where,
            Text(f"镇街代码“{code}”不在上级“{under}”之内", f"the town code '{code}' does not begin with '{under}'"),
            Text("改正代码，或换上级单位。", "Correct the code, or the unit above it."),
        )


def _check_plain(code: str, where: str) -> None:
    if not re.fullmatch(r"[0-9A-Z]{1,18}", code):
        raise WrongCode(
            where,
            Text(f"代码“{code}”里有字母、数字以外的字符", f"the code '{code}' has more than letters and digits"),
            Text(
                "只写字母和数字，最多 18 位；没有就空着。", "Write letters and digits, 18 at most; or leave it blank."
            ),
        )
