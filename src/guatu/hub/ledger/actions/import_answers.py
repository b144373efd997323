"""What a person decides about a workbook that was read: answers to its questions, and what is left out of it, with a reason."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from guatu.hub.accounts.actor import Actor
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.import_plans import digest_of_decision, state_now
from guatu.hub.ledger.actions.import_undoing import NoReason
from guatu.hub.ledger.actions.imports import opened
from guatu.hub.ledger.importing.plan import ABSENT
from guatu.hub.ledger.models import CellAnswer, Import, ImportDecision, ImportFinding
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.text import Refusal, Text

OPEN = (ImportState.READY, ImportState.REFUSED)
MOST_CHARACTERS = 500


@action("import.answer")
def answer_questions(*, sent: Import, answers: Mapping[int, str], by: Actor, at: datetime) -> Import:
    """Answers by finding: what a cell should have said, or one of the choices of a decision. It is read again with them."""
    sent, under = opened(sent, by, *OPEN)
    asked = {one.pk: one for one in sent.findings.filter(pk__in=list(answers), grade="question")}
    given = [(asked.get(key), text.strip()) for key, text in answers.items() if text.strip()]
    if not given or any(one is None for one, _ in given):
        raise Conflict(
            sent.file_name,
            Text("没有这样的疑问，或没有写答复", "there is no such question, or no answer"),
            Text("刷新这一页，再答。", "Load the page again and answer then."),
        )
    for one, text in given:
        assert one is not None
        if one.about:
            _decide(sent, one, text, under, at)
        else:
            _say_cell(sent, one, text)
    read_again(sent)
    told = [[one.code, one.sheet, one.cell, text if one.about else ""] for one, text in given if one is not None]
    after = {"answers": len(given), "digest": digest_of(told)}
    record(Event.IMPORT_ANSWERED, subject=sent, after=after, by=under, at=at)
    return sent


def _decide(sent: Import, asked: ImportFinding, answer: str, under: OnBehalf, at: datetime) -> None:
    about: Mapping[str, Any] = json.loads(asked.about)
    if answer not in about["choices"]:
        raise Refusal(
            f"{asked.sheet}!{asked.cell}",
            Text(f"不能答“{answer}”", f"cannot be answered with '{answer}'"),
            Text(f"可答：{'、'.join(about['choices'])}。", f"Answer one of: {', '.join(about['choices'])}."),
        )
    digest = digest_of_decision(about["check"], about["items"], about["rests_on"])
    ImportDecision.objects.update_or_create(
        ledger=sent.ledger,
        digest=digest,
        defaults={
            "check_key": about["check"], "items": about["items"], "answer": answer, "period": sent.period,
            "rests_on": about["rests_on"], "decided_by_id": under.post_id, "decided_at": at,
        },
    )  # fmt: skip


def _say_cell(sent: Import, asked: ImportFinding, answer: str) -> None:
    if not asked.takes_a_cell or len(answer) > MOST_CHARACTERS:
        raise Refusal(
            f"{asked.sheet}!{asked.cell}",
            Text("这里不能这样答", "cannot be answered here"),
            Text(
                f"写这一格应写的内容，最多 {MOST_CHARACTERS} 字；整列的，在“列的含义”里核定。",
                f"Write what the cell should say, {MOST_CHARACTERS} characters at most; "
                "what a whole column is, is confirmed on the page of columns.",
            ),
        )
    CellAnswer.objects.update_or_create(
        answered_in=sent, sheet=asked.sheet, cell=asked.cell, defaults={"answer": answer}
    )


@action("import.leave_out")
def leave_out(*, sent: Import, keys: Collection[str], reason: str, by: Actor, at: datetime) -> Import:
    """Items of the preview that are not taken with the rest, each with the reason. Errors in them no longer refuse it."""
    sent, under = opened(sent, by, *OPEN)
    if not reason.strip():
        raise NoReason(sent.file_name)
    steps = sent.steps.exclude(kind=ABSENT).filter(key__in=list(keys), left_out="")
    names = list(steps.order_by("position").values_list("key", "name"))
    if not names:
        raise _nothing_there(sent)
    steps.update(left_out=reason.strip()[:MOST_CHARACTERS], people="")
    sent.state = state_now(sent)
    sent.save()
    after = {"state": sent.state, "left_out": len(names), "digest": digest_of(names), "first": names[:20]}
    record(Event.IMPORT_LEFT_OUT, subject=sent, after=after, reason=reason.strip(), by=under, at=at)
    return sent


@action("import.put_back")
def put_back(*, sent: Import, keys: Collection[str], by: Actor, at: datetime) -> Import:
    """Items left out are taken with the rest after all. It is read again, for what was forgotten of them."""
    sent, under = opened(sent, by, *OPEN)
    steps = sent.steps.filter(key__in=list(keys)).exclude(left_out="")
    names = list(steps.order_by("position").values_list("key", "name"))
    if not names:
        raise _nothing_there(sent)
    steps.update(left_out="")
    read_again(sent)
    after = {"put_back": len(names), "digest": digest_of(names), "first": names[:20]}
    record(Event.IMPORT_PUT_BACK, subject=sent, after=after, by=under, at=at)
    return sent


def read_again(sent: Import) -> None:
    """Wait for the worker; the preview stays to be looked at meanwhile, and cannot be taken."""
    sent.state, sent.stage = ImportState.WAITING, Stage.QUEUED
    sent.save()


def _nothing_there(sent: Import) -> Conflict:
    return Conflict(
        sent.file_name,
        Text("预览里没有这样的事项", "the preview has no such items"),
        Text("刷新这一页，再选。", "Load the page again and choose then."),
    )
