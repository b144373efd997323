"""Records as people read them: names in the place of ids, before and after side by side, personal parts masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guatu.hub.accounts.models import ApiToken, Person, Post, Unit
from guatu.hub.accounts.models.units import KINDS
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.roles import ROLES
from guatu.hub.audit.events import TITLES, Event
from guatu.hub.audit.models import PersonalPart, Record, Seal
from guatu.hub.web.audit_words import DOORS, FIELDS, SUBJECTS
from guatu.text import Text

MASKED = Text("****（个人信息，已隐去）", "**** (personal, masked)")
ERASED = Text("（个人信息，已删除）", "(personal, erased)")
EMPTY: tuple[object, ...] = (None, "", [], {})
NOTHING = Text("—", "—")
YES, NO = Text("是", "yes"), Text("否", "no")
_REFERRED = re.compile(r"(?:^|_)(unit|person|post|token)(?:_id|s|_ids)?$")
_REFERRED_BY_NAME = {"parent": "unit", "into": "unit", "children": "unit", "people": "person", "stands_in_for": "post"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    title: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """One record as a row of the page."""

    record: Record
    at: datetime
    title: Text
    who: Text
    post: Text
    subject_kind: Text
    subject: Text
    door: Text
    place: int | None
    reason: str
    request: str
    address: Text
    changes: tuple[Change, ...]

    @property
    def has_before(self) -> bool:
        """Whether anything was there before; else a column for it says nothing."""
        return any(change.before.zh for change in self.changes)


class Names:
    """Names of what records point at, looked up together."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._wanted: dict[str, set[int]] = {"unit": set(), "person": set(), "post": set(), "token": set()}
        for record in records:
            self._note("person", record.person_id)
            self._note("post", record.post_id)
            self._note("unit", record.unit_id)
            self._note(_SUBJECT_NAMES.get(record.subject_kind, ""), record.subject_id)
            for said in (record.before, record.after):
                for key, value in json.loads(said).items():
                    self._note_all(referred(key), value)
        posts = Post.objects.select_related("unit").in_bulk(self._wanted["post"])
        self._names: dict[str, dict[int, Text]] = {
            "post": {key: _post_title(post) for key, post in posts.items()},
            "unit": {key: unit.title for key, unit in Unit.objects.in_bulk(self._wanted["unit"]).items()},
            "person": {
                key: Text(one.name, one.name) for key, one in Person.objects.in_bulk(self._wanted["person"]).items()
            },
            "token": {
                key: Text(one.name, one.name) for key, one in ApiToken.objects.in_bulk(self._wanted["token"]).items()
            },
        }

    def of(self, kind: str, key: Any) -> Text:
        """The name, or the bare id where nothing of that id is left."""
        if key is None or key == "":
            return NOTHING
        number = whole_number(str(key))
        found = self._names.get(kind, {}).get(number) if number is not None else None
        return found or Text(f"#{key}", f"#{key}")

    def _note(self, kind: str, key: Any) -> None:
        if kind in self._wanted and (number := whole_number(str(key))) is not None:
            self._wanted[kind].add(number)

    def _note_all(self, kind: str, value: Any) -> None:
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, bool):
                self._note(kind, one)


_SUBJECT_NAMES = {
    "accounts.unit": "unit",
    "accounts.person": "person",
    "accounts.post": "post",
    "accounts.apitoken": "token",
}


def referred(field: str) -> str:
    """What a field's number points at: `parent` at a unit, `people` at persons; nothing for a plain number."""
    found = _REFERRED.search(field)
    return found[1] if found else _REFERRED_BY_NAME.get(field, "")


def shown(records: Sequence[Record]) -> list[Shown]:
    """Records with names; a few queries for all of them."""
    names = Names(records)
    kept = set(PersonalPart.objects.filter(record__in=records).values_list("commitment", flat=True))
    places = dict(Seal.objects.filter(record__in=records).values_list("record_id", "place"))
    return [_shown(record, names, kept, places.get(record.pk)) for record in records]


def _shown(record: Record, names: Names, kept: set[str], place: int | None) -> Shown:
    context = json.loads(record.context)
    kind = Event(record.kind) if record.kind in set(Event) else None
    return Shown(
        record=record,
        at=record.at,
        title=TITLES[kind] if kind else Text(record.kind, record.kind),
        who=names.of("person", record.person_id)
        if record.person_id
        else Text("（站点命令）", "(command on the server)"),
        post=names.of("post", record.post_id),
        subject_kind=SUBJECTS.get(record.subject_kind, Text(record.subject_kind, record.subject_kind)),
        subject=names.of(_SUBJECT_NAMES.get(record.subject_kind, ""), record.subject_id),
        door=DOORS.get(record.door, Text(record.door, record.door)),
        place=place,
        reason=str(context.get("reason", "")),
        request=str(context.get("request", "")),
        address=_value("address", context.get("address", ""), names, kept),
        changes=tuple(changes(json.loads(record.before), json.loads(record.after), names, kept)),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Names, kept: set[str]) -> Iterable[Change]:
    """Field by field, in the order of `after`, then what was only there before."""
    for field in [*after, *(key for key in before if key not in after)]:
        if before.get(field) in EMPTY and after.get(field) in EMPTY:
            continue  # nothing before, nothing after
        yield Change(
            FIELDS.get(field, Text(field, field)),
            _value(field, before[field], names, kept) if field in before else Text("", ""),
            _value(field, after[field], names, kept) if field in after else Text("", ""),
        )


def _value(field: str, value: Any, names: Names, kept: set[str]) -> Text:
    if value in EMPTY:
        return NOTHING
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dict):
        if set(value) == {"commitment"}:
            return MASKED if value["commitment"] in kept else ERASED
        parts = [(FIELDS.get(key, Text(key, key)), _value(key, one, names, kept)) for key, one in value.items()]
        return Text(
            "；".join(f"{title.zh} {said.zh}" for title, said in parts),
            "; ".join(f"{title.en} {said.en}" for title, said in parts),
        )
    if isinstance(value, list):
        said = [_value(field, one, names, kept) for one in value]
        return Text("、".join(one.zh for one in said), ", ".join(one.en for one in said)) if said else NOTHING
    if isinstance(value, int) and (kind := referred(field)):
        return names.of(kind, value)
    if field == "role" and (role := ROLES.get(str(value))) is not None:
        return role.title
    if field == "kind" and value in KINDS:
        return KINDS[value]
    return Text(str(value), str(value))


def _post_title(post: Post) -> Text:
    return Text(f"{post.unit.title.zh} {post.title.zh}", f"{post.unit.title.en}, {post.title.en}")
