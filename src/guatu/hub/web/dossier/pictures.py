"""The latest pictures and files of an item, with when and where a picture was taken; and papers of the goals it brings about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations.goals import Goals
from guatu.hub.accounts.actor import Actor
from guatu.hub.composed import ByKey
from guatu.hub.ledger.goals.schemes import schemes
from guatu.hub.ledger.models import Attachment, Goal, Item, Paper
from guatu.hub.ledger.models.attachments import AttachmentState
from guatu.text import Text

SHOWN = 8
_PICTURES = ByKey(
    lambda item: Attachment.objects.filter(item=item, state=AttachmentState.READY).order_by("-submitted_at", "-pk")[
        :SHOWN
    ]
)


@dataclass(frozen=True, slots=True)
class Picture:
    one: Attachment
    milestone: Text | None
    taken: str
    place: str


def pictures_of(item: Item, ledger: LedgerDeclaration) -> list[Picture]:
    """Those that may be given out, the latest first."""
    return [
        Picture(
            one, ledger.milestones[one.milestone].title if one.milestone in ledger.milestones else None,
            one.taken_at[:16].replace("T", " "),
            f"{one.latitude[:9]}, {one.longitude[:10]}" if one.latitude and one.longitude else "",
        )
        for one in _PICTURES.all(item.pk)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """The last version of a paper of a goal, and how many have signed it."""

    paper: Paper
    title: Text
    signed: int


def papers_of(goals: Iterable[Goal], actor: Actor) -> list[Signed]:
    """Of each goal and kind of paper the last version, where the actor may read it."""
    of = [one.pk for one in goals]
    if not of:
        return []
    held = Paper.objects.visible_to(actor).filter(goal__in=of).select_related("goal")
    last: dict[tuple[int, str], Paper] = {}
    for one in held.prefetch_related("signatures").order_by("version"):
        last[one.goal_id, one.kind] = one
    known = schemes() if last else {}
    return [Signed(one, _titled(one, known), len(one.signatures.all())) for one in last.values()]


def _titled(paper: Paper, known: Mapping[str, Goals]) -> Text:
    scheme = known.get(paper.goal.pack)
    declared = scheme.papers.get(paper.kind) if scheme is not None else None
    return declared.title if declared is not None else Text(paper.kind, paper.kind)
