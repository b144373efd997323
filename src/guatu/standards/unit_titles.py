"""Units of measure in both languages: 万元 is `10,000 yuan` to whoever reads English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guatu.standards.units import CURRENCIES
from guatu.text import Text

_TIMES: Mapping[str, str] = {
    "千": "thousand", "万": "10,000", "十万": "100,000", "百万": "million", "千万": "10 million", "亿": "100 million",
    "十亿": "billion", "百亿": "10 billion", "千亿": "100 billion", "万亿": "trillion",
}  # fmt: skip
_MONEY: Mapping[str, str] = {
    "CNY": "yuan", "USD": "US dollars", "HKD": "Hong Kong dollars", "EUR": "euros", "JPY": "yen", "GBP": "pounds",
    "KRW": "won", "SGD": "Singapore dollars", "TWD": "New Taiwan dollars", "MOP": "patacas", "AUD": "Australian dollars",
    "CAD": "Canadian dollars", "CHF": "Swiss francs", "RUB": "roubles",
}  # fmt: skip
_OTHERS: Mapping[str, str] = {
    "平方米": "m²", "平米": "m²", "亩": "mu", "公顷": "ha", "平方公里": "km²", "平方千米": "km²",
    "吨标煤": "t of standard coal", "吨标准煤": "t of standard coal", "千瓦时": "kWh", "度": "kWh",
    "百分点": "percentage points", "个百分点": "percentage points",
    "吨": "t", "米": "m", "公里": "km", "千米": "km", "立方米": "m³", "千瓦": "kW", "兆瓦": "MW", "人": "people",
    "户": "households", "台": "machines", "辆": "vehicles", "天": "days", "次": "times", "分": "points",
    "个": "", "家": "", "项": "", "套": "", "件": "",
}  # fmt: skip
"""Words for counting things have no word of their own in English: what is counted says it."""


@cache
def unit_title(unit: str) -> Text:
    """What a unit is called; one that nobody knows in English stays as it is written."""
    known = _english(unit)
    if known is None:
        for times in sorted(_TIMES, key=len, reverse=True):
            rest = _english(unit.removeprefix(times)) if unit.startswith(times) else None
            if rest is not None:
                known = f"{_TIMES[times]} {rest}".strip()
                break
    return Text(unit, known if known is not None else unit)


def bracketed(unit: Text) -> Text:
    """Behind the name of what is measured in it: （万元）, ` (10,000 yuan)`; nothing where there is none."""
    return Text(f"（{unit.zh}）" if unit.zh else "", f" ({unit.en})" if unit.en else "")


def behind(unit: Text) -> Text:
    """Behind a figure: ` 万元`; ` mu`, but ` (10,000 yuan)`, which would be read as another figure."""
    zh, en = unit.zh.strip(), unit.en.strip()
    told = f" ({en})" if en[:1].isdigit() else f" {en}"
    return Text(f" {zh}" if zh else "", told if en else "")


def _english(unit: str) -> str | None:
    currency = CURRENCIES.get(unit)
    return _MONEY[currency] if currency is not None else _OTHERS.get(unit)
