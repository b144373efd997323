"""Investment project codes (投资项目代码), both generations, which share the shape `NNNN-NNNNNN-NN-NN-NNNNNN`.

GB/T 40058-2021, issued since 2020: year and month (YYMM), region, guiding department, kind, serial with a check
digit. Its check rule and value tables are not public, so shape, month and region are all that is judged.
2016-2020: year, region, industry, 01 approved / 02 verified / 03 filed, serial. A first part of 2015-2020 is a year,
since no month is 15-20.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from guatu.standards.divisions import Divisions
from guatu.text import Refusal, Text

_SHAPE = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
_DASHES = re.compile("[‐‑‒–—―−ー一]")
_LEGACY_YEARS = range(2015, 2021)
_NATIONAL = "000000"

Finding = tuple[Text, Text]
"""What was found, and the remedy."""


class Generation(StrEnum):
    """Which rule a code was issued under."""

    GBT_40058 = "GB/T 40058-2021"
    LEGACY = "2016-2020"


LEGACY_KINDS = {
    "01": Text("审批", "approved"),
    "02": Text("核准", "verified"),
    "03": Text("备案", "filed"),
}


class InvalidProjectCode(Refusal):
    """The text is no project code; `result` holds everything found wrong."""

    def __init__(self, where: str, result: ProjectCodeResult) -> None:
        super().__init__(where, *result.problems[0])
        self.result = result


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A code in its parts."""

    text: str
    """Normal form: half-width digits, plain hyphens."""
    generation: Generation
    year: int
    month: int | None
    """None for the legacy generation, which has no month."""
    region: str
    """GB/T 2260 code; 000000 for projects of the central government."""
    department: str
    """Two digits: guiding department (GB/T 40058) or industry (legacy)."""
    kind: str
    """Two digits; what they mean is public for the legacy generation only."""
    serial: str

    @property
    def kind_title(self) -> Text | None:
        return LEGACY_KINDS.get(self.kind) if self.generation is Generation.LEGACY else None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ProjectCodeResult:
    """What a check found: the code in its parts unless there are problems."""

    code: ProjectCode | None
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def is_valid(self) -> bool:
        return self.code is not None


def normal_project_code(text: str) -> str:
    """Half-width, without spaces, every kind of dash a hyphen: as codes are compared."""
    if text.isascii():
        return "".join(text.split())
    return _DASHES.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def looks_like_project_code(text: str) -> bool:
    """Whether a cell has the shape of a project code, whatever its digits; for telling columns apart."""
    return _SHAPE.fullmatch(normal_project_code(text)) is not None


def check_project_code(text: str, divisions: Divisions | None = None) -> ProjectCodeResult:
    """Check a code as written by people; never raises.

    With `divisions`, a region in no known province is a problem, and one that is only unknown below the province
    (development zones have codes of their own) or retired is a warning.
    """
    normal = normal_project_code(text)
    match = _SHAPE.fullmatch(normal)
    if not match:
        return ProjectCodeResult(None, problems=(_wrong_shape(normal),))
    issued, region, department, kind, serial = match.groups()
    if int(issued) in _LEGACY_YEARS:
        code = ProjectCode(normal, Generation.LEGACY, int(issued), None, region, department, kind, serial)
    else:
        year, month = 2000 + int(issued[:2]), int(issued[2:])
        if not 1 <= month <= 12:
            return ProjectCodeResult(None, problems=(_wrong_time(issued),))
        code = ProjectCode(normal, Generation.GBT_40058, year, month, region, department, kind, serial)
    problems, warnings = _region_findings(region, divisions) if divisions else ((), ())
    if code.year < _LEGACY_YEARS.stop - 1 and code.generation is Generation.GBT_40058:
        warnings = (*warnings, _before_the_standard(code))
    return ProjectCodeResult(None if problems else code, problems, warnings)


def parse_project_code(text: str, divisions: Divisions | None = None, *, where: str | None = None) -> ProjectCode:
    """The code in its parts; otherwise `InvalidProjectCode` at `where` (the text itself, if not given).

    Warnings do not refuse.
    """
    result = check_project_code(text, divisions)
    if result.code is None:
        raise InvalidProjectCode(where or text, result)
    return result.code


def _region_findings(region: str, divisions: Divisions) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Problems and warnings about the region part."""
    known = divisions.get(region)
    if region == _NATIONAL or (known and not known.retired):
        return (), ()
    if known and known.retired:
        successors = "、".join(known.retired.successors)
        return (), (_retired_region(region, known.name, known.retired.year, successors),)
    if divisions.get(region[:2] + "0000"):
        return (), (_unknown_region(region),)
    return (_no_such_province(region),), ()


def _wrong_shape(code: str) -> Finding:
    return (
        Text(f"“{code}”不是投资项目代码", f"'{code}' is not a project code"),
        Text(
            "应为 20 位数字、四个连字符，例如 2106-110000-04-01-123456。",
            "It has 20 digits and four hyphens, for instance 2106-110000-04-01-123456.",
        ),
    )


def _wrong_time(issued: str) -> Finding:
    return (
        Text(
            f"前四位“{issued}”既不是年月也不是 2015-2020 年", f"the first part, {issued}, is neither YYMM nor 2015-2020"
        ),
        Text("对照赋码通知核对前四位。", "Check it against the notice that issued the code."),
    )


def _no_such_province(region: str) -> Finding:
    return (
        Text(f"地区码“{region}”不属于任何省份", f"the region {region} is in no province"),
        Text("对照赋码通知核对第 5-10 位数字。", "Check digits 5-10 against the notice that issued the code."),
    )


def _unknown_region(region: str) -> Finding:
    return (
        Text(f"地区码“{region}”不在行政区划表中", f"the region {region} is not in the table of divisions"),
        Text("可能是功能区自用代码；如不是，请核对。", "It may be a functional zone's own code; if not, check it."),
    )


def _retired_region(region: str, name: str, year: int, successors: str) -> Finding:
    return (
        Text(f"地区码“{region}”（{name}）已于 {year} 年撤销", f"the region {region} ({name}) was abolished in {year}"),
        Text(f"代码照旧有效；现区划为 {successors}。", f"The code stays valid; the division is now {successors}."),
    )


def _before_the_standard(code: ProjectCode) -> Finding:
    return (
        Text(
            f"赋码年月 {code.year}-{code.month:02d} 早于新版编码",
            f"{code.year}-{code.month:02d} is before such codes were issued",
        ),
        Text("对照赋码通知核对前四位。", "Check the first part against the notice that issued the code."),
    )
