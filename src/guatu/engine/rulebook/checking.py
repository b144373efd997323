"""Does a rulebook make sense? Every problem is collected with its line; none stops the others from being found."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from guatu.declarations.entries import Problems, nearest
from guatu.declarations.located import Place
from guatu.engine.expressions import BOOLEAN, ExpressionRefused, Level, Type, Typed, show
from guatu.engine.expressions.types import NULL
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.methods import METHODS
from guatu.engine.rulebook.model import (
    Clause,
    Example,
    Formula,
    Indicator,
    Ladder,
    LightDimension,
    Parameter,
    PointsItem,
    Rulebook,
    Setting,
    Subject,
)
from guatu.standards.periods import Period
from guatu.standards.progress import InvalidCurve
from guatu.text import Text

COUNTED = ("quarter", "breaches", "condition")
RESETS = ("never", "each_year", "on_recovery")
ROUNDS = ("every", "quarter_end")
EVERY_CLAUSE = ("firing", "boundary", "missing")


def check_meaning(rulebook: Rulebook, problems: Problems) -> None:
    """Add everything wrong with the rulebook's meaning to `problems`."""
    _Checker(rulebook, problems).check()


class _Checker:
    def __init__(self, rulebook: Rulebook, problems: Problems) -> None:
        self.book = rulebook
        self.problems = problems
        self.used: set[str] = set()

    def check(self) -> None:
        self._dates_and_progress()
        self._names()
        self._titles()
        for definition in self.book.definitions.values():
            self._formula(definition.over, definition.formula)
        for indicator in self.book.indicators.values():
            self._indicator(indicator)
        for lights in self.book.lights:
            for dimension in lights.dimensions:
                self._dimension(lights.subject, dimension)
        self._unique("id", [(c.id, c.place) for ls in self.book.lights for d in ls.dimensions for c in d.clauses])
        self._points()
        for ladder in self.book.ladders:
            self._ladder(ladder)
        self._settings()
        for parameter in self.book.parameters.values():
            self._parameter(parameter)

    # the whole book

    def _dates_and_progress(self) -> None:
        for written in filter(None, (self.book.effective_from, self.book.effective_to)):
            try:
                date.fromisoformat(written)
            except ValueError:
                self._wrong(
                    self.book.place,
                    Text(f"“{written}”不是日期", f"'{written}' is not a date"),
                    Text('写成 "2025-03-01"。', 'Write it as "2025-03-01".'),
                )
        try:
            self.book.progress.expected(Period.month(2021, 6))
        except InvalidCurve as refused:
            self._wrong(self.book.place, refused.what, refused.remedy)

    def _names(self) -> None:
        """One key, one meaning: a setting may not hide a field, nor a definition an indicator."""
        item, unit = self.book.formulas.item_scope, self.book.formulas.unit_scope
        constants = set(item.constants) - set(self.book.settings)
        columns = {*item.columns, *item.indicators, *unit.columns, *constants}
        places = [(one.key, one.place) for one in self.book.settings.values()]
        places += [(one.key, one.formula.place) for one in self.book.definitions.values()]
        measures = [(one.key, one.place) for one in self.book.indicators.values()]
        self._unique("key", [*places, *measures])
        for key, place in [*places, *measures]:
            # A field may share an indicator's key: items have the field, units the indicator.
            if key in ((unit.columns.keys() | constants) if (key, place) in measures else columns):
                self._wrong(
                    place,
                    Text(f"“{key}”已是字段或本期常量的名称", f"'{key}' is already a field or a constant of the round"),
                    Text("换一个键。", "Choose another key."),
                )

    def _titles(self) -> None:
        """A title stands for one name, so that formulas may be written in either language."""
        book = self.book
        places = {one.key: one.place for one in book.settings.values()}
        places |= {one.key: one.place for one in book.indicators.values()}
        places |= {one.key: one.formula.place for one in book.definitions.values()}
        for scope in (book.formulas.item_scope, book.formulas.unit_scope):
            called: dict[str, str] = {}
            names = scope.keys()
            for key in names:
                title = scope.title(key)
                for written in {title.zh, title.en} if title else ():
                    other = called.setdefault(written, key)
                    if other != key and (key in places or other in places):
                        self._wrong(
                            places.get(key) or places[other],
                            Text(
                                f"“{key}”与“{other}”同名：{written}",
                                f"'{key}' and '{other}' are both called '{written}'",
                            ),
                            Text("改其中一个的 title。", "Change the title of one of them."),
                        )

    def _unique(self, word: str, places: Iterable[tuple[str, Place]]) -> None:
        places = list(places)
        counted = Counter(key for key, _ in places)
        for key, place in places[::-1]:
            if counted[key] > 1:
                counted[key] = 0
                self._wrong(
                    place,
                    Text(f"{word}“{key}”用了不止一次", f"the {word} '{key}' is used more than once"),
                    Text("改成各不相同。", "Give each its own."),
                )

    def _settings(self) -> None:
        for setting in self.book.settings.values():
            self._setting(setting)

    def _setting(self, setting: Setting) -> None:
        if setting.allowed and setting.written not in setting.allowed:
            listed = ", ".join(setting.allowed)
            self._wrong(
                setting.place,
                Text(
                    f"设置“{setting.key}”不能取 {setting.written}",
                    f"setting '{setting.key}' cannot be {setting.written}",
                ),
                Text(f"可取：{listed}。", f"It is one of: {listed}."),
            )
        if setting.key not in self.used:
            self._wrong(
                setting.place,
                Text(f"设置“{setting.key}”没有任何规则用到", f"no rule uses the setting '{setting.key}'"),
                Text("删去它，或在公式里写上它的键。", "Delete it, or use its key in a formula."),
            )

    def _parameter(self, parameter: Parameter) -> None:
        for row in parameter.rows:
            if row.type != parameter.type:
                self._wrong(
                    row.place,
                    Text(
                        f"这里是{row.type.words.zh}，上面是{parameter.type.words.zh}",
                        f"{row.type.words.en} here, {parameter.type.words.en} above",
                    ),
                    Text("同一参数的值用同一种单位。", "Give all values of a parameter in one kind of unit."),
                )
        if parameter.key not in self.used:
            self._wrong(
                parameter.place,
                Text(f"参数“{parameter.key}”没有任何规则用到", f"no rule uses the parameter '{parameter.key}'"),
                Text("删去它，或在公式里用 param 取值。", "Delete it, or find it with param in a formula."),
            )

    def _uses(self, typed: Typed) -> None:
        """Remember the settings and parameters a formula rests on."""
        for part in typed.walk():
            if part.source == "constant":
                self.used.add(part.key)
            elif part.operation == "param":
                self.used.add(str(part.arguments[0].value))

    # formulas

    def _wrong(self, place: Place, what: Text, remedy: Text) -> None:
        self.problems.add(place, what, remedy)

    def _formula(self, subject: Subject, formula: Formula, wanted: Type | None = None) -> Typed | None:
        try:
            typed = self.book.formulas.over(subject, formula)
        except ExpressionRefused as refused:
            self._refused(formula, refused)
            return None
        self._uses(typed)
        if typed.level is Level.GROUP:
            self._wrong(
                formula.place,
                Text("这里逐行判断，不能用合计", "this is decided row by row and cannot hold a total"),
                Text("把合计做成指标，再引用指标。", "Make the total an indicator and refer to it."),
            )
            return None
        if wanted is not None and typed.type not in (wanted, NULL):
            self._wrong(
                formula.place,
                Text(
                    f"“{formula.source}”是{typed.type.words.zh}，此处要{wanted.words.zh}",
                    f"'{formula.source}' is {typed.type.words.en}; {wanted.words.en} is needed",
                ),
                Text("写成条件，例如 x > 10pp。", "Write a condition, for instance x > 10pp."),
            )
        return typed

    def _refused(self, formula: Formula, refused: ExpressionRefused) -> None:
        column = refused.span.start + 1
        at = Text(f"“{formula.source}”第 {column} 字：", f"'{formula.source}', character {column}: ")
        self._wrong(formula.place, Text(at.zh + refused.what.zh, at.en + refused.what.en), refused.remedy)

    def _indicator(self, indicator: Indicator) -> None:
        try:
            typed = self.book.formulas.indicator(indicator.formula)
        except ExpressionRefused as refused:
            self._refused(indicator.formula, refused)
            return
        self._uses(typed)
        if typed.type != indicator.type and NULL not in (typed.type, indicator.type):
            self._wrong(
                indicator.place,
                Text(
                    f"指标“{indicator.key}”的公式是{typed.type.words.zh}，单位“{indicator.show.unit}”却是{indicator.type.words.zh}",
                    f"the formula of '{indicator.key}' is {typed.type.words.en}, "
                    f"its unit '{indicator.show.unit}' is {indicator.type.words.en}",
                ),
                Text("改 show.unit 或公式。", "Change show.unit or the formula."),
            )
        divisor = _divisor(typed)
        if divisor is not None and indicator.when_zero is None:
            shown = show(divisor)
            self._wrong(
                indicator.place,
                Text(
                    f"“{indicator.key}”除以 {shown}，后者可能为零",
                    f"'{indicator.key}' divides by {shown}, which may be zero",
                ),
                Text("加上 when_zero: not_scored，或另一种结果。", "Add when_zero: not_scored, or another value."),
            )
        kinds = ("value", "missing", "zero") if divisor is not None else ("value", "missing")
        self._examples(indicator.key, indicator.examples, kinds, indicator.place)

    def _examples(self, name: str, examples: Sequence[Example], kinds: Sequence[str], place: Place) -> None:
        lacking = [kind for kind in kinds if kind not in {example.kind for example in examples}]
        if lacking:
            listed = ", ".join(lacking)
            self._wrong(
                place,
                Text(f"“{name}”缺少样例：{listed}", f"'{name}' has no worked example of kind {listed}"),
                Text(
                    "在 examples 下各写一条：{kind: …, given: {…}, then: …}。",
                    "Write one of each under examples: {kind: …, given: {…}, then: …}.",
                ),
            )

    # lights

    def _dimension(self, subject: Subject, dimension: LightDimension) -> None:
        if dimension.applies_when is not None:
            self._formula(subject, dimension.applies_when, BOOLEAN)
        for milder, worse in zip(dimension.clauses[1:], dimension.clauses, strict=False):
            if worse.severity < milder.severity:
                self._wrong(
                    milder.place,
                    Text(f"“{milder.id}”比前一条更重", f"'{milder.id}' is worse than the clause before it"),
                    Text("条款从重到轻排列。", "Order clauses from the worst to the mildest."),
                )
        for clause in dimension.clauses:
            self._clause(subject, clause)

    def _clause(self, subject: Subject, clause: Clause) -> None:
        typed = self._formula(subject, clause.when, BOOLEAN)
        if typed is not None:
            self._no_circle(typed, clause.when)
        self._template(subject, clause.because, clause.place)
        self._examples(clause.id, clause.examples, EVERY_CLAUSE, clause.place)

    def _no_circle(self, typed: Typed, formula: Formula) -> None:
        """A light may look at earlier lights, never at those being decided."""
        if typed.source == "indicator" and (typed.key == "light" or typed.key.startswith("light_")):
            self._wrong(
                formula.place,
                Text(f"亮灯规则不能引用本期的“{typed.key}”", f"a light cannot rest on this round's '{typed.key}'"),
                Text(f"写 prev({typed.key})，取上期结果。", f"Write prev({typed.key}) for the last round's."),
            )
        if typed.operation not in HISTORY:
            for child in typed.children:
                self._no_circle(child, formula)

    def _template(self, subject: Subject, template: Text, place: Place) -> None:
        names = template_names(template)
        for name in names:
            if self._formula(subject, Formula(name, place)) is None:
                return

    # points and ladders

    def _points(self) -> None:
        points = self.book.points
        if points is None:
            return
        self._unique("key", [(item.key, item.place) for d in points.dimensions for item in d.items])
        for dimension in points.dimensions:
            self._formula("unit", dimension.weight)
            self._examples(dimension.key, dimension.examples, ("value",), dimension.place)
            for item in dimension.items:
                self._item(item)
        for veto in points.vetoes:
            self._formula("unit", veto.when, BOOLEAN)
            self._formula("unit", veto.total)
            self._examples(veto.key, veto.examples, EVERY_CLAUSE, veto.place)

    def _item(self, item: PointsItem) -> None:
        method = METHODS.get(item.method)
        if method is None:
            meant = nearest(item.method, METHODS)
            listed = ", ".join(METHODS)
            self._wrong(
                item.place,
                Text(f"没有计分方法“{item.method}”", f"there is no scoring method '{item.method}'"),
                Text(f"可用：{listed}", f"Use one of: {listed}" + (f". Did you mean '{meant}'?" if meant else ".")),
            )
            return
        if item.value is None and method.needs_value:
            self._wrong(
                item.place,
                Text(f"“{item.key}”没有 value", f"'{item.key}' has no value"),
                Text("写上所评的指标。", "Name the indicator it scores."),
            )
        elif item.value is not None:
            self._formula("unit", item.value)
        for problem in method.unfit(item.parameters):
            self._wrong(item.place, problem.what, problem.remedy)
        for formula in method.formulas(item.parameters, item.place):
            typed = self._formula("unit", formula)
            if typed is not None and typed.level is not Level.CONSTANT:
                self._wrong(
                    formula.place,
                    Text(f"参数“{formula.source}”不是常量", f"the parameter '{formula.source}' is not a constant"),
                    Text("写数值或设置的键。", "Write a figure or the key of a setting."),
                )
        self._examples(item.key, item.examples, ("value", "boundary", "missing"), item.place)

    def _ladder(self, ladder: Ladder) -> None:
        self._formula(ladder.subject, ladder.trigger, BOOLEAN)
        self._choice(ladder, "counted", ladder.counted, COUNTED)
        self._choice(ladder, "reset", ladder.reset, RESETS)
        self._choice(ladder, "rounds", ladder.rounds, ROUNDS)
        self._unique("key", [(step.key, step.place) for step in ladder.steps])
        for step in ladder.steps:
            if (step.when is None) != (ladder.counted != "condition"):
                self._wrong(
                    step.place,
                    Text(
                        f"“{step.key}”的 when 与 counted 不相配", f"'when' of '{step.key}' does not go with 'counted'"
                    ),
                    Text(
                        "counted: condition 时每级写 when，否则写 at。",
                        "With counted: condition write 'when' for each step, else 'at'.",
                    ),
                )
            if step.at < 1:
                self._wrong(
                    step.place,
                    Text(f"“{step.key}”的 at 小于 1", f"'at' of '{step.key}' is below 1"),
                    Text("从 1 数起。", "Count from 1."),
                )
            if step.when is not None:
                self._formula(ladder.subject, step.when, BOOLEAN)
            self._examples(step.key, step.examples, EVERY_CLAUSE, step.place)

    def _choice(self, ladder: Ladder, key: str, written: str, known: Sequence[str]) -> None:
        """One of the known words, or a setting whose allowed values all are."""
        setting = self.book.settings.get(written)
        words: Sequence[str] = setting.allowed or (str(setting.value),) if setting else (written,)
        if setting is not None:
            self.used.add(written)
        for word in (word for word in words if word not in known):
            self._wrong(
                ladder.place,
                Text(f"“{key}”不认识“{word}”", f"'{key}' does not know '{word}'"),
                Text(f"可用：{'、'.join(known)}，或一个设置。", f"Use one of: {', '.join(known)}, or a setting."),
            )


def _divisor(typed: Typed) -> Typed | None:
    """The first divisor in a formula that is not a constant; `share` divides by its whole."""
    for part in typed.walk():
        if part.operation == "divide" and part.arguments[1].level is not Level.CONSTANT:
            return part.arguments[1]
        if part.operation == "share":
            return part
    return None


def template_names(template: Text) -> tuple[str, ...]:
    """The names a saying fills in, in either language, each once."""
    fields = (name for text in (template.zh, template.en) for _, name, _, _ in string.Formatter().parse(text) if name)
    return tuple(dict.fromkeys(fields))
