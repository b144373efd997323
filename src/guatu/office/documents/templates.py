"""Document templates of a pack: a YAML list of blocks, each with its condition, repetition and words in zh and en.

document: circular
title: {zh: 关于{{ period }}重点项目推进情况的通报, en: …}
labels: {attachments: {zh: 附件, en: Attachments}, seal: {zh: （印章）, en: (seal)}}
blocks:
  - {id: overall, heading: 1, text: {zh: 总体情况, en: Overall}}
  - {id: all, text: {zh: "{{ place }}开工率{{ totals.start_rate }}。", en: …}}
  - {id: late, when: not_arrived, for: one in not_arrived, key: one.key, text: {…}}
  - {id: ranking, table: {zh: 排名, en: Ranking}, for: row in league, key: row.key, columns: [{…}]}
  - {id: lights, chart: lights, caption: {…}}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from guatu.declarations.entries import Entry, Problems, top_entry
from guatu.declarations.located import Place
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.model import DocumentKind, Role, TableSize
from guatu.office.documents.phrases import Formula, Phrase, compile_formula, compile_phrase
from guatu.text import Text

CHARTS = ("ranking", "completion", "lights", "trend")
SOURCE_COLUMNS = ("order", "figure", "title", "fraction", "rule", "cells")
_NAMES = frozenset(field.name for field in fields(CircularFacts)) | {"arrived", "not_arrived", "refused"}


@dataclass(frozen=True, slots=True)
class Loop:
    name: str
    over: Formula
    key: Formula
    """What tells the repetitions apart from round to round; part of every id inside."""


@dataclass(frozen=True, slots=True)
class Common:
    """What every block may have."""

    id: str
    place: Place
    when: Formula | None
    loop: Loop | None


@dataclass(frozen=True, slots=True)
class HeadingSpec:
    common: Common
    level: int
    text: Phrase


@dataclass(frozen=True, slots=True)
class ParagraphSpec:
    common: Common
    role: Role
    text: Phrase


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    key: str
    loop: Loop | None
    when: Formula | None
    title: Phrase
    value: Formula | None
    text: Phrase | None
    align: str | None
    width: float
    unit_in_header: bool


@dataclass(frozen=True, slots=True)
class TableSpec:
    common: Common
    caption: Phrase
    columns: tuple[ColumnSpec, ...]
    strong: Formula | None
    size: TableSize


@dataclass(frozen=True, slots=True)
class ChartSpec:
    common: Common
    chart: str
    indicator: str | None
    caption: Phrase


@dataclass(frozen=True, slots=True)
class SourcesSpec:
    """The list of every figure mentioned so far with its provenance."""

    common: Common
    caption: Phrase
    columns: tuple[tuple[str, Phrase], ...]


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """Blocks under one condition or repetition."""

    common: Common
    blocks: tuple[BlockSpec, ...]


@dataclass(frozen=True, slots=True)
class PageBreakSpec:
    common: Common


BlockSpec = HeadingSpec | ParagraphSpec | TableSpec | ChartSpec | SourcesSpec | GroupSpec | PageBreakSpec


@dataclass(frozen=True, slots=True)
class AttachmentSpec:
    id: str
    when: Formula | None
    title: Phrase
    listed: bool
    label: Phrase
    blocks: tuple[BlockSpec, ...]


@dataclass(frozen=True, slots=True)
class LineSpec:
    when: Formula | None
    left: Phrase
    right: Phrase | None


@dataclass(frozen=True, slots=True)
class Template:
    """A document template, checked; `guatu.office.documents.expansion.write` fills it."""

    file: str
    kind: DocumentKind
    title: Phrase
    attachments_label: Phrase
    seal: Phrase
    recipients: Phrase | None
    blocks: tuple[BlockSpec, ...]
    attachments: tuple[AttachmentSpec, ...]
    imprint: tuple[LineSpec, ...]


def load_template(path: Path) -> Template:
    """Read a template; every problem in it is listed with file and line (`DeclarationRefused`)."""
    problems = Problems()
    entry = top_entry(path, problems)
    reader = _Reader(problems)
    template = reader.template(entry)
    problems.refuse()
    return template


class _Reader:
    """Reads the entries of one template file, collecting problems."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.ids: set[str] = set()
        self.inside: tuple[str, ...] = ()
        """Ids of the groups and attachments around the block being read."""

    def template(self, entry: Entry) -> Template:
        labels = entry.entry("labels") or entry
        recipients = self.phrase(entry, "recipients", _NAMES) if entry.has("recipients") else None
        template = Template(
            file=entry.place.file,
            kind=DocumentKind(entry.word("document", allowed=[kind.value for kind in DocumentKind])),
            title=self.phrase(entry, "title", _NAMES),
            attachments_label=self.phrase(labels, "attachments", _NAMES),
            seal=self.phrase(labels, "seal", _NAMES),
            recipients=recipients,
            blocks=self.blocks(entry, _NAMES),
            attachments=tuple(self.attachment(one) for one in entry.entries("attachments")),
            imprint=tuple(self.line(one) for one in entry.entries("imprint")),
        )
        labels.done()
        entry.done()
        return template

    def phrase(self, entry: Entry, key: str, names: frozenset[str]) -> Phrase:
        return compile_phrase(entry.text(key), entry.at(key), names, self.problems)

    def formula(self, entry: Entry, key: str, names: frozenset[str]) -> Formula | None:
        source = entry.optional(key)
        return None if source is None else compile_formula(source, entry.at(key), names, self.problems)

    def loop(self, entry: Entry, names: frozenset[str]) -> tuple[Loop | None, frozenset[str]]:
        source = entry.optional("for")
        if source is None:
            return None, names
        match = re.fullmatch(r"\s*([a-z_]\w*)\s+in\s+(.+)", source)
        if match is None:
            entry.wrong(
                "for",
                Text("“for”应写成“名称 in 列表”", "'for' must read 'name in list'"),
                Text("例如 for: row in league。", "For instance for: row in league."),
            )
            return None, names
        inside = names | {match[1]}
        over = compile_formula(match[2], entry.at("for"), names, self.problems)
        key = compile_formula(entry.word("key"), entry.at("key"), inside, self.problems)
        return Loop(match[1], over, key), inside

    def common(self, entry: Entry, names: frozenset[str], id_: str) -> tuple[Common, frozenset[str]]:
        path = "/".join((*self.inside, id_))
        if path in self.ids:
            entry.wrong(
                "id",
                Text(f"“{id_}”用了两次", f"'{id_}' is used twice"),
                Text("每一块取一个不同的 id。", "Give each block an id of its own."),
            )
        self.ids.add(path)
        loop, inside = self.loop(entry, names)
        return Common(id_, entry.place, self.formula(entry, "when", inside), loop), inside

    def blocks(self, entry: Entry, names: frozenset[str], *inside: str) -> tuple[BlockSpec, ...]:
        before, self.inside = self.inside, (*self.inside, *inside)
        blocks = tuple(self.block(one, names) for one in entry.entries("blocks"))
        self.inside = before
        return blocks

    def block(self, entry: Entry, names: frozenset[str]) -> BlockSpec:
        common, inside = self.common(entry, names, entry.word("id"))
        spec: BlockSpec
        if entry.has("heading"):
            spec = HeadingSpec(common, entry.number("heading", default=1), self.phrase(entry, "text", inside))
        elif entry.has("table"):
            spec = self.table(entry, common, names, inside)
        elif entry.has("chart"):
            spec = ChartSpec(
                common,
                entry.word("chart", allowed=CHARTS),
                entry.optional("indicator"),
                self.phrase(entry, "caption", inside),
            )
        elif entry.has("sources"):
            titles = entry.entry("columns") or entry
            columns = tuple((key, self.phrase(titles, key, inside)) for key in SOURCE_COLUMNS)
            titles.done()
            spec = SourcesSpec(common, self.phrase(entry, "sources", inside), columns)
        elif entry.has("page_break"):
            entry.flag("page_break", default=True)
            spec = PageBreakSpec(common)
        elif entry.has("blocks"):
            spec = GroupSpec(common, self.blocks(entry, inside, common.id))
        else:
            role = Role(entry.word("role", default=Role.BODY.value, allowed=[role.value for role in Role]))
            spec = ParagraphSpec(common, role, self.phrase(entry, "text", inside))
        entry.done()
        return spec

    def table(self, entry: Entry, common: Common, names: frozenset[str], inside: frozenset[str]) -> TableSpec:
        spec = TableSpec(
            common,
            self.phrase(entry, "table", names),
            tuple(self.column(one, names, inside) for one in entry.entries("columns")),
            self.formula(entry, "strong", inside),
            self.size(entry),
        )
        if common.loop is None:
            entry.wrong(
                "for",
                Text("表格没有说明按什么逐行", "the table does not say what its rows repeat over"),
                Text("加上 for: row in league 和 key: row.key。", "Add for: row in league and key: row.key."),
            )
        return spec

    def size(self, entry: Entry) -> TableSize:
        sizes: tuple[TableSize, ...] = ("normal", "small", "fine")
        return sizes[sizes.index(entry.word("size", default="normal", allowed=sizes))]

    def column(self, entry: Entry, outside: frozenset[str], row: frozenset[str]) -> ColumnSpec:
        loop, titled = self.loop(entry, outside)
        inside = row | titled
        width = entry.mapping.get("width", 1)
        entry.has("width")
        spec = ColumnSpec(
            key=entry.word("id"),
            loop=loop,
            when=self.formula(entry, "when", titled),
            title=self.phrase(entry, "title", titled),
            value=self.formula(entry, "value", inside),
            text=self.phrase(entry, "text", inside) if entry.has("text") else None,
            align=entry.word("align", allowed=["left", "right", "centre"]) if entry.has("align") else None,
            width=float(width),
            unit_in_header=not entry.flag("unit_in_cell"),
        )
        if (spec.value is None) == (spec.text is None):
            entry.wrong(
                "value",
                Text("这一列要么给 value，要么给 text", "a column gives either value or text"),
                Text("数字用 value，句子用 text。", "Use value for a figure, text for words."),
            )
        entry.done()
        return spec

    def attachment(self, entry: Entry) -> AttachmentSpec:
        id_ = entry.word("id")
        spec = AttachmentSpec(
            id_,
            self.formula(entry, "when", _NAMES),
            self.phrase(entry, "title", _NAMES),
            not entry.flag("unlisted"),
            self.phrase(entry, "label", _NAMES),
            self.blocks(entry, _NAMES, id_),
        )
        entry.done()
        return spec

    def line(self, entry: Entry) -> LineSpec:
        right = self.phrase(entry, "right", _NAMES) if entry.has("right") else None
        spec = LineSpec(self.formula(entry, "when", _NAMES), self.phrase(entry, "left", _NAMES), right)
        entry.done()
        return spec
