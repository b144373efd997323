"""What the running site knows of its own parts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

SILENT_AFTER = timedelta(seconds=60)
"""A process beats every ten seconds; one that has not for this long has stopped or cannot reach the database."""


class PulseQuerySet(models.QuerySet["Pulse"]):
    def alive(self, at: datetime) -> PulseQuerySet:
        return self.filter(seen_at__gt=at - SILENT_AFTER)


class Pulse(models.Model):
    """The last sign of life of a worker process. No change of anybody's: it is the one table written without a record."""

    worker = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = PulseQuerySet.as_manager()
