"""What forms need besides their fields."""

from __future__ import annotations

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

FIELD = "idempotency_key"


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field, new with every showing of the form: sent twice, the form has one effect."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(24))
