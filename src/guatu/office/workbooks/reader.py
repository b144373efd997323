"""Read one workbook: find its ledger tables, understand their columns, take their rows, and say what is wrong."""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger, UnitDeclaration
from guatu.office.containers.grid import Book, Sheet, address, column_letters, position, show
from guatu.office.containers.opening import open_book
from guatu.office.workbooks.checks import check_rows
from guatu.office.workbooks.columns import SURE, Columns, LedgerWords, map_columns, selector_column
from guatu.office.workbooks.controls import check_controls
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.extraction import Extract, extract
from guatu.office.workbooks.fingerprints import lay_out
from guatu.office.workbooks.held import AllRows, HeldRows
from guatu.office.workbooks.leftovers import PassedOver, check_emptiness, check_sheet
from guatu.office.workbooks.mapped import MappedTable, identity_fields
from guatu.office.workbooks.memory import Memory
from guatu.office.workbooks.normalising import squeezed, word_key
from guatu.office.workbooks.reading import ColumnMapping, ControlSum, ReadTable, Sender, Tag, WorkbookReading
from guatu.office.workbooks.recall import Recalled, Recollection, report
from guatu.office.workbooks.sender import named_in, recognise, sender_of, sender_of_rows, stated_month
from guatu.office.workbooks.tables import Table, find_tables
from guatu.office.workbooks.turning import lies_on_its_side, lines_as_they_lie, rows_as_they_lie, turn
from guatu.standards.periods import Period
from guatu.text import Text

_FEWEST_FIELDS = 4
_LEAST_SHARE = 0.5
_CAPTION_LEAD = re.compile(r"^(?:附?[表件][一二三四五六七八九十\d]*[:、.]?|20\d\d年度?|全[市区县省])+")
_CAPTION_TAIL = re.compile(
    r"(?:[(].*[)])?(?:项目)?(?:建设)?(?:进展|推进|完成|实施|投资)?(?:情况|进度)?(?:汇总|调度|统计|一览)?(?:表|台账|清单|名单)?$"
)
_COUNT_BEHIND = re.compile(r"[(（]\d+个?[)）]$")


@dataclass
class _Reading:
    """What collects while sheet after sheet is read."""

    tables: list[ReadTable] = field(default_factory=list)
    rows: list[HeldRows] = field(default_factory=list)
    controls: list[ControlSum] = field(default_factory=list)
    skipped: dict[str, Text] = field(default_factory=dict)
    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    every_caption: list[str] = field(default_factory=list)
    """Of tables that are no ledger too."""


def read_workbook(
    path: Path,
    ledger: Ledger,
    *,
    period: Period,
    units: Sequence[UnitDeclaration] = (),
    memory: Memory | None = None,
    answers: Mapping[tuple[str, str], str] | None = None,
    sent_by: Sender | None = None,
) -> WorkbookReading:
    """Read a unit's workbook as it is.

    Only a file that is no workbook is refused (`UnreadableWorkbook`); everything wrong inside it becomes a finding,
    and `refused` says whether any of them is an error. `period` is the round: columns and dates without a year belong
    to its year. `memory` holds the mappings people confirmed; the sender's own overrule what is found.
    `answers`, by sheet and cell address, are what a person answered to earlier questions: read in the cell's place.
    `sent_by` is who sent it, where it does not say so itself.
    """
    with _collecting_later():
        memory, sender = memory or Memory(), sender_of_rows(ledger) or named_in(path.stem, units) or sent_by
        reading = _read(path, ledger, period, units, Recollection(memory, sender), answers or {})
        said = reading.sender or sent_by
        if said != sender and (memory.knows(said) or memory.knows(sender)):
            # Lines of the sheet say more of the sender than the file's name: read it as that sender's.
            reading = _read(path, ledger, period, units, Recollection(memory, said), answers or {})
        return replace(reading, sender=said)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """No garbage collection meanwhile: hundreds of thousands of cells are made and none is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(
    path: Path,
    ledger: Ledger,
    period: Period,
    units: Sequence[UnitDeclaration],
    known: Recollection,
    answers: Mapping[tuple[str, str], str],
) -> WorkbookReading:
    book = open_book(path, encoding=known.encoding or ledger.encoding)
    desk = Desk(path.name, LedgerWords(ledger), period)
    for remark in book.remarks:
        desk.say(remark.code, remark.sheet, remark.cell, remark.raw, **remark.words)
    _put_answers(desk, book, answers)
    reading = _Reading()
    chosen = [(sheet, _ledger_tables(desk, sheet, known, reading)) for sheet in book.sheets]
    several = sum(bool(tables) for _, tables in chosen) > 1
    reading.captions = [caption for _, tables in chosen for mapped, _, _ in tables for caption in mapped.captions]
    names = [name for unit in units for name in (unit.title.zh, *unit.synonyms)]
    read: list[tuple[MappedTable, Extract]] = []
    for _, tables in chosen:
        for mapped, columns, recalled in tables:
            report(desk, mapped.sheet, mapped.table, recalled)
            _report_columns(desk, mapped, columns, recalled.questioned)
            extracted = extract(desk, mapped, _standing_tags(desk, mapped, names, several))
            reading.notes += extracted.notes
            reading.controls += check_controls(desk, mapped, extracted)
            turned = mapped.sheet.name in desk.turned
            reading.tables.append(_table(mapped, turned))
            check_rows(desk, extracted.rows)
            reading.rows.append(rows_as_they_lie(extracted.rows) if turned else extracted.rows)
            read.append((mapped, extracted))
    check_emptiness(desk, read)
    by_row = ledger.unit_field is not None  # then the workbook comes from nobody in particular
    unit = None if by_row else recognise(desk, path.stem, reading.captions, reading.notes, units)
    if not reading.tables:
        _say_no_table(desk)
    else:
        _report_missing(desk, reading.tables)
        _check_round(desk, reading)
    return WorkbookReading(
        path=path,
        name=path.name,
        sha256=book.sha256,
        unit=unit,
        tables=tuple(reading.tables),
        rows=AllRows(reading.rows),
        findings=tuple(desk.findings),
        controls=tuple(reading.controls),
        skipped=reading.skipped,
        kept=tuple(desk.kept),
        sender=sender_of_rows(ledger) or sender_of(unit, reading.every_caption, reading.notes, units),
    )


def _put_answers(desk: Desk, book: Book, answers: Mapping[tuple[str, str], str]) -> None:
    """Read a person's answer in place of the cell it is about, and say so."""
    for (name, cell), answer in answers.items():
        sheet, place = book.by_name.get(name), position(cell)
        if sheet is None or place is None or place[0] >= sheet.height or place[1] >= sheet.width:
            desk.say("answer_without_cell", name, cell, answer)
            continue
        desk.say("answered", name, cell, show(sheet.value(*place)), answer=answer)
        sheet.put(*place, answer)


# -- which sheets and tables count ---------------------------------------------------------------------------


def _ledger_tables(
    desk: Desk, sheet: Sheet, known: Recollection, reading: _Reading
) -> list[tuple[MappedTable, Columns, Recalled]]:
    """The tables of a sheet that are ledgers; a sheet without any is named with the reason."""
    judged, sheet = judged_tables(desk, sheet, known)
    found, passed_over = judged.found, judged.passed_over
    reading.every_caption += judged.captions
    for table, recalled in judged.changed:
        report(desk, sheet, table, recalled)  # it was a ledger once: what changed is why it is none now
    why = passed_over[-1].why if passed_over else Text("没有本台账的列名", "it has no column titles of this ledger")
    if found and not sheet.visible:
        desk.say("hidden_sheet", sheet.name)
        reading.skipped[sheet.name] = Text("隐藏的工作表", "a hidden sheet")
        return []
    if found:
        check_sheet(desk, sheet, [mapped.table for mapped, _, _ in found], passed_over)
    if not found and any(sheet.filled(row) for row in range(sheet.height)):
        desk.say("not_a_ledger", sheet.name, why=why.zh, why_en=why.en)
        reading.skipped[sheet.name] = why
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """The tables of a sheet: those that are ledgers, those that are not, each with the reason."""

    every: list[tuple[MappedTable, Columns, Recalled]] = field(default_factory=list)
    found: list[tuple[MappedTable, Columns, Recalled]] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    changed: list[tuple[Table, Recalled]] = field(default_factory=list)
    """Tables that were ledgers once, as people confirmed."""

    @property
    def headers(self) -> list[tuple[int, int]]:
        tables = [mapped.table for mapped, _, _ in self.found] + [one.table for one in self.passed_over]
        return [table.header for table in tables]


def judged_tables(desk: Desk, sheet: Sheet, known: Recollection) -> tuple[Judged, Sheet]:
    """The tables of a sheet, and the sheet as it was read: turned (and noted so) where its ledger lies on its side."""
    judged = _judged(desk, sheet, known)
    if not judged.found and (lying := turn(sheet)).height > 1:
        turned = _judged(desk, lying, known)
        if turned.found and lies_on_its_side(lying, turned.headers):
            desk.turned.add(sheet.name)
            return replace(turned, passed_over=[]), lying
    return judged, sheet


def _judged(desk: Desk, sheet: Sheet, known: Recollection) -> Judged:
    judged = Judged()
    for mapped, columns, recalled in _mapped_tables(desk, sheet, known):
        judged.every.append((mapped, columns, recalled))
        judged.captions.extend(mapped.captions)
        verdict = no_ledger(desk, mapped, recalled)
        if verdict is None:
            judged.found.append((mapped, columns, recalled))
        else:
            if recalled.kept is not None:
                judged.changed.append((mapped.table, recalled))
            judged.passed_over.append(PassedOver(mapped.table, verdict, _names_items(desk, mapped)))
    return judged


def _mapped_tables(desk: Desk, sheet: Sheet, known: Recollection) -> Iterator[tuple[MappedTable, Columns, Recalled]]:
    """Every table of a sheet, ledger or not, with its columns as found and as people confirmed them."""
    above: tuple[str, ...] = ()
    year = desk.period.year
    for table in find_tables(sheet, lambda text: desk.words.is_title(text, year) or known.is_title(text, year)):
        columns = map_columns(sheet, table, desk.words, desk.period)
        captions = _captions(sheet, table)
        recalled = known.recall(columns.mappings, lay_out(table, captions, above, year), desk.words, desk.period)
        yield MappedTable(sheet, table, recalled.mappings, columns.profiles, captions, above), columns, recalled
        above = captions + above


def _captions(sheet: Sheet, table: Table) -> tuple[str, ...]:
    return tuple(text for row in table.caption for _, text in sheet.texts(row))


def no_ledger(desk: Desk, mapped: MappedTable, recalled: Recalled) -> Text | None:
    """Why a table is no ledger of this kind, or None when it is one: few columns do where a person confirmed them."""
    ledger = desk.words.ledger
    fields = mapped.of("field")
    if not _names_items(desk, mapped):
        key = identity_fields(ledger)[-1]
        name = ledger.fields[key].title
        return Text(f"没有“{name.zh}”列", f"it has no column '{name.en}'")
    if recalled.is_same:
        return None
    weighty = {(one.field, one.period) for one in fields if ledger.fields[one.field or ""].type is not FieldType.TAGS}
    titled = [one for one in mapped.columns if one.role != "ignored" and one.title]
    if len(weighty) < _FEWEST_FIELDS or len(fields) < len(titled) * _LEAST_SHARE:
        titles = [ledger.fields[key].title for key in sorted({key or "" for key, _ in weighty})]
        return Text(
            f"只认出{len(titles)}列（{'、'.join(title.zh for title in titles)}）",
            f"only {len(titles)} columns are known ({', '.join(title.en for title in titles)})",
        )
    return None


def _names_items(desk: Desk, mapped: MappedTable) -> bool:
    return any(one.field in identity_fields(desk.words.ledger) for one in mapped.of("field"))


def _table(mapped: MappedTable, turned: bool) -> ReadTable:
    """The table as it was understood; of one that lies on its side, rows are columns and the other way about."""
    header, data = mapped.table.header, mapped.table.data
    columns = lines_as_they_lie(mapped.columns) if turned else mapped.columns
    return ReadTable(
        mapped.sheet.name, (header[0] + 1, header[1] + 1), (data[0] + 1, data[1] + 1), mapped.captions, columns
    )


# -- tags that hold for a whole sheet or table -----------------------------------------------------------------


def _standing_tags(desk: Desk, mapped: MappedTable, unit_names: Iterable[str], several: bool) -> list[Tag]:
    words = desk.words.tags
    found = []
    name = _COUNT_BEHIND.sub("", squeezed(mapped.sheet.name))
    if (key := words.list_of(name)) is not None:
        found.append(Tag(key, name, "sheet", mapped.sheet.name, ""))
    elif several:
        found.append(Tag(None, name, "sheet", mapped.sheet.name, ""))
    for row in mapped.table.caption:
        for column, text in mapped.sheet.texts(row):
            bare = _bare_caption(text, unit_names)
            if (key := words.list_of(bare)) is not None:
                found.append(Tag(key, bare, "caption", mapped.sheet.name, address(row, column)))
    return found


def _bare_caption(text: str, unit_names: Iterable[str]) -> str:
    """What a title is about: 表一 某区过亿元“四新”项目进展情况(57个) is about 过亿元四新."""
    bare = _CAPTION_LEAD.sub("", word_key(text))
    for name in sorted(unit_names, key=len, reverse=True):
        if bare.startswith(name):
            bare = bare[len(name) :]
            break
    bare = _CAPTION_LEAD.sub("", bare)
    return _CAPTION_TAIL.sub("", _CAPTION_TAIL.sub("", re.sub(r"[(].*$", "", bare)))


# -- what to say about columns and the round -------------------------------------------------------------------


def _report_columns(desk: Desk, mapped: MappedTable, columns: Columns, questioned: Collection[int]) -> None:
    ledger, name, header = desk.words.ledger, mapped.sheet.name, mapped.table.header[1]
    by_column = {one.column: one for one in mapped.columns}
    said = {left for left, _, _ in (*columns.ties, *columns.left)} | {*questioned}
    for code, pairs in (("competing_columns", columns.ties), ("left_column", columns.left)):
        for left, taken, key in pairs:
            if by_column[left].role == "unmapped" and left not in questioned:
                title = ledger.fields[key].title
                desk.say(
                    code, name, address(header, left), by_column[left].shown_title, title=by_column[left].shown_title,
                    other=by_column[taken].shown_title, field=title.zh, field_en=title.en,
                )  # fmt: skip
    for one in mapped.columns:
        place = address(header, one.column)
        if one.role == "ignored" and not one.decided:
            desk.say("void_column", name, place, one.shown_title, title=one.shown_title)
        elif one.role == "unmapped" and one.column not in said:
            shown = one.shown_title or column_letters(one.column)
            desk.say("unmapped_column", name, place, shown, title=shown)
        elif one.role == "field":
            _report_field(desk, mapped, one, place)


def _report_field(desk: Desk, mapped: MappedTable, one: ColumnMapping, place: str) -> None:
    title = desk.words.ledger.fields[one.field or ""].title
    words = {"title": one.shown_title, "field": title.zh, "field_en": title.en}
    if one.confidence < SURE:
        desk.say(
            "unsure_column", mapped.sheet.name, place, one.shown_title, confidence=f"{one.confidence:.0%}", **words
        )
    if one.hidden:
        desk.say("hidden_column", mapped.sheet.name, place, one.shown_title, **words)


def _report_missing(desk: Desk, tables: Sequence[ReadTable]) -> None:
    """Required fields without a column; for periodic ones, without a column for this round.

    A table of progress owes every required field. Tables that follow something else (手续表, 作战图, 招商台账) owe none:
    beside a table of progress nothing is said, otherwise one warning says which figures stay missing.
    """
    required = [one for one in desk.words.ledger.fields.values() if one.required]
    owing = [table for table in tables if _tells_progress(desk, table)]
    for table in owing:
        for declared in required:
            columns = [one for one in table.columns if one.role == "field" and one.field == declared.key]
            lacking = _lacking(desk, declared, columns)
            if lacking is not None:
                desk.say(
                    "no_column", table.sheet, "", detail=lacking.zh, detail_en=lacking.en,
                    field=declared.title.zh, field_en=declared.title.en,
                )  # fmt: skip
    for table in () if owing else tables:
        absent = [one.title for one in required if table.column_of(one.key) is None]
        if absent:
            desk.say(
                "figures_absent", table.sheet, "", fields="、".join(f"“{title.zh}”" for title in absent),
                fields_en=", ".join(f"'{title.en}'" for title in absent),
            )  # fmt: skip


def _tells_progress(desk: Desk, table: ReadTable) -> bool:
    """Whether a table reports the required figures of a period (年度计划, 年初累计), one row to an item."""
    if selector_column(table.columns, desk.words) is not None:
        return False
    fields = (desk.words.ledger.fields[one.field or ""] for one in table.columns if one.role == "field")
    return any(one.required and one.basis is not None for one in fields)


def _lacking(desk: Desk, declared: FieldDeclaration, columns: Sequence[ColumnMapping]) -> Text | None:
    """What more to say about a required field without a column; None when it has one."""
    if not columns:
        return Text("", "")
    round_ = Period.month(desk.period.year, desk.period.last_day.month)
    periods = [one.period for one in columns if one.period is not None]
    if not periods or round_ in periods:
        return None
    months = "、".join(f"{period.last_day.month}月" for period in periods)
    return Text(f"（本期{round_.last_day.month}月；表中是{months}）", f" of this round (the sheet has {months})")


def _say_no_table(desk: Desk) -> None:
    titles = [one.title for one in desk.words.ledger.fields.values() if one.required]
    desk.say(
        "no_table",
        fields="、".join(f"“{title.zh}”" for title in titles),
        fields_en=", ".join(f"'{title.en}'" for title in titles),
    )


def _check_round(desk: Desk, reading: _Reading) -> None:
    stated = stated_month(reading.captions)
    round_ = Period.month(desk.period.year, desk.period.last_day.month)
    if stated is not None and stated != round_:
        found, expected = stated.title(), round_.title()
        desk.say(
            "other_round", found=found.zh, found_en=found.en, round=expected.zh, round_en=expected.en,
        )  # fmt: skip
