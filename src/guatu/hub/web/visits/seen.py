"""What was seen on the site of an item: a few words and the photos, together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import RemarkKind
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.attachments import attach
from guatu.hub.ledger.actions.remarks import MOST, add_remark
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Item
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

    def __init__(self, *args: Any, into: RemarkKind | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if into is not None:
            self.fields["text"].help_text = in_language(
                Text(
                    f"记入“{into.title.zh}”，不能改，只能更正；不要写个人信息。",
                    f"Goes into '{into.title.en}'; write no personal data.",
                )
            )


def seen(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id, Permission.REPORT_ITEMS)
    into = declared(item.ledger).visit_kind
    form = SeenForm(
        request.POST or None, request.FILES or None, initial={"on": min(Visit.of(request.GET).on, localdate())}, into=into
    )  # fmt: skip
    return answered(
        request,
        form,
        lambda data: _write(request, item, into.key if into is not None else "", data),
        title=Text("记走访情况", "Write down what was seen"),
        done=Text("已记下；照片正在查验。", "It has been written down; photos are being looked at."),
        button=Text("记下", "Write it down"),
        template="visits/seen.html",
        **of_item(item),
    )


def _write(request: ActorRequest, item: Item, kind: str, data: dict[str, Any]) -> None:
    """The entry and the photos, or neither."""
    with transaction.atomic():
        add_remark(item=item, kind=kind, on=data["on"], text=data["text"], by=request.actor, at=timezone.now())
        kept = [
            attach(to=item, name=one.name, content=one.read(), by=request.actor, at=timezone.now()) for one in data["photos"]
        ]  # fmt: skip
    for one in kept:
        look_at_attachment.enqueue(one.pk)
