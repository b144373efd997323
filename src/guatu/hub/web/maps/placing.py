"""Putting an item on the map by hand: two numbers in a named system, which a click on the map fills in."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.items import place_item
from guatu.hub.ledger.boundaries import boundaries_for
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.places import DECIMALS, point_of
from guatu.hub.web.item_changes import SINCE, SINCE_HELP, changeable, of_item
from guatu.hub.web.maps.pages import base_layer
from guatu.hub.web.page_forms import ChosenField, DayField, PageForm, ReasonField, answered, in_language
from guatu.standards.coordinates import CoordinateSystem, LonLat, NoPlace, to_cgcs2000
from guatu.text import Refusal, Text

SYSTEMS = {one.value: one.words for one in CoordinateSystem}


class DegreeField(forms.FloatField):
    """Decimal degrees, as copied from a map."""

    is_third = True

    def __init__(self, label: Text, most: int, example: str) -> None:
        super().__init__(
            label=in_language(label),
            required=False,
            widget=forms.NumberInput(attrs={"step": "any", "min": -most, "max": most, "inputmode": "decimal"}),
            help_text=in_language(Text(f"十进制度，如 {example}", f"decimal degrees, such as {example}")),
        )


class PlaceForm(PageForm):
    """Where it lies; both numbers empty: nobody knows."""

    longitude = DegreeField(Text("经度", "Longitude"), 180, "120.382640")
    latitude = DegreeField(Text("纬度", "Latitude"), 90, "36.067082")
    system = ChosenField(Text("坐标系", "Coordinate system"), SYSTEMS)
    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, request: ActorRequest, item: Item) -> None:
        place = point_of(declared(item.ledger), item.values, item.geometry)
        known = {"longitude": _said(place.longitude), "latitude": _said(place.latitude)} if place is not None else {}
        first = {"seen": item.revision, "system": CoordinateSystem.CGCS2000.value, **known}
        super().__init__(request.POST or None, initial=first)

    def field_of(self, refusal: Refusal) -> str:
        return "longitude" if isinstance(refusal, NoPlace) else ""


def place(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    bounds, _ = boundaries_for(item.ledger)

    def act(data: dict[str, Any]) -> None:
        place_item(
            item=item, seen=data["seen"], place=_meant(data), on=data["on"], reason=data["reason"], by=request.actor,
            at=timezone.now(),
        )  # fmt: skip

    return answered(
        request,
        PlaceForm(request, item),
        act,
        title=Text("标注位置", "Put it on the map"),
        explained=Text(
            "在地图上点一下，或填经纬度并选它的坐标系；存的是 CGCS2000，只换算这一次。两个都清空，就是没有位置。",
            "Click on the map, or give longitude and latitude and the system they are in; they are kept in CGCS2000, "
            "converted this once. With both left empty it has no place.",
        ),
        done=Text("位置已记下。", "Its place has been kept."),
        template="maps/place.html",
        more={"ledger": item.ledger, "bounds": bounds, "base": json.dumps(base_layer())},
        **of_item(item),
    )


def _meant(data: dict[str, Any]) -> LonLat | None:
    """The place a form speaks of, in CGCS2000; one number without the other is refused."""
    longitude, latitude = data["longitude"], data["latitude"]
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        raise Refusal(
            "longitude, latitude",
            Text("经度和纬度只写了一个", "only one of longitude and latitude is given"),
            Text("两个都写，或都清空。", "Give both, or neither."),
        )
    return to_cgcs2000(LonLat(longitude, latitude), CoordinateSystem(data["system"]))


def _said(number: float) -> str:
    return f"{number:.{DECIMALS}f}".rstrip("0").rstrip(".")
