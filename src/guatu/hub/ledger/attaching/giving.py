"""How a kept file is given out: as what, opened, and so that a browser runs nothing in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, cast

from guatu.hub.ledger.models import Attachment
from guatu.hub.ledger.models.attachments import AttachmentState

MEDIA_TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
UNKNOWN = "application/octet-stream"
NOTHING_RUNS = "default-src 'none'; sandbox"
"""The content policy of a file: were it opened in place, nothing in it could run or load."""


def media_type(one: Attachment) -> str:
    return MEDIA_TYPES.get(one.kind, UNKNOWN)


def given_name(one: Attachment) -> str:
    """Its number and kind: what it was called may name people."""
    return f"{one.pk}.{one.kind}"


def opened(one: Attachment, *, small: bool = False) -> IO[bytes] | None:
    """What may be given out of it, or its thumbnail; None where there is none (yet, or any more)."""
    held = one.thumbnail if small else one.kept
    if one.state != AttachmentState.READY or not held:
        return None
    try:
        return cast(IO[bytes], held.open("rb"))
    except FileNotFoundError:
        return None
