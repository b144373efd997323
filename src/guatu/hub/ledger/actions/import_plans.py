"""What the worker found in a workbook, as rows: steps and findings. Called by the actions on imports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.actions.bulk import batches
from guatu.hub.ledger.importing.plan import ABSENT, Plan
from guatu.hub.ledger.models import Import, ImportDecision, ImportFinding, ImportStep
from guatu.hub.ledger.models.imports import ImportState

GRADES = ("error", "question", "warning")
SAID = (
    "grade", "code", "sheet", "cell", "raw", "reason_zh", "reason_en", "remedy_zh", "remedy_en", "about", "beside",
)  # fmt: skip
"""What a finding is kept as, by the columns of `ImportFinding`."""


def write_plan(sent: Import, plan: Plan | None) -> None:
    """In place of the plan of an earlier reading; what a person left out of that one stays left out."""
    left_out = dict(sent.steps.exclude(left_out="").values_list("key", "left_out"))
    ImportStep.objects.filter(taken_from=sent).delete()
    if plan is not None:
        for some in batches(_steps(sent, plan, left_out)):
            ImportStep.objects.bulk_create(some)


def _steps(sent: Import, plan: Plan, left_out: Mapping[str, str]) -> Iterator[ImportStep]:
    for position, step in enumerate(plan.steps):
        offer = step.offer
        why = left_out.get(offer.known_as, "")
        yield ImportStep(
            taken_from=sent, position=position, kind=step.kind, key=offer.known_as, item_id=offer.item,
            unit_id=offer.unit, name=offer.name, seen=step.seen, offer=canonical(offer.record()),
            people=canonical(dict(offer.people)) if offer.people and not why else "", changes=canonical(step.changes),
            errors=offer.errors, left_out=why,
        )  # fmt: skip
    for position, item in enumerate(plan.absent, len(plan.steps)):
        yield ImportStep(
            taken_from=sent, position=position, kind=ABSENT, key=str(item.pk), item=item, unit_id=item.unit_id,
            name=item.name, seen=item.revision,
        )  # fmt: skip


def write_findings(sent: Import, findings: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """In place of those of an earlier reading, errors first; how many of each grade."""
    ImportFinding.objects.filter(found_in=sent).delete()
    ordered = sorted(findings, key=lambda one: GRADES.index(one["grade"]))
    rows = (
        ImportFinding(found_in=sent, position=position, **{key: one.get(key, "") for key in SAID})
        for position, one in enumerate(ordered)
    )
    for some in batches(rows):
        ImportFinding.objects.bulk_create(some)
    grades = [one["grade"] for one in findings]
    return {grade: grades.count(grade) for grade in GRADES}


def state_now(sent: Import) -> ImportState:
    """Whether a workbook that was read may be taken: no error is left but in items a person left out."""
    if sent.refusal_zh or sent.stray_errors or not sent.steps.exists():
        return ImportState.REFUSED
    if sent.steps.filter(errors__gt=0, left_out="").exists():
        return ImportState.REFUSED
    return ImportState.READY


def name_decisions(sent: Import, created: Mapping[str, int]) -> None:
    """Decisions about items that were not yet in the ledger are about the items they have become."""
    for one in ImportDecision.objects.filter(ledger=sent.ledger_id):
        items = [str(created[key]) if key in created else key for key in one.items]
        if items != one.items:
            digest = digest_of_decision(one.check_key, items, one.rests_on)
            ImportDecision.objects.filter(ledger=sent.ledger_id, digest=digest).exclude(pk=one.pk).delete()
            one.items, one.digest = items, digest
            one.save(update_fields=["items", "digest"])


def digest_of_decision(check: str, items: Sequence[str], rests_on: Mapping[str, str | None]) -> str:
    """What tells one matter from another: a pair is the same pair whichever way round; a change is that check's alone."""
    about = [sorted(items)] if not rests_on else [check, sorted(items), sorted(rests_on.items(), key=str)]
    return sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()


def forget_people(sent: Import) -> None:
    """What its steps say of people is in the ledger now, or is wanted no more."""
    ImportStep.objects.filter(taken_from=sent).exclude(people="").update(people="")
