"""One project in two places: which items of a round, or of a round and the last, may be one; people decide, and it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.declarations import Ledger
from guatu.declarations.checks import IdentityCheck
from guatu.declarations.located import Place
from guatu.dispatch.items import Item
from guatu.dispatch.reconciliation.decisions import CONFIRMED, DIFFERENT, ENDED, SAME, Decision, Decisions
from guatu.dispatch.reconciliation.names import ComparedName, compared, identity_name, likely_pairs
from guatu.dispatch.reconciliation.past import PastItem, rows_of
from guatu.engine.checks import condition_over, held
from guatu.engine.evaluation import EarlierResults
from guatu.office.workbooks import Finding
from guatu.standards.periods import Period
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is a decision, not a cell's value."""

    finding: Finding
    decision: Decision
    """What is decided, still without an answer."""
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """How units and their workbooks of this round are called, for what is said."""

    titles: Mapping[str, Text]
    workbooks: Mapping[str, str]
    """Unit -> the workbook its items of this round come from; units that have not reported are not in it."""

    def unit(self, code: str) -> Text:
        return self.titles.get(code, Text(code, code))


@dataclass(slots=True)
class Identified:
    """What identity checks found, and what people have decided about it."""

    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    same: list[tuple[Item, Item]] = field(default_factory=list)
    """Pairs of this round decided to be one item: the one that stays, the one that goes into it."""


def succeed(items: Sequence[Item], past: Mapping[str, PastItem], decisions: Decisions) -> None:
    """Give an item the id of the earlier one a person said it is."""
    taken = {item.item_id for item in items}
    heirs = {
        new: old
        for one in decisions
        if one.answer == SAME and len(one.items) == 2
        for old, new in (one.items, one.items[::-1])
        if old in past and new not in past
    }
    for item in items:
        old = heirs.get(item.item_id)
        if old is not None and old not in taken:
            taken.discard(item.item_id)
            item.item_id = old
            taken.add(old)


def identify(
    items: Sequence[Item],
    ledger: Ledger,
    period: Period,
    past: Mapping[str, PastItem],
    history: Sequence[EarlierResults],
    decisions: Decisions,
    places: Places,
) -> Identified:
    """Run the ledger's identity checks over the items of a round whose ids are given."""
    return _Identifier(items, ledger, period, past, history, decisions, places).run()


class _Identifier:
    def __init__(
        self,
        items: Sequence[Item],
        ledger: Ledger,
        period: Period,
        past: Mapping[str, PastItem],
        history: Sequence[EarlierResults],
        decisions: Decisions,
        places: Places,
    ) -> None:
        self.items = items
        self.ledger = ledger
        self.period = period
        self.past = past
        self.history = history
        self.decisions = decisions
        self.places = places
        self.found = Identified()
        self.settled: set[frozenset[str]] = set()
        """Pairs and single items one check has spoken of: no second one does."""

    def run(self) -> Identified:
        for check in self._checks("same_code"):
            self._same_code(check)
        for check in self._checks("similar"):
            self._similar(check)
        for check in self._checks("renamed"):
            self._renamed(check)
        for check in self._checks("moved"):
            self._moved(check)
        for check in self._checks("succeeds"):
            self._succeeds(check)
        for check in self._checks("gone"):
            self._gone(check)
        return self.found

    def _checks(self, kind: Any) -> Iterator[IdentityCheck]:
        day = self.period.last_day
        return (one for one in self.ledger.checks.of_kind(kind) if one.dated.holds_on(day))

    # two items of this round

    def _same_code(self, check: IdentityCheck) -> None:
        first: dict[str, Item] = {}
        for item in self.items:
            if item.code is not None and (other := first.setdefault(item.code, item)) is not item:
                self._pair(check, other, item, self.ledger.code_field or "name")

    def _similar(self, check: IdentityCheck) -> None:
        stated = [(item, _facts(item.value, check)) for item in self.items]
        shared = {facts for facts, count in Counter(facts for _, facts in stated).items() if count > 1}
        items = [(item, facts) for item, facts in stated if facts in shared and facts is not None]
        for left, right, _ in sorted(likely_pairs(self._named(items), None, check.likeness)):
            one, other = items[left][0], items[right][0]
            if one.code and other.code and one.code != other.code:
                continue  # registered as two projects
            if _within(check, one.unit == other.unit):
                self._pair(check, one, other, "name")

    def _named(self, entries: Sequence[tuple[Item | PastItem, Hashable]]) -> list[tuple[Hashable, ComparedName]]:
        """What must be equal, and the name to be compared."""
        return [(facts, compared(one.name, self.ledger.checks.naming)) for one, facts in entries]

    def _pair(self, check: IdentityCheck, one: Item, other: Item, named: str) -> None:
        pair = frozenset((one.item_id, other.item_id))
        if pair in self.settled or len(pair) == 1:
            return
        self.settled.add(pair)
        stays, goes = self._stays_and_goes(one, other)
        decided = self.decisions.on(*pair)
        if decided is not None:
            if decided.answer == SAME:
                self.found.same.append((stays, goes))
            return
        finding = self._finding(
            check, goes, named, other=Text(stays.name, stays.name), other_place=self._place(stays),
            other_unit=self.places.unit(stays.unit),
        )  # fmt: skip
        self._say(check, finding, (stays.item_id, goes.item_id), (SAME, DIFFERENT))

    def _place(self, item: Item) -> Text:
        """Its cell; of one that this round's workbooks do not have, where it is known from."""
        before = self.past.get(item.item_id) if not item.cells else None
        return _plain(item.place()) if before is None else before.known_where or _plain(before.place)

    def _stays_and_goes(self, one: Item, other: Item) -> tuple[Item, Item]:
        """The one known longer stays; of two equally old the one read first."""
        ages = [self.past[item.item_id].period if item.item_id in self.past else "" for item in (one, other)]
        return (other, one) if ages[1] > ages[0] else (one, other)

    # an item and its own past

    def _renamed(self, check: IdentityCheck) -> None:
        for item in self.items:
            before = self.past.get(item.item_id)
            if before is not None and identity_name(before.name) != identity_name(item.name):
                self._change(check, item, before, "name", {"name": item.name, "before": before.name})

    def _moved(self, check: IdentityCheck) -> None:
        for item in self.items:
            before = self.past.get(item.item_id)
            if before is not None and before.unit != item.unit:
                named = self.ledger.code_field or "name"
                self._change(check, item, before, named, {"unit": item.unit, "before": before.unit})

    def _change(
        self, check: IdentityCheck, item: Item, before: PastItem, named: str, rests_on: Mapping[str, str]
    ) -> None:
        about = Decision(check.key, (item.item_id,), "", str(self.period), rests_on)
        if self.decisions.stands(about):
            return
        finding = self._finding(check, item, named, **self._was(before))
        self._say(check, finding, (item.item_id,), (CONFIRMED,), rests_on)

    def _was(self, before: PastItem) -> dict[str, Text]:
        return {
            "other": _plain(before.name),
            "other_place": before.known_where or _plain(before.place),
            "other_unit": self.places.unit(before.unit),
            "other_period": before.known_when or Period.parse(before.period).title(),
        }

    # items that were there and are not, and items that are new

    def _away(self) -> list[PastItem]:
        """Items of units that have reported that are not there any more, and that nobody said have ended or are another."""
        here = {item.item_id for item in self.items}
        return [
            one
            for key, one in self.past.items()
            if key not in here and one.unit in self.places.workbooks and not self._ended(one, here)
        ]

    def _ended(self, one: PastItem, here: set[str]) -> bool:
        own = self.decisions.on(one.item_id)
        if own is not None and own.answer == ENDED:
            return True
        return any(
            decided.answer == SAME and one.item_id in decided.items and here & set(decided.items)
            for decided in self.decisions
        )

    def _succeeds(self, check: IdentityCheck) -> None:
        gone = [(one, facts) for one in self._away() if (facts := _facts(one.values.get, check)) is not None]
        known = {facts for _, facts in gone}
        if not known:
            return
        here = [(item, _facts(item.value, check)) for item in self.items if item.item_id not in self.past]
        new = [(item, facts) for item, facts in here if facts in known]
        came = {facts for _, facts in new}
        away = [(one, facts) for one, facts in gone if facts in came]
        pairs = likely_pairs(self._named(away), self._named(new), check.likeness)
        for left, right, _ in sorted(pairs, key=lambda found: (-found[2], found[:2])):
            before, item = away[left][0], new[right][0]
            pair, alone = (
                frozenset((before.item_id, item.item_id)),
                (frozenset((before.item_id,)), frozenset((item.item_id,))),
            )
            if not _within(check, before.unit == item.unit) or self.decisions.on(*pair) is not None:
                continue
            if any(one in self.settled for one in alone):
                continue
            self.settled.update(alone)
            finding = self._finding(check, item, "name", **self._was(before))
            self._say(check, finding, (before.item_id, item.item_id), (SAME, DIFFERENT))

    def _gone(self, check: IdentityCheck) -> None:
        away = [one for one in self._away() if frozenset((one.item_id,)) not in self.settled]
        excused = self._excused(check, away)
        for one in away:
            if one.item_id in excused:
                continue
            words = {"name": _plain(one.name), **self._was(one)}
            workbook = self.places.workbooks[one.unit]
            finding = _said(check, workbook, "", "", one.name, words)
            self._say(check, finding, (one.item_id,), (ENDED,))

    def _excused(self, check: IdentityCheck, away: Sequence[PastItem]) -> set[str]:
        rows = rows_of(self.history, away) if check.unless is not None and away else None
        if rows is None:
            return set()
        typed = condition_over(str(check.unless), check.unless_place or Place("", 0), self.ledger)
        return {key for key, excused in held(typed, rows, self.ledger, self.period).items() if excused}

    # what is said

    def _finding(self, check: IdentityCheck, item: Item, named: str, **words: Text) -> Finding:
        cells = item.cells.get(named) or item.cells.get("name") or ()
        cell = cells[0] if cells else None
        own = {"name": _plain(item.name), "unit": self.places.unit(item.unit), "code": _plain(item.code or "")}
        workbook = cell.workbook if cell else self.places.workbooks.get(item.unit, "")
        sheet, address, raw = (cell.sheet, cell.address, cell.raw) if cell else ("", "", item.name)
        return _said(check, workbook, sheet, address, raw, {**own, **words})

    def _say(
        self,
        check: IdentityCheck,
        finding: Finding,
        items: tuple[str, ...],
        choices: tuple[str, ...],
        rests_on: Mapping[str, str] | None = None,
    ) -> None:
        self.found.findings.append(finding)
        if check.grade == "question":
            decision = Decision(check.key, items, "", str(self.period), dict(rests_on or {}))
            self.found.questions.append(Question(finding, decision, choices))


def _facts(value: Callable[[str], object | None], check: IdentityCheck) -> tuple[object, ...] | None:
    """What must be equal for two items to be held against each other; None where a fact is missing."""
    facts = tuple([value(key) for key in check.fields])
    return None if None in facts else facts


def _within(check: IdentityCheck, same_unit: bool) -> bool:
    return check.within == "anywhere" or (check.within == "unit") == same_unit


def _plain(word: str) -> Text:
    return Text(word, word)


def _said(check: IdentityCheck, workbook: str, sheet: str, cell: str, raw: str, words: Mapping[str, Text]) -> Finding:
    assert check.grade != "off"
    return Finding(
        workbook=workbook,
        sheet=sheet,
        cell=cell,
        raw=raw,
        grade=check.grade,
        code=check.key,
        reason=_filled(check.reason, words),
        remedy=_filled(check.remedy, words),
    )


def _filled(template: Text, words: Mapping[str, Text]) -> Text:
    return Text(
        template.zh.format(**{key: word.zh for key, word in words.items()}),
        template.en.format(**{key: word.en for key, word in words.items()}),
    )
