"""What becomes known at a sequence number and is never overwritten: a later word supersedes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from typing import Self


class Known(models.Model):
    """A fact known from a sequence number on, until that of the later one that superseded it."""

    sequence = models.BigIntegerField()
    superseded_by_sequence = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def stood_at(self, sequence: int) -> bool:
        """Whether it was known by a sequence number, and not superseded by then."""
        later = self.superseded_by_sequence
        return self.sequence <= sequence and (later is None or later > sequence)


T = TypeVar("T", bound=Known, covariant=True)


class KnownQuerySet(models.QuerySet[T]):
    def in_force(self, known_by: int | None = None) -> Self:
        """Facts not superseded by now, or by a sequence number."""
        if known_by is None:
            return self.filter(superseded_by_sequence=None)
        known = self.filter(sequence__lte=known_by)
        return known.filter(Q(superseded_by_sequence=None) | Q(superseded_by_sequence__gt=known_by))
