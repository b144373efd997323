"""What time makes useless goes once an hour: keys of requests that will not be repeated any more, sessions that have
ended, files no attachment knows."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone

from guatu.hub.audit.idempotency import forget_keys
from guatu.hub.ledger.attaching.leftovers import remove_leftovers

log = logging.getLogger("guatu.worker")
EVERY_SECONDS = 3600


def tidy(at: datetime) -> int:
    """Remove what is useless at a moment; how many keys there were."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    remove_leftovers(at)
    return forget_keys(at)


def keep_tidy(stop: threading.Event) -> None:
    """Tidy now and every hour until told to stop. Several workers do one another's work; that harms nobody."""
    while True:
        try:
            close_old_connections()
            log.info("%d keys of repeats removed", tidy(timezone.now()))
        except Exception:  # the database may be away for a while; the next hour tries again
            log.exception("The worker could not tidy up")
        if stop.wait(EVERY_SECONDS):
            connection.close()
            return
