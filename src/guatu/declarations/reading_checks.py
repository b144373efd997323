"""From `checks.yaml` to `Checks`: shapes only.

A pack that extends another inherits its checks; it may change a check's grade, dates and texts and a setting's value, and
add checks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.declarations.checks import (
    EXAMPLES,
    GRADES,
    KINDS,
    OUTCOMES,
    PAIR_GRADES,
    WITHIN,
    CheckExample,
    CheckGrade,
    Checks,
    Dated,
    IdentityCheck,
    NamedFormula,
    Naming,
    RowCheck,
    SettingDeclaration,
    Totals,
)
from guatu.declarations.entries import Entry, meant_or
from guatu.declarations.located import Mapping_
from guatu.text import Text


def read_checks(entry: Entry, base: Checks, fields: Sequence[str]) -> Checks:
    """The checks of a file over those inherited; what is wrong with their shape goes to the entry's problems."""
    entry.word("checks")
    whole = _dates(entry, Dated())
    if entry.has("source"):
        entry.text("source")
    settings = dict(base.settings)
    for one in entry.entries("settings"):
        setting = _setting(one, settings)
        settings[setting.key] = setting
    definitions = dict(base.definitions) | {one.key: one for one in map(_definition, entry.entries("definitions"))}
    written = {key: one.written for key, one in settings.items()}
    rows = dict(base.rows)
    for one in entry.entries("rows"):
        check = _row(one, rows, whole, written, fields)
        rows[check.key] = check
    identity = dict(base.identity)
    for one in entry.entries("identity"):
        found = _identity(one, identity, whole, fields)
        identity[found.key] = found
    checks = Checks(
        settings=settings,
        definitions=definitions,
        rows=rows,
        identity=identity,
        naming=_naming(entry, base.naming),
        totals=_totals(entry, base.totals),
        place=entry.place,
    )
    entry.done()
    return checks


def _setting(entry: Entry, known: Mapping[str, SettingDeclaration]) -> SettingDeclaration:
    key = entry.word("key")
    base = known.get(key)
    setting = SettingDeclaration(
        key=key,
        title=entry.text("title", default=base.title if base else None),
        written=entry.word("value"),
        allowed=entry.words("allowed") or (base.allowed if base else ()),
        why=entry.text("why", default=base.why if base else None),
        place=entry.at("value"),
    )
    entry.done()
    return setting


def _definition(entry: Entry) -> NamedFormula:
    show = entry.entry("show")
    found = NamedFormula(
        key=entry.word("key"),
        title=entry.text("title"),
        formula=entry.word("formula"),
        place=entry.at("formula"),
        unit=show.word("unit", default="") if show else "",
        decimals=show.number("decimals", default=0) if show else 0,
    )
    if show:
        show.done()
    entry.done()
    return found


def _grade(entry: Entry, allowed: Sequence[CheckGrade], default: CheckGrade | None = None) -> CheckGrade:
    return entry.word("grade", allowed=allowed, default=default)  # type: ignore[return-value]


def _dates(entry: Entry, whole: Dated) -> Dated:
    return Dated(entry.day("effective_from") or whole.since, entry.day("effective_to") or whole.until)


def _row(
    entry: Entry,
    known: Mapping[str, RowCheck],
    whole: Dated,
    settings: Mapping[str, str],
    fields: Sequence[str],
) -> RowCheck:
    key = entry.word("key")
    if key in known:
        base = known[key]
        _keep_formula(entry, "when", key)
        changed = replace(
            base,
            grade=_grade(entry, GRADES, base.grade),
            title=entry.text("title", default=base.title),
            reason=entry.text("reason", default=base.reason),
            remedy=entry.text("remedy", default=base.remedy),
            cite=entry.text("cite", default=base.cite),
            keep=entry.flag("keep", default=base.keep),
            dated=_dates(entry, base.dated),
        )
        entry.done()
        return changed
    check = RowCheck(
        key=key,
        title=entry.text("title"),
        grade=_grade(entry, GRADES),
        fields=_fields(entry, fields),
        when=entry.word("when"),
        reason=entry.text("reason"),
        remedy=entry.text("remedy"),
        cite=entry.text("cite"),
        keep=entry.flag("keep"),
        dated=_dates(entry, whole),
        settings=settings,
        examples=_examples(entry),
        place=entry.place,
        when_place=entry.at("when"),
    )
    _needs_examples(entry, key, check.examples, ("firing", "boundary", "quiet", "missing"))
    entry.done()
    return check


def _keep_formula(entry: Entry, word: str, key: str) -> None:
    if entry.has(word):
        entry.wrong(
            word,
            Text(f"继承来的检查“{key}”不能改条件", f"the condition of the inherited check '{key}' cannot change"),
            Text("把它设为 grade: off，另写一条新的。", "Set it to grade: off and write a check of your own."),
        )


def _fields(entry: Entry, known: Sequence[str]) -> tuple[str, ...]:
    fields = entry.words("fields")
    if not fields:
        one = entry.word("field")
        fields = (one,) if one else ()
    for key in (key for key in fields if key not in known):
        _unknown_field(entry, key, known)
    return fields


def _unknown_field(entry: Entry, key: str, known: Sequence[str]) -> None:
    entry.problems.add(
        entry.place,
        Text(f"台账没有字段“{key}”", f"the ledger has no field '{key}'"),
        meant_or(key, known, Text("核对字段键。", "Check the field's key.")),
    )


def _identity(entry: Entry, known: Mapping[str, IdentityCheck], whole: Dated, fields: Sequence[str]) -> IdentityCheck:
    key = entry.word("key")
    if key in known:
        base = known[key]
        changed = replace(
            base,
            grade=_grade(entry, PAIR_GRADES, base.grade),
            title=entry.text("title", default=base.title),
            reason=entry.text("reason", default=base.reason),
            remedy=entry.text("remedy", default=base.remedy),
            cite=entry.text("cite", default=base.cite),
            likeness=entry.number("likeness", default=base.likeness),
            dated=_dates(entry, base.dated),
        )
        entry.done()
        return changed
    named = entry.words("fields")
    for name in (name for name in named if name not in fields):
        _unknown_field(entry, name, fields)
    check = IdentityCheck(
        key=key,
        title=entry.text("title"),
        kind=entry.word("kind", allowed=KINDS),  # type: ignore[arg-type]
        grade=_grade(entry, PAIR_GRADES),
        reason=entry.text("reason"),
        remedy=entry.text("remedy"),
        cite=entry.text("cite"),
        fields=named,
        likeness=entry.number("likeness", default=100),
        within=entry.word("within", default="anywhere", allowed=WITHIN),
        unless=entry.optional("unless"),
        unless_place=entry.at("unless"),
        dated=_dates(entry, whole),
        examples=_examples(entry),
        place=entry.place,
    )
    _sensible(entry, check)
    _needs_examples(entry, key, check.examples, ("firing", "quiet"))
    entry.done()
    return check


def _sensible(entry: Entry, check: IdentityCheck) -> None:
    if check.kind in ("facts_differ", "similar", "succeeds") and not check.fields:
        entry.wrong(
            "fields",
            Text(f"“{check.key}”没有写比较哪些字段", f"'{check.key}' does not say which fields it compares"),
            Text("加上 fields: [total_investment]。", "Add a line such as fields: [total_investment]."),
        )
    if not 1 <= check.likeness <= 100:
        entry.wrong(
            "likeness",
            Text(f"likeness 不能是 {check.likeness}", f"likeness cannot be {check.likeness}"),
            Text("写 1 到 100 的整数，100 表示同名。", "Give a whole number from 1 to 100; 100 means equal names."),
        )


def _examples(entry: Entry) -> tuple[CheckExample, ...]:
    return tuple(_example(one) for one in entry.entries("examples"))


def _example(entry: Entry) -> CheckExample:
    for key in ("given", "before"):
        entry.has(key)
    example = CheckExample(
        kind=entry.word("kind", allowed=EXAMPLES),
        given=entry.mapping.get("given", Mapping_()),
        before=entry.mapping.get("before"),
        then=entry.word("then", allowed=OUTCOMES),
        period=entry.word("period", default="2021-08"),
        place=entry.place,
    )
    entry.done()
    return example


def _needs_examples(entry: Entry, key: str, examples: Sequence[CheckExample], kinds: Sequence[str]) -> None:
    lacking = [kind for kind in kinds if kind not in {example.kind for example in examples}]
    if lacking:
        listed = ", ".join(lacking)
        entry.wrong(
            "examples",
            Text(f"“{key}”缺少样例：{listed}", f"'{key}' has no worked example of kind {listed}"),
            Text(
                "在 examples 下各写一条：{kind: …, given: {…}, then: fires}。",
                "Write one of each under examples: {kind: …, given: {…}, then: fires}.",
            ),
        )


def _naming(entry: Entry, base: Naming) -> Naming:
    one = entry.entry("names")
    if one is None:
        return base
    found = Naming(
        noise=tuple(dict.fromkeys((*base.noise, *one.words("noise")))),
        marks=tuple(dict.fromkeys((*base.marks, *one.words("marks")))),
    )
    for pattern in found.marks:
        try:
            re.compile(pattern)
        except re.error as error:
            one.wrong(
                "marks",
                Text(f"“{pattern}”不是合法的正则式：{error}", f"'{pattern}' is no regular expression: {error}"),
                Text("例如 [0-9]+期。", "For instance [0-9]+期."),
            )
    one.done()
    return found


def _totals(entry: Entry, base: Totals) -> Totals:
    one = entry.entry("totals")
    if one is None:
        return base
    found = Totals(
        total=one.word("total", allowed=GRADES, default=base.total),  # type: ignore[arg-type]
        rounding=one.word("rounding", allowed=GRADES, default=base.rounding),  # type: ignore[arg-type]
        count=one.word("count", allowed=GRADES, default=base.count),  # type: ignore[arg-type]
        unreadable=one.word("unreadable", allowed=GRADES, default=base.unreadable),  # type: ignore[arg-type]
        half_units=one.number("half_units", default=base.half_units),
    )
    if one.has("cite"):
        one.text("cite")
    one.done()
    return found
