"""Row checks on a round's items: each that fires is said at the cell it is about; a question's value waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.declarations import Ledger
from guatu.dispatch.items import Cell, Item
from guatu.dispatch.reconciliation.decisions import CONFIRMED, Decision, Decisions
from guatu.dispatch.tables import items_table
from guatu.engine.checks import CheckBook, Fired, fields_read, load_book, run_checks
from guatu.engine.evaluation import EarlierResults
from guatu.engine.evaluation.stage import Engine
from guatu.office.workbooks import Finding
from guatu.standards.periods import Period
from guatu.text import Text

ANSWERED = "answered"
"""The code of the finding that says a person answered a cell."""
QUESTION = "question"


@dataclass(frozen=True, slots=True)
class RowContext:
    """What the items of a round are checked against."""

    ledger: Ledger
    period: Period
    history: Sequence[EarlierResults] = ()
    engine: Engine = "duckdb"


def check_rows(
    items: Sequence[Item],
    context: RowContext,
    answered: Iterable[tuple[str, str, str]] = (),
    decisions: Decisions | None = None,
) -> list[Finding]:
    """What the ledger's row checks find in the items; the value of an open question becomes missing in its item.

    `answered`: (workbook, sheet, cell) a person answered this time. What they say stands: the check is not asked again
    about that cell, and the decision is kept for as long as the values it was taken on stay the same.
    """
    decided = decisions if decisions is not None else Decisions()
    confirmed = set(answered)
    by_id = {item.item_id: item for item in items}
    findings = []
    for fired in _fired(items, context):
        item = by_id[fired.item_id]
        cell = _named_cell(item, fired, context.ledger)
        if fired.check.declared.grade == QUESTION:
            about = _decision(fired, context.period)
            if cell is not None and (cell.workbook, cell.sheet, cell.address) in confirmed:
                decided.take(about)
                continue
            if decided.stands(about):
                continue
        findings.append(_finding(fired, item, cell, context.ledger))
        if fired.check.declared.grade == QUESTION and not fired.check.declared.keep:
            _leave_missing(item, fired.check.field)
    return findings


def _fired(items: Sequence[Item], context: RowContext) -> list[Fired]:
    book = book_of(context.ledger)
    if not book.checks or not items:
        return []
    # Only what the checks look at becomes a column: a ledger has many fields, its checks read a few.
    read = fields_read(book, context.period)
    narrow = replace(context.ledger, fields={key: one for key, one in context.ledger.fields.items() if key in read})
    return run_checks(book, items_table(items, narrow), context.period, context.history, context.engine)


_BOOKS: dict[int, tuple[Ledger, CheckBook]] = {}


def book_of(ledger: Ledger) -> CheckBook:
    """The ledger's checks, read once as long as the ledger is in use."""
    known = _BOOKS.get(id(ledger))
    if known is None or known[0] is not ledger:
        _BOOKS.clear()
        known = _BOOKS[id(ledger)] = (ledger, load_book(ledger))
    return known[1]


def _decision(fired: Fired, period: Period) -> Decision:
    """That the person stands by these values of the item."""
    return Decision(
        check=fired.check.clause.id,
        items=(fired.item_id,),
        answer=CONFIRMED,
        period=str(period),
        rests_on=dict(fired.rests_on),
    )


def _named_cell(item: Item, fired: Fired, ledger: Ledger) -> Cell | None:
    """The cell the check is about; where its field was not read from one, that of another value, or of the name."""
    names = ("name", *(key for keys in ledger.identity for key in keys))
    for key in (fired.check.field, *fired.rests_on, *names):
        if item.cells.get(key):
            return item.cells[key][0]
    return None


def _finding(fired: Fired, item: Item, cell: Cell | None, ledger: Ledger) -> Finding:
    check = fired.check.declared
    assert check.grade != "off"
    field = ledger.fields[fired.check.field]
    words: dict[str, Text] = dict(fired.said)
    for key in (*fired.said, fired.check.field):
        if key in ledger.fields and item.cells.get(key):
            words[key] = as_written(item.cells[key][0], ledger)
    words["this"] = words.get(fired.check.field, Text("", ""))
    words["field"] = field.title
    return Finding(
        workbook=cell.workbook if cell else "",
        sheet=cell.sheet if cell else "",
        cell=cell.address if cell else "",
        raw=cell.raw if cell else "",
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


def as_written(cell: Cell, ledger: Ledger) -> Text:
    """The value as the workbook shows it, with the unit it was written in."""
    raw = " ".join(cell.raw.split())
    bare = raw.replace(",", "").replace(".", "").lstrip("-").isdigit()
    unit = cell.unit if bare and cell.unit else ""
    return Text(f"{raw}{unit}", f"{raw}{unit}")


def _leave_missing(item: Item, field: str) -> None:
    """Count the value as missing, and every value that rests on its cell, until the question is answered."""
    if not item.cells.get(field):
        return
    doubted = item.cells[field][0]
    for key, cells in item.cells.items():
        if doubted in cells:
            item.cells[key] = tuple(_doubted(cell) if cell == doubted else cell for cell in cells)
            item.values[key] = None
            item.missing[key] = QUESTION
    item.figures[:] = [cell for cell in item.figures if cell != doubted]


def _doubted(cell: Cell) -> Cell:
    return replace(cell, value=None, missing=QUESTION)
