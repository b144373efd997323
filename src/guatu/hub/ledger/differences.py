"""What an upgrade of a pack changes, in sentences a person reads, and what of it the ledger's items forbid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Exists, OuterRef, Q

from guatu.declarations import FieldDeclaration, Pack
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.models import (
    Attachment,
    Duty,
    Figure,
    Item,
    Link,
    Milestone,
    MilestoneOrder,
    PersonalValue,
    Remark,
)
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Move:
    """A key that has become another: of a field, of a choice of `field`, or of a list."""

    ledger: str
    kind: str
    old: str
    new: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of a declaration. `refused` says why it cannot be; `move` is what items that hold the old key go through."""

    what: Text
    refused: Text | None = None
    move: Move | None = None


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Every change of ledgers, fields, lists, milestones, duties, links, remarks, visits and settings; other files by name."""
    found: list[Difference] = []
    for key in sorted({*old.ledgers, *new.ledgers}):
        before, after = old.ledgers.get(key), new.ledgers.get(key)
        if before is None and after is not None:
            found.append(Difference(Text(f"新增台账“{after.title.zh}”", f"new ledger '{after.title.en}'")))
        elif before is not None and after is None:
            held = Item.objects.filter(ledger__key=key).count()
            what = Text(f"去掉台账“{before.title.zh}”", f"ledger '{before.title.en}' taken away")
            found.append(Difference(what, in_the_way(held)))
        elif before is not None and after is not None:
            found += [*_renamed(before, after), *_fields(before, after), *_lists(before, after)]
            found += _facts(before, after)
    return [*found, *_settings(old, new), *_files(old, new)]


def _renamed(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    if before.title != after.title:
        yield _retitled(Text("台账", "ledger"), before.title, after.title)


def _fields(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    moved = {old: one for one in after.fields.values() for old in one.was if old in before.fields}
    for key in sorted({*before.fields, *after.fields}):
        old, new = before.fields.get(key), after.fields.get(key)
        if old is None and new is not None and new not in moved.values():
            yield Difference(Text(f"新增字段“{new.title.zh}”", f"new field '{new.title.en}'"))
        elif old is not None and new is None and key in moved:
            yield _moved_field(before.key, old, moved[key])
        elif old is not None and new is None:
            what = Text(f"去掉字段“{old.title.zh}”", f"field '{old.title.en}' taken away")
            yield Difference(what, in_the_way(_held(before.key, old)))
        elif old is not None and new is not None:
            yield from _field(before.key, old, new)


def _kept_as(one: FieldDeclaration) -> tuple[object, ...]:
    return (one.type, one.unit, one.currency)


def _moved_field(ledger: str, old: FieldDeclaration, new: FieldDeclaration) -> Difference:
    what = Text(
        f"字段“{old.title.zh}”的键由 {old.key} 改为 {new.key}",
        f"field '{old.title.en}' goes from {old.key} to {new.key}",
    )
    held = _held(ledger, old)
    if _kept_as(old) != _kept_as(new) or old.measure is not None or old.is_personal:
        return Difference(what, in_the_way(held))
    return Difference(_with_count(what, held), move=Move(ledger, "field", old.key, new.key))


def _field(ledger: str, old: FieldDeclaration, new: FieldDeclaration) -> Iterator[Difference]:
    """A field's key never changes its type or unit: rename is a new title, retype a new key (DESIGN §4a.7)."""
    if _kept_as(old) != _kept_as(new):
        what = Text(
            f"字段“{old.title.zh}”由 {old.type.value} {old.unit or ''} 改为 {new.type.value} {new.unit or ''}",
            f"field '{old.title.en}' goes from {old.type.value} {old.unit or ''} to {new.type.value} {new.unit or ''}",
        )
        yield Difference(what, in_the_way(_held(ledger, old)))
    if old.title != new.title:
        yield _retitled(Text("字段", "field"), old.title, new.title)
    moved = {was: one.key for one in new.choices.values() for was in one.was if was in old.states}
    for key in sorted(set(new.states) - set(old.states) - set(moved.values())):
        choice = new.choice_title(key)
        yield Difference(
            Text(
                f"字段“{new.title.zh}”新增选项“{choice.zh}”", f"field '{new.title.en}' has the new choice '{choice.en}'"
            )
        )
    for key in sorted(set(old.states) - set(new.states)):
        choice = old.choice_title(key)
        held = Item.objects.filter(ledger__key=ledger, **{f"values__{old.key}": key}).count()
        if key in moved:
            what = Text(
                f"字段“{old.title.zh}”的选项“{choice.zh}”由 {key} 改为 {moved[key]}",
                f"choice '{choice.en}' of field '{old.title.en}' goes from {key} to {moved[key]}",
            )
            yield Difference(_with_count(what, held), move=Move(ledger, "choice", key, moved[key], old.key))
        else:
            what = Text(
                f"字段“{old.title.zh}”去掉选项“{choice.zh}”", f"field '{old.title.en}' loses the choice '{choice.en}'"
            )
            yield Difference(what, in_the_way(held))


def _lists(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    moved = {old: one for one in after.lists.values() for old in one.was if old in before.lists}
    for key in sorted({*before.lists, *after.lists}):
        old, new = before.lists.get(key), after.lists.get(key)
        if old is None and new is not None and new not in moved.values():
            yield Difference(Text(f"新增清单“{new.title.zh}”", f"new list '{new.title.en}'"))
        elif old is not None and new is None:
            held = Item.objects.filter(ledger__key=before.key, memberships__list=key).distinct().count()
            if key in moved:
                to = moved[key].key
                what = Text(
                    f"清单“{old.title.zh}”的键由 {key} 改为 {to}", f"list '{old.title.en}' goes from {key} to {to}"
                )
                yield Difference(_with_count(what, held), move=Move(before.key, "list", key, to))
            else:
                what = Text(f"去掉清单“{old.title.zh}”", f"list '{old.title.en}' taken away")
                yield Difference(what, in_the_way(held))
        elif old is not None and new is not None and old.title != new.title:
            yield _retitled(Text("清单", "list"), old.title, new.title)


class _Titled(Protocol):
    @property
    def title(self) -> Text: ...


def _facts(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    """Milestones, duty slots, kinds of links and of remarks, boxes of visits: one that something stands under is not taken away."""
    key_of = before.key
    groups: tuple[tuple[Text, Mapping[str, _Titled], Mapping[str, _Titled], Callable[[str], int]], ...] = (
        (
            Text("节点", "milestone"), before.milestones, after.milestones,
            lambda key: _at_milestone(key_of, key),
        ),
        (
            Text("责任岗", "duty"), before.duties, after.duties,
            lambda key: Duty.objects.filter(item__ledger__key=key_of, slot=key).count(),
        ),
        (
            Text("联系", "link"), before.link_kinds, after.link_kinds,
            lambda key: Link.objects.filter(source__ledger__key=key_of, kind=key).count(),
        ),
        (
            Text("日志种类", "book of remarks"), before.remark_kinds, after.remark_kinds,
            lambda key: Remark.objects.filter(item__ledger__key=key_of, kind=key).values("item").distinct().count(),
        ),
        (Text("走访要点", "box of visits"), before.visit_boxes, after.visit_boxes, lambda key: 0),
    )  # fmt: skip
    for word, olds, news, held in groups:
        for key in sorted({*olds, *news}):
            old, new = olds.get(key), news.get(key)
            if old is None and new is not None:
                yield Difference(Text(f"新增{word.zh}“{new.title.zh}”", f"new {word.en} '{new.title.en}'"))
            elif old is not None and new is None:
                what = Text(f"去掉{word.zh}“{old.title.zh}”", f"{word.en} '{old.title.en}' taken away")
                yield Difference(what, in_the_way(held(key)))
            elif old is not None and new is not None and old.title != new.title:
                yield _retitled(word, old.title, new.title)


def _at_milestone(ledger: str, key: str) -> int:
    """Items that have a day of it, a file as its evidence, or an order of their own around it."""
    items = Item.objects.filter(ledger__key=ledger)
    days = Exists(Milestone.objects.filter(item=OuterRef("pk"), key=key))
    files = Exists(Attachment.objects.filter(item=OuterRef("pk"), milestone=key))
    orders = Exists(MilestoneOrder.objects.filter(Q(key=key) | Q(after=key), item=OuterRef("pk")))
    return items.filter(days | files | orders).count()


def _settings(old: Pack, new: Pack) -> Iterator[Difference]:
    before = {(one.rulebook, one.setting): one.written for one in old.settings}
    after = {(one.rulebook, one.setting): one.written for one in new.settings}
    for place in sorted({*before, *after}):
        if before.get(place) != after.get(place):
            name, was, now = "/".join(place), before.get(place), after.get(place)
            yield Difference(
                Text(f"设置 {name}：{was or '原值'} → {now or '原值'}", f"setting {name}: {was or 'as shipped'} -> {now or 'as shipped'}")
            )  # fmt: skip


def _files(old: Pack, new: Pack) -> Iterator[Difference]:
    before, after = _texts(old), _texts(new)
    for name in sorted({*before, *after}):
        if name not in before:
            yield Difference(Text(f"新增 {name}", f"new: {name}"))
        elif name not in after:
            yield Difference(Text(f"去掉 {name}", f"taken away: {name}"))
        elif before[name] != after[name]:
            yield Difference(Text(f"改动 {name}", f"changed: {name}"))


def _texts(pack: Pack) -> dict[str, str]:
    """Rulebooks, templates and the like, by their place in the pack."""
    return {
        f"{folder}/{name}": path.read_text(encoding="utf-8")
        for folder in ("rulebooks", "documents")
        for name, path in pack.files(folder).items()
    }


def _held(ledger: str, declared: FieldDeclaration) -> int:
    """Items that hold something in a field: a value, a figure of a period, somebody's name."""
    if declared.is_personal:
        return PersonalValue.objects.filter(item__ledger__key=ledger, field=declared.key).count()
    items = Item.objects.filter(ledger__key=ledger)
    if declared.measure is None:
        return items.filter(values__has_key=declared.key).count()
    reported = Exists(Figure.objects.filter(item=OuterRef("pk"), field=declared.key))
    return items.filter(Q(reported) | Q(values__has_key=declared.key)).count()


def _retitled(word: Text, old: Text, new: Text) -> Difference:
    return Difference(Text(f"{word.zh}“{old.zh}”改称“{new.zh}”", f"{word.en} '{old.en}' is now '{new.en}'"))


def _with_count(what: Text, held: int) -> Text:
    return Text(f"{what.zh}，{held} 个事项随改", f"{what.en}; {held} items follow") if held else what


def in_the_way(held: int) -> Text | None:
    """Why something that items hold cannot go; nothing where none does."""
    if not held:
        return None
    return Text(
        f"已有 {held} 个事项填了它；保留原字段，另立新字段",
        f"{held} items hold it; keep it as it is and declare a new key",
    )
