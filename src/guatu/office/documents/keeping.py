"""Put people's words back into a newly computed document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guatu.office.documents.edits import Added, Edits
from guatu.office.documents.model import (
    Attachment,
    Block,
    Document,
    Heading,
    Mention,
    PageBreak,
    Paragraph,
    Picture,
    Role,
    Run,
    Table,
    plain,
)
from guatu.office.documents.numbering import HeadingCounter
from guatu.office.documents.word import ADDED, NUMBER_ID, RECIPIENTS_ID, ROLE_STYLES, TITLE_ID
from guatu.office.figures import Figure, number_of, printed, scale_for
from guatu.text import Language, Text

_ROLES = {style: role for role, style in ROLE_STYLES.items()}


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with people's words in it, and what they should know about that."""

    document: Document
    warnings: tuple[Text, ...]


def keep_edits(document: Document, edits: Edits) -> Kept:
    """The document with the edits put back; see `edits` for what is kept and what is warned about."""
    keeper = _Keeper(document, edits)
    return Kept(keeper.kept(), tuple(keeper.warnings))


class _Keeper:
    def __init__(self, document: Document, edits: Edits) -> None:
        self.document = document
        self.edits = edits
        self.warnings = list(edits.warnings)
        self.used: set[str] = set()
        self.placed: set[int] = set()

    def kept(self) -> Document:
        document = self.document
        blocks = self.blocks(document.blocks)
        attachments = tuple(self.attachment(one) for one in document.attachments)
        starts = ("", *(f"@attachment/{one.id}" for one in attachments))
        lists = [list(blocks), *(list(one.blocks) for one in attachments)]
        self.place_added(starts, lists)
        lists = [_renumbered(one, document.language) for one in lists]
        kept = replace(
            document,
            title=self.line(TITLE_ID, document.title),
            number=self.line(NUMBER_ID, document.number),
            recipients=self.line(RECIPIENTS_ID, document.recipients),
            blocks=tuple(lists[0]),
            attachments=tuple(replace(one, blocks=tuple(own)) for one, own in zip(attachments, lists[1:], strict=True)),
        )
        self.warn_homeless()
        return kept

    def attachment(self, attachment: Attachment) -> Attachment:
        title = self.line(f"{attachment.id}@title", attachment.title)
        return replace(attachment, title=title, blocks=self.blocks(attachment.blocks))

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(kept for block in blocks if (kept := self.block(block)) is not None)

    def block(self, block: Block) -> Block | None:
        if block.id in self.edits.deleted:
            return None
        match block:
            case Heading():
                number = "" if block.id in self.edits.numberless else block.number
                return replace(block, number=number, runs=self.runs(block.id, block.runs))
            case Paragraph():
                return replace(block, runs=self.runs(block.id, block.runs))
            case Table():
                return self.table(block)
            case Picture():
                return replace(block, caption=self.line(f"{block.id}@caption", block.caption))
            case PageBreak():
                return block

    def table(self, table: Table) -> Table:
        rows = []
        for row in table.rows:
            if (table.id, row.key) in self.edits.deleted_rows:
                self.warn(
                    f"表“{table.caption or table.id}”中“{plain(row.cells[0])}”一行仍按人工删除处理",
                    f"row '{plain(row.cells[0])}' of table '{table.caption or table.id}' stays deleted as it was by hand",
                )
                continue
            cells = tuple(
                self.runs(table.cell_id(row, column), cell)
                for column, cell in zip(table.columns, row.cells, strict=True)
            )
            rows.append(replace(row, cells=cells))
        return replace(table, rows=tuple(rows), caption=self.line(f"{table.id}@caption", table.caption))

    # -- words ---------------------------------------------------------------------------------------------

    def line(self, id_: str, words: str) -> str:
        return plain(self.runs(id_, (words,)))

    def runs(self, id_: str, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """The words a person left, with our figures brought up to date; ours where nobody changed them."""
        changed = self.edits.changed.get(id_)
        if changed is None:
            return runs
        self.used.add(id_)
        ours = {run.figure: run.printed for run in runs if isinstance(run, Mention)}
        return tuple(run if isinstance(run, str) else self.refreshed(id_, run, ours.get(run.figure)) for run in changed)

    def refreshed(self, id_: str, mention: Mention, ours: str | None) -> Run:
        figure = self.document.figures.get(mention.figure)
        if (id_, mention.figure) in self.edits.typed_over:
            now = ours or (printed(figure, self.document.language) if figure else "—")
            title = figure.provenance.title if figure else Text(mention.figure, mention.figure)
            self.warn(
                f"“{title.zh}”手工改成了 {mention.printed}，计算结果是 {now}；已保留手工数字",
                f"'{title.en}' was typed over as {mention.printed}, the computation gives {now}; the typed figure is kept",
            )
            return mention
        if ours is not None:
            return Mention(mention.figure, ours)
        if figure is None:
            self.warn(
                f"“{mention.printed}”这个数字在本次结果里没有了，按原样保留",
                f"the figure '{mention.printed}' is not among this round's results; it is kept as it was",
            )
            return mention.printed
        return Mention(mention.figure, self.reprinted(figure, mention.printed))

    def reprinted(self, figure: Figure, before: str) -> str:
        """The figure as it was printed before: with its unit, or bare as in a table."""
        language = self.document.language
        if before[-1:].isdigit() or before in ("", "—"):
            return number_of(figure, scale_for([figure]), language)
        return printed(figure, language)

    # -- added paragraphs ----------------------------------------------------------------------------------

    def place_added(self, starts: Sequence[str], lists: list[list[Block]]) -> None:
        """Each added paragraph after the nearest block before it that is still there."""
        for order, added in enumerate(self.edits.added, 1):
            block = self.added_block(order, added)
            where = next((place for one in added.after if (place := _find(one, starts, lists))), (0, 0))
            blocks, index = lists[where[0]], where[1]
            while index < len(blocks) and blocks[index].id.startswith(ADDED):
                index += 1
            blocks.insert(index, block)

    def added_block(self, order: int, added: Added) -> Block:
        runs = tuple(run if isinstance(run, str) else self.refreshed("", run, None) for run in added.runs)
        id_ = f"{ADDED}{order}"
        if added.style.lower().startswith("heading ") and added.style[8:] in ("1", "2", "3", "4"):
            return Heading(id_, int(added.style[8:]), runs)
        return Paragraph(id_, runs, _ROLES.get(added.style, Role.BODY))

    # -- warnings ------------------------------------------------------------------------------------------

    def warn(self, zh: str, en: str) -> None:
        self.warnings.append(Text(zh, en))

    def warn_homeless(self) -> None:
        for id_, runs in self.edits.changed.items():
            if id_ not in self.used:
                said = plain(runs)
                self.warn(
                    f"“{said}”是人工改写的，但本期没有对应的段落，未写入",
                    f"'{said}' was reworded by hand, but this round has no such paragraph; it was left out",
                )


def _renumbered(blocks: list[Block], language: Language) -> list[Block]:
    """Headings numbered anew after some were taken out; those without a number stay without."""
    counter = HeadingCounter(language)
    return [
        replace(one, number=counter.next(one.level)) if isinstance(one, Heading) and one.number else one
        for one in blocks
    ]


def _find(id_: str, starts: Sequence[str], lists: list[list[Block]]) -> tuple[int, int] | None:
    """Where to insert so as to follow block `id_`: (list, index)."""
    for order, (start, blocks) in enumerate(zip(starts, lists, strict=True)):
        if id_ == start and start:
            return order, 0
        for index, block in enumerate(blocks):
            if block.id == id_:
                return order, index + 1
    return None
