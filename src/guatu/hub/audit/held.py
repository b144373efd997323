"""How it stands with the chain: how far it is sealed, the last checkpoint, and what each holder outside has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.timezone import localtime

from guatu.hub.audit.holders import Holder, HolderKind, shortcoming
from guatu.hub.audit.models import Checkpoint, Delivery, HolderState, Record, Seal
from guatu.hub.audit.moments import instant
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Handed:
    """A checkpoint and the holders that have it."""

    checkpoint: Checkpoint
    holders: tuple[str, ...]

    def said(self) -> dict[str, object]:
        one = self.checkpoint
        return {"place": one.place, "hash": one.hash, "made_at": instant(one.made_at), "holders": list(self.holders)}


def latest_checkpoints(count: int) -> list[Handed]:
    """The newest first."""
    found = Checkpoint.objects.order_by("-id").prefetch_related("deliveries")[:count]
    return [Handed(one, tuple(sorted(delivery.holder for delivery in one.deliveries.all()))) for one in found]


@dataclass(frozen=True, slots=True)
class HolderNow:
    """What a holder has, and whether it can be reached."""

    name: str
    title: Text
    outside: bool
    up_to: int | None
    """The furthest place of which it holds a checkpoint."""
    delivered_at: datetime | None
    failing_since: datetime | None
    problem: str

    @property
    def words(self) -> Text:
        if self.failing_since is not None:
            since = localtime(self.failing_since).strftime("%Y-%m-%d %H:%M")
            return Text(f"自 {since} 起送不到：{self.problem}", f"not reached since {since}: {self.problem}")
        if self.up_to is None or self.delivered_at is None:
            return Text("还没有收到检查点", "has no checkpoint yet")
        at = localtime(self.delivered_at).strftime("%Y-%m-%d %H:%M")
        return Text(f"存到第 {self.up_to} 位（{at}）", f"up to place {self.up_to} ({at})")


@dataclass(frozen=True, slots=True)
class ChainState:
    """What stands at the top of the auditor's page."""

    sealed_up_to: int
    waiting: int
    """Committed records not sealed yet."""
    last: Checkpoint | None
    holders: tuple[HolderNow, ...]
    shortcoming: Text | None

    @classmethod
    def now(cls, holders: Sequence[Holder] | None = None) -> ChainState:
        configured = settings.AUDIT_HOLDERS if holders is None else holders
        head = Seal.objects.order_by("-place").values_list("place", "record_id").first()
        place, record_id = head or (0, 0)
        return cls(
            sealed_up_to=place,
            waiting=Record.objects.filter(id__gt=record_id, seal=None).count(),
            last=Checkpoint.objects.order_by("-id").first(),
            holders=tuple(_now(holder) for holder in configured),
            shortcoming=shortcoming(configured),
        )

    @property
    def summary(self) -> Text:
        if not self.sealed_up_to:
            return Text("还没有封存任何记录", "No record has been sealed yet")
        if self.last is None:
            return Text(
                f"已封存到第 {self.sealed_up_to} 位，还没有检查点",
                f"Sealed to place {self.sealed_up_to}, no checkpoint yet",
            )
        made = localtime(self.last.made_at).strftime("%Y-%m-%d %H:%M:%S")
        return Text(
            f"已封存到第 {self.sealed_up_to} 位；最近的检查点在第 {self.last.place} 位（{made}）",
            f"Sealed to place {self.sealed_up_to}; the last checkpoint is of place {self.last.place} ({made})",
        )


def _now(holder: Holder) -> HolderNow:
    state = HolderState.objects.filter(pk=holder.name).first()
    if holder.kind is HolderKind.PAPER:
        last = Delivery.objects.filter(holder=holder.name).select_related("checkpoint").order_by("-id").first()
    else:
        up_to = state.delivered_up_to if state else 0
        last = Delivery.objects.filter(holder=holder.name, checkpoint_id=up_to).select_related("checkpoint").first()
    return HolderNow(
        name=holder.name,
        title=holder.title,
        outside=holder.is_outside(),
        up_to=last.checkpoint.place if last else None,
        delivered_at=last.delivered_at if last else None,
        failing_since=state.failing_since if state else None,
        problem=state.problem if state else "",
    )
