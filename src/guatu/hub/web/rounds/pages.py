"""Rounds of a ledger: which were judged, how one stands as a league, and having one judged."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations import read_yaml
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.actions.rounds import AlreadyWaiting, evaluate, may_judge
from guatu.hub.assessment.models import Run, RunState
from guatu.hub.assessment.points import Scheme
from guatu.hub.assessment.reading import in_order
from guatu.hub.assessment.task import judge as judge_task
from guatu.hub.assessment.why import Book
from guatu.hub.ledger.asking import seen_by
from guatu.hub.ledger.models import Import, Ledger, PackVersion
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.packs import loaded
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import LineField, PageForm, in_language
from guatu.hub.web.posted import asked_for
from guatu.hub.web.rounds.league import Asked, League, league_of, title_of_list
from guatu.hub.web.rounds.markup import lines_markup
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

PER_PAGE = 50
STATES = {
    RunState.WAITING: (Text("○ 等待评判", "○ to be judged"), "wait"),
    RunState.JUDGED: (Text("● 已评判", "● judged"), "good"),
    RunState.SAME: (Text("● 与前一次相同", "● the same as before"), "good"),
    RunState.FAILED: (Text("■ 未能评判", "■ could not be judged"), "bad"),
}


class JudgeForm(PageForm):
    """Which round, by which rulebook of the ledger's pack."""

    period = LineField(
        Text("期", "Round"), most=16, help=Text("如 2026-06、2026Q2、2026-W23", "such as 2026-06, 2026Q2, 2026-W23")
    )
    rulebook = forms.ChoiceField(label=in_language(Text("细则", "Rulebook")))

    def __init__(self, ledger: Ledger, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rulebook"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, title.in_(spoken())) for key, title in rulebooks_of(ledger)]

    def clean_period(self) -> str:
        try:
            return str(Period.parse(self.cleaned_data["period"]))
        except Refusal as refusal:
            raise forms.ValidationError(refusal.in_(spoken())) from refusal


def rulebooks_of(ledger: Ledger) -> tuple[tuple[str, Text], ...]:
    """Keys and titles of the rulebooks a ledger may be judged by."""
    return _titles(ledger.pack.hash, ledger.pack_id) if loaded(ledger.pack).ledger.key == ledger.key else ()


@lru_cache(maxsize=16)
def _titles(hash_: str, version_id: int) -> tuple[tuple[str, Text], ...]:
    """Rulebooks are long: they are read once for each content of a pack."""
    read = loaded(PackVersion.objects.get(pk=version_id, hash=hash_))
    titles = {key: read_yaml(path)["title"] for key, path in read.files("rulebooks").items()}
    return tuple((key, Text(str(told["zh"]), str(told["en"]))) for key, told in titles.items())


def rounds(request: ActorRequest, ledger_key: str) -> HttpResponse:
    ledger = league_ledger(request.actor, ledger_key)
    return _listed(request, ledger, None)


@require_POST
def judge(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Have a round judged; the worker does it."""
    ledger = ledger_of(ledger_key)
    form = JudgeForm(ledger, request.POST)
    if not form.is_valid():
        return _listed(request, ledger, form, status=422)
    asked = {"ledger": ledger, "rulebook": form.cleaned_data["rulebook"], "period": form.cleaned_data["period"]}
    try:
        run = evaluate(**asked, by=request.actor, at=timezone.now())
    except AlreadyWaiting:  # asked for twice, or its job was lost: it has one effect however often it is done
        run = Run.objects.get(**asked, state=RunState.WAITING)
    judge_task.enqueue(run.pk)
    messages.success(request, Text("已交后台评判。", "Left to the worker to judge.").in_(spoken()))
    return redirect("round", run.pk)


def league_ledger(actor: Actor, key: str) -> Ledger:
    """A ledger whose league the actor may see: they see an item of it."""
    found = ledger_of(key)
    if not seen_by(actor).filter(ledger=found).exists():
        raise Http404
    return found


def league_run(actor: Actor, run_id: int) -> Run:
    """A run of such a ledger, with its pack's names."""
    found = get_object_or_404(Run.objects.select_related("ledger", "pack").defer("pack__files"), pk=run_id)
    if not seen_by(actor).filter(ledger=found.ledger_id).exists():
        raise Http404
    return found


def _listed(request: ActorRequest, ledger: Ledger, form: JudgeForm | None, status: int = 200) -> HttpResponse:
    runs = Run.objects.filter(ledger=ledger).select_related("same_as").defer("book").order_by("-ends_on", "-pk")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    lets = may_judge(ledger, request.actor)
    words = {
        "ledger": ledger,
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "form": (form or _fresh(request, ledger)) if lets else None,
    }
    return render(request, "rounds/rounds.html", words, status=status)


def _fresh(request: ActorRequest, ledger: Ledger) -> JudgeForm:
    """With the round asked for, else the last one sent in, and the rulebook judged by last."""
    last = Run.objects.filter(ledger=ledger).order_by("-pk").values_list("rulebook", flat=True).first()
    taken = (
        Import.objects.filter(ledger=ledger, state=ImportState.TAKEN)
        .order_by("-period")
        .values_list("period", flat=True)
    )
    period = asked_for(request, "period") or taken.first() or str(Period.parse(f"{localdate():%Y-%m}").previous())
    return JudgeForm(ledger, initial={"period": period, "rulebook": last})


def _row(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "period": Period.parse(run.period).name(),
        "state": STATES[RunState(run.state)],
        "counts": in_order(run.counts),
    }


def league(request: ActorRequest, run_id: int) -> HttpResponse:
    """A run: as a league where it was judged, else what became of it."""
    run = league_run(request.actor, run_id)
    words: dict[str, Any] = {
        "run": run,
        "ledger": run.ledger,
        "period": Period.parse(run.period).name(),
        "state": STATES[RunState(run.state)],
    }
    if run.state != RunState.JUDGED:
        response = render(request, "rounds/waiting.html", words)
        if run.state == RunState.WAITING:
            response["Refresh"] = "2"  # without a script, too
        return response
    book = Book.of(run)
    asked = Asked.of(request.GET.dict(), book)
    found = league_of(run, book, asked)
    words |= {
        "league": found,
        "lines": lines_markup(found, run.pk, _seen_units(request.actor, found), spoken()),
        "asked": found.asked,
        "listed": title_of_list(book, found.asked.list),
        "lists": [(key, title_of_list(book, key)) for key in book.told["lists"]],
        "indicators": [(key, book.text("indicators", key, "title")) for key in book.told["indicators"]],
        "counts": in_order(run.counts),
        "newer": _newer(run),
        "awards": Scheme.of(book),
    }
    return render(request, "rounds/league.html", words)


def _seen_units(actor: Actor, found: League) -> set[int]:
    """Of the units of a league, those whose page the actor may open."""
    shown = [one.unit for one in (*found.lines, *([found.whole] if found.whole is not None else []))]
    return set(Unit.objects.visible_to(actor).filter(pk__in=shown).values_list("pk", flat=True))


def _newer(run: Run) -> Run | None:
    """A later run of the same round by the same rulebook: what is shown was restated."""
    same = Run.objects.judged().filter(ledger=run.ledger_id, period=run.period, rulebook=run.rulebook)
    return same.filter(pk__gt=run.pk).defer("book").first()
