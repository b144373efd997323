"""What a machine that watches over the site is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guatu.hub.config import health
from guatu.hub.config.models import SILENT_AFTER, Pulse
from tests.hub.people import PASSWORD, City


def beaten(ago: timedelta = timedelta()) -> None:
    at = timezone.now() - ago
    Pulse.objects.create(worker=f"w-{ago}", started_at=at, seen_at=at)


def test_a_living_process_says_so_without_the_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"live": True}


def test_a_site_is_ready_with_its_database_migrated_and_its_worker_beating(client: Client, db: None) -> None:
    beaten()

    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "migrations": True, "worker": True}


def test_a_silent_worker_is_told_of_and_stops_no_page(client: Client, db: None) -> None:
    beaten(SILENT_AFTER + timedelta(seconds=5))

    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()["worker"]) == (200, False)


def test_a_site_whose_database_is_behind_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "missing_migrations", lambda: ["audit.0099_later"])

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": True, "migrations": False, "worker": False}


def test_a_site_without_its_database_is_not_ready(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)

    assert client.get("/health/ready").status_code == 503


def test_figures_count_requests_by_route_and_failed_sign_ins(client: Client, city: City) -> None:
    client.get("/units/77")
    client.post("/sign-in", {"login": "li", "password": "wrong"})

    figures = client.get("/metrics").content.decode()

    assert 'guatu_requests_total{method="GET",route="unit",status="302"}' in figures
    assert 'guatu_request_seconds_bucket{le="0.8",route="unit"}' in figures
    assert "guatu_sign_in_failures_total" in figures
    for name in ("guatu_records_unsealed", 'guatu_jobs{state="ready"} 0.0', "guatu_workers_alive 0.0"):
        assert name in figures
    assert not [word for word in (*(person.name for person in city.people.values()), PASSWORD) if word in figures]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.9"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"}, 403),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer long-token"}, 200),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer other"}, 403),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_figures_are_for_this_machine_or_the_token(
    client: Client, db: None, settings, sent: dict[str, str], status: int
) -> None:  # type: ignore[no-untyped-def]
    settings.METRICS_TOKEN = "long-token"

    assert client.get("/metrics", **sent).status_code == status


def test_without_a_token_set_no_token_opens_the_figures(client: Client, db: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", HTTP_AUTHORIZATION="Bearer ").status_code == 403


def test_no_migration_is_missing_from_the_tests_database(db: None) -> None:
    assert health.missing_migrations() == []
    assert connection.introspection.table_names()
