"""One item's figures of a round: a table on a wide screen, one question a screen on a phone."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import FieldDeclaration, FieldType
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.figures import MOST_CHARACTERS, ChecksSay, ReportedMeanwhile, report_figures
from guatu.hub.ledger.encodings import Value
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.checking import QUESTION, Said
from guatu.hub.ledger.reporting.rounds import NoSuchRound, Reported, asked_fields, round_named
from guatu.hub.ledger.reporting.waiting import Progress, progress_of, rounds_on, waiting_items
from guatu.hub.ledger.shown import Shown, shown
from guatu.hub.web.declared_fields import DeclaredField, QuantityField
from guatu.hub.web.item_changes import changeable
from guatu.hub.web.page_forms import PageForm
from guatu.hub.web.posted import posted
from guatu.hub.web.reporting.waiting import next_of
from guatu.hub.web.reporting.words import other_units, spoken_units, times_of
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

_BETWEEN_DIGITS = str.maketrans("", "", ", \u2009\u00a0\u3000")


class FigureField(QuantityField):
    """A figure as people type it: full-width digits and thousands apart too, the number keys on a phone."""

    widget = forms.TextInput

    def __init__(self, declared: FieldDeclaration, said: Sequence[str]) -> None:
        super().__init__(declared)
        self.widget.attrs = {
            "inputmode": "decimal", "autocomplete": "off", "enterkeyhint": "next", "maxlength": 40,
            "aria-describedby": " ".join(said),
        }  # fmt: skip
        times = times_of(declared)
        if times is not None:
            self.widget.attrs |= {"data-times": str(times), "data-spoken": json.dumps(spoken_units())}

    def clean(self, value: Any) -> Value | None:
        plain = unicodedata.normalize("NFKC", str(value or "")).replace("−", "-").translate(_BETWEEN_DIGITS)
        return super().clean(plain)


class FiguresForm(PageForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, request: ActorRequest, asked: Sequence[DeclaredField], reported: Reported, period: Period
    ) -> None:
        held = reported.of(period)
        first = {
            one.name: one.shown_at_first(held[one.declared.key].value) for one in asked if one.declared.key in held
        }
        super().__init__(request.POST or None, initial={**first, "seen": reported.seen(period)})
        self.asked = asked
        for one in asked:
            self.fields[one.name] = FigureField(one.declared, (f"unit-{one.declared.key}", f"last-{one.declared.key}"))

    def field_of(self, refusal: Refusal) -> str:
        return f"f-{getattr(refusal, 'field', '')}"

    def stated(self, data: dict[str, Any]) -> dict[str, Value]:
        """What is given; blank is nothing said."""
        found = {one.declared.key: data[one.name] for one in self.asked}
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Question:
    """A figure that is asked for: what was last time's, what is held of this round, the plan it runs against."""

    declared: FieldDeclaration
    bound: forms.BoundField
    unit: str
    last: Shown
    last_words: Text | None
    held: Shown | None
    plan: Shown | None
    place: int


def figures(request: ActorRequest, item_id: int, period: str) -> HttpResponse:
    item = changeable(request, item_id, Permission.REPORT_ITEMS)
    ledger = declared(item.ledger)
    try:
        of = round_named(ledger, period)
    except NoSuchRound as refusal:
        raise Http404(period) from refusal
    if of > ledger.rounds.current(localdate()):
        raise Http404(period)
    reported = Reported(item, ledger)
    form = FiguresForm(request, [DeclaredField(one) for one in asked_fields(ledger).values()], reported, of)
    refused = Refused()
    if request.method == "POST":
        answer = _sent(request, form, item, of)
        if isinstance(answer, HttpResponse):
            return answer
        refused = answer
    words = _words(request, item, form, reported, of, refused)
    return render(request, "reporting/figures.html", words, status=refused.status)


@dataclass(frozen=True, slots=True)
class Refused:
    """What is said of figures that were not taken. `anew`: they have to be held against what was reported meanwhile."""

    status: int = 200
    said: Sequence[Said] = ()
    anew: bool = False


def _sent(request: ActorRequest, form: FiguresForm, item: Item, period: Period) -> HttpResponse | Refused:
    """The answer to figures that were taken, or why they were not."""
    if not form.is_valid():
        return Refused(422)
    reasons = {name.removeprefix("why-"): posted(request, name) for name in request.POST if name.startswith("why-")}
    try:
        taken = report_figures(
            item=item, period=str(period), figures=form.stated(form.cleaned_data), seen=form.cleaned_data["seen"],
            reasons=reasons, by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except ChecksSay as refusal:
        return Refused(status_of(refusal), refusal.said)
    except Refusal as refusal:
        form.refuse(refusal)
        return Refused(status_of(refusal), anew=isinstance(refusal, ReportedMeanwhile))
    done = (
        Text("已经报过，没有变化。", "These figures were in already.")
        if taken.same
        else Text("已报送。", "The figures are in.")
    )
    messages.success(request, done.in_(spoken()))
    for one in taken.warnings:
        messages.warning(request, f"{one.reason.in_(spoken())} {one.remedy.in_(spoken())}")
    return redirect("figures", item.pk, str(period))


def _words(
    request: ActorRequest, item: Item, form: FiguresForm, reported: Reported, period: Period, refused: Refused
) -> dict[str, Any]:
    ledger = reported.ledger
    before = ledger.rounds.before(period)
    rounds = rounds_on(localdate())
    questions = [_question(one, form, reported, period, before, place) for place, one in enumerate(form.asked, 1)]
    return {
        "item": item,
        "period": period,
        "before": before,
        "earlier": before,
        "later": _later(reported, period),
        "form": form,
        "questions": questions,
        "seen": reported.seen(period),
        "shown": posted(request, "seen") if form.is_bound and not refused.anew else reported.seen(period),
        "in_already": bool(reported.seen(period)),
        "by_hand": any(one.by_hand for one in reported.of(period).values()),
        "said": [(one, form[f"f-{one.field}"] if f"f-{one.field}" in form.fields else None) for one in refused.said],
        "asks": [(one, posted(request, f"why-{one.check}")) for one in refused.said if one.grade == QUESTION],
        "most_characters": MOST_CHARACTERS,
        "looked": form.is_bound,
        "progress": _progress(progress_of(request.actor, rounds), item, period),
        "next": next_of(waiting_items(request.actor, rounds), item),
        "next_period": {one.ledger.pk: str(one.period) for one in rounds},
    }


def _question(
    one: DeclaredField, form: FiguresForm, reported: Reported, period: Period, before: Period, place: int
) -> Question:
    key, held, last = one.declared.key, reported.of(period), reported.of(before)
    plan = reported.plan_beside(one.declared, period)
    return Question(
        declared=one.declared,
        bound=form[one.name],
        unit="%" if one.declared.type is FieldType.PERCENT else one.declared.unit or "",
        last=shown(one.declared, last[key].value if key in last else None),
        last_words=other_units(one.declared, last[key].value) if key in last else None,
        held=shown(one.declared, held[key].value) if key in held else None,
        plan=shown(*plan) if plan is not None else None,
        place=place,
    )


def _later(reported: Reported, period: Period) -> Period | None:
    """The round after, if it may be reported."""
    rounds = reported.ledger.rounds
    later = period.next()
    while not rounds.is_round(later):
        later = later.next()
    return later if later <= rounds.current(localdate()) else None


def _progress(found: Sequence[Progress], item: Item, period: Period) -> Progress | None:
    return next((one for one in found if one.round.ledger.pk == item.ledger_id and one.round.period == period), None)
