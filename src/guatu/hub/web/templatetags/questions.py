"""Steps from one question of a form to the next, and from an item to its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.timezone import localdate

from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.rounds import asked_fields

register = template.Library()


@register.filter
def before(questions: Sequence[Any], place: int) -> str:
    """The field asked before the one at a place, counted from 1."""
    return str(questions[place - 2].declared.key)


@register.filter
def after(questions: Sequence[Any], place: int) -> str:
    return str(questions[place].declared.key)


@register.filter
def last_key(questions: Sequence[Any]) -> str:
    return str(questions[-1].declared.key) if questions else ""


@register.filter
def of(held: Mapping[Any, Any], key: Any) -> Any:
    return held.get(key)


@register.simple_tag
def round_now(item: Item) -> str:
    """The round in which the item's figures are reported now; nothing where its ledger asks for none."""
    ledger = declared(item.ledger)
    return str(ledger.rounds.current(localdate())) if asked_fields(ledger) else ""
