"""The map of a ledger's items: the page, which a browser without scripts and a printer show whole, and what its script asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from guatu.declarations.boundaries import Boundaries
from guatu.engine.values.severity import Severity
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.reading import latest_run
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.boundaries import boundaries_for
from guatu.hub.ledger.fields import stated_list_titles, stated_lists
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import STATES
from guatu.hub.web.grid.strip import views_of
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.maps.districts import COUNT, districts, shares
from guatu.hub.web.maps.drawing import Label, drawn
from guatu.hub.web.maps.judged import by_indicator, indicators, judged_of, light_shares, lights
from guatu.hub.web.maps.points import features, state_of
from guatu.hub.web.maps.washes import Wash, Washed, washed
from guatu.hub.web.units import units_to_choose
from guatu.text import Text

RANKED = [one.value for one in reversed(Severity)]
"""Lights in the order of a legend: the worst first, what was not judged last."""
UNTIL_CHANGED = "private, no-cache"
"""A browser may keep it, and asks each time whether it is still so (`guatu.hub.config.headers` lets this alone pass)."""


def items_map(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Districts washed by what is asked for, with the table behind; the script lays the moving map over the drawing."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked = ItemsAsked.of(request.GET)
    judged = judged_of(ledger)
    offered = [*(light_shares(judged) if judged is not None else ()), *shares(declaration)]
    measured = indicators(judged) if judged is not None else []
    asked_for = request.GET.get("wash", "")
    share = next((one for one in offered if one.key == asked_for), None)
    bounds, _ = boundaries_for(ledger)
    counted = districts(
        asked.items(ledger, request.actor), Unit.objects.visible_to(request.actor), bounds.areas, share,
        judged.run if judged is not None else None,
    )  # fmt: skip
    measure = next((key for key, _ in measured if key == asked_for), None)
    if judged is not None and measure is not None:
        wash = by_indicator(judged, measure.partition(":")[2], asked.list, counted.districts)
    else:
        wash = washed(counted.districts, share)
    words = {
        "ledger": ledger,
        "asked": asked,
        "states": STATES,
        "lists": stated_list_titles(declaration),
        "units": units_to_choose(request.actor),
        "views": views_of(request, ledger),
        "washes": [(COUNT, Text("事项数", "number of items")), *((one.key, one.title) for one in offered), *measured],
        "chosen": share.key if share is not None else measure or COUNT,
        "share": share,
        "measure": measure,
        "severities": sorted(set(judged.run.counts), key=RANKED.index) if judged is not None else [],
        "wash": wash,
        "elsewhere": counted.elsewhere,
        "query": request.GET.urlencode(),
        "base": json.dumps(base_layer()),
        **drawing_words(bounds, wash),
    }
    return render(request, "maps/map.html", words)


def drawing_words(bounds: Boundaries, wash: Wash) -> dict[str, Any]:
    """The drawing of a page: its box, its outlines with what is said of each, and where the boundaries come from."""
    by_code = {one.district.code: one for one in wash.washed}
    labels = {code: (one.district.title.in_(spoken()), one.said.in_(spoken())) for code, one in by_code.items()}
    drawing = drawn(bounds.areas, labels)
    return {
        "drawing": drawing,
        "outlines": [
            (one, by_code.get(one.code), list(_lines(one.label, by_code.get(one.code)))) for one in drawing.outlines
        ],
        "bounds": bounds,
    }


def _lines(label: Label | None, one: Washed | None) -> Iterator[tuple[str, int]]:
    """The lines of a label, each with its height in the drawing."""
    if label is not None and one is not None:
        yield one.district.title.in_(spoken()), label.y - 3
        yield one.said.in_(spoken()), label.y + 16


def base_layer() -> Mapping[str, Any]:
    """天地图, where the site has a key: its tiles and the names over them, from eight hosts; without one nothing."""
    if not settings.TIANDITU_KEY:
        return {}
    ask = "?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    place = "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=" + settings.TIANDITU_KEY
    return {
        layer: [f"{host}/{layer}_w/wmts{ask}&LAYER={layer}{place}" for host in settings.TIANDITU_HOSTS]
        for layer in ("vec", "cva")
    }


def _points_state(request: ActorRequest, ledger_key: str) -> str:
    ledger = ledger_of(ledger_key)
    run = latest_run(ledger)
    besides = (ledger.pack.hash, request.GET.urlencode(), str(run.pk if run is not None else 0))
    return state_of(ItemsAsked.of(request.GET).items(ledger, request.actor), *besides)


@gzip_page
@condition(etag_func=lambda request, ledger_key: f'"{_points_state(request, ledger_key)}"')
def items_points(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The items asked for that have a place, as GeoJSON."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    items = ItemsAsked.of(request.GET).items(ledger, request.actor)
    return _geojson(features(items, declaration, stated_lists(declaration), lights(latest_run(ledger))))


@gzip_page
@condition(etag_func=lambda request, ledger_key: f'"{boundaries_for(ledger_of(ledger_key))[1]}"')
def items_areas(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The outlines the map is drawn on, as GeoJSON."""
    bounds, _ = boundaries_for(ledger_of(ledger_key))
    found = [
        {"type": "Feature", "properties": {"code": one.code}, "geometry": {"type": "MultiPolygon", "coordinates": one.polygons}}
        for one in bounds.areas.values()
    ]  # fmt: skip
    return _geojson(json.dumps({"type": "FeatureCollection", "features": found}, separators=(",", ":")).encode())


def _geojson(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/geo+json")
    answer["Cache-Control"] = UNTIL_CHANGED
    return answer
