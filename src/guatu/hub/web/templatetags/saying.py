"""Two languages in a template: `{% say "中文" "English" %}`, and `{{ text|said }}` for a `Text`."""

from __future__ import annotations

from django import template
from django.template.base import Node, Parser, Token
from django.utils.html import format_html
from django.utils.text import unescape_string_literal

from guatu.hub.accounts.language import spoken
from guatu.standards.unit_titles import behind, bracketed, unit_title
from guatu.text import Text

register = template.Library()


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str:
    """One saying in the page's language, its `{named}` places filled; both languages must be there."""
    named = {name: said(value) if isinstance(value, Text) else value for name, value in values.items()}
    return Text(zh, en).filled(**named).in_(spoken()) if named else Text(zh, en).in_(spoken())


class Plain(Node):
    """A saying with nothing to fill in: which of the two is all there is to decide when a page is made."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en

    def render(self, context: object) -> str:
        return self.zh if spoken() == "zh" else self.en


_filled = register.tags["say"]


@register.tag("say")
def compiled(parser: Parser, token: Token) -> Node:
    """Two quoted sayings and no more are read once, with the template; they are written as they stand there, as literals are."""
    words = token.split_contents()[1:]
    if len(words) == 2 and all(one[0] in "\"'" and one[0] == one[-1] for one in words):
        return Plain(*(unescape_string_literal(one) for one in words))
    node: Node = _filled(parser, token)
    return node


@register.filter
def said(text: Text | str) -> str:
    return text.in_(spoken()) if isinstance(text, Text) else text


@register.filter
def unit_said(unit: Text | str | None) -> str:
    """A unit of measure by its name: 万元, 10,000 yuan."""
    return _unit(unit).in_(spoken())


@register.filter
def unit_brackets(unit: Text | str | None) -> str:
    """The same in brackets, behind the name of what is measured in it; nothing where there is none."""
    return bracketed(_unit(unit)).in_(spoken())


@register.filter
def in_unit(unit: Text | str | None) -> str:
    """The same, set softly."""
    told = unit_brackets(unit).strip()
    return format_html(' <span class="soft">{}</span>', told) if told else ""


@register.filter
def behind_figure(unit: Text | str | None) -> str:
    """A unit behind a figure, with the space between."""
    return behind(_unit(unit)).in_(spoken())


def _unit(unit: Text | str | None) -> Text:
    return unit if isinstance(unit, Text) else unit_title(unit or "")
