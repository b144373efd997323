"""What an upgrade of a pack changes, in sentences a person reads, and what of it the ledger's items forbid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guatu.declarations import FieldDeclaration, Pack
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.models import Item
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of a declaration. `refused` says why it cannot be, with the number of items in its way."""

    what: Text
    refused: Text | None = None


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Every change of ledgers, fields and lists; other files by name."""
    found: list[Difference] = []
    for key in sorted({*old.ledgers, *new.ledgers}):
        before, after = old.ledgers.get(key), new.ledgers.get(key)
        if before is None and after is not None:
            found.append(Difference(Text(f"新增台账“{after.title.zh}”", f"new ledger '{after.title.en}'")))
        elif before is not None and after is None:
            found.append(_gone_ledger(before))
        elif before is not None and after is not None:
            found += [*_fields(before, after), *_lists(before, after)]
    return [*found, *_files(old, new)]


def _gone_ledger(ledger: LedgerDeclaration) -> Difference:
    what = Text(f"去掉台账“{ledger.title.zh}”", f"ledger '{ledger.title.en}' taken away")
    held = Item.objects.filter(ledger__key=ledger.key).count()
    return Difference(what, _in_the_way(held) if held else None)


def _fields(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    for key in sorted({*before.fields, *after.fields}):
        old, new = before.fields.get(key), after.fields.get(key)
        if old is None and new is not None:
            yield Difference(Text(f"新增字段“{new.title.zh}”", f"new field '{new.title.en}'"))
        elif new is None and old is not None:
            what = Text(f"去掉字段“{old.title.zh}”", f"field '{old.title.en}' taken away")
            yield Difference(what, _held(before.key, old))
        elif old is not None and new is not None:
            yield from _field(before.key, old, new)


def _field(ledger: str, old: FieldDeclaration, new: FieldDeclaration) -> Iterator[Difference]:
    """A field's key never changes its type or unit: rename is a new title, retype a new key (DESIGN §4a.7)."""
    if (old.type, old.unit, old.currency) != (new.type, new.unit, new.currency):
        what = Text(
            f"字段“{old.title.zh}”由 {old.type.value} {old.unit or ''} 改为 {new.type.value} {new.unit or ''}",
            f"field '{old.title.en}' goes from {old.type.value} {old.unit or ''} to {new.type.value} {new.unit or ''}",
        )
        yield Difference(what, _held(ledger, old))
    if old.title != new.title:
        yield Difference(
            Text(f"字段“{old.title.zh}”改称“{new.title.zh}”", f"field '{old.title.en}' is now '{new.title.en}'")
        )
    for gone in sorted(set(old.states) - set(new.states)):
        what = Text(f"字段“{old.title.zh}”去掉选项“{gone}”", f"field '{old.title.en}' loses the choice '{gone}'")
        held = Item.objects.filter(ledger__key=ledger, **{f"values__{old.key}": gone}).count()
        yield Difference(what, _in_the_way(held) if held else None)


def _lists(before: LedgerDeclaration, after: LedgerDeclaration) -> Iterator[Difference]:
    for key in sorted({*before.lists, *after.lists}):
        old, new = before.lists.get(key), after.lists.get(key)
        if old is None and new is not None:
            yield Difference(Text(f"新增清单“{new.title.zh}”", f"new list '{new.title.en}'"))
        elif new is None and old is not None:
            held = Item.objects.filter(ledger__key=before.key, memberships__list=key).distinct().count()
            what = Text(f"去掉清单“{old.title.zh}”", f"list '{old.title.en}' taken away")
            yield Difference(what, _in_the_way(held) if held else None)


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


def _held(ledger: str, declared: FieldDeclaration) -> Text | None:
    held = Item.objects.filter(ledger__key=ledger, values__has_key=declared.key).count()
    return _in_the_way(held) if held else None


def _in_the_way(held: int) -> Text:
    return Text(
        f"已有 {held} 个事项填了它；保留原字段，另立新字段",
        f"{held} items hold it; keep it as it is and declare a new key",
    )
