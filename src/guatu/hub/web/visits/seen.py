"""What was seen on the site of an item: boxes ticked, a few words and the photos, together, at a stop of a visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.remarks import MOST
from guatu.hub.ledger.actions.visits import Photo, Seen, drop_in, see_stop
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Item, VisitStop
from guatu.hub.ledger.packs import declared
from guatu.hub.web.item_changes import changeable, of_item
from guatu.hub.web.page_forms import DayField, PageForm, answered, in_language
from guatu.hub.web.visits.plan import Visit
from guatu.text import Text

PHOTOS = 8
TAKEN = "image/jpeg,image/png,image/webp"


class PhotosInput(forms.ClearableFileInput):
    """Several pictures; a phone opens its camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > PHOTOS:
            raise forms.ValidationError(Text(f"一次最多 {PHOTOS} 张。", f"At most {PHOTOS} at a time.").in_(spoken()))
        clean = super().clean
        return [clean(one, initial) for one in given]


class SeenForm(PageForm):
    photos = PhotosField(
        label=in_language(Text("照片", "Photos")), required=False,
        widget=PhotosInput(attrs={"accept": TAKEN, "capture": "environment"}),
    )  # fmt: skip
    text = forms.CharField(
        label=in_language(Text("看到了什么", "What was seen")),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    on = DayField(Text("哪天", "Day"), initial=localdate)

    def __init__(self, request: ActorRequest, ledger: LedgerDeclaration, on: date) -> None:
        super().__init__(request.POST or None, request.FILES or None, initial={"on": min(on, localdate())})
        if (into := ledger.visit_kind) is not None:
            self.fields["text"].help_text = in_language(
                Text(
                    f"记入“{into.title.zh}”，不能改，只能更正；不要写个人信息。",
                    f"Goes into '{into.title.en}'; write no personal data.",
                )
            )
        if ledger.visit_boxes:
            self.fields["boxes"] = forms.MultipleChoiceField(
                label=in_language(Text("核对", "Checked on site")),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, one.title.in_(spoken())) for key, one in ledger.visit_boxes.items()],
            )
        self.order_fields(["photos", "boxes", "text", "on"])


def seen(request: ActorRequest, item_id: int) -> HttpResponse:
    """At one item, on no visit kept before: it becomes one of its own."""
    item = changeable(request, item_id, Permission.REPORT_ITEMS)

    def see(seen: Seen) -> VisitStop:
        return drop_in(item=item, seen=seen, by=request.actor, at=timezone.now())

    return _answered(request, item, Visit.of(request.GET).on, see, of_item(item)["back"])


def stop(request: ActorRequest, visit_id: int, item_id: int) -> HttpResponse:
    """At one stop of a visit; then back to its other stops."""
    item = changeable(request, item_id, Permission.REPORT_ITEMS)
    held = get_object_or_404(VisitStop.objects.select_related("visit"), visit=visit_id, item=item)

    def see(seen: Seen) -> VisitStop:
        return see_stop(stop=held, seen=seen, by=request.actor, at=timezone.now())

    return _answered(request, item, held.visit.on, see, reverse("visit", args=[visit_id]))


def _answered(request: ActorRequest, item: Item, on: date, see: Callable[[Seen], VisitStop], back: str) -> HttpResponse:
    return answered(
        request,
        SeenForm(request, declared(item.ledger), on),
        lambda data: _write(see, data),
        title=Text("记走访情况", "Write down what was seen"),
        done=Text("已记下；照片正在查验。", "It has been written down; photos are being looked at."),
        button=Text("记下", "Write it down"),
        template="visits/seen.html",
        **{**of_item(item), "back": back},
    )


def _write(see: Callable[[Seen], VisitStop], data: dict[str, Any]) -> None:
    """All of it, or nothing; then the worker looks at the photos."""
    photos = [Photo(one.name, one.read()) for one in data["photos"]]
    stop = see(Seen(data["on"], data["text"], data.get("boxes", ()), photos))
    for photo in stop.photos.values_list("pk", flat=True):
        look_at_attachment.enqueue(photo)
