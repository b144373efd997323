"""Workers say that they live; what one left undone is taken up again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from guatu.hub.config.models import SILENT_AFTER, Pulse
from guatu.hub.config.working import beat_once, take_back_jobs


def running_job(worker: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        id=uuid4(),
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        worker_ids=[worker],
        backend_name="default",
        run_after=get_date_max(),
        exception_class_path="",
        traceback="",
    )


def test_a_job_of_a_worker_that_is_gone_waits_again(db: None) -> None:
    at = timezone.now()
    Pulse.objects.create(worker="alive", started_at=at, seen_at=at)
    Pulse.objects.create(worker="dead", started_at=at, seen_at=at - SILENT_AFTER - timedelta(seconds=1))
    kept, lost, unknown = running_job("alive"), running_job("dead"), running_job("never seen")

    assert take_back_jobs(at) == 2

    states = {job.pk: job.status for job in DBTaskResult.objects.all()}
    assert states == {
        kept.pk: TaskResultStatus.RUNNING,
        lost.pk: TaskResultStatus.READY,
        unknown.pk: TaskResultStatus.READY,
    }


def test_a_beat_is_kept_once_per_worker(db: None) -> None:
    first = timezone.now()

    beat_once("w", first, first)
    beat_once("w", first, first + timedelta(seconds=10))

    kept = Pulse.objects.get(worker="w")
    assert (kept.started_at, kept.seen_at) == (first, first + timedelta(seconds=10))
