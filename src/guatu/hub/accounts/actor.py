"""Whoever acts: a person with the posts they hold today, coming through one door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from guatu.hub.accounts.models import Person, Post, Unit, UnitAncestry
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.audit.source import OnBehalf, Source
from guatu.hub.composed import ByKey
from guatu.text import Refusal, Text


@ByKey
def _posts(person: Any, day: Any) -> Any:
    """What somebody holds on a day."""
    return Post.objects.active_on(day).filter(person=person).values_list("pk", "unit_id", "role")


@ByKey
def _nearest(unit: Any, above: Any) -> Any:
    """Of some units that which a unit lies under most closely, if any."""
    found = UnitAncestry.objects.filter(descendant=unit, ancestor__pk__in=above).order_by("depth")
    return found.values_list("ancestor_id", flat=True)[:1]


class NotAllowed(Refusal):
    """No post of the actor allows this here. Doors answer 403."""

    def __init__(self, permission: Permission, where: str) -> None:
        self.permission = permission
        super().__init__(
            where,
            Text("您的岗位没有这项权限", "none of your posts allows this"),
            Text(
                "请有权限的同事办理，或向安全管理员申请。",
                "Ask a colleague whose post allows it, or the security administrator.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A post as far as permissions go."""

    post_id: int
    unit_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person and their posts in force; made anew for every request, so what is ended ends at once."""

    person_id: int
    posts: tuple[Held, ...]
    source: Source

    @classmethod
    def of(cls, person: Person, *, at: datetime, source: Source) -> Actor:
        """With all posts the person holds on that day; a disabled person holds none."""
        held = _posts.all(person.pk, localdate(at)) if person.is_active else []
        return cls(person.pk, tuple(Held(*one) for one in held), source)

    def may(self, permission: Permission) -> bool:
        """Whether any post allows this anywhere."""
        return any(permission in ROLES[post.role].permissions for post in self.posts)

    def units_with(self, permission: Permission) -> frozenset[int]:
        """The units at whose subtrees a post allows this."""
        return frozenset(post.unit_id for post in self.posts if permission in ROLES[post.role].permissions)

    def tops(self, permission: Permission) -> tuple[int, ...]:
        """The same units in their order, as questions that are kept take several."""
        return tuple(sorted(self.units_with(permission)))

    def as_self(self) -> OnBehalf:
        """Acting on what is one's own, whatever posts one holds."""
        return OnBehalf(self.person_id, None, None, self.source)


def require_over(by: Actor, permission: Permission, *, person: Person) -> OnBehalf:
    """The post under which `by` may do this to somebody's account: above the unit they work at, and above every unit
    they hold a post of; whoever does neither is looked after where they once held one."""
    held = {post.unit_id: post.unit for post in person.posts.select_related("unit").order_by("ends_on")}
    now = set(person.posts.not_over_on(localdate()).values_list("unit_id", flat=True))
    units = [held[unit_id] for unit_id in now] + ([person.unit] if person.unit is not None else [])
    if not (units or held):
        raise NotAllowed(permission, str(person))
    return [require(by, permission, unit=unit) for unit in units or list(held.values())[-1:]][-1]


def require(by: Actor, permission: Permission, *, unit: Unit) -> OnBehalf:
    """The post under which `by` may do this at `unit`, the nearest above it first; `NotAllowed` if there is none."""
    posts = {post.unit_id: post for post in by.posts if permission in ROLES[post.role].permissions}
    nearest = _nearest.first(unit.pk, tuple(sorted(posts)))
    if nearest is None:
        raise NotAllowed(permission, str(unit))
    post = posts[nearest]
    return OnBehalf(by.person_id, post.post_id, post.unit_id, by.source)


def under_post(by: Actor, *permissions: Permission) -> OnBehalf:
    """The post of the actor that allows all of these somewhere; over which units is asked for elsewhere."""
    for post in by.posts:
        if all(post.unit_id in by.units_with(permission) for permission in permissions):
            return OnBehalf(by.person_id, post.post_id, post.unit_id, by.source)
    raise NotAllowed(permissions[0], "")
