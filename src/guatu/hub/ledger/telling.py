"""When something became known, and in which post somebody said it: what a sequence number leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.timezone import localtime

from guatu.hub.accounts.models import Post
from guatu.hub.audit.models import Record
from guatu.hub.ledger.models import SequenceNumber
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Telling:
    """The moment a fact became known, and the post under which; none where the site did it by itself."""

    at: datetime | None
    post: Text | None

    @property
    def when(self) -> str:
        """The moment as pages write it."""
        return localtime(self.at).strftime("%Y-%m-%d %H:%M") if self.at is not None else ""


UNTOLD = Telling(None, None)


def tellings(sequences: Iterable[int]) -> Mapping[int, Telling]:
    """Of each sequence number; two queries at most, however many."""
    numbers = set(sequences)
    if not numbers:
        return {}
    record = Record.objects.filter(pk=OuterRef("record_id"))
    given = list(
        SequenceNumber.objects.filter(number__in=numbers)
        .annotate(post=Subquery(record.values("post_id")[:1]))
        .values_list("number", "recorded_at", "post")
    )
    posts = Post.objects.select_related("unit").in_bulk({post for _, _, post in given if post is not None})
    told = {}
    for number, at, key in given:
        post = posts.get(key or 0)
        named = Text(f"{post.unit.title.zh}{post.title.zh}", f"{post.title.en}, {post.unit.title.en}") if post else None
        told[number] = Telling(at, named)
    return told
