"""This site's own changes to a pack: other names, fields, lists and choices of its own, values of settings; and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations import Pack
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.packs import change_overlay, require_packs
from guatu.hub.ledger.differences import Difference, differences
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.overlays import OWN, Overlay, as_data, declared_part, overlay_in
from guatu.hub.ledger.packs import laid_out, loaded
from guatu.hub.ledger.upgrades import current_version
from guatu.hub.web.pack_forms import (
    ChoiceForm,
    DutyForm,
    FieldForm,
    LedgerForm,
    LinkForm,
    MilestoneForm,
    RenameForm,
    SettingForm,
)
from guatu.hub.web.packs import installed_base, settings_of
from guatu.hub.web.page_forms import PageForm, answered
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text


def rename(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = RenameForm(_read(pack_key), request.POST or None)

    def change(overlay: Overlay) -> Overlay:
        place = str(form.cleaned_data["what"]).split("/")
        if len(place) == 2:
            return overlay.with_title(place[0], form.title())
        return overlay.with_entry(place[0], place[1], {"key": place[2], "title": as_data(form.title())})

    return _changed(request, pack_key, form, change, Text("改名称", "Change a name"))


def add_field(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = FieldForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "fields", Text("加字段", "Add a field"))


def add_list(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = LedgerForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "lists", Text("加清单", "Add a list"))


def add_milestone(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = MilestoneForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "milestones", Text("加节点", "Add a milestone"))


def add_duty(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = DutyForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "duties", Text("加责任岗", "Add a duty"))


def add_link(request: ActorRequest, pack_key: str) -> HttpResponse:
    """A kind of link may lead to any ledger of the site."""
    ledgers = {one.key: one.title for one in Ledger.objects.order_by("pk")}
    form = LinkForm(_read(pack_key), ledgers, request.POST or None)
    return _added(request, pack_key, form, "links", Text("加联系", "Add a kind of link"))


def add_remark(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = LedgerForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "remarks", Text("加日志种类", "Add a book of remarks"))


def add_box(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = LedgerForm(_read(pack_key), request.POST or None)
    return _added(request, pack_key, form, "visit_boxes", Text("加走访要点", "Add a box of visits"))


def _added(request: ActorRequest, pack_key: str, form: LedgerForm, part: str, title: Text) -> HttpResponse:
    """One more entry of a part of a ledger; what the pack declares by that key already is not overwritten by it."""

    def change(overlay: Overlay) -> Overlay:
        entry = form.entry()
        ledger = _read(pack_key).ledgers[form.cleaned_data["ledger"]]
        if entry["key"] in declared_part(ledger, part):
            raise KeyTaken(entry["key"])
        return overlay.with_entry(ledger.key, part, entry)

    return _changed(request, pack_key, form, change, title)


class KeyTaken(Conflict):
    """The ledger declares something by that key."""

    def __init__(self, key: str) -> None:
        self.field = "key"
        super().__init__(
            key,
            Text(f"键“{key}”已经用了", f"the key '{key}' is taken"),
            Text(
                "换一个键；只改名称的，用“改名称”。", "Give another key; to change a name alone, use 'Change a name'."
            ),
        )


def add_choice(request: ActorRequest, pack_key: str) -> HttpResponse:
    form = ChoiceForm(_read(pack_key), request.POST or None)

    def change(overlay: Overlay) -> Overlay:
        ledger, _, field = str(form.cleaned_data["field"]).partition("/")
        choice = {"key": form.cleaned_data["key"], "title": as_data(form.title())}
        return overlay.with_entry(ledger, "fields", {"key": field, "choices": [choice]})

    return _changed(request, pack_key, form, change, Text("加选项", "Add a choice"))


def choose(request: ActorRequest, pack_key: str, rulebook: str, setting: str) -> HttpResponse:
    """Another value for a setting of a rulebook."""
    told = next(
        (one for one in settings_of(_in_force(pack_key)) if (one["rulebook"], one["key"]) == (rulebook, setting)), None
    )
    if told is None:
        raise Http404
    form = SettingForm(told["allowed"], request.POST or None, initial={"value": told["chosen"] or told["value"]})

    def change(overlay: Overlay) -> Overlay:
        said = form.cleaned_data
        return overlay.with_setting(rulebook, setting, said["value"], Text(said["why_zh"], said["why_en"]))

    shipped = Text(
        f"原值 {told['value_said'].zh}：{told['why'].zh}", f"Shipped as {told['value_said'].en}: {told['why'].en}"
    )
    return _changed(request, pack_key, form, change, told["title"], explained=shipped, button=Text("改", "Change"))


@require_POST
def take_back(request: ActorRequest, pack_key: str) -> HttpResponse:
    """One of the changes goes; refused while items hold what it added."""
    place = posted(request, "place")
    base = installed_base(pack_key)
    try:
        _apply(request, base, lambda overlay: overlay.without(place))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.in_(spoken()))
    else:
        messages.success(request, Text("已撤销。", "Taken back.").in_(spoken()))
    return redirect("pack", pack_key)


def _read(pack_key: str) -> Pack:
    return loaded(_in_force(pack_key))


def _in_force(pack_key: str) -> PackVersion:
    """A pack with this site's changes to it, if there are any."""
    return current_version(pack_key + OWN) or installed_base(pack_key)


def _apply(request: ActorRequest, base: PackVersion, change: Callable[[Overlay], Overlay]) -> PackVersion:
    current = current_version(base.key + OWN)
    return change_overlay(
        base=base,
        overlay=change(overlay_in(current)),
        seen=current.hash if current is not None else "",
        by=request.actor,
        at=timezone.now(),
    )


def _previewed(base: PackVersion, change: Callable[[Overlay], Overlay]) -> list[Difference]:
    """What a change would do, without doing it."""
    current = current_version(base.key + OWN)
    overlay = change(overlay_in(current))
    overlay.check(base.key)
    with laid_out(overlay.over(base, "preview", localdate())) as pack:
        return differences(loaded(current or base), pack)


def _shown_first(
    request: ActorRequest, base: PackVersion, change: Callable[[Overlay], Overlay], words: dict[str, Any]
) -> HttpResponse:
    """The form as it was filled in, with what it would change."""
    form, status = words["form"], 422
    if form.is_valid():
        try:
            words["found"] = _previewed(base, change)
            status = 200
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "packs/change.html", words, status=status)


def _changed(
    request: ActorRequest,
    pack_key: str,
    form: PageForm,
    change: Callable[[Overlay], Overlay],
    title: Text,
    *,
    explained: Text | None = None,
    button: Text | None = None,
) -> HttpResponse:
    require_packs(request.actor)
    base = installed_base(pack_key)
    subject, back = base.title_zh if spoken() == "zh" else base.title_en, reverse("pack", args=[pack_key])
    if "preview" in request.POST:
        words = {"form": form, "title": title, "subject": subject, "back": back, "button": button or title}
        return _shown_first(request, base, change, {**words, "explained": explained})
    return answered(
        request,
        form,
        lambda _: _apply(request, base, change),
        title=title,
        subject=subject,
        back=back,
        done=Text("已改，业务包升级时照样叠上。", "Changed; upgrades of the pack keep it."),
        explained=explained,
        button=button,
        template="packs/change.html",
    )
