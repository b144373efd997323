"""What is sent to a door, naming something of elsewhere in one field: what its sender does not see is nothing they can name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from tests.hub.permissions.door import Body, Door
from tests.hub.permissions.world import Caller, World

ELSEWHERE: Mapping[str, Callable[[World], int]] = {
    **dict.fromkeys(("unit_id", "parent_id", "units"), lambda world: int(world.units["elsewhere"].pk)),
    "person_id": lambda world: int(world.residents["elsewhere"].pk),
    **dict.fromkeys(
        ("item_id", "items", "target_id", "into_id", "other_id"), lambda world: int(world.items["elsewhere"].pk)
    ),
}
"""Fields that name something, and what of it lies elsewhere."""


def named_elsewhere(world: World, caller: Caller, door: Door, place: str) -> Iterator[tuple[str, Door]]:
    """The same door, once for each field of what is sent that names something, wherever in it the field stands."""
    if door.body is None:
        return
    with transaction.atomic():
        sent = door.body(world, caller, place)
        transaction.set_rollback(True)
    for field, of in ELSEWHERE.items():
        if _naming(sent, field, of(world)) != sent:
            yield field, Door(*door.lets, body=_body(door.body, field, of), records=door.records)


def _body(body: Body, field: str, of: Callable[[World], int]) -> Body:
    return lambda world, caller, place: _naming(body(world, caller, place), field, of(world))


def _naming(sent: Any, field: str, key: int) -> Any:
    if isinstance(sent, list):
        return [_naming(one, field, key) for one in sent]
    if not isinstance(sent, Mapping):
        return sent
    return {
        name: _naming(value, field, key) if name != field else [key] if isinstance(value, list) else key
        for name, value in sent.items()
    }
