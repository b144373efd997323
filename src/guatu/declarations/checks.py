"""Checks a pack declares (`checks.yaml`): rules that one row, two rounds, two units or a total must bear out.

Formulas are kept as written, with their lines; what they mean is the engine's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from guatu.declarations.located import Place
from guatu.text import Text

CheckGrade = Literal["error", "warning", "question", "off"]
GRADES: tuple[CheckGrade, ...] = ("error", "warning", "question", "off")
PAIR_GRADES: tuple[CheckGrade, ...] = ("warning", "question", "off")
"""A finding about two places refuses neither workbook."""

Kind = Literal["facts_differ", "names_differ", "same_code", "moved", "renamed", "similar", "succeeds", "gone"]
KINDS: tuple[Kind, ...] = (
    "facts_differ", "names_differ", "same_code", "moved", "renamed", "similar", "succeeds", "gone",
)  # fmt: skip
WITHIN: tuple[str, ...] = ("unit", "units", "anywhere")
EXAMPLES = ("firing", "boundary", "quiet", "missing", "also")
OUTCOMES = ("fires", "quiet")
THIS = "this"
"""In a check's formula and sayings: the field whose cell is named."""


@dataclass(frozen=True, slots=True)
class SettingDeclaration:
    """A figure the pack chooses, and why."""

    key: str
    title: Text
    written: str
    allowed: tuple[str, ...]
    why: Text
    place: Place


@dataclass(frozen=True, slots=True)
class NamedFormula:
    """A formula over one item that checks and their sayings may name."""

    key: str
    title: Text
    formula: str
    place: Place
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class CheckExample:
    """What is given (an item, or several), what stood last round, and whether the check then fires."""

    kind: str
    given: Any
    before: Any
    then: str
    period: str
    place: Place


@dataclass(frozen=True, slots=True)
class Dated:
    """From which day a check holds, and up to which; both inclusive, None without end."""

    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A condition over one item and its last round that should not hold."""

    key: str
    title: Text
    grade: CheckGrade
    fields: tuple[str, ...]
    """The check is made for each of them as `this`; its cell is named in the finding."""
    when: str
    reason: Text
    remedy: Text
    cite: Text
    keep: bool
    """A question that leaves the value in place; otherwise it is missing until answered."""
    dated: Dated
    settings: Mapping[str, str]
    """Settings as they stood where the check was declared: its examples are about these."""
    examples: tuple[CheckExample, ...]
    place: Place
    when_place: Place


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """A relation between two items, or of an item to the last round, that a person should know of or decide."""

    key: str
    title: Text
    kind: Kind
    grade: CheckGrade
    reason: Text
    remedy: Text
    cite: Text
    fields: tuple[str, ...] = ()
    """facts_differ: facts that must agree. similar, succeeds: facts that must be there and equal."""
    likeness: int = 100
    """similar, succeeds: least likeness of the two names in percent; 100 takes equal names only."""
    within: str = "anywhere"
    """similar, succeeds: pairs of one `unit`, of two `units`, or `anywhere`."""
    unless: str | None = None
    """gone: a condition over last round's item that excuses it (finished, withdrawn)."""
    unless_place: Place | None = None
    dated: Dated = Dated()
    examples: tuple[CheckExample, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How names of items are compared when they are not equal."""

    noise: tuple[str, ...] = ()
    """Words that say nothing (项目, 工程), left out."""
    marks: tuple[str, ...] = ()
    """Patterns of what tells items apart (一期, 二标段, 南区): items whose marks differ are never the same."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What is said of a total or a stated count that disagrees with its rows."""

    total: CheckGrade = "question"
    rounding: CheckGrade = "warning"
    count: CheckGrade = "question"
    unreadable: CheckGrade = "warning"
    half_units: int = 1
    """How many halves of the last printed place each addend may be off for a difference to be rounding."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Everything a pack checks of one ledger beyond the single cell."""

    settings: Mapping[str, SettingDeclaration] = field(default_factory=dict)
    definitions: Mapping[str, NamedFormula] = field(default_factory=dict)
    rows: Mapping[str, RowCheck] = field(default_factory=dict)
    identity: Mapping[str, IdentityCheck] = field(default_factory=dict)
    naming: Naming = Naming()
    totals: Totals = Totals()
    place: Place | None = None

    def of_kind(self, kind: Kind) -> tuple[IdentityCheck, ...]:
        return tuple(one for one in self.identity.values() if one.kind == kind and one.grade != "off")
