"""A workbook that was taken is undone: what it changed goes back to what it was, as new revisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from guatu.hub.accounts.actor import Actor
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.ledger.actions.bulk import Revised, batches, revise_all
from guatu.hub.ledger.actions.imports import StalePlan, effective_day, opened
from guatu.hub.ledger.actions.revising import Told, next_sequence, revise
from guatu.hub.ledger.importing.plan import UNDONE, Standing
from guatu.hub.ledger.models import Figure, Import, ImportedItem, Item, ItemRevision, Milestone
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.rows import Changes, Row
from guatu.text import Refusal, Text


class NoReason(Refusal):
    """It is not said why."""

    def __init__(self, name: str) -> None:
        super().__init__(name, Text("没有写理由", "no reason is given"), Text("写明为什么。", "Say why."))


@action("import.ask_to_undo")
def ask_to_undo(*, sent: Import, reason: str, by: Actor, at: datetime) -> Import:
    """Large workbooks are undone by the worker, on behalf of whoever asked."""
    sent, under = opened(sent, by, ImportState.TAKEN)
    if not reason.strip():
        raise NoReason(sent.file_name)
    sent.state, sent.stage, sent.rows_done = ImportState.UNDOING, Stage.WRITING, 0
    sent.save()
    record(Event.IMPORT_ASKED_FOR, subject=sent, after={"state": sent.state}, reason=reason, by=under, at=at)
    return sent


@action("import.cannot_undo")
def give_up_undoing(*, sent: Import, refusal: Text, by: Actor, at: datetime) -> Import:
    """The worker could not undo it: it stays taken, and the page says why."""
    sent, under = opened(sent, by, ImportState.UNDOING)
    sent.state, sent.stage, sent.refusal_zh, sent.refusal_en = ImportState.TAKEN, Stage.NONE, refusal.zh, refusal.en
    sent.save()
    record(Event.IMPORT_NOT_UNDONE, subject=sent, after={"state": sent.state}, reason=refusal.zh, by=under, at=at)
    return sent


@action("import.undo")
def undo_import(*, sent: Import, reason: str, by: Actor, at: datetime) -> Import:
    """What it changed goes back to what it was, as new revisions; refused when somebody built on it since."""
    sent, under = opened(sent, by, ImportState.TAKEN, ImportState.UNDOING)
    if not reason.strip():
        raise NoReason(sent.file_name)
    standing = Standing(Item.objects.filter(pk__in=sent.items.values("item")), locked=True)
    taken_at = sent.first_sequence or 0
    later = list(sent.items.exclude(item__revision=F("after")).values_list("item__name", flat=True)[:10])
    later += _figures_since(taken_at)
    if later:
        raise StalePlan(sent.file_name, later)
    touched = list(sent.items.order_by("item_id").values_list("item_id", flat=True))
    told_record = record(
        Event.IMPORT_UNDONE, subject=sent, after={"items": len(touched), "digest": digest_of(touched)},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    told = Told(UNDONE, effective_day(sent.period, at), at, told_record, reason, {"import": sent.pk})
    sequence = next_sequence(told_record)
    _take_back(sent, standing, told, sequence)
    _bring_back(Figure, taken_at, sequence)
    _bring_back(Milestone, taken_at, sequence)
    sent.state, sent.stage, sent.last_sequence = ImportState.UNDONE, Stage.NONE, sequence
    sent.refusal_zh = sent.refusal_en = ""
    sent.save()
    return sent


def _take_back(sent: Import, standing: Standing, told: Told, sequence: int) -> None:
    """Every item's row as it was before, together; one whose later days know more, by itself."""
    together = []
    for item_id, changes in _backward(sent):
        item = standing.items[item_id]
        if changes.empty:
            continue
        if told.effective_on < item.effective_on:
            revise(item, changes, told, sequence=sequence)
            continue
        before = standing.row(item)
        together.append(Revised(item, before, before.changed(changes)))
    revise_all(together, told, sequence)


def _backward(sent: Import) -> Iterator[tuple[int, Changes]]:
    """What takes each item back to the revision before; a new one is withdrawn."""
    done = ImportedItem.objects.filter(taken_from=sent, item=OuterRef("item"))
    either = done.filter(Q(before=OuterRef("number")) | Q(after=OuterRef("number")))
    revisions = ItemRevision.objects.filter(Exists(either)).order_by("item_id", "number")
    before: Row | None = None
    entered = set(sent.items.filter(before=0).values_list("item_id", flat=True))
    for item_id, text in revisions.values_list("item_id", "row").iterator(chunk_size=2000):
        if item_id in entered:
            yield item_id, Changes({"state": ItemState.WITHDRAWN.value})
        elif before is None:
            before = Row.of(text)
        else:
            yield item_id, _back(before, Row.of(text))
            before = None


def _back(before: Row, after: Row) -> Changes:
    core = {
        name: getattr(before, name)
        for name in ("unit", "name", "code", "state", "lists", "geometry")
        if getattr(before, name) != getattr(after, name)
    }
    keys = {key for key in {*before.values, *after.values} if before.values.get(key) != after.values.get(key)}
    missing = {key: why for key, why in before.missing.items() if after.missing.get(key) != why}
    return Changes(core, {key: before.values.get(key) for key in sorted(keys)}, missing)


def _figures_since(taken_at: int) -> list[str]:
    """Items whose figures or milestones of this import a later report superseded."""
    figures = Figure.objects.filter(sequence=taken_at).exclude(superseded_by_sequence=None)
    milestones = Milestone.objects.filter(sequence=taken_at).exclude(superseded_by_sequence=None)
    return [*figures.values_list("item__name", flat=True)[:5], *milestones.values_list("item__name", flat=True)[:5]]


def _bring_back(model: type[Figure] | type[Milestone], taken_at: int, sequence: int) -> None:
    """What it brought is superseded by what that had superseded, said again."""
    model.objects.filter(sequence=taken_at).update(superseded_by_sequence=sequence)
    before: Iterator[Any] = model.objects.filter(superseded_by_sequence=taken_at).iterator(chunk_size=2000)
    for some in batches(before, 2000):
        for one in some:
            one.pk, one.sequence, one.superseded_by_sequence = None, sequence, None
        model.objects.bulk_create(some)
