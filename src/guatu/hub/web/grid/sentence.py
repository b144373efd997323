"""What is asked for, as a sentence: of a unit, on a list, where conditions hold. Each part can be taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.engine.values.severity import Severity
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.asking import NONE, ItemsAsked, kept_as_said
from guatu.hub.ledger.encodings import WrongValue
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.shown import STATES, shown
from guatu.text import Text

LIGHTS = {one.value: one.words for one in Severity}
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the sentence; those that ask for something say where it leads without them."""

    text: Text
    without: str = ""


@dataclass(frozen=True, slots=True)
class Asks:
    """Something the sentence asks, and the same questions without it."""

    text: Text
    less: ItemsAsked


def sentence(ledger: LedgerDeclaration, asked: ItemsAsked, actor: Actor, more: Pairs) -> list[Part]:
    """In the order in which people of the page's language say it. `more` is what else the address says, and goes on saying."""
    unit = [] if asked.unit is None else [Asks(_unit(asked.unit, actor), replace(asked, unit=None))]
    on = [Asks(ledger.list_title(asked.list), replace(asked, list=""))] if asked.list else []
    of_unit, on_list, where = (_said(one, more) for one in (unit, on, _conditions(ledger, asked)))
    return (
        _in_chinese(ledger, of_unit, on_list, where)
        if spoken() == "zh"
        else _in_english(ledger, of_unit, on_list, where)
    )


def _in_chinese(ledger: LedgerDeclaration, unit: list[Part], on: list[Part], where: list[Part]) -> list[Part]:
    found = [] if unit or on or where else [_word("全部")]
    found += [*unit, _word("的")] if unit else []
    found += [*on, _word("中" if where else "")] if on else []
    found += [*_joined(where, "且"), _word("的")] if where else []
    return [*found, _word(ledger.item.zh)]


def _in_english(ledger: LedgerDeclaration, unit: list[Part], on: list[Part], where: list[Part]) -> list[Part]:
    found = [_word(f"Every {ledger.item.en}")]
    found += [_word("of"), *unit] if unit else []
    found += [_word("on"), *on] if on else []
    return found + ([_word("where"), *_joined(where, "and")] if where else [])


def _word(said: str) -> Part:
    return Part(Text(said, said))


def address(asked: ItemsAsked, more: Pairs) -> str:
    """The query of a page that asks this. A page has dozens, whose names are plain words."""
    return "?" + "&".join([f"{name}={quote_plus(value)}" for name, value in (*asked.pairs(), *more)])


def _said(asks: Iterable[Asks], more: Pairs) -> list[Part]:
    return [Part(one.text, address(one.less, more)) for one in asks]


def _joined(parts: Sequence[Part], word: str) -> list[Part]:
    """Conditions with a word between them."""
    found: list[Part] = []
    for part in parts:
        found += [_word(word), part] if found else [part]
    return found


@ByKey
def _seen(pk: Any, tops: Any) -> Any:
    """A unit that stands under one of these."""
    return Unit.objects.under(tops).filter(pk=pk).only("title_zh", "title_en")


def _unit(pk: int, actor: Actor) -> Text:
    """The name of a unit the reader may see."""
    unit = _seen.first(pk, actor.tops(Permission.SEE_UNITS))
    return unit.title if unit is not None else Text("这个单位", "this unit")


def _conditions(ledger: LedgerDeclaration, asked: ItemsAsked) -> list[Asks]:
    found = []
    for said in asked.where:
        less = replace(asked, where=tuple(one for one in asked.where if one != said))
        found.append(Asks(condition_said(ledger, said), less))
    if asked.reached:
        found.append(Asks(reached_said(ledger, asked.reached), replace(asked, reached="")))
    if asked.light:
        found.append(Asks(light_said(asked.light), replace(asked, light="")))
    if asked.q:
        words = Text(f"名称、代码或拼音含“{asked.q}”", f"name, code or pinyin has '{asked.q}'")
        found.append(Asks(words, replace(asked, q="")))
    if asked.left is not None:
        words = Text(f"{asked.left} 年退出或并入", f"withdrawn or merged in {asked.left}")
        found.append(Asks(words, replace(asked, left=None)))
    if asked.state != ItemState.ACTIVE:
        state = STATES[asked.state]
        less = replace(asked, state=ItemState.ACTIVE.value)
        found.append(Asks(Text(f"状态为“{state.zh}”", f"state is '{state.en}'"), less))
    return found


def condition_said(ledger: LedgerDeclaration, said: str) -> Text:
    """A condition in words."""
    key, _, rest = said.partition(":")
    way, _, value = rest.partition(":")
    field = facts_of(ledger).get(key)
    if field is None:
        return Text(said, said)
    if way == "lacks":
        return Text(f"没有{field.title.zh}", f"{field.title.en} is not given")
    words = _value(field, value)
    sign = {"from": "≥", "to": "≤"}.get(way)
    if sign is not None:
        return Text(f"{field.title.zh} {sign} {words.zh}", f"{field.title.en} {sign} {words.en}")
    return Text(f"{field.title.zh}为“{words.zh}”", f"{field.title.en} is '{words.en}'")


def _value(field: FieldDeclaration, value: str) -> Text:
    try:
        one = shown(field, kept_as_said(field, value))
    except WrongValue:
        return Text(value, value)
    return one.with_unit if field.type is not FieldType.PERCENT else Text(f"{one.said.zh}%", f"{one.said.en}%")


def reached_said(ledger: LedgerDeclaration, key: str) -> Text:
    """Up to which milestone they have come."""
    if key == NONE:
        return Text("一个节点也没有到", "it has reached no milestone")
    title = ledger.milestone_title(key)
    return Text(f"走到“{title.zh}”", f"it has come as far as '{title.en}'")


def light_said(light: str) -> Text:
    """Which light they have; the word of a severity that there is."""
    words = LIGHTS.get(light, Text(light, light))
    return Text(f"灯为“{words.zh}”", f"light is '{words.en}'")
