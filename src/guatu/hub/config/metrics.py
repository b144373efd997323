"""Figures of the running site in the text form Prometheus reads: no names, no addresses, nothing about a person."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from guatu.hub.audit.models import Checkpoint, Record, Seal
from guatu.hub.config.models import Pulse

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_own = CollectorRegistry()
REQUESTS = Counter("guatu_requests", "Requests answered", ["route", "method", "status"], registry=_own)
SECONDS = Histogram(
    "guatu_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.8, 1.5, 3, 10),
    registry=_own,
)
FAILED_SIGN_INS = Counter("guatu_sign_in_failures", "Sign-ins refused", registry=_own)


def observe(route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def count_failed_sign_in(**_: object) -> None:
    FAILED_SIGN_INS.inc()


user_login_failed.connect(count_failed_sign_in, dispatch_uid="guatu.metrics")


class SiteFigures(Collector):
    """What the database knows, asked when the figures are read."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        at = timezone.now()
        yield GaugeMetricFamily("guatu_records_unsealed", "Records not yet in the chain", value=unsealed())
        if (age := checkpoint_age(at)) is not None:
            yield GaugeMetricFamily("guatu_checkpoint_age_seconds", "Since the last checkpoint", value=age)
        waiting = GaugeMetricFamily("guatu_jobs", "Background jobs by state", labels=["state"])
        for state in (TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED):
            waiting.add_metric([state.lower()], DBTaskResult.objects.filter(status=state).count())
        yield waiting
        yield GaugeMetricFamily("guatu_workers_alive", "Workers that beat", value=Pulse.objects.alive(at).count())


def unsealed() -> int:
    """Records without a place in the chain. Both ids grow, so only the newest records are looked at."""
    sealed_to = Seal.objects.aggregate(last=Max("record_id"))["last"] or 0
    return Record.objects.filter(pk__gt=sealed_to).count()


def checkpoint_age(at: datetime) -> float | None:
    last = Checkpoint.objects.aggregate(last=Max("made_at"))["last"]
    return (at - last.astimezone(UTC)).total_seconds() if last else None


def registry() -> CollectorRegistry:
    """All figures: those of every web process together, and those of the database."""
    found = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        for collector in (REQUESTS, SECONDS, FAILED_SIGN_INS):
            found.register(collector)
    found.register(SiteFigures())
    return found


def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, or for whoever sends the token."""
    if not (from_this_machine(request) or _carries_token(request)):
        return HttpResponseForbidden()
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def from_this_machine(request: HttpRequest) -> bool:
    """Sent from here and by no proxy in between: what a proxy forwards names another address, or is not believed."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _carries_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and secrets.compare_digest(token.encode(), wanted.encode())
