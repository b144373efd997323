"""Who should be let in where: written by hand beside the code, never read from it.

A row for every route and method that is open to anybody. What has no row must let nobody in. Adding a route means adding its
row to the table of its subject, beside the one in `config.policy`: two hands must write the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.hub.permissions.door import Door
from tests.hub.permissions.doors_of_goals import DOORS_OF_GOALS
from tests.hub.permissions.doors_of_imports import DOORS_OF_IMPORTS
from tests.hub.permissions.doors_of_items import DOORS_OF_ITEMS, load_of, this_round, view_of
from tests.hub.permissions.doors_of_people import DOORS_OF_PEOPLE
from tests.hub.permissions.world import Caller, World

DOORS: Mapping[tuple[str, str], Door] = {**DOORS_OF_PEOPLE, **DOORS_OF_ITEMS, **DOORS_OF_GOALS, **DOORS_OF_IMPORTS}

ARGUMENTS: Mapping[str, Callable[[World, Caller, str], object]] = {
    "unit_id": lambda world, caller, place: world.unit(place, caller).pk,
    "person_id": lambda world, caller, place: world.person(place, caller).pk,
    "post_id": lambda world, caller, place: world.post(place, caller).pk,
    "guide": lambda world, caller, place: "keep-an-item",
    "ledger_key": lambda world, caller, place: world.ledger.key,
    "pack_key": lambda world, caller, place: world.ledger.pack.key,
    "shipped": lambda world, caller, place: "land_disposal",
    "rulebook": lambda world, caller, place: "laixi_2021_land",
    "setting": lambda world, caller, place: "test_rounds",
    "item_id": lambda world, caller, place: world.item(place, caller).pk,
    "other_id": lambda world, caller, place: world.link(place, caller).target_id,
    "year": lambda world, caller, place: 2026,
    "list_key": lambda world, caller, place: "unsupplied",
    "milestone_key": lambda world, caller, place: "begun",
    "period": lambda world, caller, place: this_round(),
    "duty_id": lambda world, caller, place: world.duty(place, caller).pk,
    "link_id": lambda world, caller, place: world.link(place, caller).pk,
    "import_id": lambda world, caller, place: world.sent(place, caller).pk,
    "goal_id": lambda world, caller, place: world.goal(place, caller).pk,
    "target_id": lambda world, caller, place: world.goal(place, caller).targets.filter(whole=None).latest("period").pk,
    "paper_id": lambda world, caller, place: world.goal(place, caller).papers.get().pk,
    "along": lambda world, caller, place: "unit",
    "attachment_id": lambda world, caller, place: world.attachment(place, caller).pk,
    "table": lambda world, caller, place: 0,
    "run_id": lambda world, caller, place: world.run.pk,
    "indicator": lambda world, caller, place: "disposed",
    "checkpoint_id": lambda world, caller, place: world.checkpoint.pk,
    "load_id": load_of,
    "view_id": view_of,
    "visit_id": lambda world, caller, place: world.item(place, caller).visits.get().visit_id,
    "field_key": lambda world, caller, place: "way",
    "figure_key": lambda world, caller, place: "delivered",
    "name": lambda world, caller, place: world.session(place, caller),
    "pk": lambda world, caller, place: world.passkey(place, caller),
    "provider_id": lambda world, caller, place: "nowhere",
    "token_id": lambda world, caller, place: world.token(place, caller).pk,
}
"""An object at a place for every argument a route may take, by the argument's name."""
