"""Which lights moved: since the round before, and since somebody last looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from guatu.engine.values.severity import Severity
from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.assessment.reading import latest_runs, worst_first
from guatu.hub.ledger.models import Item

WORSE, BETTER = "worse", "better"


def moved_in(runs: Sequence[Run]) -> QuerySet[ItemLight]:
    """Lights of these runs that are others than the round before: what got worse first, the worst of it first."""
    moved = ItemLight.objects.filter(run__in=[one.pk for one in runs], change__in=(WORSE, BETTER))
    worse_first = Case(When(change=WORSE, then=Value(0)), default=Value(1))
    return moved.exclude(severity=Severity.NOT_JUDGED.value).order_by(worse_first, worst_first(), "item_id")


def moved_since(items: QuerySet[Item], at: datetime) -> QuerySet[ItemLight]:
    """Lights of these items that moved in the latest round of their ledger, judged since; not those an earlier run of the
    same round had told of already. Two queries, the second when it is read."""
    runs = [one for one in latest_runs().values() if one.judged_at and one.judged_at > at]
    told = Q(pk=None)
    for one in runs:
        same_round = Q(run__ledger=one.ledger_id, run__period=one.period, run__rulebook=one.rulebook)
        told |= same_round & Q(run__judged_at__lte=at)
    before = ItemLight.objects.filter(told, item=OuterRef("item"), severity=OuterRef("severity"))
    return moved_in(runs).filter(~Exists(before), item__in=items.order_by().values("pk"))
