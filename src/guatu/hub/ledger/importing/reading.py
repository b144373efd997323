"""Read a workbook with the main job's own reader and hold it against the ledger. Heavy: only the worker loads this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import Pack, UnitDeclaration
from guatu.dispatch.candidates import gather
from guatu.dispatch.items import Item as ReportedItem
from guatu.dispatch.items import join_items, month_from_last_round
from guatu.dispatch.reading import read_all
from guatu.dispatch.reconciliation.identity import Places, Question
from guatu.dispatch.reconciliation.joining import identify_again, reconcile
from guatu.dispatch.reconciliation.rows import RowContext
from guatu.dispatch.shares import shares_of
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.importing.columns import memory_for, surveyed
from guatu.hub.ledger.importing.drawn import drawn
from guatu.hub.ledger.importing.known import KnownLedger, decisions_of, sides_of
from guatu.hub.ledger.importing.offering import offer_of
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.scheduled import as_workbook, is_schedule
from guatu.hub.ledger.importing.unit_names import covers, unit_names
from guatu.hub.ledger.models import Import, Ledger
from guatu.hub.ledger.models.imports import Stage
from guatu.hub.ledger.packs import loaded
from guatu.office.containers.grid import position
from guatu.office.workbooks import Finding, Recognised, WorkbookReading
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.office.workbooks.masking import masked
from guatu.office.workbooks.reading import Sender
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text

_ERROR = "error"
_UNKNOWN_SENDER = "unknown_sender"
Said = Callable[[Stage, int], None]
"""Hears what is being done, and how many rows it is about."""


class NotOfThisUnit(Refusal):
    """The workbook speaks for a unit that is not under the one it was sent for."""

    def __init__(self, name: str, said: Text, unit: Unit) -> None:
        super().__init__(
            name,
            Text(f"是“{said.zh}”的报表，不是“{unit}”的", f"is the report of '{said.en}', not of '{unit.title.en}'"),
            Text("核对文件，或改选单位后再报。", "Check the file, or choose the unit it is for and send it again."),
        )


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What a workbook offers, and all that was found in it."""

    offers: Sequence[Offer]
    findings: Sequence[Mapping[str, Any]]
    stray_errors: int = 0
    """Errors outside the rows of any item: with one of these nothing may be taken."""
    layouts: str = "[]"
    """How its columns were understood, as `guatu.hub.ledger.importing.columns` keeps it."""
    marked: bytes = b""
    """The workbook again, everything found marked; nothing where nothing was found."""
    drawn: bytes = b""
    """Its sheets as the page draws them."""
    recognised: Mapping[str, Any] = field(default_factory=dict)
    """What was recognised, in a few words."""


def read_report(path: Path, sent: Import, said: Said = lambda stage, rows: None) -> ReadReport:
    """Read the workbook in a child process, join its rows into items, run the pack's checks, know its items again."""
    said(Stage.READING, 0)
    desk = _Desk.of(sent)
    with TemporaryDirectory() as folder:
        if is_schedule(path):
            path = as_workbook(path, desk.pack, Path(folder))
        return desk.read(path, sent, said)


@dataclass(frozen=True)
class _Desk:
    """Everything one workbook is read with."""

    unit: Unit
    period: Period
    pack: Pack
    declaration: LedgerDeclaration
    names: Mapping[int, UnitDeclaration]
    known: KnownLedger
    units: Mapping[str, UnitDeclaration] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Import) -> _Desk:
        ledger: Ledger = sent.ledger
        pack, period = loaded(ledger.pack), Period.parse(sent.period)
        declaration = pack.ledgers[ledger.key]
        names = unit_names(pack.units, by_code=declaration.unit_field is not None)
        units = {one.code: one for one in names.values()}
        codes = {key: one.code for key, one in names.items()}
        known = KnownLedger(ledger, declaration, period, codes, decisions_of(ledger))
        pack = replace(pack, units=units, ledgers={declaration.key: declaration})
        return cls(sent.unit, period, pack, declaration, names, known, units)

    @cached_property
    def by_code(self) -> dict[str, int]:
        return {one.code: key for key, one in self.names.items()}

    @cached_property
    def titles(self) -> dict[str, Text]:
        return {code: one.title for code, one in self.units.items()}

    def read(self, path: Path, sent: Import, said: Said) -> ReadReport:
        own = self.names[self.unit.pk]
        sender = Sender(own.code, own.title.zh)
        memory = memory_for(self.known.ledger, self.declaration)
        answers = {(one.sheet, one.cell): one.answer for one in sent.answers.all()}
        [reading] = read_all(
            [path], self.declaration, self.period, list(self.units.values()), memory=memory, answers=None,
            notice=lambda *_: None, answered={path.name: answers}, sent_by=sender,
        )  # fmt: skip
        # Whoever sent it chose the unit: a workbook that names none is that unit's.
        known = tuple(one for one in reading.findings if one.code != _UNKNOWN_SENDER)
        reading = replace(reading, findings=known)
        said(Stage.CHECKING, len(reading.rows))
        shares = [self._of_the_unit(share) for share in self._shares([reading])]
        items, findings, questions = self._checked(shares)
        self._months(items)
        offers = [offer_of(item, self.declaration, self.by_code, self.period) for item in items]
        offers, stray = _with_errors(offers, items, findings)
        layouts = surveyed(path, reading, self.declaration, self.period, list(self.units.values()), memory)
        people = self._people(items)
        told = [_told(one, people) | self._asked(one, questions, items) for one in findings]
        marked = _marked(path, findings, self.declaration, "en" if sent.language == "en" else "zh")
        drawing, told_of = drawn(path, layouts, findings, people, self.declaration)
        return ReadReport(offers, told, stray, layouts, marked, drawing, told_of)

    def _shares(self, readings: Sequence[WorkbookReading]) -> list[WorkbookReading]:
        if self.declaration.unit_field is None:
            return list(readings)
        return shares_of(readings, self.pack)[0]

    def _of_the_unit(self, share: WorkbookReading) -> WorkbookReading:
        """A share that names no unit is that of the unit it was sent for; one that names another's is refused."""
        if share.unit is None:
            own = self.names[self.unit.pk]
            return replace(share, unit=Recognised(own.code, own.title, Text("报送单位", "sender")))
        named = self.by_code.get(share.unit.code)
        if named is None or not covers(self.unit, named):
            raise NotOfThisUnit(share.name, share.unit.title, self.unit)
        return share

    def _checked(
        self, shares: Sequence[WorkbookReading]
    ) -> tuple[list[ReportedItem], list[Finding], dict[Finding, Question]]:
        """The items of the workbook, everything found in it, and which findings ask for a decision."""
        known = self.known
        context = RowContext(self.declaration, self.period, known.history)
        offered = gather(shares, context, known.past, known.decisions)
        shares = offered.added_to(shares)
        own = [item for items in offered.items for item in items]
        units = {share.unit.code for share in shares if share.unit is not None}
        identify_again(own, known.ever, known.within(units))
        own, joined = self._as_merged(own)
        elsewhere = known.elsewhere({item.item_id for item in own}, units)
        places = Places(
            titles=self.titles,
            workbooks={share.unit.code: share.name for share in shares if share.unit is not None},
        )
        done = reconcile(
            [*elsewhere, *own], self.declaration, self.period, known.past, known.history, known.decisions, places
        )
        there = {id(one) for one in elsewhere}
        findings = [*(one for share in shares for one in share.findings), *joined, *done.findings]
        items = [item for item in done.items if id(item) not in there]
        return items, list(dict.fromkeys(findings)), {one.finding: one for one in done.questions}

    def _as_merged(self, items: Sequence[ReportedItem]) -> tuple[list[ReportedItem], list[Finding]]:
        """Rows of items that were merged are those of the one they went into: together with its own row, if there is one;
        where that is another unit's, it is that unit which reports it."""
        merged, kept = self.known.merged, []
        standing = {item.item_id: item for item in items if item.item_id not in merged}
        findings: list[Finding] = []
        for item in items:
            if item.item_id not in merged:
                kept.append(item)
                continue
            item.item_id = merged[item.item_id]
            if self.known.past[item.item_id].unit != item.unit:
                continue
            stays = standing.setdefault(item.item_id, item)
            if stays is item:
                kept.append(item)
            else:
                findings += join_items(stays, item, self.declaration, self.period)
        return kept, findings

    def _months(self, items: Sequence[ReportedItem]) -> None:
        """Where a unit reports only cumulative figures, the month is the difference to the last round's."""
        before = self.known.cumulative_before()
        for item in items:
            if item.item_id in before:
                month_from_last_round(item, before[item.item_id], self.declaration, self.period)

    def _people(self, items: Sequence[ReportedItem]) -> set[tuple[str, str]]:
        """Cells that say something of people: findings show it masked."""
        keys = [key for key, one in self.declaration.fields.items() if one.is_personal]
        return {
            (cell.sheet, cell.address)
            for item in items
            for key in keys
            if key in item.cells
            for cell in item.cells[key]
        }

    def _asked(
        self, finding: Finding, questions: Mapping[Finding, Question], items: Sequence[ReportedItem]
    ) -> dict[str, str]:
        """What is decided by whoever answers, and the sides beside each other."""
        asked = questions.get(finding)
        if asked is None:
            return {"about": "", "beside": ""}
        one = asked.decision
        about = {
            "check": one.check, "items": list(one.items), "choices": list(asked.choices), "rests_on": dict(one.rests_on),
        }  # fmt: skip
        concerned = {item.item_id: item for item in items if item.item_id in one.items}
        beside = sides_of(one.items, concerned, self.known, self.titles)
        return {"about": canonical(about), "beside": canonical(beside)}


def _with_errors(
    offers: Sequence[Offer], items: Sequence[ReportedItem], findings: Sequence[Finding]
) -> tuple[list[Offer], int]:
    """The offers with the errors in their rows counted, and how many errors stand in no item's row."""
    wrong = [one for one in findings if one.grade == _ERROR]
    if not wrong:
        return list(offers), 0
    rows: dict[tuple[str, int], set[int]] = {}
    for index, item in enumerate(items):
        for cell in (cell for cells in item.cells.values() for cell in cells):
            if (place := position(cell.address)) is not None:
                rows.setdefault((cell.sheet, place[0]), set()).add(index)
    counted: Counter[int] = Counter()
    stray = 0
    for one in wrong:
        place = position(one.cell)
        found = rows.get((one.sheet, place[0])) if place is not None else None
        counted.update(found or ())
        stray += not found
    return [replace(offer, errors=counted[index]) for index, offer in enumerate(offers)], stray


def _marked(path: Path, findings: Sequence[Finding], declaration: LedgerDeclaration, language: Language) -> bytes:
    """The workbook again with everything found in it marked; nothing where it cannot be written."""
    if not findings:
        return b""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        try:
            write_error_workbook(path, findings, target, language=language, encoding=declaration.encoding)
        except Refusal:  # it could not be read either: the page says why
            return b""
        return target.read_bytes()


def _told(one: Finding, people: Collection[tuple[str, str]]) -> dict[str, Any]:
    """A finding as it is kept; what a cell says of people is masked in it."""
    [shown] = masked([one.raw], personal=True) if one.raw and (one.sheet, one.cell) in people else [one.raw]

    def plain(text: str) -> str:
        return text.replace(one.raw, shown) if one.raw else text

    return {
        "grade": one.grade, "code": one.code, "sheet": one.sheet, "cell": one.cell, "raw": shown,
        "reason_zh": plain(one.reason.zh), "reason_en": plain(one.reason.en),
        "remedy_zh": plain(one.remedy.zh), "remedy_en": plain(one.remedy.en),
    }  # fmt: skip
