"""A block copied from a spreadsheet: tab between cells, a line for each row, read by the checks of entering by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.language import spoken
from guatu.hub.ledger.actions.together import Together
from guatu.hub.ledger.encodings import Value, encoded
from guatu.hub.ledger.grid.columns import CODE, NAME, Column
from guatu.hub.ledger.models import Item
from guatu.hub.web.declared_fields import YES_NO, DeclaredField, choices_of
from guatu.hub.web.grid.choosing import Chosen
from guatu.hub.web.grid.facts import Fact, is_fact
from guatu.hub.web.page_forms import beside_field
from guatu.text import Refusal, Text

LARGEST = 200_000
"""Characters of a block."""
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY, FieldType.AREA, FieldType.PERCENT)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_BETWEEN = str.maketrans("", "", ",，\u2009\u00a0 ")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken: which row and column, what it says, why and what to do."""

    row: int
    name: str
    column: Text
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class FiguresOf:
    """What a row says of its item's figures, by field; each of the period its column shows."""

    number: int
    item: Item
    figures: Mapping[str, Value]


@dataclass(slots=True)
class Read:
    """A block as it was understood: what each item becomes, or what is wrong."""

    changes: list[Together] = field(default_factory=list)
    figures: list[FiguresOf] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def rows_of(block: str) -> list[list[str]]:
    """Cells as a spreadsheet copies them; one that holds a line break or a tab stands in quotes."""
    plain = block.replace("\0", "").replace("\r\n", "\n").strip("\n")
    return list(csv.reader(StringIO(plain), delimiter="\t")) if plain else []


def read_block(
    block: str, items: Sequence[Chosen], columns: Sequence[Column], ledger: LedgerDeclaration, asked: Collection[str]
) -> Read:
    """The first row is of the first item, the first cell of the first column; `asked` are the columns of figures that may be
    reported. A blank cell takes a value away; of a figure it says nothing."""
    found = Read()
    rows = rows_of(block)
    for number, (row, one) in enumerate(zip(rows, items, strict=False), 1):
        said = _Said(ledger, asked)
        for place, cell in enumerate(row):
            fault = said.take(cell.strip(), columns[place] if place < len(columns) else None)
            if fault is not None:
                title = columns[place].title if place < len(columns) else Text("表格之外", "beyond the table")
                found.faults.append(Fault(number, one.item.name, title, cell.strip()[:60], fault))
        found.changes.append(Together(one.item, one.seen, said.values, said.core.get(NAME), said.core.get(CODE)))
        if said.figures:
            found.figures.append(FiguresOf(number, one.item, said.figures))
    if len(rows) > len(items):
        why = Text(
            f"有 {len(rows)} 行，可改的只有 {len(items)} 行。少复制几行，或从上面一行开始。",
            f"There are {len(rows)} rows and {len(items)} items to change. Copy fewer, or start further up.",
        )
        found.faults.append(Fault(len(items) + 1, "", Text("", ""), "", _said(why)))
    return found


@dataclass
class _Said:
    """What a row says of its item."""

    ledger: LedgerDeclaration
    asked: Collection[str]
    values: dict[str, Value | None] = field(default_factory=dict)
    core: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Value] = field(default_factory=dict)

    def take(self, said: str, column: Column | None) -> str | None:
        """Put a cell's value among the others; why not, if that cannot be."""
        if column is None:
            return _said(Text("右边没有列了。少复制几列。", "There is no column further right. Copy fewer."))
        try:
            fact = Fact.of(self.ledger, column.key) if is_fact(column) else None
            if column.key in self.asked:
                self._figure(said, column)
            elif fact is not None:
                self._fact(said, fact)
            elif said:
                return _said(NOT_HERE)
        except ValidationError as error:
            return " ".join(error.messages)
        except Refusal as refusal:
            return beside_field(refusal)
        return None

    def _figure(self, said: str, column: Column) -> None:
        value = typed(_declared(column), said)
        if value is not None:
            encoded(_declared(column), value)
            self.figures[column.key] = value

    def _fact(self, said: str, fact: Fact) -> None:
        if fact.field is None:
            self.core[fact.key] = str(fact.asked().clean(said))
            return
        value = typed(fact.field, said)
        if value is not None:
            encoded(fact.field, value)
        self.values[fact.key] = value


NOT_HERE = Text("这一列不能在表格里改。跳过它再粘贴。", "This column is not changed in the table. Leave it out.")


def _declared(column: Column) -> FieldDeclaration:
    assert column.field is not None
    return column.field


def typed(declared: FieldDeclaration, said: str) -> Value | None:
    """What a cell of a spreadsheet means, as the form of the field would take it."""
    asked = DeclaredField(declared)
    form_field: Any = asked.asked(None)
    form_field.required = False
    return asked.meant(form_field.clean(_plain(declared, said)))


def _plain(declared: FieldDeclaration, said: str) -> str:
    """A cell's text as people type it into the field: numbers without separators, days with dashes, choices by their keys."""
    if declared.type in _NUMBERS:
        number = said.translate(_BETWEEN)
        return number.removesuffix("%") if declared.type is FieldType.PERCENT else number
    if declared.type is FieldType.DATE and (day := _DAY.fullmatch(said)):
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    if declared.type is FieldType.CHOICE:
        return _key(choices_of(declared), declared, said)
    if declared.type is FieldType.FLAG:
        return _key(YES_NO, declared, said)
    return said


def _key(titles: Mapping[str, Text], declared: FieldDeclaration, said: str) -> str:
    """The key of a word: by its name in either language, or a word units write for it."""
    for key, title in titles.items():
        if said in (key, title.zh) or said.lower() == title.en.lower() or said in declared.states.get(key, ()):
            return key
    if not said:
        return said
    why = Text(
        f"没有这个选项。可写：{'、'.join(one.zh for one in titles.values())}。",
        f"There is no such choice. Write one of: {', '.join(one.en for one in titles.values())}.",
    )
    raise ValidationError(_said(why))


def _said(text: Text) -> str:
    return text.in_(spoken())
