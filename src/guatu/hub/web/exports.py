"""Items as a file: what the list above shows, all pages of it."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.exports import export_items
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import Format
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.posted import posted


@require_POST
def export(request: ActorRequest, ledger_key: str) -> StreamingHttpResponse:
    """A file that flows; a format nobody offers is a workbook."""
    chosen = [one for one in Format if one == posted(request, "format")]
    made = export_items(
        ledger=ledger_of(ledger_key),
        asked=ItemsAsked.of(request.POST),
        format=chosen[0] if chosen else Format.XLSX,
        language=spoken(),
        by=request.actor,
        at=timezone.now(),
    )
    response = StreamingHttpResponse(made.chunks(), content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    response["Cache-Control"] = "no-store"
    return response
