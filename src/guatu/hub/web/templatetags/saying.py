"""Two languages in a template: `{% say "中文" "English" %}`, and `{{ text|said }}` for a `Text`."""

from __future__ import annotations

from django import template

from guatu.hub.accounts.language import spoken
from guatu.text import Text

register = template.Library()


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str:
    """One saying in the page's language, its `{named}` places filled; both languages must be there."""
    return Text(zh, en).filled(**values).in_(spoken()) if values else Text(zh, en).in_(spoken())


@register.filter
def said(text: Text | str) -> str:
    return text.in_(spoken()) if isinstance(text, Text) else text
