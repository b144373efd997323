"""What a page shows of a load: made by the worker, which reads the whole of it; a page only shows this."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from guatu.hub.accounts.loading.planning import Plan
from guatu.hub.accounts.loading.rows import Remark
from guatu.text import Text

SHOWN = 200
"""Lines of each kind that are listed; their number is always said."""
KINDS = ("new_units", "changed_units", "new_people", "changed_people", "posts")


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, person or post as it is listed."""

    title: Text
    note: str = ""
    """Code, sign-in name or day."""
    word: str = ""
    """Kind of unit or role, by its key."""
    said: tuple[Text, ...] = ()
    """What changes."""

    def plain(self) -> list[Any]:
        return [self.title.zh, self.title.en, self.note, self.word, [[one.zh, one.en] for one in self.said]]

    @classmethod
    def of(cls, plain: list[Any]) -> Line:
        zh, en, note, word, said = plain
        return cls(Text(zh, en), note, word, tuple(Text(*one) for one in said))


@dataclass(frozen=True, slots=True)
class Preview:
    remarks: tuple[Remark, ...]
    """What hinders comes first."""
    lines: Mapping[str, tuple[Line, ...]]
    """By kind, as in `KINDS`."""

    @classmethod
    def of_plan(cls, plan: Plan) -> Preview:
        remarks = sorted(plan.remarks, key=lambda one: not one.hinders)[:SHOWN]
        units = {"new_units": plan.new_units, "changed_units": plan.changed_units}
        people = {"new_people": plan.new_people, "changed_people": plan.changed_people}
        lines = {
            **{kind: _first(Line(one.title, one.code, one.kind, one.said) for one in of) for kind, of in units.items()},
            **{
                kind: _first(Line(Text(one.name, one.name), one.username, "", one.said) for one in of)
                for kind, of in people.items()
            },
            "posts": _first(
                Line(Text(one.username, one.username), one.starts_on.isoformat(), one.role) for one in plan.posts
            ),
        }
        return cls(tuple(remarks), lines)

    @property
    def text(self) -> str:
        lines = {kind: [one.plain() for one in listed] for kind, listed in self.lines.items()}
        return json.dumps({"remarks": [one.plain() for one in self.remarks], "lines": lines}, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> Preview:
        """Nothing, for a load that has not been read or was emptied."""
        plain: dict[str, Any] = json.loads(text) if text else {"remarks": [], "lines": dict.fromkeys(KINDS, ())}
        lines = {kind: tuple(Line.of(one) for one in listed) for kind, listed in plain["lines"].items()}
        return cls(tuple(Remark.of(one) for one in plain["remarks"]), lines)


def _first(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(islice(lines, SHOWN))
