"""API tokens for programs: which there are, and ending them. They are issued on the site alone."""

from __future__ import annotations

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from guatu.hub.accounts.actions.tokens import revoke_token
from guatu.hub.accounts.models import ApiToken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.pages import Page, PageQuery, page_of

router = Router(tags=["令牌 tokens"])


class TokenOut(Schema):
    """A token without its secret, which nobody can see again."""

    id: int = Field(title="编号 id", examples=[3])
    name: str = Field(title="名称 name", examples=["报表程序"])
    post_id: int = Field(title="岗位 post", examples=[31])
    issued_at: datetime = Field(title="签发 issued", examples=["2026-06-15T02:30:00Z"])
    expires_on: date = Field(title="失效日 first day it no longer counts", examples=["2026-12-31"])
    revoked_at: datetime | None = Field(title="吊销 revoked", examples=[None])


class TokenPage(Page):
    items: list[TokenOut]


@router.get("", response=TokenPage, url_name="tokens", summary="令牌列表 List tokens")
def tokens(request: ActorRequest, page: Query[PageQuery]) -> object:
    """本人的令牌；管理登录的岗位还看到管辖范围内的。 One's own; a post that looks after sign-in also sees those of its units."""
    return page_of(ApiToken.objects.visible_to(request.actor), page)


@router.post("/{int:token_id}/revoke", response=TokenOut, url_name="token_revoke", summary="吊销令牌 Revoke a token")
def revoke(request: ActorRequest, token_id: int) -> object:
    """立刻失效，不能恢复。 It stops at once, for good."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.actor).select_related("post__unit"), pk=token_id)
    return revoke_token(token=token, by=request.actor, at=timezone.now())
