"""Read `goals.yaml`; what it names must be declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from guatu.declarations.entries import Entry, meant_or
from guatu.declarations.goals import (
    Actual,
    GoalIndicator,
    GoalLevel,
    GoalPaper,
    Goals,
    GoalSlot,
    Pace,
    PaceExample,
    PaceLight,
    PaperSection,
)
from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger
from guatu.text import Text

_MEASURED = (FieldType.MONEY, FieldType.INTEGER, FieldType.NUMBER, FieldType.PERCENT)


def read_goals(entry: Entry, ledgers: Mapping[str, Ledger]) -> Goals:
    """The goals a pack declares; problems are collected in the entry."""
    levels: dict[str, GoalLevel] = {}
    for one in entry.entries("levels"):
        key = one.word("key")
        levels[key] = GoalLevel(key, one.text("title"), one.place, _known(one, "under", [*levels, key]))
        one.done()
    slots: dict[str, GoalSlot] = {}
    for one in entry.entries("slots"):
        key = one.word("key")
        slots[key] = GoalSlot(key, one.text("title"), one.place)
        one.done()
    flags: dict[str, Text] = {}
    for one in entry.entries("flags"):
        flags[one.word("key")] = one.text("title")
        one.done()
    goals = Goals(
        place=entry.place,
        source=entry.text("source"),
        pace=_pace(entry),
        levels=levels,
        slots=slots,
        flags=flags,
        indicators={one.key: one for one in (_indicator(each, ledgers) for each in entry.entries("indicators"))},
        papers={one.key: one for one in (_paper(each, list(slots)) for each in entry.entries("papers"))},
    )
    entry.word("goals")
    entry.done()
    return goals


def _known(entry: Entry, key: str, known: list[str]) -> tuple[str, ...]:
    """Words of a list, each of them declared before."""
    words = entry.words(key)
    for word in words:
        if word not in known:
            entry.wrong(
                key,
                Text(f"没有“{word}”", f"there is no '{word}'"),
                meant_or(word, known, Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}.")),
            )
    return words


def _pace(entry: Entry) -> Pace:
    one = entry.entry("pace")
    if one is None:
        entry.wrong(
            "pace",
            Text("没有说落后多少算滞后", "it is not said how far behind is late"),
            Text(
                "写 pace: {attention: 0, behind: 10, source: …}。", "Write pace: {attention: 0, behind: 10, source: …}."
            ),
        )
        return Pace(0, 0, Text("", ""))
    examples = []
    for each in one.entries("examples"):
        elapsed, done = each.number("elapsed", default=0), each.number("done", default=0)
        examples.append(PaceExample(elapsed, done, each.word("then", allowed=get_args(PaceLight)), each.place))
        each.done()
    pace = Pace(
        one.number("attention", default=0), one.number("behind", default=0), one.text("source"), tuple(examples)
    )
    one.done()
    return pace


def _indicator(entry: Entry, ledgers: Mapping[str, Ledger]) -> GoalIndicator:
    kind = FieldType(entry.word("type", allowed=[one.value for one in _MEASURED]))
    declared = FieldDeclaration(
        key=entry.word("key"),
        title=entry.text("title"),
        type=kind,
        place=entry.place,
        unit=entry.optional("unit"),
        currency=entry.optional("currency"),
    )
    found = GoalIndicator(declared, entry.flag("adds", default=kind is not FieldType.PERCENT), _actual(entry, ledgers))
    entry.done()
    return found


def _actual(entry: Entry, ledgers: Mapping[str, Ledger]) -> Actual | None:
    one = entry.entry("actual")
    if one is None:
        return None
    ledger = ledgers.get(one.word("ledger", allowed=list(ledgers)))
    actual = Actual(one.word("ledger"), one.optional("figure"), one.optional("milestone"))
    one.done()
    if ledger is None:
        return None
    for key, name, known in (
        ("figure", actual.figure, [each.key for each in ledger.fields.values() if each.basis is not None]),
        ("milestone", actual.milestone, list(ledger.milestones)),
    ):
        if name is not None and name not in known:
            one.wrong(
                key,
                Text(f"台账没有“{name}”", f"the ledger has no '{name}'"),
                Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."),
            )
    if (actual.figure is None) == (actual.milestone is None):
        one.wrong(
            "ledger",
            Text("数字和节点要写一个，也只能写一个", "name a figure or a milestone, and one of them"),
            Text("写 figure: 字段，或 milestone: 节点。", "Write figure: FIELD or milestone: KEY."),
        )
    return actual


def _paper(entry: Entry, slots: list[str]) -> GoalPaper:
    known = [one.value for one in PaperSection]
    sections = _known(entry, "sections", known)
    terms = []
    for each in entry.entries("terms"):
        terms.append(each.text("text"))
        each.done()
    paper = GoalPaper(
        key=entry.word("key"),
        title=entry.text("title"),
        place=entry.place,
        sections=tuple(PaperSection(one) for one in sections if one in known),
        terms=tuple(terms),
        signed_by=_known(entry, "signed_by", slots),
    )
    entry.done()
    return paper
