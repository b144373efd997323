"""Files no attachment knows: left by a change that was taken back, or by a crash before they were deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, default_storage

from guatu.hub.ledger.models import Attachment

FOLDER = "attachments"
AFTER = timedelta(days=1)
"""A file is older than any change under way before it counts as left over."""


def remove_leftovers(at: datetime) -> int:
    """Delete them; how many there were."""
    rows = Attachment.objects.values_list("sent", "kept", "thumbnail")
    known = {name for row in rows.iterator() for name in row if name}
    removed = 0
    for name in _old_files(default_storage, FOLDER, at):
        if name not in known:
            default_storage.delete(name)
            removed += 1
    return removed


def _old_files(storage: Storage, folder: str, at: datetime) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if at - storage.get_modified_time(f"{folder}/{name}") > AFTER:
            yield f"{folder}/{name}"
    for inner in folders:
        yield from _old_files(storage, f"{folder}/{inner}", at)
