"""The worker process: background jobs, the sealer of the record, tidying, and a sign of life."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from guatu.hub.audit.sealing import run_sealer
from guatu.hub.config.models import Pulse
from guatu.hub.config.tidying import keep_tidy
from guatu.hub.config.upkeep import require_migrated

log = logging.getLogger("guatu.worker")
BEAT_SECONDS = 10


def work(*, parent: int | None = None) -> None:
    """Work until told to stop, or until the process `parent` is gone. The job at hand is finished first."""
    require_migrated()
    stop = threading.Event()
    name = f"{socket.gethostname()[:40]}-{os.getpid()}"
    sides = [
        _side("heart", lambda: beat(name, stop, parent)),
        _side("sealer", lambda: run_sealer(stop)),
        _side("tidying", lambda: keep_tidy(stop)),
    ]
    jobs = Worker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    jobs.configure_signals()
    log.info("Worker begun")
    try:
        jobs.run()
    finally:
        stop.set()
        for side in sides:
            side.join(BEAT_SECONDS)
        Pulse.objects.filter(worker=name).delete()
        log.info("Worker stopped")


def _side(name: str, run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def beat(name: str, stop: threading.Event, parent: int | None) -> None:
    """Say that this worker lives, and take back the jobs of workers that no longer do."""
    started = timezone.now()
    while True:
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        try:
            close_old_connections()
            beat_once(name, started, timezone.now())
        except Exception:  # the database may be away for a while; the next beat tries again
            log.exception("The worker could not say that it lives")
        if stop.wait(BEAT_SECONDS):
            connection.close()
            return


def beat_once(name: str, started: datetime, at: datetime) -> None:
    Pulse.objects.update_or_create(
        worker=name, defaults={"seen_at": at}, create_defaults={"seen_at": at, "started_at": started}
    )
    if taken := take_back_jobs(at):
        log.warning("%d jobs of a worker that is gone wait again", taken)


def take_back_jobs(at: datetime) -> int:
    """Jobs that a worker took and did not live to finish wait again: a job may run twice, never not at all."""
    alive = set(Pulse.objects.alive(at).values_list("worker", flat=True))
    lost = [
        job.pk
        for job in DBTaskResult.objects.running().only("pk", "worker_ids")
        if job.worker_ids and job.worker_ids[-1] not in alive
    ]
    if lost:
        return DBTaskResult.objects.filter(pk__in=lost, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY
        )
    return 0
