"""From YAML to a `Rulebook`: shapes only. What the formulas mean is the business of `checking`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.declarations.entries import Entry, Problems, top_entry
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Mapping_, Sequence_
from guatu.engine.expressions import TEXT, ExpressionRefused, Literal, Operation, parse
from guatu.engine.rulebook.formulas import formulas_of
from guatu.engine.rulebook.model import (
    Clause,
    Consequence,
    Definition,
    Example,
    Formula,
    Indicator,
    Ladder,
    LightDimension,
    Lights,
    Parameter,
    ParameterRow,
    Points,
    PointsDimension,
    PointsItem,
    Progress,
    Rendering,
    Rulebook,
    Setting,
    Show,
    Step,
    Veto,
)
from guatu.engine.values import Severity
from guatu.text import Text

OUTCOMES = ("not_scored", "zero", "worst", "group_mean")
SHOW_UNITS = (
    "",
    "%",
    "pp",
    "元",
    "万元",
    "亿元",
    "万美元",
    "亿美元",
    "百万英镑",
    "亿英镑",
    "亩",
    "万亩",
    "公顷",
    "平方米",
    "月",
    "天",
    "个",
)
_SEVERITIES = tuple(severity.value for severity in Severity)


def read_rulebook(path: Path, ledger: Ledger, indicator_files: Sequence[Path], problems: Problems) -> Rulebook:
    """Read the file and the pack's indicator files; what is wrong with their shape goes to `problems`."""
    entry = top_entry(path, problems)
    indicators: dict[str, Indicator] = {}
    definitions = {
        key: Definition(key, title, Formula(source, place), None)
        for key, (title, source, place) in ledger.definitions.items()
    }
    for file in indicator_files:
        shared = top_entry(file, problems)
        definitions |= {one.key: one for one in map(_definition, shared.entries("definitions"))}
        indicators |= _indicators(shared)
        shared.done()
    definitions |= {one.key: one for one in map(_definition, entry.entries("definitions"))}
    indicators |= _indicators(entry)
    settings = {one.key: one for one in (_setting(each) for each in entry.entries("settings"))}
    parameters = {one.key: one for one in (_parameter(each) for each in entry.entries("parameters"))}
    lights = tuple(_lights(one) for one in entry.entries("lights"))
    rulebook = Rulebook(
        key=entry.word("rulebook"),
        title=entry.text("title"),
        version=entry.word("version"),
        effective_from=entry.word("effective_from"),
        effective_to=entry.optional("effective_to"),
        source=entry.text("source"),
        sha256=_digest([path, *indicator_files]),
        ledger=ledger,
        progress=_progress(entry),
        palette=_palette(entry),
        settings=settings,
        parameters=parameters,
        definitions=definitions,
        indicators=indicators,
        lights=lights,
        points=_points(points) if (points := entry.entry("points")) else None,
        ladders=tuple(_ladder(one) for one in entry.entries("ladders")),
        formulas=formulas_of(ledger, settings, parameters, definitions, indicators, lights),
        place=entry.place,
    )
    entry.done()
    return rulebook


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _progress(entry: Entry) -> Progress:
    if not isinstance(entry.mapping.get("progress"), Mapping_):
        kind = entry.word("progress", default="linear", allowed=["linear", "linear_by_days"])
        return Progress(by_days=kind == "linear_by_days")
    declared = entry.entry("progress")
    assert declared is not None
    points = tuple(Decimal(word) for word in declared.words("points"))
    progress = Progress(points, declared.flag("by_days"))
    declared.done()
    return progress


def _palette(entry: Entry) -> dict[Severity, Rendering]:
    palette: dict[Severity, Rendering] = {}
    declared = entry.entry("palette")
    if declared is None:
        return palette
    for key in declared.mapping:
        word = declared.entry(key)
        if key not in _SEVERITIES:
            declared.wrong(
                key,
                Text(f"没有程度“{key}”", f"there is no severity '{key}'"),
                Text(f"可用：{'、'.join(_SEVERITIES)}。", f"Use one of: {', '.join(_SEVERITIES)}."),
            )
        elif word is not None:
            palette[Severity(key)] = Rendering(Text(word.word("zh"), word.word("en")), word.word("colour"))
            word.done()
    return palette


def _setting(entry: Entry) -> Setting:
    written = entry.word("value")
    literal = _literal(written, entry)
    setting = Setting(
        key=entry.word("key"),
        title=entry.text("title"),
        value=literal.value,
        written=written,
        type=literal.type,
        allowed=entry.words("allowed"),
        why=entry.text("why"),
        place=entry.at("value"),
        titles=_titles(entry),
    )
    entry.done()
    return setting


def _titles(entry: Entry) -> dict[str, Text]:
    """What allowed words of a setting are called; a word that is not allowed has none."""
    given, allowed = entry.entry("titles"), entry.words("allowed")
    if given is None:
        return {}
    for word in given.mapping:
        if word not in allowed:
            given.wrong(
                word,
                Text(f"“{word}”不是允许的取值", f"'{word}' is no value allowed"),
                Text("按 allowed 里的写法写。", "Write it as under 'allowed'."),
            )
    return {word: given.text(word) for word in given.mapping}


def _literal(written: str, entry: Entry) -> Literal:
    try:
        return setting_value(written, entry)
    except ExpressionRefused as refused:
        entry.wrong("value", refused.what, refused.remedy)
        return Literal(written, TEXT)


def setting_value(written: str, entry: Entry | None = None) -> Literal:
    """The value a setting is written as: a literal of the language, or a bare word as text."""
    node = parse(written, entry.at("value") if entry else None)
    if isinstance(node, Operation) and node.name == "negate" and isinstance(node.arguments[0], Literal):
        inner = node.arguments[0]
        assert not isinstance(inner.value, bool | str) and inner.value is not None
        return Literal(-inner.value, inner.type, written)  # type: ignore[operator]
    return node if isinstance(node, Literal) else Literal(written, TEXT, written)


def _parameter(entry: Entry) -> Parameter:
    by = entry.words("by")
    parameter = Parameter(
        key=entry.word("key"),
        title=entry.text("title"),
        by=by,
        rows=tuple(_parameter_row(one, by) for one in entry.entries("rows")),
        place=entry.place,
    )
    entry.done()
    return parameter


def _parameter_row(entry: Entry, by: Sequence[str]) -> ParameterRow:
    literal = _literal(entry.word("value"), entry)
    row = ParameterRow(
        keys=tuple(entry.word(key) for key in by),
        value=literal.value,
        type=literal.type,
        valid_from=entry.day("valid_from"),
        valid_to=entry.day("valid_to"),
        source=entry.text("source"),
        place=entry.place,
    )
    entry.done()
    return row


def _formula(entry: Entry, key: str) -> Formula:
    return Formula(entry.word(key), entry.at(key))


def _optional_formula(entry: Entry, key: str) -> Formula | None:
    return _formula(entry, key) if entry.has(key) else None


def _definition(entry: Entry) -> Definition:
    definition = Definition(
        key=entry.word("key"),
        title=entry.text("title"),
        formula=_formula(entry, "formula"),
        show=_show(entry),
        over=entry.word("over", default="item", allowed=["item", "unit"]),  # type: ignore[arg-type]
    )
    entry.done()
    return definition


def _show(entry: Entry) -> Show | None:
    declared = entry.entry("show")
    if declared is None:
        return None
    show = Show(declared.word("unit", default="", allowed=SHOW_UNITS), declared.number("decimals", default=0))
    declared.done()
    return show


def _indicators(entry: Entry) -> dict[str, Indicator]:
    return {one.key: one for one in (_indicator(each) for each in entry.entries("indicators"))}


def _indicator(entry: Entry) -> Indicator:
    show = _show(entry) or Show()
    indicator = Indicator(
        key=entry.word("key"),
        title=entry.text("title"),
        formula=_formula(entry, "formula"),
        show=show,
        decimals=entry.number("decimals", default=show.decimals),
        better=entry.word("better", default="none", allowed=["none", "higher", "lower"]),  # type: ignore[arg-type]
        when_missing=_outcome(entry, "when_missing", ("not_scored", "zero")),
        when_zero=_outcome(entry, "when_zero", ("not_scored", "zero")) if entry.has("when_zero") else None,
        min_items=entry.number("min_items", default=1),
        cite=entry.text("cite") if entry.has("cite") else None,
        examples=_examples(entry),
        place=entry.place,
    )
    entry.done()
    return indicator


def _outcome(entry: Entry, key: str, allowed: Sequence[str] = OUTCOMES) -> Any:
    return entry.word(key, default="not_scored", allowed=allowed)


def _examples(entry: Entry) -> tuple[Example, ...]:
    return tuple(_example(one) for one in entry.entries("examples"))


def _example(entry: Entry) -> Example:
    for key in ("given", "then"):
        if not entry.has(key):
            entry.wrong(
                key,
                Text(f"样例缺少“{key}”", f"the example has no '{key}'"),
                Text("写明给定与结论：{given: {…}, then: …}。", "Write both: {given: {…}, then: …}."),
            )
    history = entry.entry("history")
    settings = entry.entry("settings")
    example = Example(
        kind=entry.word("kind", allowed=["firing", "boundary", "missing", "value", "zero", "also"]),
        given=entry.mapping.get("given", Mapping_()),
        then=entry.mapping.get("then"),
        period=entry.optional("period"),
        list=entry.word("list", default="all"),
        history=dict(history.mapping) if history else {},
        settings={key: str(value) for key, value in settings.mapping.items()} if settings else {},
        place=entry.place,
        note=entry.text("note") if entry.has("note") else None,
    )
    entry.done()
    return example


def _severity(entry: Entry, key: str, default: Severity) -> Severity:
    return Severity(entry.word(key, default=default.value, allowed=_SEVERITIES))


def _lights(entry: Entry) -> Lights:
    lights = Lights(
        subject=entry.word("subject", allowed=["item", "unit"]),  # type: ignore[arg-type]
        title=entry.text("title"),
        list=entry.word("list", default="all"),
        dimensions=tuple(_dimension(one) for one in entry.entries("dimensions")),
        place=entry.place,
    )
    entry.done()
    return lights


def _dimension(entry: Entry) -> LightDimension:
    dimension = LightDimension(
        key=entry.word("key"),
        title=entry.text("title"),
        applies_when=_optional_formula(entry, "applies_when"),
        clauses=tuple(_clause(one) for one in entry.entries("clauses")),
        otherwise=_severity(entry, "otherwise", Severity.NORMAL),
        when_missing=_severity(entry, "when_missing", Severity.NOT_JUDGED),
        place=entry.place,
    )
    entry.done()
    return dimension


def _clause(entry: Entry) -> Clause:
    clause = Clause(
        id=entry.word("id"),
        severity=_severity(entry, "severity", Severity.ATTENTION),
        when=_formula(entry, "when"),
        because=entry.text("because"),
        cite=entry.text("cite"),
        examples=_examples(entry),
        place=entry.place,
    )
    entry.done()
    return clause


def _points(entry: Entry) -> Points:
    points = Points(
        title=entry.text("title"),
        list=entry.word("list", default="all"),
        dimensions=tuple(_points_dimension(one) for one in entry.entries("dimensions")),
        vetoes=tuple(_veto(one) for one in entry.entries("vetoes")),
        place=entry.place,
    )
    entry.done()
    return points


def _points_dimension(entry: Entry) -> PointsDimension:
    dimension = PointsDimension(
        key=entry.word("key"),
        title=entry.text("title"),
        weight=_formula(entry, "weight"),
        items=tuple(_points_item(one) for one in entry.entries("items")),
        examples=_examples(entry),
        place=entry.place,
    )
    entry.done()
    return dimension


def _points_item(entry: Entry) -> PointsItem:
    parameters: Mapping[str, Any] = ((given := entry.entry("parameters")) and given.mapping) or {}
    item = PointsItem(
        key=entry.word("key"),
        title=entry.text("title"),
        method=entry.word("method"),
        value=_optional_formula(entry, "value"),
        parameters=parameters,
        better=entry.word("better", default="higher", allowed=["higher", "lower"]),  # type: ignore[arg-type]
        when_missing=_outcome(entry, "when_missing"),
        cite=entry.text("cite"),
        examples=_examples(entry),
        place=entry.place,
    )
    entry.done()
    return item


def _veto(entry: Entry) -> Veto:
    veto = Veto(
        key=entry.word("key"),
        title=entry.text("title"),
        when=_formula(entry, "when"),
        total=_formula(entry, "total"),
        cite=entry.text("cite"),
        examples=_examples(entry),
        place=entry.place,
    )
    entry.done()
    return veto


def _ladder(entry: Entry) -> Ladder:
    ladder = Ladder(
        key=entry.word("key"),
        title=entry.text("title"),
        subject=entry.word("subject", allowed=["unit", "item"]),  # type: ignore[arg-type]
        list=entry.word("list", default="all"),
        trigger=_formula(entry, "trigger"),
        counted=entry.word("counted", default="breaches"),
        reset=entry.word("reset", default="never"),
        rounds=entry.word("rounds", default="every"),
        steps=tuple(_step(one) for one in entry.entries("steps")),
        place=entry.place,
    )
    entry.done()
    return ladder


def _step(entry: Entry) -> Step:
    hold = entry.entry("hold")
    step = Step(
        key=entry.word("key"),
        title=entry.text("title"),
        measure=entry.text("measure"),
        at=entry.number("at", default=1),
        when=_optional_formula(entry, "when"),
        hold=Consequence(hold.word("key"), hold.text("title")) if hold else None,
        cite=entry.text("cite"),
        examples=_examples(entry),
        place=entry.place,
    )
    if hold:
        hold.done()
    entry.done()
    return step


def sequence(value: object) -> list[Any]:
    """The rows an example gives: a list, or one row as a list of one."""
    return list(value) if isinstance(value, Sequence_ | list) else [value]
