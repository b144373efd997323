"""Give posts and end them, name stand-ins, hand over to a successor. Nobody gives a post to themselves."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.accounts.models.people import PostQuerySet
from guatu.hub.accounts.roles import ADMINISTRATORS, ROLES, Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.text import Refusal, Text


class WrongPost(Refusal):
    """A post that cannot be given or changed like this."""


class NotForOneself(Refusal):
    """Somebody else gives you a post."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            str(person),
            Text("不能给自己任职", "nobody gives a post to themselves"),
            Text("请另一位安全管理员办理。", "Ask another security administrator."),
        )


class ExclusivePosts(Conflict):
    """The three administrators: nobody is two of them, on any day."""

    def __init__(self, person: Person, other: Post) -> None:
        until = other.ends_on or "…"
        super().__init__(
            str(person),
            Text(
                f"{other.starts_on} 至 {until} 任{ROLES[other.role].title.zh}（{other.unit}），三类管理员不得兼任",
                f"is {ROLES[other.role].title.en} at {other.unit.title.en} from {other.starts_on} to {until}; "
                "nobody is two administrators at a time",
            ),
            Text("换一个人，或先结束那个岗位。", "Choose somebody else, or end that post first."),
        )


@action("post.assign")
def assign_post(
    *,
    person: Person,
    unit: Unit,
    role: str,
    title: Text | None = None,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Post:
    """A role at a unit from a day on; `ends_on` is the first day on which it is no longer held."""
    under = require(by, Permission.ASSIGN_POSTS, unit=unit)
    post = _given(Post(person=person, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on), title=title, by=by)
    record(Event.POST_ASSIGNED, subject=post, after=_told(post), by=under, at=at)
    return post


@action("post.end")
def end_post(*, post: Post, on: date, reason: str = "", by: Actor, at: datetime) -> Post:
    """Ended from a day on, its stand-ins with it; one that has not begun by then never was."""
    under = require(by, Permission.ASSIGN_POSTS, unit=post.unit)
    post = _locked(post)
    before = {"ends_on": post.ends_on}
    _require_another_administrator(post, on=on)
    _end(post, on=on, at=at)
    record(
        Event.POST_ENDED,
        subject=post,
        before=before,
        after={**_told(post), "ends_on": on},
        reason=reason,
        by=under,
        at=at,
    )
    return post


@action("post.stand_in")
def name_stand_in(
    *, post: Post, person: Person, starts_on: date, ends_on: date, reason: str = "", by: Actor, at: datetime
) -> Post:
    """Somebody who does another's work for a time: the same role at the same unit, never longer than the post itself."""
    under = require(by, Permission.ASSIGN_POSTS, unit=post.unit)
    if post.stands_in_for_id is not None:
        raise WrongPost(
            str(post),
            Text("代班岗位不能再由别人代班", "a stand-in has no stand-in"),
            Text("直接在原岗位上指定代班。", "Name a stand-in for the post itself."),
        )
    if starts_on < post.starts_on or (post.ends_on is not None and ends_on > post.ends_on):
        raise WrongPost(
            str(post),
            Text("代班时间超出原岗位的起止", "the time is not within that of the post"),
            Text(
                f"写 {post.starts_on} 至 {post.ends_on or '…'} 以内的日期。",
                f"Give days between {post.starts_on} and {post.ends_on or '…'}.",
            ),
        )
    stand_in = _given(
        Post(
            person=person, unit=post.unit, role=post.role, title_zh=post.title_zh, title_en=post.title_en,
            starts_on=starts_on, ends_on=ends_on, stands_in_for=post,
        ),
        title=None,
        by=by,
    )  # fmt: skip
    after = {**_told(stand_in), "stands_in_for": post.pk}
    record(Event.STAND_IN_NAMED, subject=stand_in, after=after, reason=reason, by=under, at=at)
    return stand_in


@action("post.hand_over")
def hand_over_post(*, post: Post, to: Person, on: date, reason: str = "", by: Actor, at: datetime) -> Post:
    """The post ends and a successor's begins on the same day: no day without, none with both."""
    under = require(by, Permission.ASSIGN_POSTS, unit=post.unit)
    post = _locked(post)
    if post.stands_in_for_id is not None or to.pk == post.person_id:
        raise WrongPost(
            str(post),
            Text("代班岗位不能交接，也不能交给本人", "a stand-in's post is not handed over, nor to its holder"),
            Text("改选岗位或接任人。", "Choose another post, or another successor."),
        )
    until = post.ends_on if post.ends_on is not None and post.ends_on > on else None
    before = {"person": post.person_id, "ends_on": post.ends_on}
    _end(post, on=on, at=at)
    successor = _given(
        Post(
            person=to, unit=post.unit, role=post.role, title_zh=post.title_zh, title_en=post.title_en,
            starts_on=on, ends_on=until,
        ),
        title=None,
        by=by,
    )  # fmt: skip
    after = {**_told(successor), "after": post.pk}
    record(Event.POST_HANDED_OVER, subject=successor, before=before, after=after, reason=reason, by=under, at=at)
    return successor


def _told(post: Post) -> dict[str, object]:
    return {
        "person": post.person_id, "unit": post.unit_id, "role": post.role, "title_zh": post.title_zh,
        "starts_on": post.starts_on, "ends_on": post.ends_on,
    }  # fmt: skip


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=post.pk)


def _given(post: Post, *, title: Text | None, by: Actor) -> Post:
    """Saved, if it may be: the person's row is locked, so that two posts given at once see one another."""
    if post.person_id == by.person_id:
        raise NotForOneself(post.person)
    person = Person.objects.select_for_update().get(pk=post.person_id)
    unit = Unit.objects.select_for_update().get(pk=post.unit_id)
    if title is not None:
        post.title_zh, post.title_en = title.zh.strip(), title.en.strip()
    require_fit(post, person=person, unit=unit)
    post.save()
    return post


def require_fit(post: Post, *, person: Person, unit: Unit) -> None:
    """Everything that must hold of a new post, whoever gives it."""
    if post.role not in ROLES:
        raise WrongPost(
            post.role,
            Text("没有这种角色", "there is no such role"),
            Text(
                f"可选：{'、'.join(role.title.zh for role in ROLES.values())}。", f"Choose one of: {', '.join(ROLES)}."
            ),
        )
    if post.ends_on is not None and post.ends_on <= post.starts_on:
        raise WrongPost(
            str(person),
            Text("止日不晚于起日", "the end is not after the start"),
            Text("止日写不再任职的第一天。", "Give the first day on which the post is no longer held."),
        )
    if person.erased_at is not None or not person.is_active:
        raise WrongPost(
            str(person),
            Text("账号已停用", "the account is disabled"),
            Text("先启用账号，或换一个人。", "Enable the account first, or choose somebody else."),
        )
    _require_unit_there(post, unit)
    overlapping = _overlapping(post)
    if (same := overlapping.filter(unit=unit, role=post.role).first()) is not None:
        raise WrongPost(
            str(person),
            Text(f"自 {same.starts_on} 起已任此岗位", f"holds this post already, from {same.starts_on}"),
            Text("改起止日期，或先结束那个岗位。", "Change the days, or end that post first."),
        )
    if post.role in ADMINISTRATORS and (other := overlapping.filter(role__in=ADMINISTRATORS).first()) is not None:
        raise ExclusivePosts(person, other)


def _require_unit_there(post: Post, unit: Unit) -> None:
    closed = unit.closed_on
    if post.starts_on < unit.opened_on or (closed is not None and (post.ends_on is None or post.ends_on > closed)):
        raise WrongPost(
            str(unit),
            Text(f"单位只在 {unit.opened_on} 至 {closed or '…'} 存在", f"the unit is there from {unit.opened_on} to {closed or '…'}"),
            Text("改起止日期或单位。", "Change the days or the unit."),
        )  # fmt: skip


def _overlapping(post: Post) -> PostQuerySet:
    others = Post.objects.not_over_on(post.starts_on).filter(person_id=post.person_id)
    if post.ends_on is not None:
        others = others.filter(starts_on__lt=post.ends_on)
    return others.select_related("unit").order_by("starts_on")


def _end(post: Post, *, on: date, at: datetime) -> None:
    if post.ends_on is not None and post.ends_on <= min(on, localdate(at)):
        raise WrongPost(
            str(post),
            Text(f"已于 {post.ends_on} 结束", f"ended on {post.ends_on}"),
            Text("不必再办。", "Nothing is left to do."),
        )
    for stand_in in post.stand_ins.not_over_on(on):
        _cut(stand_in, on, at)
    _cut(post, on, at)


def _cut(post: Post, on: date, at: datetime) -> None:
    """End it; one that would end before it began, today or later, is taken away."""
    if on > post.starts_on:
        post.ends_on = on
        post.save(update_fields=["ends_on"])
    elif post.starts_on >= localdate(at) and not post.tokens.exists() and not post.stand_ins.exists():
        key = post.pk
        post.delete()
        post.pk = key  # what the record is about
    else:
        raise WrongPost(
            str(post),
            Text(f"{post.starts_on} 才开始", f"it begins on {post.starts_on}"),
            Text("写开始之后的日期。", "Give a day after its start."),
        )


def _require_another_administrator(post: Post, *, on: date) -> None:
    """Each of the three administrators stays with somebody who can sign in."""
    if post.role not in ADMINISTRATORS or post.stands_in_for_id is not None:
        return
    others = Post.objects.filter(role=post.role, person__is_active=True, stands_in_for=None).exclude(pk=post.pk)
    if not others.not_over_on(on).exists():
        raise WrongPost(
            str(post),
            Text(f"是最后一位{ROLES[post.role].title.zh}", f"is the last {ROLES[post.role].title.en}"),
            Text("先任命另一位，或用“交接”。", "Appoint another one first, or hand the post over."),
        )
