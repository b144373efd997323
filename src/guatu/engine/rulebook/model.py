"""What a rulebook says, once read: frozen, with the place of every part so that any message can name its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.engine.expressions import NUMBER, Type
from guatu.engine.expressions.nodes import Value
from guatu.engine.expressions.vocabulary import UNITS
from guatu.engine.values import Severity
from guatu.standards.periods import Period
from guatu.standards.progress import by_curve, linear
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.engine.rulebook.formulas import Formulas

Subject = Literal["item", "unit"]
Outcome = Literal["not_scored", "zero", "worst", "group_mean"]


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression as written, with its line."""

    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Show:
    """How a value is printed: in a unit (`%`, `pp`, `万元`, `亩`, or none) to so many decimals, half up."""

    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given, and what follows. `then` is read by the rule it stands beside."""

    kind: str
    given: Any
    then: Any
    period: str | None
    list: str
    history: Mapping[str, Any]
    settings: Mapping[str, str]
    place: Place
    note: Text | None = None
    """Where the figures come from, or why a published answer differs."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the source leaves unsaid, as an editable value that says why it is there."""

    key: str
    title: Text
    value: Value
    written: str
    type: Type
    allowed: tuple[str, ...]
    why: Text
    place: Place
    titles: Mapping[str, Text] = field(default_factory=dict)
    """What allowed words are called; figures speak for themselves."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One value of a parameter: for these keys, from a day up to (not including) another, by this source."""

    keys: tuple[str, ...]
    value: Value
    type: Type
    valid_from: date | None
    valid_to: date | None
    source: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Parameter:
    """Dated, cited values by unit or class: what `param("key", …, as_of=day)` finds."""

    key: str
    title: Text
    by: tuple[str, ...]
    rows: tuple[ParameterRow, ...]
    place: Place

    @property
    def type(self) -> Type:
        return self.rows[0].type if self.rows else NUMBER

    @property
    def dated(self) -> bool:
        return any(row.valid_from or row.valid_to for row in self.rows)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named row formula, and how its value is printed in reasons."""

    key: str
    title: Text
    formula: Formula
    show: Show | None
    over: Subject = "item"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measure per unit and list. `decimals` are stored (in the printed unit), `show` is what people read."""

    key: str
    title: Text
    formula: Formula
    show: Show
    decimals: int
    better: Literal["higher", "lower", "none"]
    when_missing: Outcome
    when_zero: Outcome | None
    min_items: int
    cite: Text | None
    examples: tuple[Example, ...]
    place: Place

    @property
    def type(self) -> Type:
        """What the printed unit says the value is: money of a currency, area, or a number."""
        if self.show.unit == "":
            return NUMBER
        return UNITS[self.show.unit][0] if self.show.unit in UNITS else NUMBER

    @property
    def ranked(self) -> bool:
        return self.better != "none"


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a light, and what it shows when it holds."""

    id: str
    severity: Severity
    when: Formula
    because: Text
    cite: Text
    examples: tuple[Example, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class LightDimension:
    """One aspect under which a subject is judged: its clauses from the worst."""

    key: str
    title: Text
    applies_when: Formula | None
    clauses: tuple[Clause, ...]
    otherwise: Severity
    when_missing: Severity
    place: Place

    @property
    def exemption(self) -> str:
        """The flag column that excuses a subject from this dimension, where the ledger has one."""
        return f"exempt_{self.key}"

    @property
    def column(self) -> str:
        """How ladders and later rounds name this light."""
        return f"light_{self.key}"


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights of one kind of subject; the overall light is the worst of its dimensions."""

    subject: Subject
    title: Text
    list: str
    dimensions: tuple[LightDimension, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class PointsItem:
    """One scored matter: the method by name, what it is applied to, and its parameters as constant formulas."""

    key: str
    title: Text
    method: str
    value: Formula | None
    parameters: Mapping[str, Any]
    better: Literal["higher", "lower"]
    when_missing: Outcome
    cite: Text
    examples: tuple[Example, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class PointsDimension:
    key: str
    title: Text
    weight: Formula
    items: tuple[PointsItem, ...]
    examples: tuple[Example, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Veto:
    """A condition that sets the total to `total`, whatever was earned (一票否决)."""

    key: str
    title: Text
    when: Formula
    total: Formula
    cite: Text
    examples: tuple[Example, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Points:
    """A points scheme for units: dimensions with weights, items with methods, vetoes last."""

    title: Text
    list: str
    dimensions: tuple[PointsDimension, ...]
    vetoes: tuple[Veto, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Consequence:
    """A hold that a step puts on the subject; other modules refuse what it blocks while it stands."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: reached at the `at`-th count, or when `when` holds."""

    key: str
    title: Text
    measure: Text
    at: int
    when: Formula | None
    hold: Consequence | None
    cite: Text
    examples: tuple[Example, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Ladder:
    """Ordered measures. `counted` says how the step is found:

    `quarter`: by the calendar quarter of the breach; `breaches`: by how many breaches stand since `reset`;
    `condition`: the last step whose own `when` holds. It may be the key of a text setting.
    """

    key: str
    title: Text
    subject: Subject
    list: str
    trigger: Formula
    counted: str
    reset: str
    rounds: str
    steps: tuple[Step, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a severity is shown under this rulebook: chosen last, never decided on."""

    word: Text
    colour: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the year's plan is expected by a period's end."""

    points: tuple[Decimal, ...] = ()
    """Twelve cumulative shares at the ends of months; empty means a straight line."""
    by_days: bool = False

    def expected(self, period: Period) -> Fraction:
        """The expected share, exactly. A period shorter than a month needs `by_days`."""
        if self.points:
            return by_curve(period, self.points, by_days=self.by_days)
        return linear(period, by_days=self.by_days)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A dated, cited set of rules over one ledger."""

    key: str
    title: Text
    version: str
    effective_from: str
    effective_to: str | None
    source: Text
    sha256: str
    ledger: Ledger
    progress: Progress
    palette: Mapping[Severity, Rendering]
    settings: Mapping[str, Setting]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    indicators: Mapping[str, Indicator]
    lights: tuple[Lights, ...]
    points: Points | None
    ladders: tuple[Ladder, ...]
    formulas: Formulas = field(compare=False)
    place: Place

    def lights_of(self, subject: Subject) -> Lights | None:
        return next((lights for lights in self.lights if lights.subject == subject), None)

    def colour(self, severity: Severity) -> str:
        return self.palette[severity].colour if severity in self.palette else ""

    def word(self, severity: Severity) -> Text:
        """The word people use for a severity under this rulebook (红灯, 黄牌 …)."""
        return self.palette[severity].word if severity in self.palette else severity.words
