"""Views kept under a name: an address of its own for each, a list of them above the table."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.actions.views import delete_view, rename_view, save_view, share_view, unshare_view
from guatu.hub.ledger.models import Ledger, SavedView
from guatu.hub.web.grid.strip import VIEWS
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import LineField, PageForm, UnitField, answered, manageable
from guatu.text import Text

SHOWN = 40
"""Views in the list above a table."""


@ByKey
def _saved(ledger: Any, person: Any, units: Any) -> Any:
    """The views of a ledger somebody with posts at these units finds."""
    return (
        SavedView.objects.found_by(person, units)
        .filter(ledger=ledger)
        .select_related("owner", "shared_with")
        .only("name", "view", "query", "owner__name", "shared_with__title_zh", "shared_with__title_en")
        .order_by("name", "pk")[:SHOWN]
    )


class NameForm(PageForm):
    name = LineField(Text("视图名称", "Name of the view"), most=60)


class ShareForm(PageForm):
    """With which unit."""

    def __init__(self, request: ActorRequest) -> None:
        super().__init__(request.POST or None)
        units = manageable(request.actor, Permission.SEE_ITEMS)
        self.fields["unit"] = UnitField(Text("共享给哪个单位及其下属", "With which unit and all under it"), units)


def saved_words(request: ActorRequest, ledger: Ledger, query: str) -> dict[str, Any]:
    """The views of a ledger somebody finds, their own first, and which of them is open. One statement."""
    me = request.actor.person_id
    found: list[SavedView] = _saved.all(ledger.pk, me, tuple(sorted({post.unit_id for post in request.actor.posts})))
    views = sorted(found, key=lambda one: one.owner_id != me)
    route = request.resolver_match.view_name if request.resolver_match is not None else ""
    opened = next((one for one in views if (one.view, one.query) == (route, query)), None)
    return {"saved": views, "opened": opened, "me": me}


def view(request: ActorRequest, view_id: int) -> HttpResponse:
    """A view's own address: it leads to what is kept under it."""
    found = _found(request, view_id)
    return HttpResponseRedirect(_leads_to(found))


def save(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Under which name what the address asks is kept."""
    ledger = ledger_of(ledger_key)
    said = request.GET.copy()
    named = (said.pop("view", None) or ["items"])[-1]
    route = named if named in {one for one, _ in VIEWS} else "items"
    for passing in ("page", "edit"):
        said.pop(passing, None)
    query = said.urlencode()
    back = reverse(route, args=[ledger.key]) + (f"?{query}" if query else "")
    return answered(
        request,
        NameForm(request.POST or None),
        lambda data: save_view(
            ledger=ledger, name=data["name"], view=route, query=query, by=request.actor, at=timezone.now()
        ),
        title=Text("存为视图", "Save as a view"),
        explained=Text(
            "记下现在的筛选、列、排序和分组。以后从表格上方打开；可以共享给一个单位，看到的各按本人的权限。",
            "Keeps the filter, columns, order and groups as they are now. It opens from above the table; shared with a unit, it "
            "shows each reader what they may see.",
        ),
        subject=ledger.title_zh,
        back=back,
        done=Text("已存为视图。", "The view is saved."),
    )


def rename(request: ActorRequest, view_id: int) -> HttpResponse:
    found = _own(request, view_id)
    form = NameForm(request.POST or None, initial={"name": found.name})
    return answered(
        request,
        form,
        lambda data: rename_view(view=found, name=data["name"], by=request.actor, at=timezone.now()),
        title=Text("视图改名", "Rename the view"),
        subject=found.name,
        back=_leads_to(found),
        done=Text("已改名。", "It has another name."),
    )


def share(request: ActorRequest, view_id: int) -> HttpResponse:
    found = _own(request, view_id)
    return answered(
        request,
        ShareForm(request),
        lambda data: share_view(view=found, unit=data["unit"], by=request.actor, at=timezone.now()),
        title=Text("共享视图", "Share the view"),
        explained=Text(
            "在这个单位及其下属任职的人都能打开它，只看到自己有权看的事项。",
            "Whoever holds a post at this unit or under it can open it, and sees only items they may see.",
        ),
        subject=found.name,
        back=_leads_to(found),
        done=Text("已共享。", "It is shared."),
    )


@require_POST
def unshare(request: ActorRequest, view_id: int) -> HttpResponse:
    found = _own(request, view_id)
    unshare_view(view=found, by=request.actor, at=timezone.now())
    return HttpResponseRedirect(_leads_to(found))


@require_POST
def delete(request: ActorRequest, view_id: int) -> HttpResponse:
    found = _own(request, view_id)
    delete_view(view=found, by=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("items", args=[found.ledger.key]))


def _found(request: ActorRequest, view_id: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.actor).select_related("ledger"), pk=view_id)


def _own(request: ActorRequest, view_id: int) -> SavedView:
    return get_object_or_404(SavedView.objects.select_related("ledger"), pk=view_id, owner_id=request.actor.person_id)


def _leads_to(found: SavedView) -> str:
    known = {route for route, _ in VIEWS}
    route = found.view if found.view in known else "items"
    return reverse(route, args=[found.ledger.key]) + (f"?{found.query}" if found.query else "")
