"""A workbook on its way into a ledger: sent, read by the worker, taken whole or not at all, undone as new revisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import canonical, digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.bulk import write_steps
from guatu.hub.ledger.actions.revising import Told, next_sequence, revise
from guatu.hub.ledger.importing.plan import NEW, SAME, Plan, Standing
from guatu.hub.ledger.models import Figure, Import, ImportedItem, Item, ItemRevision, Ledger, Milestone
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.rows import Changes, Row
from guatu.standards.periods import Period
from guatu.text import Text


class StalePlan(Conflict):
    """Somebody changed what the preview shows: it has to be drawn again."""

    def __init__(self, name: str, where: Sequence[str]) -> None:
        shown = "、".join(where[:5]) + (" …" if len(where) > 5 else "")
        super().__init__(
            name,
            Text(f"预览之后有人改过：{shown}", f"was changed since the preview was drawn: {shown}"),
            Text("预览会重新生成；看过再取。", "The preview is drawn again; look at it and take it then."),
        )


class NotInState(Conflict):
    """The workbook is not where this can be done with it."""

    def __init__(self, sent: Import) -> None:
        super().__init__(
            sent.file_name,
            Text(f"现在的状态是“{sent.state}”，不能这样办", f"is '{sent.state}', so this cannot be done"),
            Text("看看它现在的状态。", "Look at the state it is in."),
        )


@action("import.submit")
def submit_import(
    *, ledger: Ledger, unit: Unit, period: str, file_name: str, content: bytes, sha256: str, by: Actor, at: datetime
) -> Import:
    """A workbook for a unit and a round, kept as it came; the worker reads it."""
    under = require(by, Permission.IMPORT_REPORTS, unit=unit)
    sent = Import(
        ledger=ledger,
        unit=unit,
        period=str(Period.parse(period)),
        file_name=file_name[:200],
        sha256=sha256,
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
    by: OnBehalf, at: datetime,
) -> Import:  # fmt: skip
    """What the worker found in a workbook. Without a plan nothing can be taken of it."""
    sent = _locked(sent)
    if sent.state not in (ImportState.WAITING, ImportState.READY):
        raise NotInState(sent)
    sent.state = ImportState.REFUSED if plan is None else ImportState.READY
    sent.findings = canonical(list(findings))
    sent.plan = plan.text if plan is not None else "{}"
    sent.refusal_zh, sent.refusal_en = (refusal.zh, refusal.en) if refusal is not None else ("", "")
    sent.save()
    after: dict[str, Any] = {"state": sent.state, "findings": len(findings)}
    after |= plan.counts if plan is not None else {}
    record(Event.IMPORT_READ, subject=sent, after=after, by=by, at=at)
    return sent


@action("import.take")
def take_import(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Everything the preview shows, or nothing: refused when an item it touches was changed since."""
    sent = _locked(sent)
    under = require(by, Permission.IMPORT_REPORTS, unit=sent.unit)
    if sent.state != ImportState.READY:
        raise NotInState(sent)
    plan = Plan.of(sent.plan)
    _require_within(plan, sent, by)
    matched = [step.offer.item for step in plan.steps if step.offer.item is not None]
    standing = Standing(Item.objects.select_for_update().filter(pk__in=matched).order_by("pk"))
    _require_fresh(sent, plan, standing)
    doing = [step for step in plan.steps if step.kind != SAME]
    digest = digest_of([[step.kind, step.offer.item, step.changes] for step in doing])
    told_record = record(
        Event.IMPORT_TAKEN,
        subject=sent,
        after={**plan.counts, "sha256": sent.sha256, "digest": digest},
        by=under,
        at=at,
    )
    on = effective_day(sent.period, at)
    evidence = {"import": sent.pk, "file": sent.file_name}
    sequence = next_sequence()
    written = write_steps(
        sent.ledger, doing, standing, Told("imported", on, at, told_record, evidence=evidence), sequence
    )
    ImportedItem.objects.bulk_create(
        (
            ImportedItem(taken_from=sent, item_id=key, before=one, after=two)
            for key, (one, two) in written.items.items()
        ),
        batch_size=500,
    )
    sent.state, sent.first_sequence, sent.last_sequence = ImportState.TAKEN, sequence, sequence
    sent.save()
    return sent


@action("import.undo")
def undo_import(*, sent: Import, reason: str, by: Actor, at: datetime) -> Import:
    """What it changed goes back to what it was, as new revisions; refused when somebody built on it since."""
    sent = _locked(sent)
    under = require(by, Permission.IMPORT_REPORTS, unit=sent.unit)
    if sent.state != ImportState.TAKEN:
        raise NotInState(sent)
    done = list(sent.items.select_related("item").order_by("item_id"))
    items = {one.pk: one for one in Item.objects.select_for_update().filter(pk__in=[one.item_id for one in done])}
    later = [items[one.item_id].name for one in done if items[one.item_id].revision != one.after]
    taken_at = sent.first_sequence or 0
    later += _figures_since(taken_at)
    if later:
        raise StalePlan(sent.file_name, later)
    told_record = record(
        Event.IMPORT_UNDONE, subject=sent, after={"items": len(done), "digest": digest_of([one.item_id for one in done])},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    on = effective_day(sent.period, at)
    sequence = next_sequence()
    told = Told("undone", on, at, told_record, reason, {"import": sent.pk})
    for one in done:
        revise(items[one.item_id], _back(one), told, sequence=sequence)
    _bring_back(taken_at, sequence)
    sent.state, sent.last_sequence = ImportState.UNDONE, sequence
    sent.save()
    return sent


@action("import.discard")
def discard_import(*, sent: Import, by: Actor, at: datetime) -> Import:
    """Not to be taken; the workbook and what was found in it stay to be looked at."""
    sent = _locked(sent)
    under = require(by, Permission.IMPORT_REPORTS, unit=sent.unit)
    if sent.state not in (ImportState.WAITING, ImportState.READY, ImportState.REFUSED):
        raise NotInState(sent)
    sent.state = ImportState.DISCARDED
    sent.save()
    record(Event.IMPORT_DISCARDED, subject=sent, after={"sha256": sent.sha256}, by=under, at=at)
    return sent


def effective_day(period: str, at: datetime) -> date:
    """The last day of the round, or today when it has not ended."""
    return min(Period.parse(period).last_day, localdate(at))


def _require_within(plan: Plan, sent: Import, by: Actor) -> None:
    """Every unit a step writes to is one for which the sender may report."""
    units = {step.offer.unit for step in plan.steps}
    units |= set(
        Item.objects.filter(pk__in=[step.offer.item for step in plan.steps if step.offer.item]).values_list(
            "unit_id", flat=True
        )
    )
    allowed = set(
        UnitAncestry.objects.filter(ancestor_id__in=by.units_with(Permission.IMPORT_REPORTS)).values_list(
            "descendant_id", flat=True
        )
    )
    for unit in Unit.objects.filter(pk__in=units - allowed)[:1]:
        require(by, Permission.IMPORT_REPORTS, unit=unit)


def _require_fresh(sent: Import, plan: Plan, standing: Standing) -> None:
    """Every item is as the preview saw it, and what was to be new is not there."""
    changed = [
        step.offer.name
        for step in plan.steps
        if step.offer.item is not None
        and (step.offer.item not in standing.items or standing.items[step.offer.item].revision != step.seen)
    ]
    new = [step.offer for step in plan.steps if step.kind == NEW]
    codes = [offer.code for offer in new if offer.code]
    names = {(offer.unit, offer.name) for offer in new}
    there = Item.objects.filter(ledger=sent.ledger).exclude(state=ItemState.MERGED)
    changed += there.filter(code__in=codes).values_list("name", flat=True)
    for unit, name in there.filter(unit__in={unit for unit, _ in names}).values_list("unit_id", "name"):
        if (unit, name) in names:
            changed.append(name)
    if changed:
        raise StalePlan(sent.file_name, changed)


def _back(one: ImportedItem) -> Changes:
    """What takes an item back to the revision before; a new one is withdrawn."""
    if one.before == 0:
        return Changes({"state": ItemState.WITHDRAWN.value})
    before = Row.of(ItemRevision.objects.get(item=one.item_id, number=one.before).row)
    after = Row.of(ItemRevision.objects.get(item=one.item_id, number=one.after).row)
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


def _bring_back(taken_at: int, sequence: int) -> None:
    """Figures and milestones it brought are superseded by those they had superseded, said again."""
    Figure.objects.filter(sequence=taken_at).update(superseded_by_sequence=sequence)
    Milestone.objects.filter(sequence=taken_at).update(superseded_by_sequence=sequence)
    figures = list(Figure.objects.filter(superseded_by_sequence=taken_at))
    milestones = list(Milestone.objects.filter(superseded_by_sequence=taken_at))
    for figure in figures:
        figure.pk, figure.sequence, figure.superseded_by_sequence = None, sequence, None
    for milestone in milestones:
        milestone.pk, milestone.sequence, milestone.superseded_by_sequence = None, sequence, None
    Figure.objects.bulk_create(figures, batch_size=500)
    Milestone.objects.bulk_create(milestones, batch_size=500)


def _locked(sent: Import) -> Import:
    found: Import = (
        Import.objects.select_for_update(of=("self",)).select_related("unit", "ledger__pack").get(pk=sent.pk)
    )
    return found
