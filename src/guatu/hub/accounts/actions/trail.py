"""What an auditor does with the record leaves a record itself."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.trail import Wanted, as_auditor, sees_everything
from guatu.hub.audit.acting import action
from guatu.hub.audit.delivering import note_printed
from guatu.hub.audit.events import Event
from guatu.hub.audit.exporting import Export, Piece, piece_with, whole_chain
from guatu.hub.audit.holders import HolderKind
from guatu.hub.audit.models import Checkpoint, Delivery
from guatu.hub.audit.recording import record
from guatu.text import Refusal, Text


class NothingToExport(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "audit",
            Text("没有符合条件且已封存的记录", "no sealed record is as wanted"),
            Text("放宽条件，或过一秒再试。", "Widen the filters, or try again in a second."),
        )


class TooLong(Refusal):
    """An export through a page would hold up the site."""

    def __init__(self, piece: Piece, most: int) -> None:
        super().__init__(
            "audit",
            Text(
                f"这次导出要经过 {piece.rows} 位，网页上最多 {most} 位",
                f"this export spans {piece.rows} places, through a page {most} at most",
            ),
            Text(
                "缩短起止日期，或在服务器上运行 guatu audit export。",
                "Narrow the days, or run guatu audit export on the server.",
            ),
        )


@action("audit.export")
def export_audit(*, wanted: Wanted, most: int | None = None, by: Actor, at: datetime) -> Export:
    """A piece of the chain that holds what is wanted; the rest of it is there as digests, so that it can be checked."""
    under = as_auditor(by)
    shown = None if sees_everything(by) and not wanted.said() else wanted.records(by)
    piece = whole_chain() if shown is None else piece_with(shown)
    if not piece.shown:
        raise NothingToExport
    if most is not None and piece.rows > most:
        raise TooLong(piece, most)
    record(
        Event.AUDIT_EXPORTED,
        subject=None,
        after={
            "from_place": piece.first,
            "to_place": piece.last,
            "records": piece.shown,
            "filters": wanted.recorded(),
        },
        by=under,
        at=at,
    )
    return Export(piece, at, shown)


@action("audit.note_printed")
def note_checkpoint_printed(*, checkpoint: Checkpoint, holder: str, where: str, by: Actor, at: datetime) -> Delivery:
    """That a checkpoint was printed and filed outside: `where` says in which paper or folder."""
    under = as_auditor(by)
    if holder not in {one.name for one in settings.AUDIT_HOLDERS if one.kind is HolderKind.PAPER}:
        raise Refusal(
            holder,
            Text("没有这个纸质留存处", "there is no such holder on paper"),
            Text(
                "从列表里选；留存处在 GUATU_AUDIT_HOLDERS 里设。",
                "Choose from the list; GUATU_AUDIT_HOLDERS names the holders.",
            ),
        )
    if not where.strip():
        raise Refusal(
            "where",
            Text("没有说存在哪里", "it is not said where it is kept"),
            Text("写上文号、期号或档案盒号。", "Give the paper's number, issue or box."),
        )
    delivery = note_printed(checkpoint, holder, where.strip(), at=at)
    record(
        Event.CHECKPOINT_PRINTED,
        subject=checkpoint,
        after={"place": checkpoint.place, "holder": holder, "where": where.strip()},
        by=under,
        at=at,
    )
    return delivery
