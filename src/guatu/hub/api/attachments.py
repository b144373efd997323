"""Files of items and goals for programs: what there is of each, the file itself, sending one, erasing one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Because, Body, Key
from guatu.hub.api.goals import goal_seen
from guatu.hub.api.goals import router as goal_router
from guatu.hub.api.items import item_seen
from guatu.hub.api.items import router as item_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.attachments import attach, erase_attachment
from guatu.hub.ledger.attaching.giving import MEDIA_TYPES, NOTHING_RUNS, given_name, media_type, opened
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Attachment, Goal, Item
from guatu.hub.ledger.models.attachments import AttachmentState

router = Router(tags=["附件 attachments"])
Sent = Annotated[UploadedFile, Field(title="文件 file")]


class AttachedOut(Schema):
    """A file as it is known by its content alone."""

    id: int = Field(title="编号 id", examples=[15])
    item_id: int | None = Field(title="事项 item", examples=[12])
    goal_id: int | None = Field(title="目标 goal", examples=[None])
    milestone: str = Field(title="证明哪个节点 evidence of milestone", examples=["started"])
    state: AttachmentState = Field(title="状态 state", examples=["ready"])
    sha256: str = Field(title="所送文件的 SHA-256 SHA-256 of what was sent", examples=["9f2c…"])
    size: int = Field(title="字节 bytes of what was sent", examples=[184320])
    submitted_at: datetime = Field(title="收到 received", examples=["2026-06-02T01:20:00Z"])


class AttachmentOut(AttachedOut):
    """A file with what was found in it."""

    name: str = Field(title="原文件名，删除后为空 name it was sent under, blank once erased", examples=["现场.jpg"])
    kind: str = Field(title="种类 kind", examples=["jpg"])
    kept_sha256: str = Field(title="给出文件的 SHA-256 SHA-256 of what is given out", examples=["1b7e…"])
    width: int | None = Field(title="宽 width in pixels", examples=[1600])
    height: int | None = Field(title="高 height in pixels", examples=[1200])
    taken_at: str = Field(title="拍摄时间 when it was taken, by the camera's clock", examples=["2026-06-01T09:12:00"])
    latitude: str = Field(title="拍摄纬度 latitude, WGS 84", examples=["36.1"])
    longitude: str = Field(title="拍摄经度 longitude, WGS 84", examples=["120.4"])
    refusal_zh: str = Field(title="为什么不收 why it was refused", examples=[""])
    refusal_en: str = Field(title="为什么不收（英文） why it was refused, in English", examples=[""])


class AttachmentPage(Page):
    items: list[AttachmentOut]


class AttachmentsQuery(PageQuery):
    milestone: Key | None = Field(None, title="证明哪个节点 evidence of milestone", examples=["started"])
    state: AttachmentState | None = Field(None, title="状态 state", examples=["ready"])


class AboutItIn(Body):
    """What is said with a file of an item."""

    milestone: Key = Field("", title="证明哪个节点 evidence of milestone", examples=["started"])


@item_router.get(
    "/{int:item_id}/attachments",
    response=AttachmentPage,
    url_name="item_attachments",
    summary="事项的附件 Files of an item",
)
def of_item(request: ActorRequest, item_id: int, page: Query[AttachmentsQuery]) -> object:
    """每个文件的来历、种类、状态。 Where each comes from, what it is, how it stands."""
    return _page(Attachment.objects.filter(item=item_seen(request, item_id)), page)


@item_router.post(
    "/{int:item_id}/attachments",
    response={201: AttachedOut},
    url_name="item_attachments",
    summary="附一个文件 Attach a file to an item",
)
def send(request: ActorRequest, item_id: int, about: Form[AboutItIn], file: File[Sent]) -> Status[Attachment]:
    """先查验，状态为 ready 才给出。 It is looked at first, and given out once its state is `ready`."""
    return _sent(request, item_seen(request, item_id), file, about.milestone)


@goal_router.get(
    "/{int:goal_id}/attachments",
    response=AttachmentPage,
    url_name="goal_attachments",
    summary="目标的附件 Files of a goal",
)
def of_goal(request: ActorRequest, goal_id: int, page: Query[AttachmentsQuery]) -> object:
    """每个文件的来历、种类、状态。 Where each comes from, what it is, how it stands."""
    return _page(Attachment.objects.filter(goal=goal_seen(request, goal_id)), page)


@goal_router.post(
    "/{int:goal_id}/attachments",
    response={201: AttachedOut},
    url_name="goal_attachments",
    summary="附一个文件 Attach a file to a goal",
)
def send_to_goal(request: ActorRequest, goal_id: int, file: File[Sent]) -> Status[Attachment]:
    """先查验，状态为 ready 才给出。 It is looked at first, and given out once its state is `ready`."""
    return _sent(request, goal_seen(request, goal_id), file, "")


@router.get("/{int:attachment_id}", response=AttachmentOut, url_name="attachment", summary="一个附件 One file")
def attachment(request: ActorRequest, attachment_id: int) -> object:
    """是什么、查验了没有、为什么不收。 What it is, whether it was looked at, why it was refused."""
    return _seen(request, attachment_id)


_CONTENT: dict[str, Any] = {
    "responses": {
        200: {
            "description": "文件 The file",
            "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in MEDIA_TYPES.values()},
        }
    }
}


@router.get(
    "/{int:attachment_id}/file",
    url_name="attachment_file",
    summary="附件的内容 The file itself",
    openapi_extra=_CONTENT,
)
def file(request: ActorRequest, attachment_id: int) -> FileResponse:
    """照片已重新编码，去掉了拍摄信息。 Pictures are encoded anew, without what the camera wrote into them."""
    found = _seen(request, attachment_id)
    content = opened(found)
    if content is None:
        raise Http404
    answer = FileResponse(content, as_attachment=True, filename=given_name(found), content_type=media_type(found))
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    return answer


class EraseIn(Body):
    """Why it goes."""

    reason: Because


@router.post(
    "/{int:attachment_id}/erase", response=AttachedOut, url_name="attachment_erase", summary="删除附件 Erase a file"
)
def erase(request: ActorRequest, attachment_id: int, body: EraseIn) -> object:
    """文件、文件名、拍摄时间地点都删掉，不能找回。 The file, its name, when and where it was taken are gone for good."""
    one = _seen(request, attachment_id)
    return erase_attachment(one=one, reason=body.reason, by=request.actor, at=timezone.now())


def _sent(request: ActorRequest, to: Item | Goal, file: UploadedFile, milestone: str) -> Status[Attachment]:
    """The answer, which is kept for repeats, does not say what the file is called: it may be erased before."""
    one = attach(
        to=to, name=file.name or "", content=file.read(), milestone=milestone, by=request.actor, at=timezone.now()
    )
    look_at_attachment.enqueue(one.pk)
    return Status(201, one)


def _page(held: Any, page: AttachmentsQuery) -> dict[str, Any]:
    wanted = {name: value for name in ("milestone", "state") if (value := getattr(page, name)) is not None}
    return page_of(held.filter(**wanted), page)


def _seen(request: ActorRequest, attachment_id: int) -> Attachment:
    return get_object_or_404(
        Attachment.objects.visible_to(request.actor).select_related("item__unit", "item__ledger", "goal__unit"),
        pk=attachment_id,
    )
