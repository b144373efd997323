"""One round from workbooks to papers (DESIGN §2, "Follow one fact")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from guatu.declarations import Ledger, Pack, UnitDeclaration
from guatu.dispatch.arrivals import (
    Arrival,
    State,
    count,
    leaves,
    recounted,
    refuse_doubles,
    refuse_namesakes,
    unit_tree,
)
from guatu.dispatch.candidates import gather
from guatu.dispatch.figures import looked_back_at
from guatu.dispatch.given import Given
from guatu.dispatch.items import Item, month_and_cumulative, month_from_last_round
from guatu.dispatch.mappings import said_of
from guatu.dispatch.reading import Notice, load_decisions, unknown_items
from guatu.dispatch.reconciliation.decisions import Decisions, read_decisions
from guatu.dispatch.reconciliation.identity import Places, Question
from guatu.dispatch.reconciliation.joining import reconcile
from guatu.dispatch.reconciliation.past import PastItem, past_items
from guatu.dispatch.reconciliation.rows import RowContext, book_of
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.shares import own_findings, reporting_units, shares_of
from guatu.dispatch.store import read_arrivals, read_findings, read_items
from guatu.dispatch.tables import (
    closure_table,
    items_table,
    members_of,
    units_table,
    with_free_tags,
)
from guatu.engine.evaluation import EarlierResults, Inputs, Results, derive_lists, evaluate
from guatu.engine.rulebook import Rulebook, load_chosen
from guatu.office.workbooks import Finding, WorkbookReading
from guatu.text import Refusal, Text

EVALUATING = Text("评判", "Evaluating")


@dataclass(slots=True)
class Round:
    """Everything known about one round, in the order it becomes known."""

    request: RoundRequest
    pack: Pack
    rulebook: Rulebook
    units: Mapping[str, UnitDeclaration]
    readings: Sequence[WorkbookReading]
    earlier: Mapping[str, Sequence[Item]]
    """Items of the rounds given as history, by period."""
    arrivals: list[Arrival] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    history: Sequence[EarlierResults] = ()
    carried: set[str] = field(default_factory=set)
    """Names of workbooks from earlier runs of this round that are not given again and still count."""
    notes: list[Text] = field(default_factory=list)
    members: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Unit and list -> ids of the items counted there; filled when the round is evaluated."""
    findings: list[Finding] = field(default_factory=list)
    offered: Mapping[str, list[Item]] = field(default_factory=dict)
    """Unit -> the items its workbook brings if it is taken."""
    decisions: Decisions = field(default_factory=Decisions)
    """What people decided, in this round and before."""
    past: Mapping[str, PastItem] = field(default_factory=dict)
    """Lasting id -> the item as the latest earlier round had it."""
    questions: list[Question] = field(default_factory=list)
    """What waits for a decision rather than for a cell's value."""

    @property
    def ledger(self) -> Ledger:
        return self.pack.ledger

    @property
    def before(self) -> dict[str, Item]:
        """The items of the round before, by id; none when its results are not given."""
        items = self.earlier.get(str(self.request.period.previous()), ())
        return {item.item_id: item for item in items}

    @property
    def top(self) -> str:
        """The unit the totals cover: the root of the tree."""
        return next(code for code, unit in self.units.items() if unit.parent is None)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a round before any workbook is read: the rules it is judged by, and the rounds before it."""

    rulebook: Rulebook
    history: Sequence[EarlierResults]
    earlier: Mapping[str, Sequence[Item]]
    """Items of those rounds, by period."""


def known_of(given: Given) -> Known:
    """Load the rulebook, the checks and the earlier rounds of a request."""
    pack, folders = given.pack, given.request.history
    rulebook = load_chosen(pack, given.request.rulebook)
    book_of(pack.ledger)
    history = [EarlierResults.read(folder / "results") for folder in folders]
    known = {*pack.ledger.known_by, *(to_date for _, to_date in month_and_cumulative(pack.ledger))}
    known |= looked_back_at(rulebook)
    earlier = {
        one.period: read_items(folder / "results", pack.ledger, known)
        for one, folder in zip(history, folders, strict=True)
    }
    return Known(rulebook, history, earlier)


def joined(given: Given, known: Known, readings: Sequence[WorkbookReading]) -> Round:
    """Accept or refuse what was read, and join it into items. Nothing is computed or written yet."""
    request, pack = given.request, given.pack
    shares, declared = shares_of(readings, pack) if pack.ledger.unit_field else (list(readings), {})
    refuse_doubles(shares)
    refuse_namesakes(readings)
    notes = [*given.notes, *said_of(readings)]
    named = {reading.name for reading in readings} if pack.ledger.unit_field else set()
    stood = [one.unit for one in read_arrivals(request.out / "results") if one.workbook not in named]
    reporting = [*stood, *(share.unit.code for share in shares if share.unit is not None)]
    units = reporting_units(declared, reporting) if pack.ledger.unit_field else unit_tree(pack, reporting)
    made = Round(request, pack, known.rulebook, units, readings, known.earlier, history=known.history, notes=notes)
    _require_units(made)
    shares = _check(made, shares)
    _accept(made, shares)
    made.findings[:0] = [finding for share in shares for finding in share.findings]
    _reconcile(made)
    made.findings[:] = dict.fromkeys(made.findings)
    _months_from_history(made)
    return made


def _require_units(made: Round) -> None:
    if not made.units:
        unread_files = made.readings if made.ledger.unit_field else ()
        for unread in (one for reading in unread_files for one in reading.findings if one.grade == "error"):
            raise Refusal(unread.where, unread.reason, unread.remedy)
        raise Refusal(
            ", ".join(reading.name for reading in made.readings) or "WORKBOOKS",
            Text("一个填报单位也认不出来", "no reporting unit could be recognised"),
            Text(
                "文件名或填报单位一行写明单位全称，或在业务包的 units.yaml 中声明。",
                "Name the unit in the file name or the 填报单位 line, or declare it in the pack's units.yaml.",
            ),
        )


def folder_period(folder: Path) -> str:
    """The round a result folder holds; refuses a folder that holds none."""
    return EarlierResults.read(folder / "results").period


def _check(made: Round, shares: Sequence[WorkbookReading]) -> list[WorkbookReading]:
    """Run the pack's row checks over what every workbook offers: an error among them refuses the workbook."""
    request = made.request
    made.decisions = read_decisions(folder / "results" for folder in (*request.history, request.out))
    for answered in load_decisions(request.answers, request.period):
        made.decisions.take(answered)
    facts = [key for check in made.ledger.checks.identity.values() for key in check.fields]
    made.past = past_items(made.history, made.earlier, facts, made.ledger.code_field)
    context = RowContext(made.ledger, request.period, made.history, request.engine)
    offered = gather(shares, context, made.past, made.decisions)
    made.readings = offered.added_to(made.readings)
    made.offered = {
        share.unit.code: items for share, items in zip(shares, offered.items, strict=True) if share.unit is not None
    }
    return offered.added_to(shares)


def _accept(made: Round, shares: Sequence[WorkbookReading]) -> None:
    """Take the workbooks that may be taken; other units stand as this round's folder already has them."""
    request = made.request
    by_unit = {share.unit.code: share for share in shares if share.unit is not None}
    units = leaves(made.units)
    complete = all(_may_be_taken(by_unit.get(unit.code), request.on_error) for unit in units)
    _require_same_round(made)
    standing = [] if complete else _standing(made)
    stood = {arrival.unit: arrival for arrival in read_arrivals(request.out / "results")}
    _require_something(made, stood.values())
    for unit in units:
        reading = by_unit.get(unit.code)
        items: list[Item] = []
        if reading is not None and _may_be_taken(reading, request.on_error):
            items = made.offered[unit.code]
        else:
            items = [item for item in standing if item.unit == unit.code]
        made.items.extend(items)
        made.arrivals.append(_arrival(made, unit, reading, items, stood.get(unit.code)))
    made.carried.update(_carried(made, by_unit, stood))


def _require_something(made: Round, stood: Iterable[Arrival]) -> None:
    if not made.readings and not any(one.state != "missing" for one in stood):
        raise Refusal(
            "WORKBOOKS",
            Text("一个工作簿也没有给", "no workbook was given"),
            Text("写上各单位报来的工作簿。", "Name the workbooks the units sent."),
        )


def _carried(made: Round, given: Mapping[str, WorkbookReading], stood: Mapping[str, Arrival]) -> set[str]:
    """Workbooks of earlier runs of this round that still count; what was found in them is carried over."""
    names = {arrival.workbook for unit, arrival in stood.items() if arrival.workbook is not None and unit not in given}
    kept = read_findings(made.request.out / "results")
    made.findings.extend(one for one in kept if one.workbook in names and one.code not in _found_again(made))
    return names


def _found_again(made: Round) -> set[str]:
    """What is looked for in every run, over all units."""
    within = ("facts_differ", "names_differ")
    return {key for key, one in made.ledger.checks.identity.items() if one.kind not in within}


def _reconcile(made: Round) -> None:
    """Know the items again, and say what may be one project; the sender sees it in the workbook that goes back."""
    places = Places(
        titles={code: unit.title for code, unit in made.units.items()},
        workbooks={one.unit: one.workbook for one in made.arrivals if one.counted and one.workbook is not None},
    )
    done = reconcile(made.items, made.ledger, made.request.period, made.past, made.history, made.decisions, places)
    made.items[:], made.questions = done.items, done.questions
    made.findings.extend(done.findings)
    made.readings = [_with(done.findings, one) for one in made.readings]
    # A workbook of many units counts what is found in it for none of them.
    given = {reading.name for reading in made.readings} if made.ledger.unit_field is None else set()
    counts = Counter(item.unit for item in made.items)
    made.arrivals[:] = [recounted(one, counts[one.unit], done.findings, given) for one in made.arrivals]
    made.notes.extend(unknown_items(made.request.answers, made.request.period, {*made.past, *done.ids}))


def _with(findings: Sequence[Finding], reading: WorkbookReading) -> WorkbookReading:
    own = tuple(one for one in findings if one.workbook == reading.name)
    return replace(reading, findings=(*reading.findings, *own)) if own else reading


def _may_be_taken(reading: WorkbookReading | None, on_error: str) -> bool:
    """A refused workbook may still be taken with its bad cells as missing, when rows could be read at all."""
    return reading is not None and bool(reading.rows) and (not reading.refused or on_error == "blank")


def _require_same_round(made: Round) -> None:
    results = made.request.out / "results"
    if (results / "cells.parquet").is_file() and folder_period(made.request.out) != str(made.request.period):
        raise Refusal(
            f"-o {made.request.out}",
            Text("这个文件夹里是另一期的结果", "this folder holds another round's results"),
            Text("换一个文件夹，例如以期为名。", "Choose another folder, for instance one named after the round."),
        )


def _standing(made: Round) -> list[Item]:
    """What this round's folder already holds: figures of units whose workbook is not given again."""
    results = made.request.out / "results"
    items = read_items(results, made.ledger) if (results / "cells.parquet").is_file() else []
    if made.ledger.unit_field is None:
        return items
    given = {reading.name for reading in made.readings}  # with all its items, whatever unit they were then under
    return [item for item in items if not any(cell.workbook in given for cell in item.cells.get("name", ()))]


def _arrival(
    made: Round,
    unit: UnitDeclaration,
    reading: WorkbookReading | None,
    items: Sequence[Item],
    stood: Arrival | None,
) -> Arrival:
    """What became of a unit's report: of the workbook given now, or else of the one this round already had."""
    if reading is None:
        if stood is None or stood.state == "missing":
            return Arrival(unit.code, unit.title, "missing")
        state: State = "standing" if stood.state == "accepted" else stood.state
        return replace(stood, title=unit.title, state=state, items=len(items))
    found = own_findings(reading, made.ledger)
    return Arrival(
        unit=unit.code,
        title=unit.title,
        state="accepted" if _may_be_taken(reading, made.request.on_error) else "refused",
        workbook=reading.name,
        sha256=reading.sha256,
        items=len(items),
        errors=count(found, "error"),
        questions=count(found, "question"),
        warnings=count(found, "warning"),
    )


def _months_from_history(made: Round) -> None:
    """Where a unit reports only cumulative figures, the month is the difference to last round's published one."""
    before = {item.item_id: item for item in made.earlier.get(str(made.request.period.previous()), ())}
    for item in made.items:
        if item.item_id in before:
            month_from_last_round(item, before[item.item_id], made.ledger, made.request.period)


def judge_nothing(given: Given, known: Known) -> None:
    """A round without items: whatever the engine opens and works out when it is first asked is there afterwards."""
    nothing = Round(given.request, given.pack, known.rulebook, unit_tree(given.pack, ()), (), {}, history=known.history)
    evaluate_round(nothing, lambda *_: None)


def evaluate_round(made: Round, notice: Notice) -> Results:
    """Hand the round's tables to the engine."""
    notice(EVALUATING, 0, 1)
    items = items_table(made.items, made.ledger)
    membership = with_free_tags(derive_lists(items, made.ledger), items, made.ledger)
    closure = closure_table(made.units)
    made.members = members_of(items, membership, closure)
    results = evaluate(
        Inputs(
            period=made.request.period,
            items=items,
            units=units_table(made.units),
            closure=closure,
            membership=membership,
            ledger=made.ledger,
            history=made.history,
        ),
        made.rulebook,
        tables=made.request.engine,
    )
    notice(EVALUATING, 1, 1)
    return results
