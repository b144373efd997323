"""What happens to the site as a whole and belongs on its record: a copy of everything leaves it, or comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.source import OnBehalf


@action("site.back_up")
def record_backup(*, backup: Mapping[str, Any], by: OnBehalf, at: datetime) -> None:
    """Say that a backup was made, with the digest of its manifest. It stands in the record after the backup's own head."""
    record(Event.SITE_BACKED_UP, subject=None, after=backup, by=by, at=at)


@action("site.restore")
def record_restoration(*, backup: Mapping[str, Any], by: OnBehalf, at: datetime) -> None:
    """Say that what comes before was restored from a backup: what was recorded since then is not here."""
    record(Event.SITE_RESTORED, subject=None, after=backup, by=by, at=at)
