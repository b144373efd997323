"""A workbook on its way into a ledger: sent, read by the worker, taken whole or with what a person left out, discarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import F, Q
from django.db.models.fields.files import FieldFile
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.bulk import BATCH, batches, write_steps
from guatu.hub.ledger.actions.import_plans import (
    forget_people,
    name_decisions,
    state_now,
    write_findings,
    write_plan,
)
from guatu.hub.ledger.actions.revising import Told, next_sequence
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import ABSENT, NEW, SAME, Plan, Standing, Step, periods_of, step_of
from guatu.hub.ledger.models import Import, ImportedItem, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.hub.ledger.models.items import ItemState
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

MOST_MB = 10
"""What a workbook may weigh when it is sent; the reader's own limits are the machine's (`GUATU_MOST_…`)."""


class TooHeavy(Refusal):
    """A workbook of more than that."""

    def __init__(self, name: str) -> None:
        self.field = "workbook"
        super().__init__(
            name,
            Text(f"超过 {MOST_MB} MB", f"is over {MOST_MB} MB"),
            Text("只留本期要报的表。", "Keep only this round's tables."),
        )


class StalePlan(Conflict):
    """Somebody changed what the preview shows: it has to be drawn again."""

    def __init__(self, name: str, where: Sequence[str]) -> None:
        shown = "、".join(where[:5]) + (" …" if len(where) > 5 else "")
        super().__init__(
            name,
            Text(f"预览之后有人改过：{shown}", f"was changed since the preview was drawn: {shown}"),
            Text("重新生成预览，看过再取。", "Have the preview drawn again, look at it and take it then."),
        )


class NotInState(Conflict):
    """The workbook is not where this can be done with it."""

    def __init__(self, sent: Import) -> None:
        super().__init__(
            sent.file_name,
            Text(f"现在的状态是“{sent.state}”，不能这样办", f"is '{sent.state}', so this cannot be done"),
            Text("看看它现在的状态。", "Look at the state it is in."),
        )


READABLE = (ImportState.WAITING, ImportState.READY, ImportState.REFUSED, ImportState.TAKING)
"""States in which a workbook may be read (again)."""


@action("import.submit")
def submit_import(
    *, ledger: Ledger, unit: Unit, period: str, file_name: str, content: bytes, sha256: str, language: str = "zh",
    by: Actor, at: datetime,
) -> Import:  # fmt: skip
    """A workbook for a unit and a round, kept as it came; the worker reads it."""
    under = require(by, Permission.IMPORT_REPORTS, unit=unit)
    if len(content) > MOST_MB << 20:
        raise TooHeavy(file_name)
    sent = Import(
        ledger=ledger,
        unit=unit,
        period=str(Period.parse(period)),
        file_name=file_name[:200],
        sha256=sha256,
        language=language,
        submitted_at=at,
    )
    sent.file.save(sha256, ContentFile(content), save=False)
    sent.save()
    after = {"ledger": ledger.key, "unit": unit.pk, "period": sent.period, "sha256": sha256}
    record(Event.IMPORT_SUBMITTED, subject=sent, after=after, by=under, at=at)
    return sent


@action("import.read")
def keep_reading(
    *, sent: Import, findings: Sequence[Mapping[str, Any]], plan: Plan | None, refusal: Text | None = None,
    stray_errors: int = 0, layouts: str = "[]", marked: bytes = b"", drawn: bytes = b"",
    recognised: Mapping[str, Any] | None = None, by: OnBehalf, at: datetime,
) -> Import:  # fmt: skip
    """What the worker found in a workbook, in place of what an earlier reading found. Without a plan, or with an error
    outside items a person left out, nothing can be taken of it."""
    sent = locked(sent)
    if sent.state not in READABLE:
        raise NotInState(sent)
    sent.refusal_zh, sent.refusal_en = (refusal.zh, refusal.en) if refusal is not None else ("", "")
    sent.stray_errors, sent.layouts, sent.stage = stray_errors, layouts, Stage.NONE
    sent.counts = write_findings(sent, findings) | (plan.counts if plan is not None else {})
    write_plan(sent, plan)
    sent.state = state_now(sent)
    sent.recognised = dict(recognised or {})
    _keep(sent.marked, f"{sent.sha256}-marked.xlsx", marked)
    _keep(sent.drawn, f"{sent.sha256}-drawn.json", drawn)
    sent.save()
    record(Event.IMPORT_READ, subject=sent, after={"state": sent.state, **sent.counts}, by=by, at=at)
    return sent


def _keep(kept: FieldFile, name: str, content: bytes) -> None:
    """A file of the newest reading, in place of the one before."""
    if kept:
        kept.delete(save=False)
    if content:
        kept.save(name, ContentFile(content), save=False)


@action("import.ask_to_read")
def ask_to_read(*, sent: Import, by: Actor, at: datetime) -> Import:
    """The worker reads it once more: what the preview shows was changed since, or somebody wants to be sure that it was not."""
    sent, under = opened(sent, by, ImportState.READY, ImportState.REFUSED)
    sent.state, sent.stage = ImportState.WAITING, Stage.QUEUED
    sent.save()
    record(Event.IMPORT_ASKED_FOR, subject=sent, after={"state": sent.state}, by=under, at=at)
    return sent


@action("import.ask_to_take")
def ask_to_take(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Large workbooks are taken by the worker, on behalf of whoever asked."""
    sent, under = opened(sent, by, ImportState.READY)
    sent.state, sent.stage, sent.rows_done = ImportState.TAKING, Stage.WRITING, 0
    sent.save()
    record(Event.IMPORT_ASKED_FOR, subject=sent, after={"state": sent.state}, by=under, at=at)
    return sent


@action("import.take")
def take_import(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Everything the preview shows but what a person left out of it, or nothing: refused when an item was changed since."""
    sent, under = opened(sent, by, ImportState.READY, ImportState.TAKING)
    _require_within(sent, by)
    kept = sent.steps.exclude(kind=ABSENT).filter(left_out="")
    doing = [step_of(one) for one in kept.exclude(kind=SAME).order_by("position").iterator(chunk_size=2000)]
    touched = Item.objects.filter(pk__in=kept.exclude(kind=SAME).exclude(item=None).values("item"))
    standing = Standing(touched, periods_of(step.offer for step in doing), locked=True)
    _require_fresh(sent, [step.offer for step in doing if step.kind == NEW])
    told_record = record(Event.IMPORT_TAKEN, subject=sent, after=_told(sent, doing), by=under, at=at)
    on = effective_day(sent.period, at)
    evidence = {"import": sent.pk, "file": sent.file_name}
    sequence = next_sequence(told_record)
    written = write_steps(
        sent.ledger, doing, standing, Told("imported", on, at, told_record, evidence=evidence), sequence
    )
    ImportedItem.objects.bulk_create(
        (
            ImportedItem(taken_from=sent, item_id=key, before=one, after=two)
            for key, (one, two) in written.items.items()
        ),
        batch_size=BATCH,
    )
    name_decisions(sent, written.created)
    forget_people(sent)
    sent.state, sent.stage, sent.first_sequence, sent.last_sequence = ImportState.TAKEN, Stage.NONE, sequence, sequence
    sent.save()
    return sent


def _told(sent: Import, doing: Sequence[Step]) -> dict[str, Any]:
    """What the record says of a workbook that is taken, and of what was left out of it."""
    digest = digest_of([[step.kind, step.offer.item, step.changes] for step in doing])
    left_out = list(sent.steps.exclude(left_out="").order_by("position").values_list("key", "name", "left_out"))
    told = {**sent.counts, "sha256": sent.sha256, "digest": digest}
    return told | ({"left_out": len(left_out), "left_out_digest": digest_of(left_out)} if left_out else {})


@action("import.discard")
def discard_import(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Not to be taken; the workbook and what was found in it stay to be looked at."""
    sent, under = opened(sent, by, ImportState.WAITING, ImportState.READY, ImportState.REFUSED)
    sent.state, sent.stage = ImportState.DISCARDED, Stage.NONE
    sent.save()
    forget_people(sent)
    record(Event.IMPORT_DISCARDED, subject=sent, after={"sha256": sent.sha256}, by=under, at=at)
    return sent


def effective_day(period: str, at: datetime) -> date:
    """The last day of the round, or today when it has not ended."""
    return min(Period.parse(period).last_day, localdate(at))


def _require_within(sent: Import, by: Actor) -> None:
    """Every unit a step writes to, and every unit that has an item now, is one for which the sender may report."""
    steps = sent.steps.exclude(kind=ABSENT)
    inside = below(by.units_with(Permission.IMPORT_REPORTS))
    written_to = Q(pk__in=steps.values("unit")) | Q(pk__in=steps.exclude(item=None).values("item__unit"))
    for unit in Unit.objects.filter(written_to).exclude(pk__in=inside)[:1]:
        require(by, Permission.IMPORT_REPORTS, unit=unit)


def _require_fresh(sent: Import, new: Sequence[Offer]) -> None:
    """Every item is as the preview saw it, and what was to be new is not there."""
    known = sent.steps.exclude(kind=ABSENT).exclude(item=None).filter(left_out="")
    changed = list(known.exclude(item__revision=F("seen")).values_list("name", flat=True)[:10])
    there = Item.objects.filter(ledger=sent.ledger).exclude(state=ItemState.MERGED)
    for codes in batches(offer.code for offer in new if offer.code):
        changed += there.filter(code__in=codes).values_list("name", flat=True)
    changed += _of_these_names(
        sent, there.filter(unit__in={offer.unit for offer in new}).values_list("unit", "name"), new
    )
    if changed:
        raise StalePlan(sent.file_name, changed)


def _of_these_names(sent: Import, there: Iterable[tuple[int, str]], new: Sequence[Offer]) -> list[str]:
    """Names of one's own units that are there already; two of one name a person told apart are no clash."""
    fresh = {(offer.unit, offer.name) for offer in new}
    beside = set(sent.steps.exclude(item=None).values_list("unit", "name"))
    return [name for unit, name in there if (unit, name) in fresh and (unit, name) not in beside]


def opened(sent: Import, by: Actor, *states: ImportState) -> tuple[Import, OnBehalf]:
    """The workbook, locked, and the post under which `by` may handle it; refused unless it is in one of these states."""
    sent = locked(sent)
    under = require(by, Permission.IMPORT_REPORTS, unit=sent.unit)
    if sent.state not in states:
        raise NotInState(sent)
    return sent, under


def locked(sent: Import) -> Import:
    """The workbook, ours until the end of the transaction."""
    imports = Import.objects.select_related("unit", "ledger__pack").defer("ledger__pack__files")
    found: Import = imports.select_for_update(of=("self",)).get(pk=sent.pk)
    return found
