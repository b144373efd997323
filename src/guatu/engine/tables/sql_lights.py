"""Lights as columns of one statement: the code below is DESIGN's judge, clause by clause, written as CASE.

`guatu.engine.evaluation.lights.Judge` says the same in plain Python, and the agreement tests hold both together.

Each dimension becomes an outcome number first (see `Outcome`); words, reasons and the roll-up are worked out from it.
Lists of names are built as words with blanks between, because an engine joins texts faster than it filters lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from guatu.engine.expressions import Kind, Typed
from guatu.engine.expressions.types import Bound
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.compiler import Compiler
from guatu.engine.tables.lights import OVERALL, Condition, DimensionRule, Lack, LightRules, before_column
from guatu.engine.tables.sources import ROW, Sources, column
from guatu.engine.tables.sql_values import Pair, Sql
from guatu.engine.values import Severity

COLUMNS = ("state", "severity", "clause", "undecided", "missing", "conditions", "inputs", "before", "change")
"""What is answered for each dimension and overall, as `state.funds`."""

NOT_APPLICABLE, APPLIES_UNKNOWN, EXEMPT, UNDECIDED, OTHERWISE = -1, -2, -3, -4, 0
UNJUDGED = (APPLIES_UNKNOWN, UNDECIDED)
"""Outcome numbers of a dimension; from 1 on it is the place of the clause that fired."""

FACTS = "#facts"
"""Where the statement of the lights reads what `facts_query` works out."""

ALIAS = "t"
"""Of the rows, however deep the SELECT."""

PARTS = ("state", "severity", "rank", "counted", "clause", "undecided", "missing", "conditions", "inputs")
"""What each dimension works out; `rank` is its severity's, `counted` the rank it has in the roll-up."""

NOT_RANKED, NOT_COUNTED = -1, -2
"""Ranks below normal (0): judged but without a severity, and not among those judged."""


def facts_query(sources: Sources, table: str, rules: LightRules, given: frozenset[str]) -> Sql:
    """What the lights of `table` rest on, one row each: conditions, what is missing, values to be told.

    `given`: the dimensions (and overall) for which the table has a `before.<dimension>` column.
    """
    facts = _Facts(Compiler(sources, table, ALIAS))
    facts.collect(rules)
    kept = [before_column(key) for key in rules.keys if key in given]
    columns = {key: sources.plain(table, ALIAS, key) for key in kept}
    return facts.compiler.select({ROW: sources.row(table, ALIAS), **facts.columns, **columns})


def lights_query(rules: LightRules, given: frozenset[str]) -> Sql:
    """Every light of every row of the facts (see `facts_query`), in no order, beside its row number.

    Nothing in it depends on the round, so that its text can be kept.
    """
    judged = [_Dimension(one) for one in rules.dimensions]
    facts = sql.source(exp.Table(this=exp.to_identifier(FACTS, quoted=True)), ALIAS)
    inner = sql.select([exp.Star(), *(sql.named(one.outcome(), one.name) for one in judged)], facts)
    inner = sql.select([exp.Star(), *_divisors(judged)], sql.subquery(inner, ALIAS))
    parts = {f"{name}.{one.rule.key}": made for one in judged for name, made in one.columns().items()}
    kept = [ROW, *(before_column(key) for key in rules.keys if key in given)]
    was = {f"was.{key}": _was(key) for key in rules.keys if key in given}
    inner = _select({**{key: _read(key) for key in kept}, **was, **parts}, inner)
    answer = {ROW: _read(ROW)}
    for one in judged:
        key = one.rule.key
        answer |= _answer(key, {name: _read(f"{name}.{key}") for name in PARTS}, key in given)
    answer |= _answer(OVERALL, _overall(judged), OVERALL in given)
    return _select(answer, inner)


def _divisors(judged: Sequence[_Dimension]) -> list[Sql]:
    """The greatest common divisor of each number a reason tells, where a clause fired that tells it."""
    told: dict[str, list[Sql]] = {}
    for one in judged:
        for place, clause in enumerate(one.rule.clauses, 1):
            for typed in clause.told:
                if typed.type.numeric:
                    told.setdefault(f"={typed.key}", []).append(_is(one.number, place))
    return [
        sql.named(
            sql.choose([(sql.any_of(fired), sql.call("GCD", _read(key), _read(f"{key}/")))], sql.null()), f"{key}%"
        )
        for key, fired in told.items()
    ]


def _read(key: str) -> Sql:
    return column(ALIAS, key)


def _select(columns: Mapping[str, Sql], inner: Sql) -> Sql:
    return sql.select([sql.named(made, name) for name, made in columns.items()], sql.subquery(inner, ALIAS))


def _answer(key: str, made: Mapping[str, Sql], given: bool) -> dict[str, Sql]:
    before = _read(before_column(key)) if given else sql.null("text")
    found = {
        "state": made["state"],
        "severity": made["severity"],
        "clause": made["clause"],
        "undecided": _listed(made["undecided"]),
        "missing": _listed(made["missing"]),
        "conditions": made["conditions"],
        "inputs": made["inputs"],
        "before": before,
        "change": _change(_read(f"was.{key}"), made["rank"]) if given else sql.null("text"),
    }
    return {f"{name}.{key}": one for name, one in found.items()}


class _Facts:
    """Columns worked out from the table itself, each once."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.columns: dict[str, Sql] = {}

    def collect(self, rules: LightRules) -> None:
        for one in rules.dimensions:
            if one.applies is not None:
                self._condition(f"{one.key}?", one.applies)
            if one.exempt is not None:
                self.columns[f"{one.key}~"] = self.compiler.value(one.exempt)
            for clause in one.clauses:
                for number, condition in enumerate(clause.conditions):
                    self._condition(f"{clause.id}!{number}", condition)
                for typed in clause.told:
                    self._told(typed)

    def _condition(self, name: str, condition: Condition) -> None:
        self.columns[name] = self.compiler.value(condition.when)
        for key, typed in (*condition.lack.fields.items(), *condition.lack.divisions.items()):
            if f"?{key}" not in self.columns:
                self.columns[f"?{key}"] = sql.missing(self.compiler.value(typed))

    def _told(self, typed: Typed) -> None:
        key = f"={typed.key}"
        if key in self.columns:
            return
        if not typed.type.numeric:
            self.columns[key] = self.compiler.value(typed)
            return
        number = self.compiler.number(typed)
        self.columns |= {key: number.num, f"{key}/": sql.wide(number.den_sql)}


def _said(typed: Typed) -> Sql:
    """A value as reasons keep it: a fraction in lowest terms, a day as 2021-08-31, a severity by its key."""
    value = _read(f"={typed.key}")
    if typed.type.numeric:
        return _fraction(Pair(value, _read(f"={typed.key}/")), _read(f"={typed.key}%"), typed.bound)
    if typed.type.kind is Kind.TAGS:
        ordered = sql.call("LIST_SORT", sql.call("LIST_DISTINCT", value))
        return exp.ArrayToString(this=ordered, expression=sql.text("、"))
    return _severity_word(value) if typed.type.kind is Kind.SEVERITY else _text(value)


def _text(value: Sql) -> Sql:
    return sql.cast(value, "text")


def _fraction(value: Pair, common: Sql, bound: Bound) -> Sql:
    """`3/20`, `5`, `-1/3`; null where the numerator is. `common` is the greatest common divisor."""
    above = _text(sql.truncated(value.num, common, most=bound.num, usually_small=True))
    below = _text(sql.truncated(value.den_sql, common, most=bound.den, usually_small=True))
    both = exp.DPipe(this=exp.DPipe(this=above, expression=sql.text("/")), expression=below)
    whole = sql.infix(exp.EQ, common, value.den_sql)
    return sql.choose([(sql.is_null(value.num), sql.null("text")), (whole, above)], both)


def _severity_word(rank: Sql) -> Sql:
    return sql.choose([(_is(rank, one.rank), sql.text(one.value)) for one in _RANKED], sql.null("text"))


_RANKED = [one for one in Severity if one.rank is not None]


def _is(value: Sql, number: int | None) -> Sql:
    assert number is not None
    return sql.infix(exp.EQ, value, sql.whole(number))


def _among(value: Sql, numbers: Sequence[int]) -> Sql:
    return sql.any_of([_is(value, number) for number in numbers])


def _words(terms: Sequence[tuple[Sql, str]]) -> Sql:
    """The words whose condition holds, with blanks between; empty when there are none."""
    if not terms:
        return sql.text("")
    if len(terms) == 1:
        return sql.choose([(terms[0][0], sql.text(terms[0][1]))], sql.text(""))
    return sql.call(
        "CONCAT_WS", sql.text(" "), *(sql.choose([(held, sql.text(word))], exp.null()) for held, word in terms)
    )


def _listed(words: Sql) -> Sql:
    """Words with blanks between as a list."""
    return sql.choose([(sql.infix(exp.EQ, words, sql.text("")), _nothing())], sql.call("SPLIT", words, sql.text(" ")))


def _change(was: Sql, rank: Sql) -> Sql:
    """Worse, better or the same than last round; null unless both were judged."""
    words = {"same": exp.EQ, "worse": exp.LT, "better": exp.GT}
    return sql.choose([(sql.infix(how, was, rank), sql.text(word)) for word, how in words.items()], sql.null("text"))


def _was(key: str) -> Sql:
    """Last round's severity by rank."""
    before = _read(before_column(key))
    return sql.choose(
        [(sql.infix(exp.EQ, before, sql.text(one.value)), sql.whole(one.rank or 0)) for one in _RANKED], exp.null()
    )


def _lacking(lack: Lack) -> list[tuple[Sql, str]]:
    """The names a condition lacked, given that it could not be judged."""
    fields = [(_read(f"?{name}"), name) for name in lack.fields]
    divisions = [(_read(f"?{name}"), name) for name in lack.divisions]
    no_field = sql.negated(sql.any_of([absent for absent, _ in fields])) if fields else None
    found = [
        *fields,
        *((absent if no_field is None else sql.all_of([no_field, absent]), name) for absent, name in divisions),
    ]
    empty = [absent for absent, _ in (*fields, *divisions)]
    nothing = sql.negated(sql.any_of(empty)) if empty else exp.true()
    return [*found, *((nothing, name) for name in lack.otherwise)]


def _each_once(terms: Sequence[tuple[Sql, str]]) -> list[tuple[Sql, str]]:
    """A name only where it comes first."""
    seen: dict[str, list[Sql]] = {}
    kept = []
    for held, word in terms:
        before = seen.setdefault(word, [])
        kept.append((sql.all_of([held, sql.negated(sql.any_of(before))]) if before else held, word))
        before.append(held)
    return kept


class _Dimension:
    """One dimension over its outcome number."""

    def __init__(self, rule: DimensionRule) -> None:
        self.rule = rule
        self.name = f"#{rule.key}"
        self.applies = None if rule.applies is None else _read(f"{rule.key}?")
        self.exempt = None if rule.exempt is None else _read(f"{rule.key}~")
        self.held = [
            [_read(f"{clause.id}!{number}") for number in range(len(clause.conditions))] for clause in rule.clauses
        ]

    @property
    def number(self) -> Sql:
        return _read(self.name)

    def outcome(self) -> Sql:
        """The outcome number."""
        branches: list[tuple[Sql, Sql]] = []
        if self.applies is not None:
            branches.append((sql.negated(self.applies), sql.whole(NOT_APPLICABLE)))
            branches.append((sql.is_null(self.applies), sql.whole(APPLIES_UNKNOWN)))
        if self.exempt is not None:
            branches.append((self.exempt, sql.whole(EXEMPT)))
        whole = [sql.all_of(held) for held in self.held]
        branches += [(held, sql.whole(place)) for place, held in enumerate(whole, 1)]
        if whole:
            branches.append((sql.any_of([sql.is_null(held) for held in whole]), sql.whole(UNDECIDED)))
        return sql.choose(branches, sql.whole(OTHERWISE)) if branches else sql.whole(OTHERWISE)

    def columns(self) -> dict[str, Sql]:
        """PARTS, over the outcome number and the facts."""
        fired = list(enumerate(self.rule.clauses, 1))
        severities = [
            *((_is(self.number, place), clause.severity) for place, clause in fired),
            (_is(self.number, NOT_APPLICABLE), Severity.NOT_JUDGED),
            (_among(self.number, UNJUDGED), self.rule.when_missing),
        ]
        clauses = [(_is(self.number, place), sql.text(clause.id)) for place, clause in fired]
        told = [(_is(self.number, place), self._inputs(clause.told)) for place, clause in fired if clause.told]
        made = (
            self._state(),
            sql.choose([(held, sql.text(one.value)) for held, one in severities], sql.text(self.rule.otherwise.value)),
            sql.choose([(held, _rank(one)) for held, one in severities], _rank(self.rule.otherwise)),
            self._counted(),
            sql.choose(clauses, sql.null("text")) if clauses else sql.null("text"),
            self._undecided(),
            self._missing(),
            self._conditions(),
            sql.choose(told, _nothing()) if told else _nothing(),
        )
        return dict(zip(PARTS, made, strict=True))

    def _state(self) -> Sql:
        words = [(_is(self.number, NOT_APPLICABLE), "not_applicable"), (_is(self.number, EXEMPT), "exempt")]
        if self.rule.when_missing is Severity.NOT_JUDGED:
            words.append((_among(self.number, UNJUDGED), "not_judged"))
        return sql.choose([(held, sql.text(word)) for held, word in words], sql.text("judged"))

    def _counted(self) -> Sql:
        missing = self.rule.when_missing
        branches = [
            (_is(self.number, NOT_APPLICABLE), NOT_COUNTED),
            (_among(self.number, UNJUDGED), NOT_COUNTED if missing.rank is None else missing.rank),
            *((_is(self.number, place), _counted(one.severity)) for place, one in enumerate(self.rule.clauses, 1)),
        ]
        otherwise = sql.whole(_counted(self.rule.otherwise))
        return sql.choose([(held, sql.whole(rank)) for held, rank in branches], otherwise)

    def _inputs(self, told: Sequence[Typed]) -> Sql:
        return exp.Array(expressions=[_said(one) for one in told])

    def _open(self) -> list[Sql]:
        """For each clause: no worse one fired, and it could not be judged."""
        found = []
        for place, held in enumerate(self.held, 1):
            reached = _among(self.number, [UNDECIDED, *range(place + 1, len(self.held) + 1)])
            found.append(sql.all_of([reached, sql.is_null(sql.all_of(held))]))
        return found

    def _undecided(self) -> Sql:
        opened = self._open()
        if not opened:
            return sql.text("")
        words = _words([(held, clause.id) for held, clause in zip(opened, self.rule.clauses, strict=True)])
        return sql.choose([(sql.any_of(opened), words)], sql.text(""))

    def _missing(self) -> Sql:
        branches: list[tuple[Sql, Sql]] = []
        if self.rule.applies is not None:
            lacking = _each_once(_lacking(self.rule.applies.lack))
            branches.append((_is(self.number, APPLIES_UNKNOWN), _words(lacking)))
        terms: list[tuple[Sql, str]] = []
        opened = self._open()
        for open_, clause, held in zip(opened, self.rule.clauses, self.held, strict=True):
            for one, part in zip(clause.conditions, held, strict=True):
                unknown = sql.all_of([open_, sql.is_null(part)])
                terms += [(sql.all_of([unknown, absent]), name) for absent, name in _lacking(one.lack)]
        if opened:
            branches.append((sql.any_of(opened), _words(_each_once(terms))))
        return sql.choose(branches, sql.text("")) if branches else sql.text("")

    def _conditions(self) -> Sql:
        """One group of 1, 0 and ? for each clause, with blanks between; empty where no clause was looked at."""
        pieces: list[Sql] = []
        for number, held in enumerate(self.held):
            if number:
                pieces.append(sql.text(" "))
            pieces += [
                sql.choose([(one, sql.text("1")), (sql.is_null(one), sql.text("?"))], sql.text("0")) for one in held
            ]
        if not pieces:
            return sql.text("")
        bits = pieces[0]
        for piece in pieces[1:]:
            bits = exp.DPipe(this=bits, expression=piece)
        passed = _among(self.number, [NOT_APPLICABLE, APPLIES_UNKNOWN, EXEMPT])
        return sql.choose([(passed, sql.text(""))], bits)


def _overall(judged: Sequence[_Dimension]) -> dict[str, Sql]:
    """The worst of those judged; with a dimension not judged, a subject is not normal but not judged."""
    keys = [one.rule.key for one in judged]
    ranks = {key: _read(f"counted.{key}") for key in keys}
    worst = sql.call("GREATEST", *ranks.values()) if len(keys) > 1 else ranks[keys[0]]
    lacking = [(sql.infix(exp.EQ, _read(f"state.{key}"), sql.text("not_judged")), key) for key in keys]
    any_lacking = sql.any_of([held for held, _ in lacking])
    counted = sql.infix(exp.GT, worst, sql.whole(NOT_COUNTED))
    shown = sql.all_of([counted, sql.negated(sql.all_of([any_lacking, _is(worst, 0)]))])
    deciding = {key: sql.all_of([shown, sql.infix(exp.EQ, rank, worst)]) for key, rank in ranks.items()}
    words = [(sql.all_of([shown, _is(worst, one.rank)]), sql.text(one.value)) for one in _RANKED]
    made = (
        sql.choose([(shown, sql.text("judged")), (any_lacking, sql.text("not_judged"))], sql.text("not_applicable")),
        sql.choose(words, sql.text(Severity.NOT_JUDGED.value)),
        sql.choose([(sql.all_of([shown, sql.infix(exp.GTE, worst, sql.whole(0))]), worst)], exp.null()),
        worst,
        sql.choose([(held, _read(f"clause.{key}")) for key, held in deciding.items()], sql.null("text")),
        _all_undecided(ranks, shown),
        _words(lacking),
        sql.text(""),
        sql.choose([(held, _read(f"inputs.{key}")) for key, held in deciding.items()], _nothing()),
    )
    return dict(zip(PARTS, made, strict=True))


def _all_undecided(ranks: Mapping[str, Sql], shown: Sql) -> Sql:
    """Worse clauses that could not be judged, of every dimension that was."""
    some, terms = [], []
    for key, rank in ranks.items():
        words = _read(f"undecided.{key}")
        there = sql.infix(exp.NEQ, words, sql.text(""))
        some.append(there)
        counted = sql.all_of([there, sql.infix(exp.GT, rank, sql.whole(NOT_COUNTED))])
        terms.append(sql.choose([(counted, words)], exp.null()))
    joined = sql.call("CONCAT_WS", sql.text(" "), *terms)
    return sql.choose([(sql.all_of([shown, sql.any_of(some)]), joined)], sql.text(""))


def _rank(severity: Severity) -> Sql:
    return exp.null() if severity.rank is None else sql.whole(severity.rank)


def _counted(severity: Severity) -> int:
    return NOT_RANKED if severity.rank is None else severity.rank


def _nothing() -> Sql:
    return sql.cast(exp.Array(expressions=[]), "array<text>")
