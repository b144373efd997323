"""What people changed in a DOCX after it was generated, and the next computation with their words kept.

`recover_edits` reads the edited DOCX and the companion written beside it. `keep_edits` puts the words back into a newly
written document: figures inside kept words are refreshed by their tags; a figure typed over by hand stays as typed and
is warned about; added paragraphs stay at their place; deleted ones stay away. Words that find no place any more are
never dropped silently: the warning carries them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guatu.office.documents.companion import Companion, read_companion
from guatu.office.documents.edited_word import Found, read_paragraphs
from guatu.office.documents.model import Mention, Run, plain
from guatu.office.documents.retagging import retagged
from guatu.office.documents.word import Kind, Written
from guatu.text import Text

_REWORDED: frozenset[Kind] = frozenset({"heading", "paragraph", "cell", "line"})
_DELETABLE: frozenset[Kind] = frozenset({"heading", "paragraph", "picture"})


@dataclass(frozen=True, slots=True)
class Added:
    """A paragraph a person put in. `after`: the blocks before it, nearest first."""

    runs: tuple[Run, ...]
    after: tuple[str, ...]
    style: str


@dataclass(frozen=True, slots=True)
class Edits:
    """A person's changes to a generated document."""

    changed: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)
    """Paragraph id -> its words now. A mention whose print is not ours is a figure typed over."""
    numberless: frozenset[str] = frozenset()
    """Headings whose number a person removed."""
    deleted: frozenset[str] = frozenset()
    """Blocks taken out."""
    deleted_rows: frozenset[tuple[str, str]] = frozenset()
    """(table, row) taken out."""
    added: tuple[Added, ...] = ()
    typed_over: frozenset[tuple[str, str]] = frozenset()
    """(paragraph, figure) typed over by hand."""
    warnings: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.deleted or self.deleted_rows or self.added)


def recover_edits(docx: Path, companion: Path) -> Edits:
    """The changes between what was generated and what the DOCX says now.

    Tracked insertions count as made and tracked deletions as deleted, as the page shows them. Formatting is not kept.
    """
    known = read_companion(companion)
    marks = {**known.written, **known.removed}
    return _Recovery(known).edits(read_paragraphs(docx, marks, known.tags))


class _Recovery:
    def __init__(self, known: Companion) -> None:
        self.known = known
        self.changed: dict[str, tuple[Run, ...]] = {}
        self.numberless: set[str] = set()
        self.added: list[Added] = []
        self.typed_over: set[tuple[str, str]] = set()
        self.warnings: list[Text] = []
        self.present: set[str] = set()
        self.before: list[str] = []

    def edits(self, found: list[Found]) -> Edits:
        for one in found:
            self.take(one)
        deleted, rows = self.deleted()
        return Edits(
            changed=self.changed,
            numberless=frozenset(self.numberless),
            deleted=deleted,
            deleted_rows=rows,
            added=tuple(self.added),
            typed_over=frozenset(self.typed_over),
            warnings=tuple(self.warnings),
        )

    def take(self, found: Found) -> None:
        written = None if found.id is None else self.known.written.get(found.id)
        if written is None or written.kind == "added":
            self.take_added(found)
            return
        if not found.runs and written.kind in ("heading", "paragraph"):
            return  # emptied: as good as deleted
        self.present.add(written.id)
        if not self.before or self.before[0] != written.block:
            self.before.insert(0, written.block)
        if written.kind == "picture":
            return
        runs = self.without_number(found.runs, written)
        if plain(runs) == plain(written.runs):
            return
        if written.kind not in _REWORDED:
            self.warn_layout(plain(runs))
            return
        runs = retagged(runs, written.runs)
        self.changed[written.id] = runs
        self.check_figures(written, runs)

    def take_added(self, found: Found) -> None:
        if not plain(found.runs).strip():
            return
        if found.in_table:
            said = plain(found.runs)
            self.warnings.append(
                Text(
                    f"表格里手工增加的“{said}”没有保留：表格行由数据生成",
                    f"'{said}' was added to a table by hand and is not kept: rows come from the data",
                )
            )
            return
        self.added.append(Added(found.runs, tuple(self.before), found.style))

    def without_number(self, runs: tuple[Run, ...], written: Written) -> tuple[Run, ...]:
        if not written.number:
            return runs
        if runs and isinstance(runs[0], str) and runs[0].startswith(written.number):
            rest = runs[0][len(written.number) :]
            return (rest, *runs[1:]) if rest else runs[1:]
        self.numberless.add(written.id)
        return runs

    def check_figures(self, written: Written, runs: tuple[Run, ...]) -> None:
        mentioned = {run.figure for run in runs if isinstance(run, Mention)}
        for run in runs:
            if isinstance(run, Mention) and run.printed not in self.known.prints[run.figure]:
                self.typed_over.add((written.id, run.figure))
        for run in written.runs:
            if isinstance(run, Mention) and run.figure not in mentioned and run.printed in plain(runs):
                title = self.known.titles[run.figure]
                self.warnings.append(
                    Text(
                        f"“{title.zh}”的数字 {run.printed} 失去了标记，不再随数据更新",
                        f"the figure {run.printed} ({title.en}) has lost its tag and no longer follows the data",
                    )
                )

    def warn_layout(self, said: str) -> None:
        self.warnings.append(
            Text(
                f"“{said}”由版式生成，改动没有保留；请改数据或模板",
                f"'{said}' is set by the layout and is not kept; change the facts or the template",
            )
        )

    def deleted(self) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        """Blocks and rows of which nothing is left; what was deleted before stays deleted."""
        blocks = {one.block for one in self.known.written.values() if one.id in self.present}
        gone = {
            one.block
            for one in self.known.written.values()
            if one.kind in (*_DELETABLE, "cell") and one.block not in blocks
        }
        cells = [one for one in self.known.written.values() if one.kind == "cell" and one.block not in gone]
        left = {(one.block, one.row) for one in cells if one.id in self.present}
        rows = {(one.block, one.row) for one in cells} - left
        for one in self.known.removed.values():
            if one.kind == "cell" and one.block in blocks:
                rows.add((one.block, one.row))
            elif one.kind in (*_DELETABLE, "cell"):
                gone.add(one.block)
        return frozenset(gone), frozenset(rows)
