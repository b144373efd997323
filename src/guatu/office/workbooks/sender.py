"""Which unit a workbook comes from, and which month it says it is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.normalising import squeezed
from guatu.office.workbooks.reading import Recognised, Sender
from guatu.standards.periods import Period
from guatu.text import Text

_FILE, _LINE, _TITLE = Text("文件名", "file name"), Text("填报单位", "reporting-unit line"), Text("标题", "title")
_REPORTED_BY = re.compile(r"(?:填报|报送|填表|上报|编报)(?:单位|部门)(?:[(][^()]*[)])?[:：]?([^:：]*)")
_MONTH = re.compile(
    r"(?P<until>截[至止]到?)?(?P<year>20\d\d)年(?:0?1月?[-~至到—])?(?P<month>\d{1,2})月(?:份|底|末)?(?P<day>\d{1,2}日)?"
)


def recognise(
    desk: Desk, stem: str, captions: Sequence[str], notes: Sequence[str], units: Sequence[UnitDeclaration]
) -> Recognised | None:
    """The sending unit by file name, reporting line or title; says so when there is none or they disagree."""
    if not units:
        return None
    lines = [squeezed(text) for text in captions]
    reported = _reported(captions, notes)
    evidence = [(_FILE, squeezed(stem)), *((_LINE, text) for text in reported), *((_TITLE, text) for text in lines[:2])]
    found = [(by, unit) for by, text in evidence if (unit := _unit_in(text, units)) is not None]
    if not found:
        desk.say("unknown_sender")
        return None
    by, unit = found[0]
    for closer_by, closer in found[1:]:
        if closer.parent == unit.code:
            by, unit = closer_by, closer  # 清河市 in the title, 东浦区 in the reporting line: the district sent it
    for other_by, other in found:
        if other.code not in (unit.code, unit.parent) and other.parent != unit.code:
            desk.say(
                "sender_conflict",
                first_by=by.zh, first_by_en=by.en, first=unit.title.zh, first_en=unit.title.en,
                second_by=other_by.zh, second_by_en=other_by.en, second=other.title.zh, second_en=other.title.en,
            )  # fmt: skip
            break
    return Recognised(unit.code, unit.title, by)


def sender_of_rows(ledger: Ledger) -> Sender | None:
    """Whose workbooks those of a ledger are in which every row names its unit: the list's own."""
    return Sender(None, ledger.title.zh) if ledger.unit_field is not None else None


def named_in(text: str, units: Sequence[UnitDeclaration]) -> Sender | None:
    """The declared unit a file's name or a line names."""
    unit = _unit_in(squeezed(text), units)
    return Sender(unit.code, unit.title.zh) if unit is not None else None


def sender_of(
    unit: Recognised | None, captions: Sequence[str], notes: Sequence[str], units: Sequence[UnitDeclaration]
) -> Sender | None:
    """The recognised unit, else a declared one that any line names, else the reporting unit the workbook states.

    `captions` are of every table, also of one that no longer is a ledger because its titles changed.
    """
    if unit is not None:
        return Sender(unit.code, unit.title.zh)
    reported = _reported(captions, notes)
    declared = (named for text in (*reported, *captions) if (named := named_in(text, units)) is not None)
    stated = (Sender(None, name) for name in reported if name)
    return next(chain(declared, stated), None)


def _reported(captions: Iterable[str], notes: Iterable[str]) -> list[str]:
    texts = map(squeezed, [*captions, *notes])
    return [match[1] for text in texts if (match := _REPORTED_BY.search(text))]


def _unit_in(text: str, units: Sequence[UnitDeclaration]) -> UnitDeclaration | None:
    """The unit named first, of names starting at the same place the longest; a unit within it goes before it."""
    best: tuple[int, int] | None = None
    chosen = None
    named = set()
    for unit in units:
        for name in (unit.title.zh, *unit.synonyms, unit.title.en):
            place = text.find(name)
            if place >= 0:
                named.add(unit.code)
                if best is None or (place, -len(name)) < best:
                    best, chosen = (place, -len(name)), unit
    within = [unit for unit in units if chosen is not None and unit.code in named and unit.parent == chosen.code]
    return within[0] if len(within) == 1 else chosen


def stated_month(texts: Iterable[str]) -> Period | None:
    """The month a title or line says the table is for: 截至2021年8月底, 2021年1-8月; filing dates do not count."""
    for text in texts:
        for match in _MONTH.finditer(squeezed(text)):
            if (match["until"] or not match["day"]) and 1 <= int(match["month"]) <= 12:
                return Period.month(int(match["year"]), int(match["month"]))
    return None
