"""Commitment papers for programs: versions drawn, what each says, as facts or as a Word file, and who signed.

People sign them, on the page: posts that may sign have no tokens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from guatu.declarations.goals import Goals
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Body, Key
from guatu.hub.api.goals import goal_seen
from guatu.hub.api.goals import router as goal_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.papers import draw_paper
from guatu.hub.ledger.goals.paper_facts import still_so
from guatu.hub.ledger.goals.paper_shown import Place, places_of
from guatu.hub.ledger.goals.paper_written import DOCX, word_name, word_of
from guatu.hub.ledger.goals.schemes import paper_named, scheme_of
from guatu.hub.ledger.models import Paper

__all__ = ["goal_router", "router"]

router = Router(tags=["责任状 papers"])
_DIGEST = "5f0c8a52" * 8


class PaperOut(Schema):
    """One version of a paper: it never changes."""

    id: int = Field(title="编号 id", examples=[9])
    goal_id: int = Field(title="目标 goal", examples=[4])
    kind: str = Field(title="哪种责任状 kind of paper", examples=["letter"])
    version: int = Field(title="第几版 version", examples=[1])
    digest: str = Field(title="内容的 SHA-256 SHA-256 of what it says", examples=[_DIGEST])
    drawn_at: datetime = Field(title="生成时间 drawn", examples=["2026-03-02T01:20:00Z"])
    record_id: int = Field(title="审计记录 record of the audit", examples=[1203])


class PaperPage(Page):
    items: list[PaperOut]


class PlaceOut(Schema):
    """Where a paper is to be signed. Ids, never names."""

    slot: str = Field(title="责任 slot", examples=["commander"])
    title_zh: str = Field(title="责任名称 what it is called", examples=["指挥长"])
    title_en: str = Field(title="责任名称（英文） what it is called in English", examples=["Commander"])
    person_id: int | None = Field(title="生成时由谁负责：人 person who held it when drawn", examples=[None])
    unit_id: int | None = Field(title="生成时由谁负责：单位 unit that held it when drawn", examples=[2])
    post_id: int | None = Field(title="以哪个岗位签的 post in which it was signed", examples=[7])
    signed_at: datetime | None = Field(title="签字时间 signed", examples=["2026-03-03T02:00:00Z"])


class PaperReadOut(PaperOut):
    """A version with all that it says."""

    title_zh: str = Field(title="名称 title", examples=["责任状"])
    title_en: str = Field(title="名称（英文） title in English", examples=["Letter of commitment"])
    is_last: bool = Field(title="最新一版 the last version", examples=[True])
    outdated: bool = Field(title="之后有变化，要重新生成 outdated: what it says is no longer so", examples=[False])
    facts: dict[str, Any] = Field(
        title="内容 what it says",
        description="按编号，不含姓名；digest 是它的规范 JSON 的 SHA-256 By ids, not names; `digest` is that of its canonical JSON",
        examples=[{"kind": "letter", "goal": 4, "targets": []}],
    )
    places: list[PlaceOut] = Field(title="签字栏 where it is signed", examples=[[]])


@goal_router.get(
    "/{int:goal_id}/papers", response=PaperPage, url_name="goal_papers", summary="目标的责任状 Papers of a goal"
)
def of_goal(request: ActorRequest, goal_id: int, page: Query[PageQuery]) -> object:
    """每一版都在；看得到牵头单位的才看得到。 Every version; only to whoever sees the goal's owner."""
    return page_of(Paper.objects.visible_to(request.actor).filter(goal=goal_seen(request, goal_id)), page)


class DrawIn(Body):
    """Which paper."""

    kind: Annotated[Key, Field(title="哪种责任状 kind of paper", examples=["letter"])]


@goal_router.post(
    "/{int:goal_id}/papers", response={201: PaperOut}, url_name="goal_papers", summary="生成责任状 Draw a paper"
)
def draw(request: ActorRequest, goal_id: int, body: DrawIn) -> Status[Paper]:
    """照现在的目标、节点、责任生成下一版；没有变化就不办。 The next version, of what is so now; refused while nothing has changed."""
    goal = goal_seen(request, goal_id)
    return Status(201, draw_paper(goal=goal, kind=body.kind, by=request.actor, at=timezone.now()))


@router.get("/{int:paper_id}", response=PaperReadOut, url_name="paper", summary="一份责任状 One paper")
def one(request: ActorRequest, paper_id: int) -> object:
    """说了什么、过时没有、谁签了。 What it says, whether it is outdated, who has signed."""
    found, scheme = _seen(request, paper_id)
    declared = paper_named(scheme, found.kind)
    holders = {each["slot"]: each for each in found.facts.get("signers", ())}
    said = {name: getattr(found, name) for name in PaperOut.model_fields}
    return said | {
        "title_zh": declared.title.zh,
        "title_en": declared.title.en,
        "is_last": not found.goal.papers.filter(kind=found.kind, version__gt=found.version).exists(),
        "outdated": not still_so(found.goal, found, declared),
        "facts": found.facts,
        "places": [_place_out(each, holders.get(each.slot, {})) for each in places_of(found, scheme)],
    }


_CONTENT: dict[str, Any] = {
    "responses": {200: {"description": "文件 The file", "content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}}
}  # fmt: skip


@router.get(
    "/{int:paper_id}/word",
    url_name="paper_word",
    summary="责任状的 Word 文件 A paper as a Word file",
    openapi_extra=_CONTENT,
)
def word(request: ActorRequest, paper_id: int) -> HttpResponse:
    """用请求的语言，可打印。 In the request's language, to be printed."""
    found, scheme = _seen(request, paper_id)
    answer = HttpResponse(word_of(found, scheme, spoken()), content_type=DOCX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{word_name(found)}"'
    return answer


def _place_out(place: Place, holder: dict[str, Any]) -> dict[str, Any]:
    signed = place.signed
    return {
        "slot": place.slot, "title_zh": place.title.zh, "title_en": place.title.en, "person_id": holder.get("person"),
        "unit_id": holder.get("unit"), "post_id": signed.post_id if signed else None,
        "signed_at": signed.signed_at if signed else None,
    }  # fmt: skip


def _seen(request: ActorRequest, paper_id: int) -> tuple[Paper, Goals]:
    found = get_object_or_404(
        Paper.objects.visible_to(request.actor).select_related("goal__unit", "goal__parent"), pk=paper_id
    )
    return found, scheme_of(found.goal)
