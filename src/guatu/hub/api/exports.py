"""Items as files for programs, on the router of `ledgers`."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Query

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.items import Asking
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.ledger.actions.exports import export_items
from guatu.hub.ledger.exports.formats import MEDIA_TYPES, Format

__all__ = ["ledger_router"]


class ExportQuery(Asking):
    format: Format = Field(Format.CSV, title="格式 format", examples=["csv"])


_FILES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "文件 The file",
            "content": {
                media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for media_type in MEDIA_TYPES.values()
            },
        }
    }
}


@ledger_router.get(
    "/{slug:ledger_key}/export", url_name="ledger_export", summary="导出事项 Export items", openapi_extra=_FILES
)
def export(request: ActorRequest, ledger_key: str, query: Query[ExportQuery]) -> StreamingHttpResponse:
    """边读边发；谁导出了什么，审计里有。 It flows while it is read; the record says who took what."""
    made = export_items(
        ledger=ledger_of(ledger_key),
        asked=query.asked(),
        format=query.format,
        language=spoken(),
        by=request.actor,
        at=timezone.now(),
    )
    return StreamingHttpResponse(
        made.chunks(),
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.file_name}"'},
    )
