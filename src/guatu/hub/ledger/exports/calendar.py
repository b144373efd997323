"""Milestones as iCalendar (RFC 5545): an all-day entry for each fact that has a day, for whatever calendar people use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.exports.items import Exported, milestones_of
from guatu.hub.ledger.models import Milestone
from guatu.hub.ledger.shown import FACTS, PRECISIONS
from guatu.text import Language, Text

LONGEST_LINE = 75
"""Octets of a line; longer ones are folded."""


def entries(
    ledger: LedgerDeclaration,
    units: Mapping[int, Text],
    language: Language,
    rows: Iterable[Sequence[Exported]],
    at: datetime,
) -> Iterator[bytes]:
    """A planned day that was revised or reached gives way to what is known since; the same fact keeps its identifier."""
    yield calendar_lines(
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guatu//Ledger//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"
    )
    for batch in rows:
        items = {item.id: item for item in batch}
        for one in _latest(milestones_of(list(items))):
            yield _entry(one, items[one.item_id], ledger, units, language, at)
    yield calendar_lines("END:VCALENDAR")


def _latest(found: Iterable[Milestone]) -> list[Milestone]:
    """Of each milestone of an item the actual day, else the revised, else the planned."""
    weight = {"planned": 0, "revised": 1, "actual": 2}
    kept: dict[tuple[int, str], Milestone] = {}
    for one in found:
        held = kept.get((one.item_id, one.key))
        if held is None or weight.get(one.fact, -1) > weight.get(held.fact, -1):
            kept[one.item_id, one.key] = one
    return list(kept.values())


def _entry(
    one: Milestone,
    item: Exported,
    ledger: LedgerDeclaration,
    units: Mapping[int, Text],
    language: Language,
    at: datetime,
) -> bytes:
    assert one.on is not None
    title = ledger.milestone_title(one.key).in_(language)
    fact = FACTS[one.fact].in_(language) if one.fact in FACTS else one.fact
    exactly = PRECISIONS[one.precision].in_(language) if one.precision in PRECISIONS else ""
    return calendar_lines(
        "BEGIN:VEVENT",
        f"UID:item-{item.id}-{one.key}@guatu",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(f'{item.name} · {title}')}",
        f"DESCRIPTION:{escaped(' '.join(filter(None, (fact, exactly, units[item.unit].in_(language), item.code))))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def escaped(text: str) -> str:
    """A text as a value of a line."""
    plain = "".join(char for char in text if char in "\n\t" or char.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def calendar_lines(*lines: str) -> bytes:
    """Lines of a calendar as they go over the wire."""
    return b"".join(_folded(line.encode("utf-8", "replace")) + b"\r\n" for line in lines)


def _folded(line: bytes) -> bytes:
    """Lines of at most 75 octets, never broken inside a character."""
    parts: list[bytes] = []
    start = 0
    while len(line) - start > (room := LONGEST_LINE - bool(parts)):
        end = start + room
        while line[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(line[start:end])
        start = end
    return b"\r\n ".join([*parts, line[start:]])
