"""Columns that go by one title and stand for one fact: of an item's cells in them the first that is filled counts."""

from __future__ import annotations

from collections.abc import Collection

from guatu.office.containers.grid import column_letters
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.reading import ReadCell


def first_filled(desk: Desk, cells: list[ReadCell], fields: Collection[str]) -> list[ReadCell]:
    """The cells with one for each of `fields`: the first with a value, else the first that says why there is none.

    Two different values are a question: then there is none until somebody answers.
    """
    kept: list[ReadCell] = []
    place: dict[str, int] = {}
    for cell in cells:
        if cell.field not in fields:
            kept.append(cell)
        elif cell.field not in place:
            place[cell.field] = len(kept)
            kept.append(cell)
        else:
            kept[place[cell.field]] = _better(desk, kept[place[cell.field]], cell)
    return kept


def _better(desk: Desk, first: ReadCell, other: ReadCell) -> ReadCell:
    if first.value is None:
        return other if other.value is not None or first.missing == "blank" else first
    if other.value is None or other.value == first.value:
        return first
    title = desk.words.ledger.fields[first.field].title
    desk.say(
        "columns_differ", other.sheet, other.address, other.raw, field=title.zh, field_en=title.en,
        column=column_letters(first.column), other=first.raw,
    )  # fmt: skip
    return first._replace(value=None, missing="question")
