from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "guatu.hub.audit"
    label = "audit"

    def ready(self) -> None:
        post_migrate.connect(_protect, sender=self)


def _protect(using: str, **kwargs: Any) -> None:
    """After every migration, whatever it did to the tables."""
    from django.db import connections

    from guatu.hub.audit import triggers

    triggers.protect(connections[using])
