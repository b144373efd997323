"""What a workbook's markup says of a sheet beside the values of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Position = tuple[int, int]
"""Row and column, both from 0."""

Merge = tuple[Position, Position]
"""First and last cell of a merged range, both inclusive."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the markup of one sheet says beside the values; positions are zero-based."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: Mapping[Position, str] = field(default_factory=dict)
    formulas: frozenset[Position] = frozenset()
    percents: frozenset[Position] = frozenset()
    formats: Mapping[Position, str] = field(default_factory=dict)
    """Number formats that show another figure than the cell holds (`0!.0,`) or write a unit behind it."""
    comments: Mapping[Position, str] = field(default_factory=dict)
    epoch_1904: bool = False
    """Whether the workbook counts days from 1904, as old Mac ones do."""


@dataclass(frozen=True, slots=True)
class SheetMarkup:
    """One sheet before its values are read."""

    facts: SheetFacts
    height: int
    """Rows up to the last that holds a value; blank cells with a format do not count."""
    width: int
    merges: tuple[Merge, ...] | None = None
    """None where the reader of the values gives them."""
    flags: Mapping[Position, bool] = field(default_factory=dict)
    """True and false where the reader of the values gives numbers."""
