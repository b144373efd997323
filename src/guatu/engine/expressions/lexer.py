"""A formula cut into words. Full-width signs and Chinese keywords mean what their plain forms mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from guatu.declarations.located import Place
from guatu.engine.expressions.refused import ExpressionRefused, Span, span_in
from guatu.engine.expressions.vocabulary import CHINESE_KEYWORDS, JOINED_KEYWORDS, KEYWORDS, UNITS
from guatu.text import Text

LONGEST = 20_000
"""Characters a formula may have."""


class TokenKind(Enum):
    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    span: Span
    unit: str = ""
    quoted: bool = False

    def is_(self, *texts: str) -> bool:
        """Whether this is one of these keywords or signs."""
        return self.kind in (TokenKind.KEYWORD, TokenKind.SIGN) and self.text in texts


_PLAIN = str.maketrans(
    {
        "（": "(", "）": ")", "，": ",", "、": ",", "［": "[", "］": "]", "＝": "=", "＜": "<", "＞": ">",
        "＋": "+", "－": "-", "−": "-", "＊": "*", "／": "/", "×": "*", "÷": "/", "％": "%", "　": " ",
    }
)  # fmt: skip
_ALIASES = {"≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "==": "="}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9][0-9_]*(?:\.[0-9]+)?)(?P<unit>[%‰]|[^\W\d_]+2?)?
    |(?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*'|“[^”]*”|‘[^’]*’)
    |`(?P<quoted>[^`]+)`
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><=|>=|!=|<>|==|[-+*/=<>(),\[\]≥≤≠])
    """,
    re.VERBOSE,
)
_STRINGS = re.compile(r""""(?:[^"]|"")*"|'(?:[^']|'')*'|“[^”]*”|‘[^’]*’|`[^`]*`""")


def tokens(source: str, place: Place | None = None) -> list[Token]:
    """The words of a formula, ending with an END token. Refuses what cannot begin a word."""
    if len(source) > LONGEST:
        raise ExpressionRefused(
            span_in(source, 0, 0, place),
            Text(f"公式过长（{len(source)} 字符）", f"the formula is too long ({len(source)} characters)"),
            Text("拆成几个定义。", "Split it into definitions."),
        )
    plain, found, position = _plain(source), [], 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise _unreadable(source, position, place)
        if match.lastgroup != "space":
            found.extend(_token(match, source, place))
        position = match.end()
    found.append(Token(TokenKind.END, "", span_in(source, len(source), len(source), place)))
    return found


def _plain(source: str) -> str:
    """Full-width signs made plain, one for one, but not inside texts and quoted names."""
    pieces, last = [], 0
    for match in _STRINGS.finditer(source):
        pieces += [source[last : match.start()].translate(_PLAIN), match.group()]
        last = match.end()
    return "".join([*pieces, source[last:].translate(_PLAIN)])


def _token(match: re.Match[str], source: str, place: Place | None) -> list[Token]:
    span = span_in(source, match.start(), match.end(), place)
    if (number := match["number"]) is not None:
        unit = match["unit"] or ""
        if unit and unit not in UNITS:
            raise ExpressionRefused(
                span_in(source, match.start("unit"), match.end("unit"), place),
                Text(f"不认识的单位“{unit}”", f"unknown unit '{unit}'"),
                Text(f"可用单位：{'、'.join(UNITS)}。", f"Known units: {', '.join(UNITS)}."),
            )
        return [Token(TokenKind.NUMBER, number.replace("_", ""), span, unit)]
    if (text := match["text"]) is not None:
        return [Token(TokenKind.TEXT, text[1:-1].replace(text[0] * 2, text[0]), span)]
    if match["quoted"] is not None:
        return [Token(TokenKind.NAME, match["quoted"], span, quoted=True)]
    if (name := match["name"]) is not None:
        return _word(name, span)
    return [Token(TokenKind.SIGN, _ALIASES.get(match["sign"], match["sign"]), span)]


def _word(name: str, span: Span) -> list[Token]:
    if name in JOINED_KEYWORDS:
        return [Token(TokenKind.KEYWORD, word, span) for word in JOINED_KEYWORDS[name]]
    keyword = CHINESE_KEYWORDS.get(name, name)
    return [Token(TokenKind.KEYWORD if keyword in KEYWORDS else TokenKind.NAME, keyword, span)]


def _unreadable(source: str, position: int, place: Place | None) -> ExpressionRefused:
    character = source[position]
    if character in "\"'“‘`":
        return ExpressionRefused(
            span_in(source, position, len(source), place),
            Text(f"引号 {character} 没有收尾", f"the quote {character} is never closed"),
            Text("补上另一半引号。", "Write the closing quote."),
        )
    return ExpressionRefused(
        span_in(source, position, position + 1, place),
        Text(f"看不懂的字符“{character}”", f"the character '{character}' has no meaning here"),
        Text(
            "删去它；带特殊字符的名称写在反引号里：`1-8月累计`。",
            "Delete it; write names with signs in backticks: `1-8月累计`.",
        ),
    )
