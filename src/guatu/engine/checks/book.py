"""The row checks of a ledger as formulas over one item: a check is a clause, and their book a rulebook of one light each.

So everything a rulebook's formulas can say (`prev`, milestones, lists, settings, definitions), checks can say, and
what is wrong with them is reported in the same words with the same places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guatu.declarations.checks import THIS, NamedFormula, RowCheck, SettingDeclaration
from guatu.declarations.entries import Problem, Problems
from guatu.declarations.ledger import Ledger
from guatu.engine.expressions import TEXT, Expression, ExpressionRefused, Literal, Operation, Reference, parse, show
from guatu.engine.rulebook.checking import check_meaning, template_names
from guatu.engine.rulebook.formulas import formulas_of
from guatu.engine.rulebook.model import (
    Clause,
    Definition,
    Example,
    Formula,
    LightDimension,
    Lights,
    Progress,
    Rulebook,
    Setting,
    Show,
)
from guatu.engine.rulebook.reading import setting_value
from guatu.engine.values import Severity
from guatu.standards.periods import Period
from guatu.text import Language, Text

WORDS = frozenset({"field", THIS})
"""Names in sayings that are no formulas: the title of the named field, and what its cell holds."""


@dataclass(frozen=True, slots=True)
class ReadyCheck:
    """One check of one field."""

    declared: RowCheck
    field: str
    clause: Clause

    @property
    def told(self) -> tuple[str, ...]:
        """Names the sayings fill in, besides the field itself."""
        both = Text(*(f"{self.declared.reason.in_(one)}{self.declared.remedy.in_(one)}" for one in ("zh", "en")))
        return tuple(name for name in template_names(both) if name not in WORDS)

    def holds_in(self, period: Period) -> bool:
        """Whether the check is made in that round at all."""
        return self.declared.grade != "off" and self.declared.dated.holds_on(period.last_day)


@dataclass(frozen=True, slots=True)
class CheckBook:
    """The checks of one ledger, with the scope their formulas are read in."""

    rulebook: Rulebook
    checks: tuple[ReadyCheck, ...]


def load_book(ledger: Ledger) -> CheckBook:
    """The row checks of a ledger. Refuses, with every problem at its line, what makes no sense."""
    problems = Problems()
    book = _book(ledger, problems)
    _check(book, problems)
    problems.refuse()
    return book


def check_book(ledger: Ledger) -> tuple[Problem, ...]:
    """Every problem of a ledger's row checks; empty when they are sound."""
    problems = Problems()
    _check(_book(ledger, problems), problems)
    return tuple(sorted(problems.found, key=lambda one: (one.place.file, one.place.line)))


def with_settings(book: CheckBook, written: Mapping[str, str]) -> CheckBook:
    """The book with some settings at other values."""
    settings = {
        key: replace(one, value=setting_value(written[key]).value, written=written[key]) if key in written else one
        for key, one in book.rulebook.settings.items()
    }
    return replace(book, rulebook=replace(book.rulebook, settings=settings))


def _check(book: CheckBook, problems: Problems) -> None:
    if not problems.found:
        check_meaning(book.rulebook, problems)


def _book(ledger: Ledger, problems: Problems) -> CheckBook:
    checks = ledger.checks
    place = checks.place or ledger.place
    settings = {key: _setting(one, problems) for key, one in checks.settings.items()}
    definitions = {
        key: Definition(key, title, Formula(source, at), None)
        for key, (title, source, at) in ledger.definitions.items()
    } | {key: _definition(one) for key, one in checks.definitions.items()}
    ready = tuple(
        ReadyCheck(check, field, clause)
        for check in checks.rows.values()
        for field in check.fields
        if (clause := _clause(check, field, problems)) is not None
    )
    lights = (Lights("item", ledger.title, "all", tuple(_dimension(one) for one in ready), place),)
    rulebook = Rulebook(
        key=f"{ledger.key}_checks",
        title=ledger.title,
        version="",
        effective_from="2000-01-01",
        effective_to=None,
        source=ledger.title,
        sha256="",
        ledger=ledger,
        progress=Progress(),
        palette={},
        settings=settings,
        parameters={},
        definitions=definitions,
        indicators={},
        lights=lights,
        points=None,
        ladders=(),
        # Checks look at facts, never at lights: their own dimensions stay out of the scope.
        formulas=formulas_of(ledger, settings, {}, definitions, {}, ()),
        place=place,
    )
    return CheckBook(rulebook, ready)


def _setting(declared: SettingDeclaration, problems: Problems) -> Setting:
    try:
        literal = setting_value(declared.written)
    except ExpressionRefused as refused:
        problems.add(declared.place, refused.what, refused.remedy)
        literal = Literal(declared.written, TEXT)
    return Setting(
        key=declared.key,
        title=declared.title,
        value=literal.value,
        written=declared.written,
        type=literal.type,
        allowed=declared.allowed,
        why=declared.why,
        place=declared.place,
    )


def _definition(declared: NamedFormula) -> Definition:
    shown = Show(declared.unit, declared.decimals) if declared.unit or declared.decimals else None
    return Definition(declared.key, declared.title, Formula(declared.formula, declared.place), shown)


def _clause(check: RowCheck, field: str, problems: Problems) -> Clause | None:
    try:
        source = show(_about(parse(check.when, check.when_place), field))
    except ExpressionRefused as refused:
        problems.add(check.when_place, refused.what, refused.remedy)
        return None
    several = len(check.fields) > 1
    return Clause(
        id=f"{check.key}.{field}" if several else check.key,
        severity=Severity.ATTENTION,
        when=Formula(source, check.when_place),
        because=_sayings(check, field),
        cite=check.cite,
        examples=tuple(_example(one.kind, one.place) for one in check.examples),
        place=check.place,
    )


def _sayings(check: RowCheck, field: str) -> Text:
    """Both sayings as one template for the checker, with the named field in place of `this` and `field`."""
    filled = []
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        saying = f"{check.reason.in_(language)}{check.remedy.in_(language)}"
        for word in WORDS:
            saying = saying.replace(f"{{{word}}}", f"{{{field}}}")
        filled.append(saying)
    return Text(*filled)


def _about(node: Expression, field: str) -> Expression:
    """The formula with the field in place of `this`."""
    if isinstance(node, Reference):
        return replace(node, name=field) if node.name == THIS else node
    if not isinstance(node, Operation):
        return node
    return replace(
        node,
        arguments=tuple(_about(argument, field) for argument in node.arguments),
        where=None if node.where is None else _about(node.where, field),
        options=tuple((key, _about(value, field)) for key, value in node.options),
    )


def _example(kind: str, place: object) -> Example:
    """The checker asks only which kinds there are; `examples.py` runs the declared ones."""
    return Example(kind, {}, None, None, "all", {}, {}, place)  # type: ignore[arg-type]


def _dimension(ready: ReadyCheck) -> LightDimension:
    return LightDimension(
        key=ready.clause.id,
        title=ready.declared.title,
        applies_when=None,
        clauses=(ready.clause,),
        otherwise=Severity.NORMAL,
        when_missing=Severity.NOT_JUDGED,
        place=ready.declared.place,
    )
