"""Forms about what an item has to do with others, its remarks and its work log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.links import end_link, link_items
from guatu.hub.ledger.actions.remarks import MOST, add_remark
from guatu.hub.ledger.models import Item, Link, Remark
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.web.item_changes import SINCE, SINCE_HELP, EndForm, changeable, of_item
from guatu.hub.web.item_field import ItemField
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    PageForm,
    ReasonField,
    answered,
    in_language,
)
from guatu.text import Text


class LinkForm(PageForm):
    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField(required=False)

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        kinds = declared(item.ledger).link_kinds
        others = Item.objects.visible_to(request.actor).exclude(pk=item.pk).exclude(state=ItemState.MERGED)
        others = others.filter(ledger__key__in={key for one in kinds.values() for key in one.to})
        self.fields["kind"] = ChosenField(Text("它", "It is"), {key: one.title for key, one in kinds.items()})
        self.fields["target"] = ItemField(Text("哪个事项", "Which item"), others)
        self.order_fields(["kind", "target"])


class RemarkForm(PageForm):
    on = DayField(Text("日期", "Day"), initial=localdate)
    text = forms.CharField(
        label=in_language(Text("内容", "What")),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=in_language(
            Text(
                "记下后不能改，只能更正；不要写个人信息。",
                "It cannot be changed, only put right; write no personal data.",
            )
        ),
    )

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        kinds = {key: one.title for key, one in declared(item.ledger).remark_kinds.items()}
        self.fields["kind"] = ChosenField(Text("记在", "Into"), kinds)
        latest = item.remarks.filter(corrected_by=None).order_by("-on", "-pk")[:20]
        self.fields["corrects"] = forms.ModelChoiceField(
            latest.model.objects.filter(pk__in=[one.pk for one in latest]),
            required=False,
            empty_label="—",
            label=in_language(Text("更正哪一条", "Puts right")),
        )
        self.fields["corrects"].label_from_instance = partial(_entry, kinds)  # type: ignore[attr-defined]
        self.order_fields(["kind"])


def _entry(kinds: Mapping[str, Text], remark: Remark) -> str:
    title = kinds.get(remark.kind, Text(remark.kind, remark.kind)).in_(spoken())
    return f"{remark.on} {title}{Text('：', ': ').in_(spoken())}{remark.text[:30]}"


def add(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        LinkForm(request, item),
        lambda data: link_items(
            source=item, target=data["target"], kind=data["kind"], on=data["on"], reason=data["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text("建立关联", "Link it"),
        done=Text("关联已建立。", "The link has been made."),
        **of_item(item),
    )  # fmt: skip


def end(request: ActorRequest, link_id: int) -> HttpResponse:
    items = Item.objects.under(request.actor, Permission.CHANGE_ITEMS)
    links = Link.objects.select_related("source__ledger__pack", "target").filter(source__in=items)
    link = get_object_or_404(links, pk=link_id, target__in=Item.objects.visible_to(request.actor))
    kind = declared(link.source.ledger).link_kinds.get(link.kind)
    title = kind.title if kind is not None else Text(link.kind, link.kind)
    return answered(
        request,
        EndForm(request.POST or None),
        lambda data: end_link(link=link, on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text("解除关联", "End the link"),
        explained=Text(f"{title.zh}“{link.target.name}”", f"{title.en} '{link.target.name}'"),
        grave=True,
        done=Text("关联已解除。", "The link has been ended."),
        **of_item(link.source),
    )


def remark(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id, Permission.REPORT_ITEMS)
    return answered(
        request,
        RemarkForm(request, item),
        lambda data: add_remark(
            item=item, kind=data["kind"], on=data["on"], text=data["text"], corrects=data["corrects"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text("记日志或备注", "Write the log or a remark"),
        done=Text("已记下。", "It has been written down."),
        **of_item(item),
    )  # fmt: skip
