"""Workbooks for programs: sent into a ledger, followed, taken, undone, discarded, given back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.api.fields import Because, Body, IdAsked, named_in_body, one_line
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.imports import discard_import
from guatu.hub.ledger.importing.dealing import WORKBOOK, draw_anew, handed_out, marked_name, send_in, take_in, undo_all
from guatu.hub.ledger.models import Import
from guatu.hub.ledger.models.imports import ImportState, Stage

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
    stage: Stage = Field(title="后台办到哪一步 what the worker is at", examples=["reading"])
    rows_read: int = Field(title="这一步共几行 rows of that stage", examples=[400])
    rows_done: int = Field(title="已办几行 rows of it done", examples=[120])
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


class SendIn(Body):
    """For whom and for which round a workbook is sent."""

    unit_id: Annotated[IdAsked, Field(title="报送单位 for which unit", examples=[7])]
    period: Annotated[str, one_line(16, least=4)] = Field(title="期 round", examples=["2026-06"])


@ledger_router.post(
    "/{slug:ledger_key}/imports",
    response={201: ImportOut},
    url_name="ledger_imports",
    summary="报送工作簿 Send a workbook",
)
def send(
    request: ActorRequest,
    ledger_key: str,
    about: Form[SendIn],
    workbook: File[Annotated[UploadedFile, Field(title="工作簿 workbook")]],
) -> Status[Import]:
    """后台读它；读完才有发现和预览。 The worker reads it; then there are findings and a preview."""
    sent = send_in(
        ledger=ledger_of(ledger_key),
        unit=named_in_body(Unit.objects.visible_to(request.actor).filter(closed_on=None), "unit_id", about.unit_id),
        period=about.period, file_name=workbook.name or "", content=workbook.read(), language=spoken(), by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, sent)


@router.get("/{int:import_id}", response=ImportOut, url_name="import", summary="一个工作簿 One workbook")
def one(request: ActorRequest, import_id: int) -> object:
    """读到哪一步、会改什么、退回没有。 How far it came, what it would change, whether it was refused."""
    return import_seen(request, import_id)


@router.post("/{int:import_id}/take", response=ImportOut, url_name="import_take", summary="入账 Take a workbook")
def take(request: ActorRequest, import_id: int) -> object:
    """预览的全部（例外除外），或一项也不；大的交后台，状态为 taking。 All that the preview shows but what was left out, or nothing."""
    return take_in(sent=import_seen(request, import_id), by=request.actor, at=timezone.now())


@router.post("/{int:import_id}/read", response=ImportOut, url_name="import_read", summary="重新生成预览 Read it again")
def read(request: ActorRequest, import_id: int) -> object:
    """按台账现在的样子再读一遍。 Once more, for a preview of what is so now."""
    return draw_anew(sent=import_seen(request, import_id), by=request.actor, at=timezone.now())


class UndoIn(Body):
    """Why."""

    reason: Because


@router.post("/{int:import_id}/undo", response=ImportOut, url_name="import_undo", summary="撤销入账 Undo a workbook")
def undo(request: ActorRequest, import_id: int, body: UndoIn) -> object:
    """它改的都回到原来；之后又有人改过就不办。 What it changed goes back, as new revisions; refused if somebody built on it."""
    found = import_seen(request, import_id)
    return undo_all(sent=found, reason=body.reason, by=request.actor, at=timezone.now())


@router.post(
    "/{int:import_id}/discard", response=ImportOut, url_name="import_discard", summary="作废 Discard a workbook"
)
def discard(request: ActorRequest, import_id: int) -> object:
    """不入账；原件和发现还在。 Not to be taken; the file and what was found in it stay."""
    return discard_import(sent=import_seen(request, import_id), by=request.actor, at=timezone.now())


def _content(*kinds: str) -> dict[str, Any]:
    file = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": "文件 The file", "content": dict.fromkeys(kinds, file)}}}


_ANY = "application/octet-stream"


@router.get(
    "/{int:import_id}/file", url_name="import_file", summary="报来的原件 The file as sent", openapi_extra=_content(_ANY)
)
def file(request: ActorRequest, import_id: int) -> HttpResponse:
    """一个字节不差。 To the byte."""
    found = import_seen(request, import_id, Permission.IMPORT_REPORTS)
    return handed_out(found.file, found.file_name, _ANY)


@router.get(
    "/{int:import_id}/marked",
    url_name="import_marked",
    summary="标注了问题的工作簿 The workbook with findings marked",
    openapi_extra=_content(WORKBOOK),
)
def marked(request: ActorRequest, import_id: int) -> HttpResponse:
    """每处发现标在格子上，改好再报；还没有读就没有。 Every finding at its cell, to be mended and sent again; 404 before it is read."""
    found = import_seen(request, import_id, Permission.IMPORT_REPORTS)
    if not found.marked:
        raise Http404
    return handed_out(found.marked, marked_name(found, spoken()), WORKBOOK)


def import_seen(request: ActorRequest, import_id: int, permission: Permission = Permission.SEE_ITEMS) -> Import:
    """The workbook of an address; 404 if it is not there or may not be seen, or dealt with."""
    seen = Import.objects.visible_to(request.actor, permission).select_related("ledger__pack", "unit")
    return get_object_or_404(seen.defer("ledger__pack__files"), pk=import_id)
