"""Sentences with places for facts, and the small expressions that choose between them: sandboxed Jinja.

A figure prints itself: `{{ totals.start_rate }}` becomes a mention that keeps the figure's id. So do dates. A None or
an unknown name is refused with file and line instead of printing "None" into an official document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, meta
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from guatu.declarations.entries import Problems, meant_or
from guatu.declarations.located import Place
from guatu.office.documents.model import Mention, Run
from guatu.office.documents.numbering import written_date
from guatu.office.figures import Figure, number_of, printed, scale_for
from guatu.text import Language, Refusal, Text

LANGUAGES: tuple[Language, ...] = ("zh", "en")
_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"  # private use: never in anybody's text, removed where it is
_MENTION = re.compile(f"{_OPEN}([^{_OPEN}{_MIDDLE}{_CLOSE}]*){_MIDDLE}([^{_OPEN}{_MIDDLE}{_CLOSE}]*){_CLOSE}")
_PRIVATE = re.compile(f"[{_OPEN}{_MIDDLE}{_CLOSE}]")


class TemplateRefused(Refusal):
    """A document template cannot be used, or did not fit the facts; `where` is file:line."""


def refuse(place: Place, zh: str, en: str) -> TemplateRefused:
    return TemplateRefused(
        str(place),
        Text(zh, en),
        Text(
            "对照 docs/reference/documents.md 的名称改正。", "Correct it by the names in docs/reference/documents.md."
        ),
    )


def _mention(figure: Figure, text: str) -> str:
    return f"{_OPEN}{figure.id}{_MIDDLE}{text}{_CLOSE}"


def runs_of(text: str) -> tuple[Run, ...]:
    """Rendered text as runs: words and mentions in turn."""
    runs: list[Run] = []
    end = 0
    for match in _MENTION.finditer(text):
        if match.start() > end:
            runs.append(text[end : match.start()])
        runs.append(Mention(match[1], match[2]))
        end = match.end()
    if end < len(text):
        runs.append(text[end:])
    return tuple(runs)


class _Absent(ValueError):
    """A template printed a None."""


def _environment(language: Language) -> SandboxedEnvironment:
    def shown(value: Any) -> Any:
        if isinstance(value, Figure):
            return _mention(value, printed(value, language))
        if isinstance(value, date):
            return written_date(value, language)
        if value is None:
            raise _Absent
        return value

    def bare(figure: Figure) -> str:
        """The number without its unit."""
        return _mention(figure, number_of(figure, scale_for([figure]), language))

    environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=shown, autoescape=False, trim_blocks=True)
    environment.globals = {"n": shown, "bare": bare, "day": shown}
    return environment


_ENVIRONMENTS = {language: _environment(language) for language in LANGUAGES}


def localised(value: Any, language: Language) -> Any:
    """Plain facts in one language, as templates see them: every Text a string, every record a namespace."""
    if isinstance(value, Text):
        return _PRIVATE.sub("", value.in_(language))
    if isinstance(value, str):
        return _PRIVATE.sub("", value)
    if isinstance(value, Figure) or not (is_dataclass(value) or isinstance(value, tuple | list | Mapping)):
        return value
    if isinstance(value, Mapping):
        return {key: localised(one, language) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [localised(one, language) for one in value]
    return SimpleNamespace(**{one.name: localised(getattr(value, one.name), language) for one in fields(value)})


_CJK = "\u2014\u2018-\u201d\u2026\u3001-\u9fff\uff00-\uffef"
_PUNCTUATION = "，。；：、！？（）《》“”"
_FOLD = re.compile(f"(?<=[{_PUNCTUATION}])[ \n]+|[ \n]+(?=[{_PUNCTUATION}])|(?<=[{_CJK}])[ \n]+(?=[{_CJK}])")


def _folded(rendered: str, language: Language) -> str:
    """One line of text. Chinese has no spaces where the template's lines were folded."""
    one_line = re.sub(r"[ \t]*\n[ \t]*", " ", rendered)
    return _FOLD.sub("", one_line) if language == "zh" else re.sub(r" {2,}", " ", one_line)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence in both languages with places for facts."""

    place: Place
    render_in: Mapping[Language, Callable[[Mapping[str, Any]], str]]

    def runs(self, language: Language, scope: Mapping[str, Any]) -> tuple[Run, ...]:
        return runs_of(self._rendered(language, scope))

    def text(self, language: Language, scope: Mapping[str, Any]) -> str:
        """The words alone, for places that cannot carry a figure's tag (a title, a caption)."""
        return _MENTION.sub(r"\2", self._rendered(language, scope))

    def _rendered(self, language: Language, scope: Mapping[str, Any]) -> str:
        try:
            rendered = self.render_in[language](scope)
        except _Absent:
            raise refuse(
                self.place,
                "模板要印一个没有值的内容；先用 {% if … %} 判断",
                "the template prints something that has no value; ask {% if … %} first",
            ) from None
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise refuse(
                self.place, f"模板与数据对不上：{error}", f"the template does not fit the facts: {error}"
            ) from error
        return _folded(rendered.strip(), language)


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over the facts: a condition, a list to repeat over, a cell."""

    place: Place
    source: str
    evaluate: Callable[..., Any]

    def value(self, scope: Mapping[str, Any]) -> Any:
        try:
            value = self.evaluate(**scope)
        except (TemplateError, TypeError, ValueError, ArithmeticError, KeyError) as error:
            raise refuse(
                self.place,
                f"“{self.source}”与数据对不上：{error}",
                f"'{self.source}' does not fit the facts: {error}",
            ) from error
        if isinstance(value, Undefined):
            raise refuse(
                self.place,
                f"“{self.source}”在数据里没有",
                f"'{self.source}' is not among the facts",
            )
        return value


def compile_phrase(text: Text, place: Place, names: frozenset[str], problems: Problems) -> Phrase:
    """A phrase; syntax errors and unknown names are added to `problems`."""
    render_in = {}
    for language in LANGUAGES:
        source = text.in_(language)
        if _check(source, place, names, problems, language):
            template = _ENVIRONMENTS[language].from_string(source)
            render_in[language] = template.render
    return Phrase(place, render_in)


def compile_formula(source: str, place: Place, names: frozenset[str], problems: Problems) -> Formula:
    environment = _ENVIRONMENTS["zh"]
    evaluate: Callable[..., Any] = dict
    if _check("{{ (" + source + ") }}", place, names, problems, "zh"):
        evaluate = environment.compile_expression(source, undefined_to_none=False)
    return Formula(place, source, evaluate)


def _check(source: str, place: Place, names: frozenset[str], problems: Problems, language: Language) -> bool:
    environment = _ENVIRONMENTS[language]
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        problems.add(
            Place(place.file, place.line + (error.lineno or 1) - 1),
            Text(f"模板写法有误：{error.message}", f"the template is not well formed: {error.message}"),
            Text("检查 {{ }} 与 {% %} 是否成对。", "Check that {{ }} and {% %} come in pairs."),
        )
        return False
    unknown = sorted(meta.find_undeclared_variables(tree) - names - set(environment.globals))
    listed = sorted(names)
    for name in unknown:
        problems.add(
            place,
            Text(f"模板里没有“{name}”这个名称", f"templates know no name '{name}'"),
            meant_or(name, names, Text(f"可用：{'、'.join(listed)}。", f"Known: {', '.join(listed)}.")),
        )
    return not unknown
