"""Goals in the order of their tree: each after the one above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guatu.hub.ledger.models import Goal


def in_tree_order(goals: Iterable[Goal]) -> list[Goal]:
    """Depth first, siblings as they came; one whose parent is not among them stands at the top."""
    found = list(goals)
    there = {one.pk for one in found}
    below: dict[int, list[Goal]] = {}
    for one in found:
        below.setdefault(one.parent_id if one.parent_id in there else 0, []).append(one)

    def walked(above: int) -> Iterator[Goal]:
        for one in below.get(above, ()):
            yield one
            yield from walked(one.pk)

    return list(walked(0))
