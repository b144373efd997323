"""Items whose field, choice or list goes by another key from now on: a new revision of each, under one record and number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from guatu.hub.ledger.actions.bulk import BATCH, batches
from guatu.hub.ledger.actions.revising import Told, next_sequence, revision_of, show
from guatu.hub.ledger.differences import Move
from guatu.hub.ledger.models import Item, ItemRevision, ListMembership
from guatu.hub.ledger.rows import Row


def rekey(moves: Iterable[Move], told: Told) -> int:
    """Carry the moves out; the number of items that were revised. Past days keep the keys they were written with."""
    by_ledger: dict[str, list[Move]] = {}
    for move in moves:
        by_ledger.setdefault(move.ledger, []).append(move)
    sequence = next_sequence(told.record) if by_ledger else 0
    return sum(_rekey_ledger(ledger, found, told, sequence) for ledger, found in by_ledger.items())


def _rekey_ledger(ledger: str, moves: list[Move], told: Told, sequence: int) -> int:
    holding = Q()
    for move in moves:
        holding |= _held_under(move)
    ids = list(Item.objects.filter(holding, ledger__key=ledger).order_by("pk").distinct().values_list("pk", flat=True))
    for batch in batches(ids):
        _revise(list(Item.objects.select_for_update().filter(pk__in=batch).order_by("pk")), moves, told, sequence)
    return len(ids)


def _held_under(move: Move) -> Q:
    if move.kind == "field":
        return Q(values__has_key=move.old) | Q(missing__has_key=move.old)
    if move.kind == "choice":
        return Q(**{f"values__{move.field}": move.old})
    return Q(memberships__list=move.old, memberships__valid_to=None)


def _revise(items: list[Item], moves: list[Move], told: Told, sequence: int) -> None:
    on = told.effective_on
    listed: dict[int, list[str]] = {}
    for item_id, key in ListMembership.objects.filter(item__in=items, valid_to=None).values_list("item_id", "list"):
        listed.setdefault(item_id, []).append(key)
    revisions = []
    for item in items:
        row = Row.shown_by(item, listed.get(item.pk, ()))
        for move in moves:
            row = moved(row, move)
        item.revision, item.sequence, item.effective_on = item.revision + 1, sequence, max(on, item.effective_on)
        show(item, row)
        revisions.append(revision_of(item, row, told, number=item.revision, sequence=sequence, on=item.effective_on))
    Item.objects.bulk_update(items, ["values", "missing", "revision", "sequence", "effective_on"], batch_size=BATCH)
    ItemRevision.objects.bulk_create(revisions, batch_size=BATCH)
    for move in moves:
        if move.kind == "list":
            _turn_list([one.pk for one in items if move.old in listed.get(one.pk, ())], move, on)


def moved(row: Row, move: Move) -> Row:
    """The row with one key in place of another."""
    match move.kind:
        case "field":
            values = {move.new if key == move.old else key: value for key, value in row.values.items()}
            missing = {move.new if key == move.old else key: why for key, why in row.missing.items()}
            return replace(row, values=values, missing=missing)
        case "choice":
            return replace(row, values={**row.values, move.field: move.new}) if _chosen(row, move) else row
        case _:
            return replace(row, lists=tuple(sorted({move.new if key == move.old else key for key in row.lists})))


def _chosen(row: Row, move: Move) -> bool:
    return row.values.get(move.field) == move.old


def _turn_list(ids: list[int], move: Move, on: date) -> None:
    held = ListMembership.objects.filter(item__in=ids, list=move.old, valid_to=None)
    held.filter(valid_from__gte=on).delete()
    held.update(valid_to=on)
    there = set(
        ListMembership.objects.filter(item__in=ids, list=move.new, valid_to=None).values_list("item_id", flat=True)
    )
    ListMembership.objects.bulk_create(
        (ListMembership(item_id=one, list=move.new, valid_from=on) for one in ids if one not in there),
        batch_size=BATCH,
    )
