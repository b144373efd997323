"""The record for programs: a feed in the order of its places, checkpoints, and how it stands with the chain.

Places are given once a record is committed, without gaps: whoever remembers the last cursor misses nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Router, Schema
from pydantic import WithJsonSchema

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.trail import Wanted
from guatu.hub.api.fields import Day, one_line
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.audit.events import Event
from guatu.hub.audit.held import ChainState
from guatu.hub.audit.models import Checkpoint, Seal
from guatu.hub.audit.source import Door

router = Router(tags=["审计 audit"])


# Every app adds kinds; the description says their form and does not list them.
Kind = Annotated[Event, WithJsonSchema({"type": "string", "pattern": r"^[a-z_]+\.[a-z_]+$"})]


class RecordOut(Schema):
    """One thing done, with its place in the chain. What is personal is a commitment: `{"commitment": "…"}`."""

    place: int = Field(title="位次 place", examples=[1200])
    hash: str = Field(title="哈希 hash", examples=["9f2c…"])
    algorithm: str = Field(title="算法 algorithm", examples=["sha256"])
    sealed_at: datetime = Field(title="封存 sealed", examples=["2026-06-15T02:30:01Z"])
    id: int = Field(title="编号 id", examples=[1203])
    kind: str = Field(title="事项 kind", examples=["unit.renamed"])
    at: datetime = Field(title="时间 when", examples=["2026-06-15T02:30:00Z"])
    person_id: int | None = Field(title="人员 who", examples=[12])
    post_id: int | None = Field(title="岗位 in which post", examples=[31])
    unit_id: int | None = Field(title="单位 of which unit", examples=[7])
    door: str = Field(title="入口 door", examples=["web"])
    subject_kind: str = Field(title="对象类别 kind of subject", examples=["accounts.unit"])
    subject_id: str = Field(title="对象编号 id of subject", examples=["7"])
    before: dict[str, Any] = Field(title="之前 before", examples=[{"title_zh": "东关镇"}])
    after: dict[str, Any] = Field(title="之后 after", examples=[{"title_zh": "东关街道"}])
    context: dict[str, Any] = Field(title="情形 context", examples=[{"reason": "市政府批复"}])


class RecordPage(Page):
    items: list[RecordOut]


class RecordsQuery(PageQuery):
    who: Annotated[str, one_line(64)] = Field(
        "", title="人员：登录名、姓名或编号 sign-in name, name or id", examples=["li"]
    )
    unit: int | None = Field(None, ge=1, le=2**63 - 1, title="单位及下属 unit and below", examples=[7])
    kind: Kind | None = Field(None, title="事项 kind", examples=["unit.renamed"])
    subject_kind: Annotated[str, one_line(64)] = Field("", title="对象类别 kind of subject", examples=["accounts.unit"])
    subject: Annotated[str, one_line(64)] = Field("", title="对象编号 id of subject", examples=["7"])
    door: Door | None = Field(None, title="入口 door", examples=["web"])
    since: Day | None = Field(None, title="从哪天起 from this day on", examples=["2026-06-01"])
    until: Day | None = Field(None, title="到哪天为止，含 up to this day, itself included", examples=["2026-06-30"])

    def wanted(self) -> Wanted:
        return Wanted(
            who=self.who,
            unit=self.unit,
            kind=self.kind or "",
            subject_kind=self.subject_kind,
            subject=self.subject,
            door=self.door or "",
            since=self.since,
            until=self.until,
        )


@router.get("/records", response=RecordPage, url_name="audit_records", summary="审计记录 The record")
def records(request: ActorRequest, page: Query[RecordsQuery]) -> object:
    """审计范围内已封存的记录，按位次。 The sealed records within the units one audits, by their places."""
    seals = Seal.objects.filter(record__in=page.wanted().records(request.actor)).select_related("record")
    found = page_of(seals, page)
    return {"items": [_out(seal) for seal in found["items"]], "next": found["next"]}


class CheckpointOut(Schema):
    """The head of the chain at a moment."""

    place: int = Field(title="位次 place", examples=[1200])
    hash: str = Field(title="哈希 hash", examples=["9f2c…"])
    made_at: datetime = Field(title="时间 made", examples=["2026-06-15T02:30:01Z"])


class CheckpointPage(Page):
    items: list[CheckpointOut]


@router.get("/checkpoints", response=CheckpointPage, url_name="audit_checkpoints", summary="检查点 Checkpoints")
def checkpoints(request: ActorRequest, page: Query[PageQuery]) -> object:
    """从早到晚。留在站外，日后用来核对。 From the first on. Kept elsewhere, the record can be held to them later."""
    return page_of(Checkpoint.objects.all(), page)


class HolderOut(Schema):
    """What a holder outside has."""

    name: str = Field(title="名称 name", examples=["archive"])
    outside: bool = Field(title="在本机之外 beyond this host", examples=[True])
    up_to: int | None = Field(title="存到第几位 up to place", examples=[1200])
    delivered_at: datetime | None = Field(title="最近交到 last delivered", examples=["2026-06-15T02:30:03Z"])
    failing_since: datetime | None = Field(title="何时起送不到 not reached since", examples=[None])


class ChainOut(Schema):
    """How it stands with the chain."""

    sealed_up_to: int = Field(title="已封存到第几位 sealed up to place", examples=[1200])
    waiting: int = Field(title="待封存 waiting to be sealed", examples=[0])
    last: CheckpointOut | None = Field(title="最近的检查点 last checkpoint", examples=[None])
    holders: list[HolderOut] = Field(title="外部留存处 holders", examples=[[]])


@router.get("/chain", response=ChainOut, url_name="audit_chain", summary="审计链的状态 State of the chain")
def chain(request: ActorRequest) -> object:
    """封存到哪里、最近的检查点、各留存处。 How far it is sealed, the last checkpoint, and what each holder has."""
    return ChainState.now()


def _out(seal: Seal) -> dict[str, Any]:
    record = seal.record
    fields = ("id", "kind", "at", "person_id", "post_id", "unit_id", "door", "subject_kind", "subject_id")
    return {
        "place": seal.place,
        "hash": seal.hash,
        "algorithm": seal.algorithm,
        "sealed_at": seal.sealed_at,
        **{name: getattr(record, name) for name in fields},
        **{name: json.loads(getattr(record, name)) for name in ("before", "after", "context")},
    }
