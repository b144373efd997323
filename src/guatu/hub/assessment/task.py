"""The worker's part of a round: judge it, and keep what it came to."""

from __future__ import annotations

import logging
from contextlib import suppress
from importlib import import_module

from django.utils import timezone
from django_tasks import task

from guatu.hub.assessment.actions.rounds import NotWaiting, keep_refusal, keep_results
from guatu.hub.assessment.models import Run, RunState
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Refusal, Text

log = logging.getLogger("guatu.worker")
_JUDGE = "guatu.hub.assessment.judging"
"""Loads the engine, which no web process does."""
WENT_WRONG = Refusal(
    "—",
    Text("评判时出了错，没有结果", "something went wrong while it was judged; there are no results"),
    Text(
        "再评一次；还不行请系统管理员看日志。", "Judge it again; if that fails, the log tells the system administrator."
    ),
)


@task()
def judge(run_id: int) -> None:
    """Judge a run that waits; done again after a worker was lost, it has one effect."""
    run = Run.objects.select_related("ledger", "pack").get(pk=run_id)
    if run.state != RunState.WAITING:
        return
    by = OnBehalf(None, None, None, Source(Door.WORKER))
    try:
        judged = import_module(_JUDGE).judge_run(run)
    except Refusal as refusal:
        keep_refusal(run=run, refusal=refusal, by=by, at=timezone.now())
        return
    except Exception:  # whatever it is, whoever asked must not wait for ever
        log.exception("A round could not be judged")
        keep_refusal(run=run, refusal=WENT_WRONG, by=by, at=timezone.now())
        return
    with suppress(NotWaiting):  # another worker was first
        keep_results(run=run, judged=judged, by=by, at=timezone.now())
