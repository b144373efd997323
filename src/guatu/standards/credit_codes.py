"""Unified social credit codes (统一社会信用代码, GB 32100-2015).

Eighteen characters: registering department, kind of organisation, six digits of the registering region, nine of the
organisation code (GB 11714, with a check character of its own), and a check character. Letters I, O, S, V, Z never
occur. The last check decides; the inner one, which belongs to another standard, only warns.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guatu.text import Refusal, Text

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
Finding = tuple[Text, Text]
"""What was found, and the remedy."""

_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "Z": "2"}

DEPARTMENTS = {
    "1": Text("机构编制", "institutional staffing"),
    "2": Text("外交", "foreign affairs"),
    "3": Text("司法行政", "justice"),
    "4": Text("文化", "culture"),
    "5": Text("民政", "civil affairs"),
    "6": Text("旅游", "tourism"),
    "7": Text("宗教", "religious affairs"),
    "8": Text("工会", "trade unions"),
    "9": Text("市场监督管理", "market regulation"),
    "A": Text("中央军委改革和编制办公室", "military staffing"),
    "N": Text("农业农村", "agriculture and rural affairs"),
    "Y": Text("其他", "other"),
}
"""Registering departments by the first character."""


class InvalidCreditCode(Refusal):
    """The text is no valid credit code; `result` holds everything found wrong."""

    def __init__(self, where: str, result: CreditCodeResult) -> None:
        super().__init__(where, *result.problems[0])
        self.result = result


@dataclass(frozen=True, slots=True)
class CreditCodeResult:
    """What a check found."""

    code: str
    """The text as compared: half-width, without spaces, in capitals."""
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    expected_check: str | None = None
    """The check character its first seventeen call for; None when they are not well formed."""

    @property
    def is_valid(self) -> bool:
        return not self.problems

    @property
    def department(self) -> Text | None:
        """Who registered it; None when the first character names nobody."""
        return DEPARTMENTS.get(self.code[:1])

    @property
    def region(self) -> str | None:
        """GB/T 2260 code of the registering region; None unless the code is valid."""
        return self.code[2:8] if self.is_valid else None


def normal_credit_code(text: str) -> str:
    """Half-width capitals without spaces or hyphens, as codes are compared."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_credit_code(text: str) -> CreditCodeResult:
    """Check a code as written by people; never raises."""
    code = normal_credit_code(text)
    shape = _shape_problem(code)
    if shape:
        return CreditCodeResult(code, problems=(shape,))
    problems = []
    if code[0] not in DEPARTMENTS:
        problems.append(_unknown_department(code[0]))
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        problems.append(_region_not_digits(code[2:8]))
    expected = check_character(code[:17])
    if code[17] != expected:
        problems.append(_wrong_check(code[17], expected))
    inner = organisation_check_character(code[8:16])
    warnings = () if code[16] == inner else (_wrong_organisation_check(code[8:17], inner),)
    return CreditCodeResult(code, tuple(problems), warnings, expected)


def parse_credit_code(text: str, *, where: str | None = None) -> str:
    """The normal form of a valid code; otherwise `InvalidCreditCode` at `where` (the text itself, if not given).

    Warnings do not refuse.
    """
    result = check_credit_code(text)
    if not result.is_valid:
        raise InvalidCreditCode(where or text, result)
    return result.code


def check_character(first_seventeen: str) -> str:
    """The eighteenth character GB 32100 calls for. Takes seventeen characters of `ALPHABET`."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first_eight: str) -> str:
    """The ninth character GB 11714 calls for: 0-9 or X. Takes eight digits or capitals."""
    values = map(_ORGANISATION_ALPHABET.index, first_eight)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _shape_problem(code: str) -> Finding | None:
    if len(code) != 18:
        return (
            Text(
                f"统一社会信用代码应为 18 位，这里是 {len(code)} 位",
                f"a credit code has 18 characters, this has {len(code)}",
            ),
            Text("对照营业执照或登记证书补全。", "Complete it from the business licence or certificate."),
        )
    for place, character in enumerate(code, 1):
        if character not in ALPHABET:
            return _illegal_character(place, character)
    return None


def _illegal_character(place: int, character: str) -> Finding:
    what = Text(
        f"第 {place} 位“{character}”不在代码字符集中（不用 I、O、S、V、Z）",
        f"character {place}, '{character}', is not one a credit code uses (I, O, S, V, Z are left out)",
    )
    digit = _LOOKALIKES.get(character)
    if digit:
        return what, Text(
            f"多半应为数字 {digit}，请核对证照。", f"It is probably the digit {digit}; check the certificate."
        )
    return what, Text("对照证照改正这一位。", "Correct it from the certificate.")


def _unknown_department(character: str) -> Finding:
    known = "".join(DEPARTMENTS)
    return (
        Text(
            f"第 1 位“{character}”不是登记管理部门",
            f"the first character, '{character}', names no registering department",
        ),
        Text(f"第 1 位只能是 {known} 之一。", f"It must be one of {known}."),
    )


def _region_not_digits(region: str) -> Finding:
    return (
        Text(
            f"第 3-8 位“{region}”应为 6 位数字的行政区划代码",
            f"characters 3-8, '{region}', must be a region of six digits",
        ),
        Text("对照证照改正这几位。", "Correct them from the certificate."),
    )


def _wrong_check(found: str, expected: str) -> Finding:
    return (
        Text(
            f"校验码是 {found}，按前 17 位应为 {expected}",
            f"the check character is {found}; the first 17 call for {expected}",
        ),
        Text(
            "有一位写错了，请对照证照核对全部 18 位。", "One character is wrong: compare all 18 with the certificate."
        ),
    )


def _wrong_organisation_check(organisation: str, expected: str) -> Finding:
    return (
        Text(
            f"组织机构代码 {organisation} 的校验码应为 {expected}",
            f"the organisation code {organisation} inside should end in {expected}",
        ),
        Text(
            "总校验码无误，可以使用；如有疑问请对照证照。",
            "The code itself is in order; check the certificate in doubt.",
        ),
    )
