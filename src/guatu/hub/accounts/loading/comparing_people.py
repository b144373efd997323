"""People and posts of a load held against who is there: by sign-in name, and by person, unit and role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from guatu.hub.accounts.actions.people import Details, WrongPerson, checked_name, checked_username
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.comparing import Key, Tree
from guatu.hub.accounts.loading.rows import Remark, Row
from guatu.hub.accounts.models import Person, Post
from guatu.hub.accounts.roles import Permission
from guatu.text import Text

_COLUMNS = {"name": "person", "username": "username"}


@dataclass(frozen=True, slots=True)
class PersonStep:
    """What the rows of one sign-in name ask: an account to be made, or details to be changed."""

    username: str
    person_id: int | None
    name: str
    unit: Key
    details: Details
    said: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PostStep:
    """A post that is not held yet."""

    username: str
    unit: Key
    role: str
    title: str
    starts_on: date


def compare_people(
    rows: Iterable[Row], tree: Tree, *, on: date, by: Actor
) -> tuple[list[PersonStep], list[PostStep], list[Remark]]:
    remarks: list[Remark] = []
    known = {
        person.username: person
        for person in Person.objects.select_related("details").filter(
            username__in=[row.get("username").lower() for row in rows]
        )
    }
    mine = set(
        Person.objects.visible_to(by, Permission.MANAGE_PEOPLE)
        .filter(pk__in=[person.pk for person in known.values()])
        .values_list("pk", flat=True)
    )
    people: dict[str, PersonStep] = {}
    posts: dict[tuple[str, Key, str], PostStep] = {}
    held = {
        (post.person.username, post.unit_id, post.role)
        for post in Post.objects.active_on(on).filter(person__in=list(known.values())).select_related("person")
    }
    for row in rows:
        unit = _unit(row, tree, remarks)
        step = _person(row, unit, known, mine, remarks)
        if step is None or unit is None:
            continue
        people.setdefault(step.username, step)
        role = row.get("role")
        if role and (step.username, unit, role) not in held:
            since = row.day("starts_on") or on
            posts[step.username, unit, role] = PostStep(step.username, unit, role, row.get("title"), since)
    return list(people.values()), list(posts.values()), remarks


def _unit(row: Row, tree: Tree, remarks: list[Remark]) -> Key | None:
    said = row.get("unit")
    found = tree.named(said) if said else []
    if len(found) == 1:
        return found[0]
    reason = (
        Text(f"没有叫“{said}”的单位", f"there is no unit '{said}'")
        if not found
        else Text(f"叫“{said}”的单位有 {len(found)} 个", f"there are {len(found)} units '{said}'")
    )
    remedy = Text("写单位代码，或“区/镇”。", "Give the unit's code, or 'district/town'.")
    remarks.append(row.remark("unit", "unknown_unit", reason, remedy))
    return None


def _person(
    row: Row, unit: Key | None, known: Mapping[str, Person], mine: set[int], remarks: list[Remark]
) -> PersonStep | None:
    try:
        username, name = checked_username(row.get("username")), checked_name(row.get("person"))
        details = Details.checked(phone=row.get("phone"), id_number=row.get("id_number"), email=row.get("email"))
    except WrongPerson as refusal:
        remarks.append(
            row.remark(
                _COLUMNS.get(refusal.field, refusal.field), f"wrong_{refusal.field}", refusal.what, refusal.remedy
            )
        )
        return None
    if unit is None:
        return None
    there = known.get(username)
    if there is None:
        return PersonStep(username, None, name, unit, details)
    if there.pk not in mine or there.erased_at is not None:
        remarks.append(
            row.remark("username", "username_taken", Text("登录名已由别的单位的人使用", "somebody of another unit has this sign-in name"),
                       Text("换一个登录名。", "Take another one."))
        )  # fmt: skip
        return None
    return _changed(there, name, unit, details)


def _changed(there: Person, name: str, unit: Key, details: Details) -> PersonStep:
    """What differs; a blank cell asks for nothing, and where somebody works is not changed by a second post."""
    kept = getattr(there, "details", None)
    old = Details(kept.phone, kept.id_number, kept.email) if kept is not None else Details()
    new = Details(details.phone or old.phone, details.id_number or old.id_number, details.email or old.email)
    said = [Text(f"姓名：{there.name} → {name}", f"name: {there.name} → {name}")] if name != there.name else []
    for field, title in (
        ("phone", Text("手机", "phone")),
        ("id_number", Text("身份证号", "id number")),
        ("email", Text("邮箱", "email")),
    ):
        if getattr(new, field) != getattr(old, field):
            said.append(Text(f"{title.zh}有变", f"{title.en} differs"))
    return PersonStep(there.username, there.pk, name, there.unit_id or unit, new, tuple(said))
