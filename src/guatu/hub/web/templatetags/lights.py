"""Lights in a page: a shape, a word and a colour, never colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.engine.values.severity import Severity
from guatu.hub.accounts.language import spoken

register = template.Library()


@register.simple_tag
def light(severity: Severity | str | None) -> SafeString:
    """One light, with its word beside it; None is not judged."""
    one = _severity(severity)
    return format_html(
        '<span class="light" data-grade="{}"><b aria-hidden="true">{}</b>{}</span>', one.value, one.glyph, _word(one)
    )


@register.simple_tag
def strip(severities: Iterable[Severity | str | None]) -> SafeString:
    """Lights of rounds one after the other, newest at the right; the words are there for who hears the page."""
    shapes = [_severity(one) for one in severities]
    marks = format_html_join(
        "",
        '<span class="light" data-grade="{}" title="{}"><b>{}</b></span>',
        ((one.value, _word(one), one.glyph) for one in shapes),
    )
    words = ("、" if spoken() == "zh" else ", ").join(_word(one) for one in shapes)
    return format_html(
        '<span class="strip"><span aria-hidden="true">{}</span><span class="unseen">{}</span></span>', marks, words
    )


def _severity(severity: Severity | str | None) -> Severity:
    return severity if isinstance(severity, Severity) else Severity(severity or Severity.NOT_JUDGED.value)


def _word(severity: Severity) -> str:
    return severity.words.in_(spoken())
