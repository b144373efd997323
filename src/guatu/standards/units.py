"""Units of measure as people write them: in titles, in `单位:` lines, beside a number.

Money and area units carry an exact factor; energy, counts and ratios are recognised so that nobody takes them for
money or area, and are never converted. Everything is compared after NFKC, so （㎡） and (m2) are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

CNY = "CNY"

_MULTIPLIERS = {
    "十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip

CURRENCIES: Mapping[str, str] = {
    "元": CNY, "圆": CNY, "元人民币": CNY, "人民币元": CNY, "rmb": CNY, "cny": CNY,
    "美元": "USD", "美金": "USD", "usd": "USD",
    "港元": "HKD", "港币": "HKD", "hkd": "HKD",
    "欧元": "EUR", "eur": "EUR",
    "日元": "JPY", "日圆": "JPY", "日币": "JPY", "jpy": "JPY",
    "英镑": "GBP", "gbp": "GBP",
    "韩元": "KRW", "韩币": "KRW", "krw": "KRW",
    "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "sgd": "SGD",
    "新台币": "TWD", "台币": "TWD", "twd": "TWD",
    "澳门元": "MOP", "澳门币": "MOP", "mop": "MOP",
    "澳元": "AUD", "澳大利亚元": "AUD", "aud": "AUD",
    "加元": "CAD", "加拿大元": "CAD", "cad": "CAD",
    "瑞士法郎": "CHF", "chf": "CHF",
    "卢布": "RUB", "rub": "RUB",
}  # fmt: skip
"""Words for currencies, in lower case -> ISO 4217 code."""

SIGNS: Mapping[str, str] = {"£": "GBP", "€": "EUR", "US$": "USD", "$": "USD", "HK$": "HKD"}
"""Signs written before an amount -> ISO 4217 code. ¥ is not among them: it may be yuan or yen, and says no multiple."""
_ENGLISH = {
    "": ("", 1), "k": ("千", 10**3), "thousand": ("千", 10**3), "m": ("百万", 10**6), "mn": ("百万", 10**6),
    "million": ("百万", 10**6), "millions": ("百万", 10**6), "bn": ("十亿", 10**9), "billion": ("十亿", 10**9),
}  # fmt: skip
_ENGLISH_MONEY = re.compile(
    rf"({'|'.join(sorted(map(re.escape, SIGNS), key=len, reverse=True))}|[a-z]{{3}})([a-z]*)", re.I
)

# Millionths of a 亩: 1 亩 = 2000/3 m², so one square metre is exactly 1500 of them.
_SQUARE_METRE = 1_500
_AREAS = {
    "平方米": _SQUARE_METRE, "平米": _SQUARE_METRE, "m2": _SQUARE_METRE,
    "亩": 1_000_000,
    "公顷": 10_000 * _SQUARE_METRE, "ha": 10_000 * _SQUARE_METRE, "hm2": 10_000 * _SQUARE_METRE,
    "平方公里": 1_000_000 * _SQUARE_METRE, "平方千米": 1_000_000 * _SQUARE_METRE, "km2": 1_000_000 * _SQUARE_METRE,
}  # fmt: skip
# Short for square metres, but only after a multiplier: 万平.
_AREAS_WHEN_MULTIPLIED = {"平": _SQUARE_METRE, "平方": _SQUARE_METRE}

_ENERGIES = {"吨标煤", "吨标准煤", "tce", "千瓦时", "kwh", "kw·h", "度"}
_PERCENTS = {"%", "百分点", "个百分点"}
_OTHERS = {
    "吨", "米", "公里", "千米", "立方米", "m3", "千瓦", "兆瓦", "人", "户", "家", "个", "项", "套", "台", "辆", "天",
    "件", "次", "分",
}  # fmt: skip
_ONLY_AFTER_A_SLASH = {"年", "月", "日"}

_MULTIPLIER = "|".join(sorted(_MULTIPLIERS, key=len, reverse=True))
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_SEPARATORS = " \t\n\r/:,，、;；|_-·."
# 过亿元, 超亿元, 30亿元: an amount within a name, not the unit of a column.
_AMOUNT_BEFORE = re.compile(r"[0-9.一二两三四五六七八九十几数过超逾达近约上满]$")


class UnitKind(StrEnum):
    MONEY = "money"
    AREA = "area"
    PERCENT = "percent"
    ENERGY = "energy"
    COUNT = "count"
    RATIO = "ratio"
    """One unit per another: 万元/亩."""
    MULTIPLIER = "multiplier"
    """A bare 万 or 亿, of something the title does not say."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its kind, its name in normal form, and for money and area its exact factor.

    `factor` is 分 (hundredths of `currency`) for money, millionths of a 亩 for area, the number itself for a bare
    multiplier; None for units that are not converted.
    """

    kind: UnitKind
    name: str
    factor: int | None = None
    currency: str | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit written beside it; nothing converted yet."""

    number: Decimal
    unit: Unit


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@cache
def unit_named(text: str) -> Unit | None:
    """The unit that is exactly this text, or None: `万元`, `亿美元`, `㎡`, `万吨标煤`, `元/平方米`, `亿`."""
    name = re.sub(r"\s", "", _plain(text))
    word = name.lower()
    if "/" in word:
        return _ratio(name)
    return _money(word) or _english_money(word) or _area(word) or _unconverted(word) or _bare_multiplier(word)


def find_units(text: str) -> tuple[Unit, ...]:
    """Every different unit a title or a sheet's `单位:` line gives, in the order written.

    Looked for in brackets, after `单位`, and at the end of the text. `总投资(亿元/亿美元)` gives two; `过亿元项目`,
    `总投资30亿元以上` and `责任单位` give none.
    """
    plain = _join_split_currency(_plain(text))
    found = [unit for phrase in re.findall(r"[(\[【〔]([^()\[\]【】〔〕]*)", plain) for unit in _in_phrase(phrase)]
    found += [unit for rest in re.split("单位", plain)[1:] for unit in _leading(rest)]
    if not found:
        found = _trailing(plain)
    if not found and (bare := _BRACKETS.sub(" ", plain)) != plain:
        found = _trailing(bare)  # Baseline £m (including non-government costs)
    return tuple(dict.fromkeys(found))


def parse_unit(text: str, *, expecting: UnitKind | None = None) -> Unit | None:
    """The one unit a title gives; None when it gives none, or several (`find_units` tells which).

    With `expecting`, other kinds are passed over (`单位:万元、亩`), and where money is expected a bare `(亿)` is read
    as 亿元, or as 亿美元 where the title names dollars. A foreign unit is never read as 元.
    """
    found = find_units(text)
    if expecting is UnitKind.MONEY:
        found = tuple(_completed(unit, _plain(text)) or unit for unit in found)
    if expecting is not None:
        found = tuple(dict.fromkeys(unit for unit in found if unit.kind is expecting))
    return found[0] if len(found) == 1 else None


def read_quantity(text: str) -> Quantity | None:
    """A number directly followed by its unit, and nothing else: `3.5亿美元`, `1,200 亩`, `101.5%`; otherwise None.

    A bare multiplier is left as it is: `3.5亿` has a unit of kind MULTIPLIER.
    """
    match = re.fullmatch(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([^0-9\s].*)", _plain(text), re.S)
    unit = unit_named(match.group(2)) if match else None
    return Quantity(Decimal(match.group(1).replace(",", "")), unit) if match and unit else None


# -- one unit ------------------------------------------------------------------------------------------------


def _multiplied(word: str) -> tuple[str, int, str]:
    """A word's multiplier as written, its number, and the rest."""
    match = re.match(_MULTIPLIER, word)
    return (match.group(), _MULTIPLIERS[match.group()], word[match.end() :]) if match else ("", 1, word)


def _money(word: str) -> Unit | None:
    prefixed = word.startswith("人民币")
    multiplier, number, base = _multiplied(word.removeprefix("人民币") if prefixed else word)
    currency = CNY if multiplier and base == "人民币" else CURRENCIES.get(base)
    if currency is None or (prefixed and currency != CNY):
        return None
    name = "元" if currency == CNY else next(known for known, code in CURRENCIES.items() if code == currency)
    return Unit(UnitKind.MONEY, multiplier + name, number * 100, currency)


def _english_money(word: str) -> Unit | None:
    """£m, £million, US$bn, gbpm: the currency first, then thousands, millions or billions."""
    match = _ENGLISH_MONEY.fullmatch(word)
    if match is None or match[2] not in _ENGLISH:
        return None
    currency = SIGNS.get(match[1].upper()) or CURRENCIES.get(match[1])
    if currency is None:
        return None
    multiplier, number = _ENGLISH[match[2]]
    name = "元" if currency == CNY else next(known for known, code in CURRENCIES.items() if code == currency)
    return Unit(UnitKind.MONEY, multiplier + name, number * 100, currency)


def _area(word: str) -> Unit | None:
    multiplier, number, base = _multiplied(word)
    factor = _AREAS.get(base) or (_AREAS_WHEN_MULTIPLIED.get(base) if multiplier else None)
    if factor is None:
        return None
    name = next(known for known, value in _AREAS.items() if value == factor)
    return Unit(UnitKind.AREA, multiplier + name, number * factor)


def _unconverted(word: str) -> Unit | None:
    if word in _PERCENTS:
        return Unit(UnitKind.PERCENT, word)
    if word == "‰":
        return Unit(UnitKind.RATIO, word)
    # 千瓦 and 千米 begin with a multiplier that is part of the name.
    for base in (word, _multiplied(word)[2]):
        if base in _ENERGIES:
            return Unit(UnitKind.ENERGY, word)
        if base in _OTHERS:
            return Unit(UnitKind.COUNT, word)
    return None


def _bare_multiplier(word: str) -> Unit | None:
    number = _MULTIPLIERS.get(word)
    return Unit(UnitKind.MULTIPLIER, word, number) if number and word[-1] in "万亿" else None


def _ratio(name: str) -> Unit | None:
    above, _, below = name.partition("/")
    over, under = unit_named(above), unit_named(below)
    if over is None or (under is None and below not in _ONLY_AFTER_A_SLASH):
        return None
    if under and under.kind is over.kind and over.kind in (UnitKind.MONEY, UnitKind.AREA):
        return None  # 亿元/亿美元 offers a choice
    return Unit(UnitKind.RATIO, name)


def _completed(unit: Unit, title: str) -> Unit | None:
    """A bare multiplier as money, in the foreign currency the title names if it names one."""
    if unit.kind is not UnitKind.MULTIPLIER:
        return None
    foreign = [word for word, code in CURRENCIES.items() if code != CNY and word in title.lower()]
    codes = {CURRENCIES[word] for word in foreign}
    if len(codes) > 1:
        return None
    return _money(unit.name + (foreign[0] if foreign else "元"))


# -- units in a text -------------------------------------------------------------------------------------------


def _join_split_currency(text: str) -> str:
    """`总投资亿(美元)` means 亿美元, not 美元."""
    words = "|".join(sorted(CURRENCIES, key=len, reverse=True))
    return re.sub(rf"({_MULTIPLIER})\s*[(\[]\s*({words})\s*[)\]]", r"(\1\2)", text, flags=re.I)


def _choice(word: str) -> list[Unit]:
    """The unit a word is, or the units it offers: 亿元/亿美元, 万元或万美元."""
    unit = unit_named(word)
    if unit:
        return [unit]
    parts = [unit_named(part) for part in re.split("[/或]", word)]
    return [part for part in parts if part] if len(parts) > 1 and all(parts) else []


def _in_phrase(phrase: str) -> list[Unit]:
    """Units among the words of a bracket: `含税,万元`, `亿 元`, `折合人民币亿元`."""
    if whole := _choice(re.sub(r"\s", "", phrase)):
        return whole
    return [unit for word in re.split(r"[,，、;；:]", phrase) for unit in _trailing(word, bracketed=True)]


def _leading(rest: str) -> list[Unit]:
    """Units that follow `单位` directly: `:万元、亩  时间:…`."""
    found: list[Unit] = []
    for word in re.split(r"[\s,，、;；()\[\]]+", rest.lstrip(" \t:").strip()):
        units = _choice(word)
        if not units:
            break
        found += units
    return found


def _trailing(text: str, *, bracketed: bool = False) -> list[Unit]:
    """The longest unit a text ends with, unless it ends an amount (过亿元) or only looks like one (年度, 负责人)."""
    compact = re.sub(r"\s", "", text)
    for start in range(max(0, len(compact) - 16), len(compact)):
        units = _choice(compact[start:])
        if units:
            return units if _stands_alone(text, compact[:start], units, bracketed) else []
    return []


def _stands_alone(text: str, before: str, units: list[Unit], bracketed: bool) -> bool:
    name_length = len(re.sub(r"\s", "", text)) - len(before)
    if not before:
        return bracketed or all(unit.kind is not UnitKind.MULTIPLIER for unit in units)
    if _AMOUNT_BEFORE.search(before) or any(unit.kind in (UnitKind.COUNT, UnitKind.MULTIPLIER) for unit in units):
        return False
    if name_length > 1 or all(unit.kind is UnitKind.PERCENT for unit in units):
        return True
    gap = text.rstrip()[-name_length - 1]
    return gap in _SEPARATORS


MONEY_UNITS: Mapping[str, Unit] = {
    name: unit for name in ("元", "千元", "万元", "百万元", "千万元", "亿元") if (unit := unit_named(name))
}
"""The usual units of money in CNY. Foreign ones are `unit_named("万美元")`."""

AREA_UNITS: Mapping[str, Unit] = {
    name: replace(unit, name=name)
    for name in ("平方米", "㎡", "m²", "万平方米", "亩", "万亩", "公顷", "ha", "平方公里")
    if (unit := unit_named(name))
}
