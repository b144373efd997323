"""An official document as plain data: what it says, block by block, in one language, ready for any renderer.

Blocks have ids that stay the same from one computation to the next, so that a sentence a person edited is found again.
A number in a sentence is a `Mention` of a figure; `Document.figures` holds the figure with its provenance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from guatu.office.documents.layout import width
from guatu.office.documents.numbering import IssueNumber
from guatu.office.figures import Figure
from guatu.text import Language


class DocumentKind(StrEnum):
    CIRCULAR = "circular"  # 通报
    BULLETIN = "bulletin"  # 简报


class Role(StrEnum):
    """What a paragraph is, and so how it is set."""

    BODY = "body"  # first line indented two characters
    FLUSH = "flush"  # no indent
    CENTRE = "centre"
    NOTE = "note"  # small, under a table or picture
    LEAD = "lead"  # 按语: an editor's word before the text


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure where it stands in the text, already printed."""

    figure: str
    printed: str


Run = str | Mention


def plain(runs: tuple[Run, ...]) -> str:
    """The words as a reader sees them."""
    return "".join(run if isinstance(run, str) else run.printed for run in runs)


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    level: int
    runs: tuple[Run, ...]
    number: str = ""
    """`一、`, `（一）` …: given by position, not part of the words."""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise ValueError(f"Heading {self.id} has level {self.level}; documents have four.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str
    runs: tuple[Run, ...]
    role: Role = Role.BODY


_ROWS_TOGETHER = 16
_ONE_LINE = 14
"""Chinese characters; a Latin one counts half."""
TableSize = Literal["normal", "small", "fine"]


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    header: str
    """Title with its unit, as printed."""
    align: str = "left"
    width: float = 1.0
    """Its share of the table's width, relative to the others."""

    def __post_init__(self) -> None:
        if self.align not in ("left", "right", "centre") or self.width <= 0:
            raise ValueError(f"Column {self.key}: align {self.align!r}, width {self.width}.")


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    cells: tuple[tuple[Run, ...], ...]
    strong: bool = False
    """A total."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its header repeats on every page; rows do not break across pages."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    size: TableSize = "normal"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"Table {self.id}, row {row.key}: {len(row.cells)} cells, {len(self.columns)} columns."
                )

    @property
    def kept_together(self) -> bool:
        """Whether it should stand on one page: a dozen rows or so of one line each."""
        return len(self.rows) <= _ROWS_TOGETHER and all(
            width(plain(cell)) <= _ONE_LINE for row in self.rows for cell in row.cells
        )

    def cell_id(self, row: Row, column: Column) -> str:
        return f"{self.id}/{row.key}/{column.key}"


@dataclass(frozen=True, slots=True)
class Picture:
    id: str
    png: bytes
    width_mm: float
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    id: str


Block = Heading | Paragraph | Table | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: starts on a new page under its own label. `listed` = named in the list after the text."""

    id: str
    label: str
    title: str
    blocks: tuple[Block, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of a bulletin: plain ink, no red."""

    name: str
    issue: IssueNumber
    issue_printed: str
    editor: str
    dated: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 of a circular, 报送发 of a bulletin: lines as printed, left and right."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Words the layout itself needs, in the document's language; they come from the pack's template."""

    attachments: str
    seal: str

    def __post_init__(self) -> None:
        if not self.seal:
            raise ValueError("A document needs a placeholder where the seal goes; it never carries a seal.")


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    language: Language
    title: str
    dated: date
    dated_printed: str
    labels: Labels
    blocks: tuple[Block, ...]
    number: str = ""
    recipients: str = ""
    signer: str = ""
    masthead: Masthead | None = None
    attachments: tuple[Attachment, ...] = ()
    imprint: Imprint | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Every figure the document could mention, by id."""

    def __post_init__(self) -> None:
        if (self.kind is DocumentKind.BULLETIN) != (self.masthead is not None):
            raise ValueError("A bulletin has a masthead; a circular has none.")
        seen: set[str] = set()
        for one in self.all_blocks():
            if one.id in seen:
                raise ValueError(f"Two blocks are called {one.id!r}.")
            seen.add(one.id)

    @property
    def signature(self) -> str:
        """The signer with the placeholder where the seal goes."""
        return self.signer + (self.labels.seal if self.language == "zh" else f" {self.labels.seal}")

    def all_blocks(self) -> Iterator[Block]:
        yield from self.blocks
        for attachment in self.attachments:
            yield from attachment.blocks

    def texts(self) -> Iterator[tuple[str, tuple[Run, ...]]]:
        """Everything with words a person may edit, as (id, runs), in reading order."""
        for block in self.all_blocks():
            match block:
                case Heading() | Paragraph():
                    yield block.id, block.runs
                case Table():
                    for row in block.rows:
                        for column, cell in zip(block.columns, row.cells, strict=True):
                            yield block.cell_id(row, column), cell
                case _:
                    pass

    def with_blocks(self, blocks: tuple[Block, ...], attachments: tuple[Attachment, ...]) -> Document:
        return replace(self, blocks=blocks, attachments=attachments)
