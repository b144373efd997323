"""What people decided about columns: per sender and layout, as YAML a person can read, correct and compare."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from guatu.declarations.entries import is_encoding, no_encoding
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Mapping_, Place, parse_yaml, read_yaml
from guatu.office.workbooks.fingerprints import VERSION, Column, Layout
from guatu.office.workbooks.reading import Sender
from guatu.standards.quantities import unit_named
from guatu.text import Refusal, Text

FORMAT = 1
LEFT_OUT = "-"
OPEN = "?"
"""Nobody has decided yet: the column is mapped as usual, and asked about where that is not sure."""
LIST = "list:"
TITLED = "titled"
"""The period of a periodic column: the month its title names."""
_ROUND = re.compile(r"round(?:-(\d{1,2}))?")
_HEAD = """\
# 列映射：这个单位的各种版式，每列一条，由 guatu map 写下，可以手改。
#   field   字段键；“-”不读取，“?”待定，“list:键”为清单勾选列
#   unit    列名和表头都没写单位时，这一列的单位
#   period  titled 列名里的月份；round 本期；round-1 上一月
#   encoding（可选）文本文件的编码；title 与 fingerprint 是版式本身，勿改
# Column mappings: the layouts of this sender, one line a column, written by `guatu map`, open to correction by hand.
#   field   a field's key; `-` = not read, `?` = undecided, `list:key` = ticks of a list
#   unit    the unit of a column whose title and table name none
#   period  titled = the month in the title; round = this round's; round-1 = the month before
#   encoding (optional) of text files; title and fingerprint are the layout itself: leave them as they are
"""


class WrongMapping(Refusal):
    """A mapping file that cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided about a column, when, and looking at which workbook."""

    by: str
    on: str
    """A day, as 2021-09-05."""
    workbook: str

    @property
    def saying(self) -> str:
        return f"{self.by} {self.on}"


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """One column of a kept layout, or a series of months."""

    column: Column
    field: str
    """A field's key, or LEFT_OUT, OPEN, `list:key`."""
    unit: str | None = None
    """Decided by a person; what the title itself names is in `column`."""
    period: str | None = None
    decided: Decision | None = None
    """None where a person only accepted what was sure."""
    place: Place | None = dataclasses.field(default=None, compare=False)
    """Where the file says so."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The workbook a kept layout was made from."""

    workbook: str
    sha256: str
    sheet: str
    round: str
    by: str
    on: str

    @property
    def saying(self) -> Text:
        return Text(
            f"{self.by} {self.on} 据 {self.workbook} 核定", f"confirmed by {self.by} on {self.on} from {self.workbook}"
        )


@dataclass(frozen=True)
class KeptLayout:
    """One layout of a sender for one ledger, and what each of its columns is."""

    ledger: str
    layout: Layout
    columns: tuple[KeptColumn, ...]
    """In the order of `layout.columns`."""
    origin: Origin

    @property
    def fingerprint(self) -> str:
        return self.layout.fingerprint


@dataclass(frozen=True)
class SenderFile:
    """Everything kept for one sender, newest layout first."""

    sender: Sender
    layouts: tuple[KeptLayout, ...] = ()
    encoding: str | None = None
    """What the sender's delimited text is in, where a person had to say so."""

    def keeping(self, layouts: Sequence[KeptLayout], encoding: str | None = None) -> SenderFile:
        """With `layouts` in front; one of the same ledger and fingerprint takes the place of the old one."""
        new = {(one.ledger, one.fingerprint): one for one in layouts}
        old = [one for one in self.layouts if (one.ledger, one.fingerprint) not in new]
        return SenderFile(self.sender, (*new.values(), *old), encoding or self.encoding)


@dataclass(frozen=True)
class Memory:
    """The kept mappings of all senders for one ledger."""

    by_sender: Mapping[str, tuple[KeptLayout, ...]] = dataclasses.field(default_factory=dict)
    senders: Mapping[str, Sender] = dataclasses.field(default_factory=dict)
    encodings: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def of(self, sender: Sender | None) -> tuple[KeptLayout, ...]:
        """A sender's layouts; nobody else's are ever used."""
        return self.by_sender.get(sender.key, ()) if sender is not None else ()

    def elsewhere(self, layout: Layout, sender: Sender | None) -> Iterator[tuple[Sender, KeptLayout]]:
        """The same columns as other senders' mappings have them: something to suggest, never to apply."""
        for key, kept in self.by_sender.items():
            if sender is None or key != sender.key:
                yield from ((self.senders[key], one) for one in kept if one.layout.columns == layout.columns)

    def keeping(self, sender: Sender, layouts: Sequence[KeptLayout]) -> Memory:
        """With further layouts of one sender, in front of those already kept."""
        file = SenderFile(sender, self.of(sender)).keeping(layouts)
        return dataclasses.replace(
            self,
            by_sender={**self.by_sender, sender.key: file.layouts},
            senders={**self.senders, sender.key: sender},
        )

    def encoding_of(self, sender: Sender | None) -> str | None:
        return self.encodings.get(sender.key) if sender is not None else None

    def knows(self, sender: Sender | None) -> bool:
        """Whether anything is kept for this sender."""
        return bool(self.of(sender) or self.encoding_of(sender))


def memory_of(files: Sequence[SenderFile], ledger: Ledger) -> Memory:
    """The memory for one ledger. A field, list or unit the ledger does not have is refused at its line."""
    by_sender: dict[str, tuple[KeptLayout, ...]] = {}
    for one in files:
        kept = tuple(layout for layout in one.layouts if layout.ledger == ledger.key)
        for layout in kept:
            _require_known(layout, ledger)
        if kept:
            by_sender[one.sender.key] = kept
    return Memory(
        by_sender,
        {one.sender.key: one.sender for one in files},
        {one.sender.key: one.encoding for one in files if one.encoding},
    )


def _require_known(kept: KeptLayout, ledger: Ledger) -> None:
    taken: dict[tuple[str, str | None], KeptColumn] = {}
    for one in kept.columns:
        name = one.field.removeprefix(LIST)
        known: Mapping[str, object] = ledger.lists if one.field.startswith(LIST) else ledger.fields
        if one.field not in (LEFT_OUT, OPEN) and name not in known:
            what = Text(f"没有清单“{name}”", f"there is no list '{name}'")
            if known is ledger.fields:
                what = Text(f"没有字段“{name}”", f"there is no field '{name}'")
            _refuse(one.place, what, Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."))
        slot = (one.field, one.period if one.period != TITLED else "|".join(one.column.title))
        declared = ledger.fields.get(one.field)
        if declared is not None and not declared.may_repeat and slot in taken:
            _refuse(
                one.place,
                Text(f"“{one.field}”有两列", f"two columns are '{one.field}'"),
                Text("只留一列，另一列写“-”。", "Keep one of them and write '-' for the other."),
            )
        taken[slot] = one


def _refuse(place: Place | None, what: Text, remedy: Text) -> NoReturn:
    raise WrongMapping(str(place or "mappings"), what, remedy)


# -- writing ------------------------------------------------------------------------------------------------------


def written(file: SenderFile) -> str:
    """A sender's file as YAML text; `read_sender_file` gives the same back."""
    sender = (
        {"code": file.sender.code, "title": file.sender.title} if file.sender.code else {"title": file.sender.title}
    )
    body: dict[str, Any] = {"mappings": FORMAT, "sender": sender}
    if file.encoding:
        body["encoding"] = file.encoding
    body["layouts"] = [layout_entry(one) for one in file.layouts]
    return _HEAD + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1_000)


def layout_entry(one: KeptLayout) -> dict[str, Any]:
    """A layout as plain data; `read_layout` gives the same back."""
    origin = one.origin
    return {
        "fingerprint": one.fingerprint,
        "ledger": one.ledger,
        "made_from": {
            "workbook": origin.workbook, "sheet": origin.sheet, "round": origin.round, "by": origin.by,
            "day": origin.on, "sha256": origin.sha256,
        },
        "header_rows": one.layout.depth,
        "caption": list(one.layout.caption),
        "unit_line": list(one.layout.units),
        "columns": [_column_entry(column) for column in one.columns],
    }  # fmt: skip


def _column_entry(one: KeptColumn) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": one.column.shown, "field": one.field}
    if one.unit:
        entry["unit"] = one.unit
    if one.period:
        entry["period"] = one.period
    if one.decided:
        entry |= {"by": one.decided.by, "day": one.decided.on, "workbook": one.decided.workbook}
    return entry


# -- reading ------------------------------------------------------------------------------------------------------


def is_sender_file(path: Path) -> bool:
    """Whether a YAML file is one of these, right or wrong: a folder may hold other things."""
    return not {"mappings", "sender", "layouts"}.isdisjoint(read_yaml(path))


def read_sender_file(path: Path) -> SenderFile:
    """A sender's file; what cannot be understood is refused with its line."""
    content = read_yaml(path)
    _require_keys(content, ("mappings", "sender", "layouts"), ("encoding",))
    if content["mappings"] != FORMAT:
        _refuse(
            content.at("mappings"),
            Text(f"列映射格式 {content['mappings']} 不认识", f"mapping format {content['mappings']} is not known"),
            Text("升级 guatu，或用 guatu map 重新核定。", "Upgrade guatu, or confirm again with guatu map."),
        )
    sender = content["sender"]
    if not isinstance(sender, Mapping_) or not sender.get("title"):
        _refuse(content.at("sender"), Text("没有写单位", "names no sender"), _AGAIN)
    code = sender.get("code")
    encoding = str(content["encoding"]) if content.get("encoding") else None
    if encoding is not None and not is_encoding(encoding):
        _refuse(content.at("encoding"), *no_encoding(encoding))
    layouts = content["layouts"] or []
    if not isinstance(layouts, list):
        _refuse(content.at("layouts"), Text("应是列表", "must be a list"), _AGAIN)
    return SenderFile(
        Sender(str(code) if code else None, str(sender["title"])),
        tuple(_read_layout(entry, content.at("layouts")) for entry in layouts),
        encoding,
    )


_AGAIN = Text(
    "改回来，或删去这个文件，用 guatu map 重新核定。",
    "Undo the change, or delete the file and confirm again with guatu map.",
)


def read_layout(text: str, shown_as: str) -> KeptLayout:
    """A layout from the JSON or YAML text of its entry; `shown_as` names it in refusals."""
    entry = parse_yaml(text, shown_as)
    return _read_layout(entry, entry.place)


_FIELDS_OF_LAYOUT = ("fingerprint", "ledger", "made_from", "header_rows", "caption", "unit_line", "columns")
_FIELDS_OF_ORIGIN = ("workbook", "sheet", "round", "by", "day", "sha256")


def _read_layout(entry: Any, place: Place) -> KeptLayout:
    if not isinstance(entry, Mapping_):
        _refuse(place, Text("版式写得不对", "a layout is not written as one"), _AGAIN)
    _require_keys(entry, _FIELDS_OF_LAYOUT, ())
    origin = entry["made_from"]
    if not isinstance(origin, Mapping_):
        _refuse(entry.at("made_from"), Text("写得不对", "is not written as it should be"), _AGAIN)
    _require_keys(origin, _FIELDS_OF_ORIGIN, ())
    columns = tuple(_read_column(one, entry.at("columns")) for one in entry["columns"] or ())
    layout = Layout(
        depth=int(entry["header_rows"]) if str(entry["header_rows"]).isdecimal() else 0,
        caption=tuple(map(str, entry["caption"] or ())),
        units=tuple(map(str, entry["unit_line"] or ())),
        columns=tuple(one.column for one in columns),
    )
    _require_fingerprint(entry, layout)
    return KeptLayout(
        ledger=str(entry["ledger"]),
        layout=layout,
        columns=columns,
        origin=Origin(**{key: str(origin[key]) for key in _FIELDS_OF_ORIGIN if key != "day"}, on=str(origin["day"])),
    )


def _require_fingerprint(entry: Mapping_, layout: Layout) -> None:
    """Titles changed by hand no longer are the sheet's: the layout would never be found again."""
    stated = str(entry["fingerprint"])
    version = stated.partition("-")[0]
    if not version.isdecimal() or int(version) > VERSION:
        _refuse(
            entry.at("fingerprint"),
            Text(f"版式指纹 {stated} 不认识", f"fingerprint {stated} is not known"),
            Text("升级 guatu，或用 guatu map 重新核定。", "Upgrade guatu, or confirm again with guatu map."),
        )
    if int(version) == VERSION and stated != layout.fingerprint:
        _refuse(
            entry.at("fingerprint"),
            Text(
                "列名、标题或表头行数被改过，与指纹不符",
                "titles, caption or header rows were changed and do not match it",
            ),
            Text(
                "只改 field、unit、period；版式变了就用 guatu map 重新核定。",
                "Change only field, unit and period; confirm a new layout with guatu map.",
            ),
        )


def _read_column(entry: Any, place: Place) -> KeptColumn:
    if not isinstance(entry, Mapping_):
        _refuse(place, Text("列写得不对", "a column is not written as one"), _AGAIN)
    _require_keys(entry, ("title", "field"), ("unit", "period", "by", "day", "workbook"))
    unit, period = (str(entry[key]) if entry.get(key) else None for key in ("unit", "period"))
    if unit is not None and unit_named(unit) is None:
        _refuse(
            entry.at("unit"),
            Text(f"“{unit}”不是单位", f"'{unit}' is no unit"),
            Text("写 万元、亿元、亩 等。", "Write 万元, 亿元, 亩 or the like."),
        )
    if period is not None and period != TITLED and _ROUND.fullmatch(period) is None:
        _refuse(
            entry.at("period"),
            Text(f"“{period}”不是期别", f"'{period}' is no period"),
            Text("写 titled、round 或 round-1。", "Write titled, round or round-1."),
        )
    decided = None
    if entry.get("by"):
        decided = Decision(str(entry["by"]), str(entry.get("day", "")), str(entry.get("workbook", "")))
    return KeptColumn(_column(str(entry["title"])), str(entry["field"]), unit, period, decided, entry.place)


def _column(shown: str) -> Column:
    """The column `Column.shown` was printed from: keys hold no blanks, so ` (` and ` | ` stand only between them."""
    title, bracket, unit = shown.rpartition(" (")
    if bracket and unit.endswith(")"):
        return Column(tuple(title.split(" | ")), unit[:-1])
    return Column(tuple(shown.split(" | ")))


def _require_keys(entry: Mapping_, needed: Sequence[str], allowed: Sequence[str]) -> None:
    for key in needed:
        if key not in entry:
            _refuse(entry.place, Text(f"缺“{key}”", f"'{key}' is missing"), _AGAIN)
    for key in entry:
        if key not in (*needed, *allowed):
            known = ", ".join((*needed, *allowed))
            _refuse(
                entry.at(key),
                Text(f"不认识“{key}”", f"unknown key '{key}'"),
                Text(f"可用：{known}。", f"Use one of: {known}."),
            )


def months_back(period: str) -> int | None:
    """How many months before the round's a slot is: 0 for `round`, 1 for `round-1`; None for `titled`."""
    match = _ROUND.fullmatch(period)
    return int(match[1] or 0) if match else None
