"""One field of an item changed where it stands: a cell becomes a form, a form a cell again. Without script each is a page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations import FieldDeclaration
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.items import ChangedMeanwhile, change_item
from guatu.hub.ledger.actions.undoing import put_back
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import Shown, reason_shown, shown
from guatu.hub.web.declared_fields import DeclaredField
from guatu.hub.web.grid.back import back_of
from guatu.hub.web.item_changes import changeable
from guatu.hub.web.page_forms import LineField, PageForm
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

IN_TABLE = Text("在表格里修改", "Changed in the table")
TAKEN_BACK = Text("撤销刚才的修改", "The change just made is taken back")


class CellForm(PageForm):
    """A field's value, from which revision it is changed, and why if there is more to say than that it was done here."""

    def __init__(self, request: ActorRequest, item: Item, field: FieldDeclaration) -> None:
        self.asked = DeclaredField(field)
        kept = item.values.get(field.key)
        initial = {self.asked.name: self.asked.shown_at_first(kept), "seen": item.revision}
        super().__init__(request.POST or None, initial=initial)
        self.fields[self.asked.name] = self.asked.asked(kept)
        self.fields[self.asked.name].required = False
        self.fields["reason"] = LineField(Text("理由", "Reason"), most=500, required=False)
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)

    def field_of(self, refusal: Refusal) -> str:
        return self.asked.name

    def take(self, request: ActorRequest, item: Item) -> None:
        """Change the item as the form says."""
        data = self.cleaned_data
        change_item(
            item=item, seen=data["seen"], values={self.asked.declared.key: self.asked.meant(data[self.asked.name])},
            on=localdate(), reason=data["reason"] or IN_TABLE.in_(spoken()), by=request.actor, at=timezone.now(),
        )  # fmt: skip


def cell(request: ActorRequest, item_id: int, field_key: str) -> HttpResponse:
    """The form of a cell; sent with what will do, the cell as it is then."""
    item = changeable(request, item_id)
    field = _field(item, field_key)
    form = CellForm(request, item, field)
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
                status, theirs = status_of(refusal), _shown(item, field)
                form = _from_what_is_now(form, item)
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                return _done(request, item, field)
    words = {
        "item": item, "field": field, "form": form, "theirs": theirs, "back": back_of(request, reverse("item", args=[item.pk])),
        "box": form[form.asked.name], "revision": item.revision,
    }  # fmt: skip
    if _by_script(request):
        return render(request, "ledgers/parts/cell_form.html", words)
    return render(request, "ledgers/cell.html", words, status=status)


@require_POST
def undo(request: ActorRequest, item_id: int, field_key: str) -> HttpResponse:
    """Take back the change just made, if nobody has changed the item since."""
    item = changeable(request, item_id)
    field = _field(item, field_key)
    said = posted(request, "seen")
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise Http404
    put_back(
        item=item, field=field.key, seen=int(said), reason=TAKEN_BACK.in_(spoken()), by=request.actor, at=timezone.now()
    )  # fmt: skip
    return _done(request, item, field, undone=True)


def _from_what_is_now(form: CellForm, item: Item) -> CellForm:
    """The same answers, to be sent again over what somebody else wrote meanwhile."""
    form.data = {**form.data.dict(), "seen": item.revision}  # type: ignore[attr-defined]  # what was posted
    return form


def _done(request: ActorRequest, item: Item, field: FieldDeclaration, *, undone: bool = False) -> HttpResponse:
    fresh = get_object_or_404(Item.objects.select_related("ledger__pack").defer("ledger__pack__files"), pk=item.pk)
    if _by_script(request):
        words = {"item": fresh, "field": field, "shown": _shown(fresh, field), "undone": undone}
        return render(request, "ledgers/parts/cell_done.html", words)
    done = Text("已撤销。", "It has been taken back.") if undone else Text("已修改。", "It has been changed.")
    messages.success(request, done.in_(spoken()))
    return HttpResponseRedirect(back_of(request, reverse("item", args=[item.pk])))


def _shown(item: Item, field: FieldDeclaration) -> Shown:
    return shown(field, item.values.get(field.key), reason_shown(declared(item.ledger), item.missing.get(field.key)))


def _field(item: Item, key: str) -> FieldDeclaration:
    field = facts_of(declared(item.ledger)).get(key)
    if field is None:
        raise Http404
    return field


def _by_script(request: ActorRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
