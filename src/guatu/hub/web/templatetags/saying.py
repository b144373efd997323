"""Two languages in a template: `{% say "中文" "English" %}`, and `{{ text|said }}` for a `Text`."""

from __future__ import annotations

from django import template

from guatu.hub.accounts.language import spoken
from guatu.text import Text

register = template.Library()


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str:
    """One saying in the page's language, its `{named}` places filled; both languages must be there."""
    named = {name: said(value) if isinstance(value, Text) else value for name, value in values.items()}
    return Text(zh, en).filled(**named).in_(spoken()) if named else Text(zh, en).in_(spoken())


@register.filter
def said(text: Text | str) -> str:
    return text.in_(spoken()) if isinstance(text, Text) else text
