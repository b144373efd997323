"""One fact of an item changed where it stands: a cell becomes a form, a form a cell again. Without script each is a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.items import ChangedMeanwhile, change_item
from guatu.hub.ledger.actions.undoing import put_back
from guatu.hub.ledger.grid.columns import NAME
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import Shown
from guatu.hub.web.grid.back import back_of
from guatu.hub.web.grid.facts import Fact
from guatu.hub.web.item_changes import changeable
from guatu.hub.web.page_forms import LineField, PageForm
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

FormOf = TypeVar("FormOf", bound=PageForm)
IN_TABLE = Text("在表格里修改", "Changed in the table")
TAKEN_BACK = Text("撤销刚才的修改", "The change just made is taken back")


class CellForm(PageForm):
    """What the cell holds, from which revision it is changed, and why if there is more to say than that it was done here."""

    def __init__(self, request: ActorRequest, item: Item, fact: Fact) -> None:
        self.fact = fact
        super().__init__(request.POST or None, initial={fact.name: fact.at_first(item), "seen": item.revision})
        self.fields[fact.name] = fact.asked(item)
        self.fields["reason"] = cell_reason()
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)

    def field_of(self, refusal: Refusal) -> str:
        return self.fact.name

    def take(self, request: ActorRequest, item: Item) -> None:
        """Change the item as the form says."""
        data = self.cleaned_data
        change_item(
            item=item, seen=data["seen"], **self.fact.stated(data[self.fact.name]), on=localdate(),
            reason=data["reason"] or IN_TABLE.in_(spoken()), by=request.actor, at=timezone.now(),
        )  # fmt: skip


def cell_reason() -> forms.Field:
    """Why a cell is changed."""
    return LineField(Text("理由", "Reason"), most=500, required=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its two templates tell of it: what it shows, where its form is, where its change is taken back."""

    item: Item
    key: str
    title: Text
    address: str
    undo: str

    @property
    def holder(self) -> str:
        """What holds it in the table: names stand in a part of their heading."""
        return ".naming" if self.key == NAME else "td"


def cell(request: ActorRequest, item_id: int, field_key: str) -> HttpResponse:
    """The form of a cell; sent with what will do, the cell as it is then."""
    item = changeable(request, item_id)
    fact = _fact(item, field_key)
    form = CellForm(request, item, fact)
    theirs: Shown | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                form.take(request, item)
            except NotAllowed:
                raise
            except ChangedMeanwhile as refusal:
                status, theirs = status_of(refusal), fact.shown(item)
                form = from_what_is_now(form, item.revision)
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                return _done(request, item, fact)
    return form_shown(request, _cell(item, fact), form, fact.name, status, theirs=theirs)


def form_shown(request: ActorRequest, cell: Cell, form: PageForm, name: str, status: int, **words: Any) -> HttpResponse:
    """The form in its cell, or as a page without script."""
    words |= {
        "item": cell.item, "cell": cell, "form": form, "box": form[name],
        "back": back_of(request, reverse("item", args=[cell.item.pk])),
    }  # fmt: skip
    if by_script(request):
        return render(request, "ledgers/parts/cell_form.html", words)
    return render(request, "ledgers/cell.html", words, status=status)


@require_POST
def undo(request: ActorRequest, item_id: int, field_key: str) -> HttpResponse:
    """Take back the change just made, if nobody has changed the item since."""
    item = changeable(request, item_id)
    fact = _fact(item, field_key)
    put_back(
        item=item, field=fact.key, seen=revision_said(request), reason=TAKEN_BACK.in_(spoken()), by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return _done(request, item, fact, undone=True)


def revision_said(request: ActorRequest) -> int:
    """From what a change is taken back."""
    seen = whole_number(posted(request, "seen"))
    if seen is None:
        raise Http404
    return seen


def from_what_is_now(form: FormOf, seen: int) -> FormOf:
    """The same answers, to be sent again over what somebody else wrote meanwhile."""
    form.data = {**form.data.dict(), "seen": seen}  # type: ignore[attr-defined]  # what was posted
    return form


def _done(request: ActorRequest, item: Item, fact: Fact, *, undone: bool = False) -> HttpResponse:
    fresh = get_object_or_404(Item.objects.select_related("ledger__pack").defer("ledger__pack__files"), pk=item.pk)
    return cell_done(request, _cell(fresh, fact), fact.shown(fresh), fresh.revision, undone=undone)


def cell_done(request: ActorRequest, cell: Cell, shown: Shown, seen: int, *, undone: bool) -> HttpResponse:
    """The cell as it is now with a way back, or the table the form was opened from."""
    if by_script(request):
        words = {"item": cell.item, "cell": cell, "shown": shown, "seen": seen, "undone": undone}
        return render(request, "ledgers/parts/cell_done.html", words)
    done = Text("已撤销。", "It has been taken back.") if undone else Text("已修改。", "It has been changed.")
    messages.success(request, done.in_(spoken()))
    return HttpResponseRedirect(back_of(request, reverse("item", args=[cell.item.pk])))


def _cell(item: Item, fact: Fact) -> Cell:
    said = [item.pk, fact.key]
    return Cell(item, fact.key, fact.title, reverse("item_cell", args=said), reverse("item_cell_undo", args=said))


def _fact(item: Item, key: str) -> Fact:
    fact = Fact.of(declared(item.ledger), key)
    if fact is None:
        raise Http404
    return fact


def by_script(request: ActorRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
