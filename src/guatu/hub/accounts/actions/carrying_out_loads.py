"""Carry out a plan: units in bulk where they are new, one by one where they change; then people. Records nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby

from guatu.hub.accounts.actions.tree_changes import (
    CodeTaken,
    NameTaken,
    amend,
    put_under,
    require_free_name,
    require_past,
    require_there,
    turn_over,
)
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.loading.comparing import UnitStep
from guatu.hub.accounts.loading.planning import Plan
from guatu.hub.accounts.models import Person, PersonalDetails, Unit, UnitAncestry, UnitSpan
from guatu.hub.accounts.roles import Permission

BATCH = 1000


def carry_out_units(plan: Plan, *, on: date, by: Actor, at: datetime) -> dict[str, Unit]:
    """Changed units first, so that names and codes are free; then the new ones level by level. New units by their keys."""
    for step in plan.changed_units:
        _change(step, on=on, by=by, at=at)
    opened: dict[str, Unit] = {}
    ancestors: dict[int, list[tuple[int, int]]] = {}
    for _, level in groupby(_by_level(plan), key=lambda one: one[0]):
        _open_level([step for _, step in level], opened, ancestors, by=by, at=at)
    plan.tree.opened.update({key: unit.pk for key, unit in opened.items()})
    return opened


def _by_level(plan: Plan) -> list[tuple[int, UnitStep]]:
    """New units with how far below a unit there is they stand; parents come first."""
    depths: dict[str, int] = {}
    for step in plan.new_units:
        depths[step.key] = depths[step.parent] + 1 if isinstance(step.parent, str) else 0
    return sorted(((depths[step.key], step) for step in plan.new_units), key=lambda one: one[0])


def _open_level(
    steps: list[UnitStep],
    opened: dict[str, Unit],
    ancestors: dict[int, list[tuple[int, int]]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    parents = _parents(steps, opened, by)
    _require_free(steps, parents)
    units = []
    for step in steps:
        parent = parents[step.key]
        require_past(parent, on=step.on, at=at)
        require_there(parent, on=step.on)
        units.append(
            Unit(kind=step.kind, title_zh=step.title.zh, title_en=step.title.en, code=step.code, parent=parent, order=step.order,
                 opened_on=step.on)
        )  # fmt: skip
    Unit.objects.bulk_create(units, BATCH)
    opened.update({step.key: unit for step, unit in zip(steps, units, strict=True)})
    UnitSpan.objects.bulk_create(
        [
            UnitSpan(unit=unit, valid_from=unit.opened_on, recorded_at=at, kind=unit.kind, title_zh=unit.title_zh,
                     title_en=unit.title_en, code=unit.code, parent=unit.parent)
            for unit in units
        ],
        BATCH,
    )  # fmt: skip
    _root(units, ancestors)


def _root(units: list[Unit], ancestors: dict[int, list[tuple[int, int]]]) -> None:
    """The pairs of new units, from those of the units above them."""
    missing = {unit.parent_id for unit in units if unit.parent_id is not None} - ancestors.keys()
    for low, high, depth in UnitAncestry.objects.filter(descendant_id__in=missing).values_list(
        "descendant_id", "ancestor_id", "depth"
    ):
        ancestors.setdefault(low, []).append((high, depth))
    pairs = []
    for unit in units:
        assert unit.parent_id is not None
        ancestors[unit.pk] = [(unit.pk, 0), *((high, depth + 1) for high, depth in ancestors[unit.parent_id])]
        pairs += [UnitAncestry(ancestor_id=high, descendant=unit, depth=depth) for high, depth in ancestors[unit.pk]]
    UnitAncestry.objects.bulk_create(pairs, BATCH)


def _parents(steps: list[UnitStep], opened: Mapping[str, Unit], by: Actor) -> dict[str, Unit]:
    there = Unit.objects.in_bulk({step.parent for step in steps if isinstance(step.parent, int)})
    for parent in there.values():
        require(by, Permission.MANAGE_UNITS, unit=parent)
    return {
        step.key: there[step.parent] if isinstance(step.parent, int) else opened[str(step.parent)] for step in steps
    }


def _require_free(steps: list[UnitStep], parents: Mapping[str, Unit]) -> None:
    """No name twice under one unit, no code twice anywhere."""
    names = set(
        Unit.objects.filter(parent_id__in={one.pk for one in parents.values()}, closed_on=None).values_list(
            "parent_id", "title_zh"
        )
    )
    codes = {
        one.code: one
        for one in Unit.objects.filter(code__in={step.code for step in steps if step.code}, closed_on=None)
    }
    for step in steps:
        parent = parents[step.key]
        if (parent.pk, step.title.zh) in names:
            raise NameTaken(step.title.zh, parent)
        if step.code and step.code in codes:
            raise CodeTaken(step.code, codes[step.code])
        names.add((parent.pk, step.title.zh))
        if step.code:
            codes[step.code] = Unit(title_zh=step.title.zh, title_en=step.title.en)


def _change(step: UnitStep, *, on: date, by: Actor, at: datetime) -> None:
    unit = Unit.objects.select_related("parent").get(pk=int(step.unit_id or 0))
    require(by, Permission.MANAGE_UNITS, unit=unit)
    if step.parent != unit.parent_id and isinstance(step.parent, int):
        parent = Unit.objects.get(pk=step.parent)
        require(by, Permission.MANAGE_UNITS, unit=parent)
        put_under(unit, parent, on=on, at=at)
    if step.title.zh != unit.title_zh:
        require_free_name(step.title.zh, parent=unit.parent, but=unit)
        turn_over(unit, on=on, at=at, title_zh=step.title.zh)
    if step.code != unit.code:
        other = Unit.objects.filter(code=step.code, closed_on=None).exclude(pk=unit.pk).first()
        if other is not None:
            raise CodeTaken(step.code, other)
        turn_over(unit, on=on, at=at, code=step.code)
    if step.title.en != unit.title_en:
        amend(unit, title_en=step.title.en)
    if step.order != unit.order:
        Unit.objects.filter(pk=unit.pk).update(order=step.order)


def carry_out_people(plan: Plan, opened: Mapping[str, Unit], *, by: Actor) -> list[int]:
    """New people have no password until a slip is printed; the ids of all that were added or changed."""
    places = {
        one.unit if isinstance(one.unit, int) else opened[one.unit].pk
        for one in (*plan.new_people, *plan.changed_people)
    }
    for unit in Unit.objects.filter(pk__in=places):
        require(by, Permission.MANAGE_PEOPLE, unit=unit)
    people = []
    for step in plan.new_people:
        unit_id = step.unit if isinstance(step.unit, int) else opened[step.unit].pk
        person = Person(username=step.username, name=step.name, unit_id=unit_id, must_change_password=True)
        person.set_unusable_password()
        people.append(person)
    Person.objects.bulk_create(people, BATCH)
    PersonalDetails.objects.bulk_create(
        [
            PersonalDetails(
                person=person, phone=step.details.phone, id_number=step.details.id_number, email=step.details.email
            )
            for person, step in zip(people, plan.new_people, strict=True)
        ],
        BATCH,
    )
    for step in plan.changed_people:
        Person.objects.filter(pk=int(step.person_id or 0)).update(name=step.name)
        PersonalDetails.objects.filter(person_id=int(step.person_id or 0)).update(
            phone=step.details.phone, id_number=step.details.id_number, email=step.details.email
        )
    return [*(person.pk for person in people), *(step.person_id for step in plan.changed_people if step.person_id)]
