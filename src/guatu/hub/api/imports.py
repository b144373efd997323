"""Workbooks sent into ledgers, for programs to follow; they are sent and decided on by people, on the pages."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import IdAsked
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.models import Import
from guatu.hub.ledger.models.imports import ImportState

router = Router(tags=["报送 imports"])


class ImportOut(Schema):
    """One workbook sent for a unit and a round, and how far it came."""

    id: int = Field(title="编号 id", examples=[5])
    ledger: str = Field(title="台账 ledger", alias="ledger.key", examples=["works"])
    unit_id: int = Field(title="报送单位 unit", examples=[7])
    period: str = Field(title="期 round", examples=["2026-06"])
    file_name: str = Field(title="文件名 file name", examples=["东关镇.xlsx"])
    sha256: str = Field(title="文件的 SHA-256 SHA-256 of the file", examples=["9f2c…"])
    state: ImportState = Field(title="状态 state", examples=["ready"])
    submitted_at: datetime = Field(title="收到 received", examples=["2026-07-02T01:20:00Z"])
    counts: dict[str, int] = Field(
        title="变更和发现的个数 how many changes and findings of each kind",
        examples=[{"new": 3, "changed": 12, "same": 110}],
    )
    refusal_zh: str = Field(title="为什么退回 why it was refused", examples=[""])
    refusal_en: str = Field(title="为什么退回（英文） why it was refused, in English", examples=[""])
    first_sequence: int | None = Field(title="入账的变更序号 sequence of what it changed", examples=[1207])
    last_sequence: int | None = Field(
        title="最后的变更序号 last sequence, of its undoing if it was undone", examples=[1207]
    )


class ImportPage(Page):
    items: list[ImportOut]


class ImportsQuery(PageQuery):
    unit: IdAsked | None = Field(None, title="报送单位 unit", examples=[7])
    state: ImportState | None = Field(None, title="状态 state", examples=["ready"])


@ledger_router.get(
    "/{slug:ledger_key}/imports", response=ImportPage, url_name="ledger_imports", summary="报送的工作簿 Workbooks sent"
)
def imports(request: ActorRequest, ledger_key: str, page: Query[ImportsQuery]) -> object:
    """为管辖范围内的单位报送的。 Those sent for units one may see."""
    found = Import.objects.visible_to(request.actor).filter(ledger=ledger_of(ledger_key)).select_related("ledger")
    wanted = {"unit_id": page.unit, "state": page.state}
    return page_of(found.filter(**{name: value for name, value in wanted.items() if value is not None}), page)


@router.get("/{int:import_id}", response=ImportOut, url_name="import", summary="一个工作簿 One workbook")
def one(request: ActorRequest, import_id: int) -> object:
    """读到哪一步、会改什么、退回没有。 How far it came, what it would change, whether it was refused."""
    return get_object_or_404(Import.objects.visible_to(request.actor).select_related("ledger"), pk=import_id)
