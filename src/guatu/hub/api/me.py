"""Who the token speaks for, and what it may do."""

from __future__ import annotations

from datetime import date

from ninja import Field, Router, Schema

from guatu.hub.accounts.models import ApiToken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES

router = Router(tags=["本人 me"])


class Me(Schema):
    """A token acts in one post of one person."""

    person_id: int = Field(title="人员 person", examples=[12])
    name: str = Field(title="姓名 name", examples=["李填报"])
    post_id: int = Field(title="岗位 post", examples=[31])
    unit_id: int = Field(title="单位 unit", examples=[7])
    role: str = Field(title="角色 role", examples=["reporter"])
    permissions: list[str] = Field(title="权限 permissions", examples=[["issue_tokens", "see_units"]])
    token_id: int = Field(title="令牌 token", examples=[3])
    token_name: str = Field(title="令牌名称 its name", examples=["报表程序"])
    expires_on: date = Field(title="失效日 first day it no longer counts", examples=["2026-12-31"])


@router.get("", response=Me, url_name="me", summary="我是谁 Who am I")
def get(request: ActorRequest) -> dict[str, object]:
    """令牌代表的人和岗位，以及它能做什么。 The person and post the token stands for, and what it may do."""
    (post,) = request.actor.posts
    token = ApiToken.objects.select_related("post__person").get(pk=request.actor.source.token_id or 0)
    return {
        "person_id": request.actor.person_id,
        "name": token.post.person.name,
        "post_id": post.post_id,
        "unit_id": post.unit_id,
        "role": post.role,
        "permissions": sorted(ROLES[post.role].permissions),
        "token_id": token.pk,
        "token_name": token.name,
        "expires_on": token.expires_on,
    }
