"""Whether this process lives, and whether it can answer people: for whoever watches over the site."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from guatu.hub.config.models import Pulse

_migrated = False


def live(request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nothing of the database."""
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and has every migration, else 503. A silent worker is told of, and stops no page."""
    found = {"database": database_answers(), "migrations": False, "worker": False}
    if found["database"]:
        found["migrations"] = is_migrated()
    if found["migrations"]:
        found["worker"] = Pulse.objects.alive(timezone.now()).exists()
    able = found["database"] and found["migrations"]
    return JsonResponse({"ready": able, **found}, status=200 if able else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_migrated() -> bool:
    """Whether every migration is in the database; once seen, it stays so for the life of the process."""
    global _migrated
    _migrated = _migrated or not missing_migrations()
    return _migrated


def missing_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
