"""One field of a ledger's file: a new one, or words and names added to an inherited one (which keeps its type: DESIGN §4a.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guatu.declarations.entries import Entry, meant_or
from guatu.declarations.ledger import Basis, Choice, FieldDeclaration, FieldType
from guatu.declarations.located import Place
from guatu.text import Text

_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def read_field(entry: Entry, known: Mapping[str, FieldDeclaration]) -> FieldDeclaration:
    """The field of an entry, over the inherited one of its key."""
    key = entry.word("key")
    return _added_to(entry, known[key]) if key in known else _new(entry, key)


def _added_to(entry: Entry, base: FieldDeclaration) -> FieldDeclaration:
    if entry.has("type"):
        entry.wrong(
            "type",
            Text(f"字段“{base.key}”的类型不能改", f"the type of inherited field '{base.key}' cannot change"),
            Text("换一个新键，保留旧字段。", "Declare a new key and keep the old field."),
        )
    words, choices = _choices(entry, base.type)
    changed = replace(
        base,
        title=entry.text("title", default=base.title),
        required=entry.flag("required", default=base.required),
        filterable=entry.flag("filterable", default=base.filterable),
        unit=entry.optional("unit") or base.unit,
        synonyms=union(base.synonyms, entry.words("synonyms")),
        states=_merged(_merged(base.states, entry.word_lists("states")), words),
        choices={**base.choices, **choices},
    )
    entry.done()
    return changed


def _new(entry: Entry, key: str) -> FieldDeclaration:
    kind = FieldType(entry.word("type", default="text", allowed=[kind.value for kind in FieldType]))
    basis = Basis(entry.word("basis", allowed=[basis.value for basis in Basis])) if entry.has("basis") else None
    words, choices = _choices(entry, kind)
    declared = FieldDeclaration(
        key=key,
        title=entry.text("title"),
        type=kind,
        place=entry.place,
        synonyms=entry.words("synonyms"),
        unit=entry.optional("unit"),
        unit_holds=entry.flag("unit_holds"),
        several=entry.flag("several"),
        currency=entry.optional("currency"),
        foreign=entry.optional("foreign"),
        measure=entry.optional("measure"),
        basis=basis,
        states=_merged(entry.word_lists("states"), words),
        dated_by=entry.optional("dated_by"),
        required=entry.flag("required"),
        negative=entry.flag("negative"),
        least=entry.number("least", default=0) if entry.has("least") else None,
        most=entry.number("most", default=0) if entry.has("most") else None,
        personal=entry.flag("personal"),
        filterable=entry.flag("filterable"),
        choices=choices,
        was=entry.words("was"),
    )
    if kind is FieldType.MONEY and declared.currency is None:
        entry.wrong(
            "type",
            Text(f"金额字段“{key}”没有币种", f"money field '{key}' has no currency"),
            Text("加上 currency: CNY。", "Add currency: CNY."),
        )
    if declared.filterable and (declared.is_personal or declared.may_repeat or declared.measure is not None):
        entry.wrong(
            "filterable",
            Text(f"字段“{key}”不能用来筛选", f"field '{key}' cannot be filtered by"),
            Text(
                "人员、清单和按期填报的数不建筛选；去掉 filterable。",
                "People, lists and figures of a period are not filtered by; take filterable away.",
            ),
        )
    if declared.filterable and not _PLAIN.fullmatch(key):
        entry.wrong(
            "key",
            Text(f"可筛选字段的键“{key}”不合写法", f"'{key}' cannot be the key of a field people filter by"),
            Text("用小写字母、数字和下划线，字母开头。", "Small letters, digits and underscores, a letter first."),
        )
    entry.done()
    return declared


def _choices(entry: Entry, kind: FieldType) -> tuple[dict[str, tuple[str, ...]], dict[str, Choice]]:
    """States with names in both languages: the words units write for each, its name first, and the names."""
    words: dict[str, tuple[str, ...]] = {}
    found: dict[str, Choice] = {}
    if entry.has("choices") and kind is not FieldType.CHOICE:
        entry.wrong(
            "choices",
            Text("只有选项字段有 choices", "only a field of type choice has choices"),
            Text("写 type: choice，或去掉 choices。", "Write type: choice, or take choices away."),
        )
    for one in entry.entries("choices"):
        choice = Choice(key=one.word("key"), title=one.text("title"), was=one.words("was"))
        words[choice.key] = union((choice.title.zh,), one.words("words"))
        found[choice.key] = choice
        one.done()
    return words, found


def unknown_field(entry: Entry, key: str, name: str, known: Mapping[str, Any], place: Place | None = None) -> None:
    """Say that a field named under `key` is not declared, and which one was meant."""
    entry.problems.add(
        place or entry.at(key),
        Text(f"没有字段“{name}”", f"there is no field '{name}'"),
        meant_or(name, known, Text("先在 fields 中声明它。", "Declare it under fields first.")),
    )


def union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Both, each word once, in the order first met."""
    return tuple(dict.fromkeys((*first, *second)))


def _merged(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {key: union(first.get(key, ()), second.get(key, ())) for key in {**first, **second}}
