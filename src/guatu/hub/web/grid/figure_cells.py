"""One figure of a round put right where it stands in the table, by the action and the checks of the form of reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations import FieldDeclaration
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.figures import ChecksSay, ReportedMeanwhile, put_back_figure, report_figures
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.checking import QUESTION, Said
from guatu.hub.ledger.reporting.rounds import NoSuchRound, Reported, asked_fields, round_named
from guatu.hub.ledger.shown import Shown, shown
from guatu.hub.web.declared_fields import DeclaredField
from guatu.hub.web.grid.cells import Cell, cell_done, cell_reason, form_shown, from_what_is_now, revision_said
from guatu.hub.web.item_changes import changeable
from guatu.hub.web.page_forms import PageForm
from guatu.hub.web.reporting.figures import FigureField
from guatu.standards.periods import Period
from guatu.text import Refusal


class FigureForm(PageForm):
    """A figure, by what the round's figures were last changed when it was shown, and why it stands where a check asks."""

    def __init__(self, request: ActorRequest, of: Asked) -> None:
        self.of = of
        held = of.reported.of(of.period).get(of.field.key)
        first = of.as_field.shown_at_first(held.value) if held is not None else None
        super().__init__(request.POST or None, initial={of.as_field.name: first, "seen": of.reported.seen(of.period)})
        self.fields[of.as_field.name] = FigureField(of.field, ())
        self.fields[of.as_field.name].required = True
        self.fields["reason"] = cell_reason()
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def field_of(self, refusal: Refusal) -> str:
        return self.of.as_field.name

    def take(self, request: ActorRequest) -> None:
        """Report it; the reason answers what a check has asked."""
        data, of = self.cleaned_data, self.of
        report_figures(
            item=of.item, period=str(of.period), figures={of.field.key: data[of.as_field.name]}, seen=data["seen"],
            reasons=dict.fromkeys(request.POST.getlist("asked"), data["reason"]), by=request.actor, at=timezone.now(),
        )  # fmt: skip


class Asked:
    """The figure of an item that an address names."""

    def __init__(self, request: ActorRequest, item_id: int, period: str, figure_key: str) -> None:
        self.item: Item = changeable(request, item_id, Permission.REPORT_ITEMS)
        ledger = declared(self.item.ledger)
        field = asked_fields(ledger).get(figure_key)
        try:
            self.period: Period = round_named(ledger, period)
        except NoSuchRound as refusal:
            raise Http404(period) from refusal
        if field is None or self.period > ledger.rounds.current(localdate()):
            raise Http404(figure_key)
        self.field: FieldDeclaration = field
        self.reported = Reported(self.item, ledger)

    @property
    def as_field(self) -> DeclaredField:
        return DeclaredField(self.field)

    @property
    def cell(self) -> Cell:
        said = [self.item.pk, str(self.period), self.field.key]
        addresses = reverse("figure_cell", args=said), reverse("figure_cell_undo", args=said)
        return Cell(self.item, self.field.key, self.field.title, *addresses)

    @property
    def shown(self) -> Shown:
        held = self.reported.of(self.period).get(self.field.key)
        return shown(self.field, held.value if held is not None else None)

    def anew(self) -> Asked:
        """As it is after a change."""
        self.reported = Reported(self.item, declared(self.item.ledger))
        return self


def figure(request: ActorRequest, item_id: int, period: str, figure_key: str) -> HttpResponse:
    """The form of a figure's cell; sent with what will do, the cell as it is then."""
    of = Asked(request, item_id, period, figure_key)
    form, said, words, status = FigureForm(request, of), list[Said](), dict[str, Any](), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                form.take(request)
            except NotAllowed:
                raise
            except ChecksSay as refusal:
                status, said = status_of(refusal), list(refusal.said)
            except ReportedMeanwhile as refusal:
                status, words["theirs"] = status_of(refusal), of.shown
                form = from_what_is_now(form, of.reported.seen(of.period))
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                return cell_done(request, of.cell, of.anew().shown, of.reported.seen(of.period), undone=False)
    words |= {"said": said, "asked": [one.check for one in said if one.grade == QUESTION], "period": of.period.name()}
    return form_shown(request, of.cell, form, of.as_field.name, status, **words)


@require_POST
def undo(request: ActorRequest, item_id: int, period: str, figure_key: str) -> HttpResponse:
    """Take back the figure just reported, if nobody has reported the round since."""
    of = Asked(request, item_id, period, figure_key)
    put_back_figure(
        item=of.item, period=str(of.period), field=of.field.key, seen=revision_said(request), by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return cell_done(request, of.cell, of.anew().shown, 0, undone=True)
