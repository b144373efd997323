"""A load as a whole: what it would do for whoever submits it, and the digest by which it is known again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.comparing import Tree, UnitStep, compare_units, told
from guatu.hub.accounts.loading.comparing_people import PersonStep, PostStep, compare_people
from guatu.hub.accounts.loading.rows import PEOPLE, UNITS, Read, Remark
from guatu.hub.audit.recording import digest_of


@dataclass(frozen=True, slots=True)
class Plan:
    units: Sequence[UnitStep]
    people: Sequence[PersonStep]
    posts: Sequence[PostStep]
    tree: Tree
    remarks: Sequence[Remark]
    """Of reading and of comparing."""

    @property
    def hindered(self) -> bool:
        return any(one.hinders for one in self.remarks)

    @property
    def new_units(self) -> list[UnitStep]:
        return [one for one in self.units if one.unit_id is None]

    @property
    def changed_units(self) -> list[UnitStep]:
        return [one for one in self.units if one.unit_id is not None and one.said]

    @property
    def new_people(self) -> list[PersonStep]:
        return [one for one in self.people if one.person_id is None]

    @property
    def changed_people(self) -> list[PersonStep]:
        return [one for one in self.people if one.person_id is not None and one.said]

    def counts(self) -> dict[str, int]:
        return {
            "units_new": len(self.new_units),
            "units_changed": len(self.changed_units),
            "units_same": len(self.units) - len(self.new_units) - len(self.changed_units),
            "people_new": len(self.new_people),
            "people_changed": len(self.changed_people),
            "people_same": len(self.people) - len(self.new_people) - len(self.changed_people),
            "posts_new": len(self.posts),
            "errors": sum(one.hinders for one in self.remarks),
            "warnings": sum(not one.hinders for one in self.remarks),
        }

    @property
    def does_nothing(self) -> bool:
        return not (self.new_units or self.changed_units or self.new_people or self.changed_people or self.posts)

    def digest(self) -> str:
        """The same while the same would be done to the same units and people; says nothing about anybody."""
        people = [
            [one.username, one.person_id, str(one.unit), len(one.said)]
            for one in self.people
            if one.said or one.person_id is None
        ]
        units = [told(one) for one in self.units if one.said or one.unit_id is None]
        return digest_of([units, digest_of(people), self.posts_told()])

    def posts_told(self) -> list[list[str]]:
        return [[digest_of(one.username), str(one.unit), one.role, one.starts_on.isoformat()] for one in self.posts]


def plan_of(read: Read, *, on: date, by: Actor) -> Plan:
    """What would be done for `by`, who finds and changes only units and people they look after."""
    units, tree, wrong_units = compare_units(read.rows.get(UNITS, ()), on=on, by=by)
    people, posts, wrong_people = compare_people(read.rows.get(PEOPLE, ()), tree, on=on, by=by)
    return Plan(units, people, posts, tree, (*read.remarks, *wrong_units, *wrong_people))
