"""Files attached to an item or a goal: listed, looked at, given out so that a browser runs nothing in them, erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.attachments import attach, erase_attachment
from guatu.hub.ledger.attaching.giving import MEDIA_TYPES, NOTHING_RUNS, given_name, media_type, opened
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Attachment, Goal, Item
from guatu.hub.ledger.models.attachments import AttachmentState
from guatu.hub.ledger.packs import declared
from guatu.hub.web.goals.pages import found_goal
from guatu.hub.web.page_forms import ChosenField, PageForm, ReasonForm, answered, in_language
from guatu.hub.web.units import permissions_at
from guatu.text import Refusal, Text

PER_PAGE = 30
ALIKE = 20
STATES: Mapping[str, tuple[Text, str]] = {
    AttachmentState.WAITING: (Text("正在查验", "being looked at"), "wait"),
    AttachmentState.READY: (Text("可用", "ready"), "good"),
    AttachmentState.REFUSED: (Text("不收", "refused"), "bad"),
    AttachmentState.ERASED: (Text("已删除", "erased"), "bad"),
}
TAKEN = ".jpg,.jpeg,.png,.webp,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps"


class SendForm(PageForm):
    """A file, and the milestone it is evidence of."""

    def __init__(self, *args: Any, milestones: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.FileField(
            label=in_language(Text("照片或文件", "Picture or file")),
            widget=forms.ClearableFileInput(attrs={"accept": TAKEN}),
            help_text=in_language(
                Text(
                    "照片、PDF、Word、Excel、PowerPoint。照片里的拍摄时间和地点另行留存，不随图给出。",
                    "Pictures, PDF, Word, Excel, PowerPoint. When and where a picture was taken is kept apart from it.",
                )
            ),
        )
        if milestones:
            self.fields["milestone"] = ChosenField(
                Text("证明哪个节点", "Evidence of milestone"), milestones, required=False
            )


def of_item(request: ActorRequest, item_id: int) -> HttpResponse:
    found = _item(request, item_id)
    return _listed(request, found, SendForm(milestones=_milestones(found)))


def of_goal(request: ActorRequest, goal_id: int) -> HttpResponse:
    return _listed(request, found_goal(request, goal_id), SendForm(milestones={}))


@require_POST
def send(request: ActorRequest, item_id: int) -> HttpResponse:
    return _sent(request, _item(request, item_id))


@require_POST
def send_to_goal(request: ActorRequest, goal_id: int) -> HttpResponse:
    return _sent(request, found_goal(request, goal_id))


def _sent(request: ActorRequest, to: Item | Goal) -> HttpResponse:
    """Keep the file and have the worker look at it."""
    form = SendForm(request.POST, request.FILES, milestones=_milestones(to))
    if not form.is_valid():
        return _listed(request, to, form, status=422)
    file = form.cleaned_data["file"]
    try:
        one = attach(
            to=to, name=file.name, content=file.read(), milestone=form.cleaned_data.get("milestone", ""),
            by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _listed(request, to, form, status=status_of(refusal))
    look_at_attachment.enqueue(one.pk)
    messages.success(request, Text("已收到，正在查验。", "Received; it is being looked at.").in_(spoken()))
    return redirect(addresses_of(to)[1])


def addresses_of(to: Item | Goal) -> tuple[str, str, str]:
    """Of what files are attached to: its page, the page of its files, and where to send one."""
    routes = ("item", "item_attachments", "attachment_send")
    if isinstance(to, Goal):
        routes = ("goal", "goal_attachments", "goal_attachment_send")
    page, files, send_to = (reverse(route, args=[to.pk]) for route in routes)
    return page, files, send_to


def _listed(request: ActorRequest, to: Item | Goal, form: SendForm, status: int = 200) -> HttpResponse:
    held = Attachment.objects.filter(**{"goal" if isinstance(to, Goal) else "item": to})
    page = Paginator(held.order_by("-submitted_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    milestones = _milestones(to)
    words = {
        "to": to,
        "addresses": addresses_of(to),
        "form": form,
        "page": page,
        "rows": [(one, *STATES[one.state], milestones.get(one.milestone)) for one in page.object_list],
        "may": permissions_at(request.actor, to.unit),
    }
    return render(request, "attachments/attachments.html", words, status=status)


def one(request: ActorRequest, attachment_id: int) -> HttpResponse:
    found = _found(request, attachment_id)
    alike = (
        Attachment.objects.visible_to(request.actor)
        .like(found)
        .select_related("item__unit", "goal__unit")
        .order_by("pk")
    )
    words = {
        "one": found,
        "to": found.subject,
        "addresses": addresses_of(found.subject),
        "state": STATES[found.state],
        "milestone": _milestones(found.subject).get(found.milestone),
        "alike": [] if found.state == AttachmentState.ERASED else list(alike[:ALIKE]),
        "may": permissions_at(request.actor, found.subject.unit),
    }
    return render(request, "attachments/attachment.html", words)


def file(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    """A picture in place, anything else as a download."""
    found = _found(request, attachment_id)
    inline = found.is_picture and "download" not in request.GET
    return _given(found, opened(found), media_type(found), inline=inline)


def small(request: ActorRequest, attachment_id: int) -> HttpResponseBase:
    found = _found(request, attachment_id)
    return _given(found, opened(found, small=True), MEDIA_TYPES["jpg"], inline=True)


def erase(request: ActorRequest, attachment_id: int) -> HttpResponse:
    found = get_object_or_404(
        Attachment.objects.under(request.actor, Permission.CHANGE_ITEMS).select_related("item__unit", "goal__unit"),
        pk=attachment_id,
    )
    form = ReasonForm(request.POST or None)
    return answered(
        request,
        form,
        lambda said: erase_attachment(one=found, reason=said["reason"], by=request.actor, at=timezone.now()),
        title=Text("删除附件", "Erase the attachment"),
        subject=found.name,
        back=reverse("attachment", args=[found.pk]),
        done=Text("已删除。", "Erased."),
        explained=Text(
            "文件、文件名、拍摄时间和地点都会删掉，不能找回；留下的只有何时附过、内容的校验值和删除的理由。",
            "The file, its name, and when and where it was taken are gone for good. What stays is that it was attached, "
            "the hash of its content, and why it was erased.",
        ),
        grave=True,
    )


def _given(found: Attachment, content: IO[bytes] | None, as_type: str, *, inline: bool) -> HttpResponseBase:
    if content is None:
        raise Http404
    answer = FileResponse(content, as_attachment=not inline, filename=given_name(found), content_type=as_type)
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    return answer


def _milestones(to: Item | Goal) -> dict[str, Text]:
    if isinstance(to, Goal):
        return {}
    return {key: one.title for key, one in declared(to.ledger).milestones.items()}


def _item(request: ActorRequest, item_id: int) -> Item:
    return get_object_or_404(
        Item.objects.visible_to(request.actor, Permission.SEE_ITEMS).select_related("unit", "ledger__pack"), pk=item_id
    )


def _found(request: ActorRequest, attachment_id: int) -> Attachment:
    return get_object_or_404(
        Attachment.objects.visible_to(request.actor).select_related("item__unit", "item__ledger__pack", "goal__unit"),
        pk=attachment_id,
    )
