"""Visits that are kept: their list, and one with what was seen at each stop, its photos and where they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.actions.visits import keep_visit
from guatu.hub.ledger.models import Attachment, Item, KeptVisit, VisitStop
from guatu.hub.ledger.models.attachments import AttachmentState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.places import point_of
from guatu.hub.web.visits.changing import may_change
from guatu.hub.web.visits.plan import Visit
from guatu.hub.web.visits.ways import Spot, Way, between, way_of
from guatu.standards.coordinates import LonLat, NoPlace
from guatu.text import Text

PER_PAGE = 30
ON_A_DOSSIER = 10


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """A photo with when and where it was taken, and how far that is from the item."""

    one: Attachment
    taken: str
    place: LonLat | None
    metres: int | None


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop with what was ticked, written and taken there."""

    stop: VisitStop
    ticked: Sequence[Text]
    photos: Sequence[PhotoShown]
    place: LonLat | None

    @property
    def seen(self) -> bool:
        return self.stop.seen_at is not None


def visits(request: ActorRequest) -> HttpResponse:
    """Those to items one sees, the latest first, with how many of its stops one sees were seen."""
    mine = Q(stops__item__in=Item.objects.visible_to(request.actor).values("pk"))
    found = KeptVisit.objects.visible_to(request.actor).annotate(
        count=Count("stops", filter=mine), done=Count("stops", filter=mine & Q(stops__seen_at__isnull=False))
    )
    page = Paginator(found.order_by("-on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "visits/list.html", {"page": page})


@require_POST
def keep(request: ActorRequest) -> HttpResponse:
    """The visit of a sheet, to these very items, in the order they stand in there."""
    plan = Visit.of(request.POST)
    items = list(plan.items(request.actor).select_related("unit")) if plan.chosen else []
    made = keep_visit(items=items, on=plan.on, who=plan.who, why=plan.why, by=request.actor, at=timezone.now())
    return redirect("visit", made.pk)


def visit(request: ActorRequest, visit_id: int) -> HttpResponse:
    found = get_object_or_404(KeptVisit.objects.visible_to(request.actor).select_related("post__unit"), pk=visit_id)
    seen = Item.objects.visible_to(request.actor)
    stops = stops_shown(whole(found.stops.filter(item__in=seen.values("pk"))).order_by("place"))
    reported = Item.objects.under(request.actor, Permission.REPORT_ITEMS)
    may = set(reported.filter(pk__in=[one.stop.item_id for one in stops]).values_list("pk", flat=True))
    waiting = [one.stop.pk for one in stops if one.stop.item_id in may and not one.seen]
    words = {
        "visit": found,
        "stops": [(one, one.stop.pk in waiting) for one in stops],
        "next": waiting[0] if waiting else None,
        "done": sum(one.seen for one in stops),
        "way": _way(stops),
        "may_change": may_change(request, found),
    }
    return render(request, "visits/visit.html", words)


def visits_to(item: Item, day: date) -> list[StopShown]:
    """The latest visits on which somebody was there, up to a day."""
    found = _LATEST.all(item.pk, day)
    for one in found:
        one.item = item
    return stops_shown(found)


def whole(stops: QuerySet[VisitStop]) -> QuerySet[VisitStop]:
    """Stops with all that pages show of them, but for their photos."""
    return stops.select_related("visit", "remark", "item__unit", "item__ledger__pack").defer(
        "item__ledger__pack__files"
    )


_LATEST = ByKey(
    lambda item, day: (
        VisitStop.objects.filter(item=item, seen_at__isnull=False, visit__on__lte=day)
        .select_related("visit", "remark")
        .order_by("-visit__on", "-pk")[:ON_A_DOSSIER]
    )
)


def stops_shown(stops: Iterable[VisitStop]) -> list[StopShown]:
    """Stops as pages show them, whole, in a constant number of queries."""
    held = list(stops)
    photos = Attachment.objects.filter(state=AttachmentState.READY).order_by("pk")
    prefetch_related_objects(held, Prefetch("photos", photos, "ready"))
    return [_shown(one) for one in held]


def _shown(stop: VisitStop) -> StopShown:
    ledger = declared(stop.item.ledger)
    place = point_of(ledger, stop.item.values, stop.item.geometry)
    boxes = [ledger.visit_boxes[key].title for key in stop.boxes if key in ledger.visit_boxes]
    return StopShown(stop, boxes, [_photo(one, place) for one in stop.ready], place)  # type: ignore[attr-defined]  # prefetched


def _photo(one: Attachment, place: LonLat | None) -> PhotoShown:
    taken = _taken_at(one)
    metres = between(taken, place) if taken is not None and place is not None else None
    return PhotoShown(one, one.taken_at[:16].replace("T", " "), taken, metres)


def _taken_at(one: Attachment) -> LonLat | None:
    """Where a photo was taken, as its camera wrote."""
    if not (one.latitude and one.longitude):
        return None
    try:
        return LonLat(float(one.longitude), float(one.latitude))
    except (NoPlace, ValueError):
        return None


def _way(stops: Sequence[StopShown]) -> Way | None:
    """The stops and the photos that have a place, on one drawing; none where nothing has."""
    spots = [Spot(one.place, one.stop.place, one.stop.item.name) for one in stops if one.place is not None]
    spots += [
        Spot(photo.place, one.stop.place, f"{one.stop.item.name} {photo.taken}".strip(), is_photo=True)
        for one in stops
        for photo in one.photos
        if photo.place is not None
    ]
    return way_of(spots)
