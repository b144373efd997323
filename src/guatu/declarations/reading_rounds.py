"""What a ledger's file says of its rounds, over what it inherits."""

from __future__ import annotations

from guatu.declarations.entries import Entry
from guatu.declarations.rounds import KINDS, Rounds
from guatu.standards.periods import Kind
from guatu.text import Text

_LAST_DAY_OF_EVERY_MONTH = 28


def read_rounds(entry: Entry, base: Rounds) -> Rounds:
    """`rounds: {every: month, opens: 25, skips: [1], asks: [month_done]}`; what is left out stays as inherited."""
    one = entry.entry("rounds")
    if one is None:
        return base
    found = Rounds(
        every=Kind(one.word("every", default=base.every.value, allowed=[kind.value for kind in KINDS])),
        opens=_opens(one) if one.has("opens") else base.opens,
        skips=_skips(one) if one.has("skips") else base.skips,
        asks=one.words("asks") or base.asks,
    )
    one.done()
    return found


def _opens(one: Entry) -> int | None:
    day = one.number("opens", default=1)
    if 1 <= day <= _LAST_DAY_OF_EVERY_MONTH:
        return day
    one.wrong(
        "opens",
        Text(f"“opens”是 {day}，不是每个月都有的日子", f"'opens' is {day}, which not every month has"),
        Text("写 1 到 28；不写则期满后次日起报。", "Give 1 to 28; left out, a round opens the day after it ends."),
    )
    return None


def _skips(one: Entry) -> tuple[int, ...]:
    written = one.words("skips")
    months = tuple(int(word) for word in written if word.isdecimal() and 1 <= int(word) <= 12)
    if len(months) == len(written) and len(set(months)) < 12:
        return months
    one.wrong(
        "skips",
        Text("“skips”里要写月份，且不能全年都跳过", "'skips' must name months, and not all twelve"),
        Text(
            "例如 skips: [1]（1–2 月合并为一期）。",
            "For instance skips: [1], where January and February are one round.",
        ),
    )
    return ()
