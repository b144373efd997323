"""Items as a browser draws them: ids, where they lie, their light, their lists; compact, and the same bytes while nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count, Max, Sum

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.models import ListMembership
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.hub.ledger.places import geometry_of, point_of

MOST = 50_000
"""Items a map takes."""


def state_of(items: ItemQuerySet, *besides: str) -> str:
    """A word that changes whenever the points would: items come and go, change, or what stands besides does."""
    held = items.order_by().aggregate(n=Count("pk"), latest=Max("sequence"), ids=Sum("pk"))
    said = repr((held["n"], held["latest"], held["ids"], *besides))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def features(items: ItemQuerySet, ledger: LedgerDeclaration, lists: Sequence[str], lights: Mapping[int, str]) -> bytes:
    """GeoJSON of the items that have a place: `n` the name, `u` the unit's number, `l` the light, `k` the lists by their place."""
    place_of_list = {key: place for place, key in enumerate(lists)}
    on: defaultdict[int, list[int]] = defaultdict(list)
    kept = ListMembership.objects.filter(item__in=items.order_by().values("pk"), valid_to=None, list__in=lists)
    for item, key in kept.values_list("item_id", "list"):
        on[item].append(place_of_list[key])
    written = ",\n".join(_features(items, ledger, on, lights))
    return f'{{"type":"FeatureCollection","features":[\n{written}\n]}}'.encode()


def _features(
    items: ItemQuerySet, ledger: LedgerDeclaration, on: Mapping[int, list[int]], lights: Mapping[int, str]
) -> Iterator[str]:
    wanted = ledger.position or ()
    rows = items.order_by("pk").values_list("pk", "name", "unit_id", "values", "geometry")[:MOST]
    for pk, name, unit, values, geometry in rows.iterator(chunk_size=2000):
        place = point_of(ledger, {key: values.get(key) for key in wanted}, geometry)
        if place is None:
            continue
        said: dict[str, object] = {"n": name, "u": unit}
        if pk in lights:
            said["l"] = lights[pk]
        if pk in on:
            said["k"] = sorted(on[pk])
        yield json.dumps(
            {"type": "Feature", "id": pk, "geometry": geometry_of(place), "properties": said},
            ensure_ascii=False, separators=(",", ":"),
        )  # fmt: skip
