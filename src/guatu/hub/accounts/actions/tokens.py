"""Issue and revoke API tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, NotAllowed, require
from guatu.hub.accounts.models import ApiToken, Post
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.accounts.tokens import digest_of, new_token
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


class TokenMakesNoToken(Conflict):
    """A leaked token must not be able to outlive its discovery by making another."""

    def __init__(self) -> None:
        super().__init__(
            "API",
            Text("令牌不能用来签发令牌", "a token cannot issue tokens"),
            Text("请本人登录网页签发。", "Sign in to the site and issue it there."),
        )


class WrongToken(Refusal):
    """The name or the last day asked for will not do."""


class TooManyTokens(Conflict):
    def __init__(self, most: int) -> None:
        super().__init__(
            "API",
            Text(f"这个岗位已有 {most} 个有效令牌", f"this post has {most} tokens in force already"),
            Text("先吊销不用的。", "Revoke one that is not used any more."),
        )


class AlreadyRevoked(Conflict):
    def __init__(self, token: ApiToken) -> None:
        super().__init__(
            token.name,
            Text("令牌已经吊销", "the token has been revoked already"),
            Text("不用再做什么。", "Nothing is left to do."),
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token, and the secret itself: the only time it is seen."""

    token: ApiToken
    secret: str


@action("token.issue")
def issue_token(*, post: Post, name: str, expires_on: date, by: Actor, at: datetime) -> Issued:
    """A token that acts as one of one's own posts until a day, or until the post ends."""
    if by.source.token_id is not None:
        raise TokenMakesNoToken()
    under = _own_post(by, post)
    _check(name, expires_on, today=localdate(at))
    Post.objects.select_for_update().get(pk=post.pk)  # two at once may not pass the limit together
    if ApiToken.objects.in_force(localdate(at)).filter(post=post).count() >= settings.TOKENS_PER_POST:
        raise TooManyTokens(settings.TOKENS_PER_POST)
    secret = new_token()
    token = ApiToken.objects.create(
        post=post, name=name.strip(), digest=digest_of(secret), issued_at=at, expires_on=expires_on
    )
    record(
        Event.TOKEN_ISSUED,
        subject=token,
        after={"name": Personal(token.name, by.person_id), "post": post.pk, "expires_on": expires_on},
        by=under,
        at=at,
    )
    return Issued(token, secret)


@action("token.revoke")
def revoke_token(*, token: ApiToken, by: Actor, at: datetime) -> ApiToken:
    """End a token at once: one's own, or any in the units whose sign-in one looks after."""
    post = token.post
    own = post.person_id == by.person_id
    under = by.as_self() if own else require(by, Permission.RESET_SIGN_IN, unit=post.unit)
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise AlreadyRevoked(token)
    token.revoked_at = at
    record(Event.TOKEN_REVOKED, subject=token, before={"revoked_at": None}, after={"revoked_at": at}, by=under, at=at)
    return token


def _own_post(by: Actor, post: Post) -> OnBehalf:
    """Acting in this very post: not in another that would allow it, and not in somebody else's."""
    for held in by.posts:
        if held.post_id == post.pk and Permission.ISSUE_TOKENS in ROLES[held.role].permissions:
            return OnBehalf(by.person_id, held.post_id, held.unit_id, by.source)
    raise NotAllowed(Permission.ISSUE_TOKENS, str(post))


def _check(name: str, expires_on: date, *, today: date) -> None:
    if not 1 <= len(name.strip()) <= 64 or not name.isprintable():
        raise WrongToken(
            "API",
            Text("令牌名称不合适", "this name will not do for a token"),
            Text("写 1 到 64 个字，说明给哪个程序用。", "Write 1 to 64 characters that say which program it is for."),
        )
    latest = today + timedelta(days=settings.TOKEN_DAYS)
    if not today < expires_on <= latest:
        raise WrongToken(
            name,
            Text(f"失效日 {expires_on} 不行", f"it cannot expire on {expires_on}"),
            Text(f"写明天到 {latest} 之间的日期。", f"Give a day from tomorrow to {latest}."),
        )
