"""Words to nodes: a small operator-precedence parser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from guatu.declarations.located import Place
from guatu.engine.expressions.lexer import Token, TokenKind, tokens
from guatu.engine.expressions.nodes import Expression, Literal, Operation, Reference
from guatu.engine.expressions.refused import ExpressionRefused, Span
from guatu.engine.expressions.types import BOOLEAN, DATE, NULL, NUMBER, PERIOD, SEVERITY, TEXT
from guatu.engine.expressions.vocabulary import CHINESE_FUNCTIONS, FUNCTIONS, TYPED_TEXTS, UNITS, Option
from guatu.engine.values import Severity
from guatu.text import Text

DEEPEST = 60
"""How deep brackets, calls and cases may nest."""

LONGEST_CHAIN = 80
"""How many operations may depend on each other, chains such as a + b + c + … included."""

COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_CHINESE_TYPED = {zh: en for en, zh in TYPED_TEXTS.items()}


def parse(source: str, place: Place | None = None) -> Expression:
    """Read a formula. Raises ExpressionRefused with file, line and column.

    Names stay as written (identifier or title); `check` finds out what they are.
    """
    parser = _Parser(source, place)
    expression = parser.expression()
    parser.finish()
    _refuse_deep(expression)
    return expression


def _refuse_deep(expression: Expression) -> None:
    """Everything after the parser walks the tree by recursion, so its depth is bounded here."""
    level: list[Expression] = [expression]
    for _ in range(LONGEST_CHAIN):
        level = [child for node in level if isinstance(node, Operation) for child in node.children]
        if not level:
            return
    raise too_long_a_chain(level[0].span)


def too_long_a_chain(span: Span) -> ExpressionRefused:
    return ExpressionRefused(
        span,
        Text(f"一环套一环超过 {LONGEST_CHAIN} 层", f"more than {LONGEST_CHAIN} operations depend on each other"),
        Text(
            "分成几段相加或并列，或先做成指标。",
            "Group the parts in brackets so that they stand side by side, or make some an indicator.",
        ),
    )


class _Parser:
    def __init__(self, source: str, place: Place | None) -> None:
        self._source = source
        self._tokens = tokens(source, place)
        self._at = 0
        self._depth = 0

    # words

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind is not TokenKind.END
        return token

    def _takes(self, *texts: str) -> bool:
        if self._next.is_(*texts):
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> Token:
        if self._next.is_(text):
            return self._take()
        return self._refuse_next(
            Text(f"此处应为“{text}”", f"'{text}' is expected here"),
            Text(f"补上“{text}”。", f"Write '{text}'."),
        )

    def _refuse(self, span: Span, what: Text, remedy: Text) -> ExpressionRefused:
        return ExpressionRefused(span, what, remedy)

    def _refuse_next(self, expected: Text, remedy: Text) -> Token:
        shown = self._next.text or "…"
        at_end = self._next.kind is TokenKind.END
        what = Text(
            f"{expected.zh}，却{'到了末尾' if at_end else f'见到“{shown}”'}",
            f"{expected.en}, not {'the end' if at_end else repr(shown)}",
        )
        raise self._refuse(self._next.span, what, remedy)

    def finish(self) -> None:
        if self._next.kind is not TokenKind.END:
            self._refuse_next(
                Text("公式到此已经完整", "the formula is complete here"),
                Text(
                    "漏了运算符或“且/或”？关键字前后要有空格。",
                    "Is an operator or 'and'/'or' missing? Keywords need spaces around.",
                ),
            )

    # precedence, loosest first

    def expression(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refuse(
                self._next.span,
                Text(f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} deep"),
                Text("把内层写成定义。", "Move the inner part into a definition."),
            )
        result = self._binary(self._conjunction, {"or": "or"})
        self._depth -= 1
        return result

    def _conjunction(self) -> Expression:
        return self._binary(self._negation, {"and": "and"})

    def _negation(self) -> Expression:
        negations = []
        while self._next.is_("not"):
            negations.append(self._take().span)
            if len(negations) > DEEPEST:
                raise self._refuse(
                    negations[-1], Text("“非”太多", "too many 'not'"), Text("成对删去。", "Delete them in pairs.")
                )
        result = self._comparison()
        for span in reversed(negations):
            result = Operation("not", (result,), span=span)
        return result

    def _comparison(self) -> Expression:
        left = self._sum()
        token = self._next
        if token.kind is TokenKind.SIGN and token.text in COMPARISONS:
            self._take()
            compared = Operation(COMPARISONS[token.text], (left, self._sum()), span=token.span)
            if self._next.kind is TokenKind.SIGN and self._next.text in COMPARISONS:
                raise self._refuse(
                    self._next.span,
                    Text("不能连写比较", "comparisons cannot be chained"),
                    Text("写成 a < b 且 b < c，或用“介于”。", "Write a < b and b < c, or use 'between'."),
                )
            return compared
        return self._postfix(left)

    def _postfix(self, left: Expression) -> Expression:
        token = self._next
        if self._takes("is"):
            negated = self._takes("not")
            self._expect("null")
            found = Operation("is_null", (left,), span=token.span)
            return Operation("not", (found,), span=token.span) if negated else found
        negated = self._next.is_("not") and self._tokens[self._at + 1].is_("in", "between")
        if negated:
            self._take()
        if self._takes("in"):
            found = Operation("in", (left, *self._bracketed("(", ")")), span=token.span)
        elif self._takes("between"):
            low = self._sum()
            self._expect("and")
            found = Operation("between", (left, low, self._sum()), span=token.span)
        else:
            return left
        return Operation("not", (found,), span=token.span) if negated else found

    def _sum(self) -> Expression:
        return self._binary(self._product, {"+": "add", "-": "subtract"})

    def _product(self) -> Expression:
        return self._binary(self._signed, {"*": "multiply", "/": "divide"})

    def _binary(self, tighter: Callable[[], Expression], operators: dict[str, str]) -> Expression:
        left = tighter()
        while self._next.is_(*operators):
            token = self._take()
            left = Operation(operators[token.text], (left, tighter()), span=token.span)
        return left

    def _signed(self) -> Expression:
        if not self._next.is_("-"):
            return self._primary()
        token = self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refuse(
                token.span, Text("负号太多", "too many minus signs"), Text("成对删去。", "Delete them in pairs.")
            )
        operand = self._signed()
        self._depth -= 1
        return Operation("negate", (operand,), span=token.span)

    # what stands alone

    def _primary(self) -> Expression:
        token = self._take()
        if token.kind is TokenKind.NUMBER:
            return self._number(token)
        if token.kind is TokenKind.TEXT:
            return Literal(token.text, TEXT, span=token.span)
        if token.kind is TokenKind.NAME:
            called = self._next.is_("(") and not token.quoted
            return self._call(token) if called else Reference(token.text, token.span)
        if token.is_("true", "false"):
            return Literal(token.text == "true", BOOLEAN, span=token.span)
        if token.is_("null"):
            return Literal(None, NULL, span=token.span)
        if token.is_("case"):
            return self._case(token)
        if token.is_("("):
            inner = self.expression()
            self._expect(")")
            return inner
        if token.is_("["):
            self._at -= 1
            return Operation("list", tuple(self._bracketed("[", "]")), span=token.span)
        self._at -= token.kind is not TokenKind.END
        self._refuse_next(
            Text("此处应为数、名称或括号", "a number, a name or a bracket is expected here"),
            Text("补上缺的一项，或删去多余的符号。", "Write what is missing, or delete the sign too many."),
        )
        raise AssertionError("unreachable")

    def _number(self, token: Token) -> Literal:
        written = self._source[token.span.start : token.span.end]
        type_, parts = UNITS[token.unit] if token.unit else (NUMBER, Fraction(1))
        return Literal(Fraction(token.text) * parts, type_, written, token.span)

    def _bracketed(self, opening: str, closing: str) -> list[Expression]:
        self._expect(opening)
        items = [self.expression()]
        while self._takes(","):
            items.append(self.expression())
        self._expect(closing)
        return items

    def _case(self, token: Token) -> Expression:
        parts: list[Expression] = []
        self._expect("when")
        while True:
            parts.append(self.expression())
            self._expect("then")
            parts.append(self.expression())
            if not self._takes("when"):
                break
        parts.append(self.expression() if self._takes("else") else Literal(None, NULL, span=token.span))
        self._expect("end")
        return Operation("case", tuple(parts), span=token.span)

    def _call(self, token: Token) -> Expression:
        typed = _CHINESE_TYPED.get(token.text, token.text)
        if typed in TYPED_TEXTS:
            return self._typed_text(typed, token)
        name = CHINESE_FUNCTIONS.get(token.text, token.text)
        if name not in FUNCTIONS:
            raise self._unknown_function(token)
        self._expect("(")
        arguments: list[Expression] = []
        options: dict[str, Expression] = {}
        while not self._next.is_(")", "where"):
            option = self._option(name)
            if option is None:
                arguments.append(self.expression())
            elif option[0] in options:
                raise self._refuse(
                    token.span,
                    Text(f"选项“{option[0]}”写了两次", f"the option '{option[0]}' is written twice"),
                    Text("删去其中一处。", "Delete one of the two."),
                )
            else:
                options[option[0]] = option[1]
            if not self._takes(","):
                break
        where = self.expression() if self._takes("where") else None
        self._expect(")")
        return Operation(name, tuple(arguments), where, tuple(sorted(options.items())), token.span)

    def _option(self, function: str) -> tuple[str, Expression] | None:
        """`gap=skip`, or a bare word such as `desc`; None where an ordinary argument stands."""
        token, after = self._next, self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        if token.kind is not TokenKind.NAME or token.quoted:
            return None
        for key, option in FUNCTIONS[function].options.items():
            if token.text in (key, option.zh) and after.is_("="):
                self._at += 2
                return key, self._word_of(key, option) if option.words else self.expression()
            if (word := _word(option, token.text)) is not None and after.is_(",", ")"):
                self._take()
                return key, Literal(word, TEXT, span=token.span)
        return None

    def _word_of(self, key: str, option: Option) -> Expression:
        token = self._take()
        word = _word(option, token.text)
        if word is None:
            raise self._refuse(
                token.span,
                Text(f"“{option.zh}”不能取“{token.text}”", f"'{key}' cannot be '{token.text}'"),
                Text(f"可取：{'、'.join(option.words.values())}。", f"It is one of: {', '.join(option.words)}."),
            )
        return Literal(word, TEXT, span=token.span)

    def _typed_text(self, typed: str, token: Token) -> Expression:
        self._expect("(")
        text = self._take()
        self._expect(")")
        try:
            if text.kind is not TokenKind.TEXT:
                raise ValueError
            if typed == "date":
                return Literal(date.fromisoformat(text.text), DATE, span=token.span)
            if typed == "period":
                return Literal(date.fromisoformat(f"{text.text}-01").isoformat()[:7], PERIOD, span=token.span)
            if Severity(text.text) is Severity.NOT_JUDGED:
                raise ValueError
            return Literal(text.text, SEVERITY, span=token.span)
        except ValueError:
            examples = {"date": "2021-08-31", "period": "2021-08", "severity": "lagging"}
            raise self._refuse(
                text.span,
                Text(f"“{text.text}”不是{TYPED_TEXTS[typed]}", f"'{text.text}' is not a {typed}"),
                Text(
                    f'例如 {TYPED_TEXTS[typed]}("{examples[typed]}")。', f'For instance {typed}("{examples[typed]}").'
                ),
            ) from None

    def _unknown_function(self, token: Token) -> ExpressionRefused:
        close = get_close_matches(token.text, [*FUNCTIONS, *CHINESE_FUNCTIONS], 1)
        zh = f"是否指“{close[0]}”？" if close else "函数见 docs/reference/expressions.md。"
        en = f"Did you mean '{close[0]}'?" if close else "Functions are listed in docs/reference/expressions.md."
        what = Text(f"没有函数“{token.text}”", f"there is no function '{token.text}'")
        return self._refuse(token.span, what, Text(zh, en))


def _word(option: Option, written: str) -> str | None:
    """The option's word for what is written in either language."""
    return next((word for word, zh in option.words.items() if written in (word, zh)), None)
