"""A check taken out is noticed, whatever kind it is of: the short form of `drills/mutate_permissions.py`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from tests.hub.permissions.mutants import HEARD, Mutant, all_mutants
from tests.hub.permissions.noticing import in_actions, wrong_at
from tests.hub.permissions.routes import all_routes
from tests.hub.permissions.through import (
    Through,
    listen_at_doors,
    listen_in_actions,
    listening,
    read_through,
    write_through,
)
from tests.hub.permissions.world import World

pytestmark = pytest.mark.django_db
AT_DOORS = [
    ("POST unit_rename open to whoever is signed in", "leader", "unit_rename"),
    ("GET account open to all", "anonymous", "account"),
    ("GET item closed", "reporter", "item"),
    ("leader gains see_audit", "leader", "audit"),
    ("reviewer loses see_units", "token of reviewer", "api-1:unit"),
    ("ItemQuerySet.seen_from: without its filter", "inspector", "item"),
    ("held_on: without Q(**{f'{post}ends_on': None})", "post ended today", "units"),
    ("ApiTokenQuerySet.in_force: without revoked_at", "token revoked", "api-1:me"),
    ("api/units.py unit_seen: all in place of visible_to", "token of leader", "api-1:unit"),
    ("api/goals.py goal_seen: all in place of visible_to", "token of dispatcher", "api-1:goal_change"),
    ("api/fields.py _under: all in place of under", "token of security_administrator", "api-1:posts"),
]
"""A mutant, who notices it, and at which route."""
IN_ACTIONS = [
    ("rename_unit: without require", "unit.rename"),
    ("end_sessions: without require_over", "session.end"),
    ("give_up_load: never refuses", "units.give_up_load"),
    ("accept_load: without under_post", "units.accept_load"),
    ("carry_out_load: without under_post", "units.carry_out_load"),
    ("Actor.of: active, whatever they are", "unit.move"),
]


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return all_mutants()


@pytest.fixture(autouse=True)
def refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django")


@pytest.mark.parametrize(("words", "caller", "route"), AT_DOORS)
def test_a_check_taken_out_is_noticed_at_a_door(
    world: World, mutants: list[Mutant], words: str, caller: str, route: str
) -> None:
    def complaints() -> Iterator[str]:
        return wrong_at(world, world.callers[caller], [one for one in all_routes() if one.name == route])

    with named(mutants, words).alive():
        assert next(complaints(), None) is not None
    assert next(complaints(), None) is None


@pytest.mark.parametrize(("words", "action"), IN_ACTIONS)
def test_a_check_taken_out_is_noticed_by_calling_the_action(
    db: None, mutants: list[Mutant], words: str, action: str
) -> None:
    with named(mutants, words).alive():
        assert [step() for step in in_actions([action])] != [[]]
    assert [step() for step in in_actions([action])] == [[]]


@pytest.mark.parametrize(("words", "caller", "route"), [one for one in AT_DOORS if ":" in one[0]])
def test_a_function_is_heard_where_its_mutant_is_noticed(
    world: World, mutants: list[Mutant], words: str, caller: str, route: str
) -> None:
    """So that the drill may leave out what never calls it."""
    mutant, through = named(mutants, words), Through()
    with listening([mutant]):
        listen_at_doors(through, world, world.callers[caller], [one for one in all_routes() if one.name == route])

    assert (caller, route) in through.doors[mutant.touches]
    assert through.complaints == []


@pytest.mark.parametrize(("words", "action"), IN_ACTIONS)
def test_a_function_is_heard_in_the_action_that_notices_its_mutant(
    db: None, mutants: list[Mutant], words: str, action: str
) -> None:
    mutant, through = named(mutants, words), Through()
    with listening([mutant]):
        listen_in_actions(through, [action])

    assert through.actions[mutant.touches] == {action: None}
    assert through.complaints == []


def test_a_row_is_heard_when_the_policy_looks_into_it(world: World, mutants: list[Mutant]) -> None:
    """So that the suite knows which tests come through a row, too."""
    mutant = named(mutants, "GET item closed")
    HEARD.clear()
    with listening([mutant]):
        world.callers["leader"].client.get("/")
        assert set() == HEARD
        world.callers["leader"].client.get(reverse("item", args=[world.items["own"].pk]))

    assert {mutant.touches} == HEARD


def test_no_two_mutants_have_one_name(mutants: list[Mutant]) -> None:
    """Survivors are told apart by their names."""
    names = [one.name for one in mutants]

    assert len(names) == len(set(names))


def test_facts_in_force_are_no_matter_of_permission_unless_access_rests_on_them(mutants: list[Mutant]) -> None:
    touched = {one.touches.rpartition(".")[2] for one in mutants if one.name.endswith("in place of in_force")}

    assert {"keep_access", "_speaks"} <= touched
    assert not touched & {"due", "next_days", "reached_last"}


def test_what_was_heard_is_kept_for_the_same_sources_alone(tmp_path: Path) -> None:
    through = Through({"a.f": {"unit.open": None}}, {"a.f": {("leader", "item"): None}}, {})
    write_through(through, tmp_path / "heard", "one state")

    assert read_through(tmp_path / "heard", "one state") == through
    assert read_through(tmp_path / "heard", "another state") is None


def named(mutants: list[Mutant], words: str) -> Mutant:
    """The first whose name holds all these words: a line number stands between them."""
    return next(one for one in mutants if all(word in one.name for word in words.split(" ")) and words[-9:] in one.name)
