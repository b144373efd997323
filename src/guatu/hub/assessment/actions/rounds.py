"""A round to be judged: asked for by a person, judged by the worker, its results kept beside those of before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from guatu.declarations import read_yaml
from guatu.hub.accounts.actor import Actor, require, under_post
from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.assessment.judged import Judged, JudgedItem, JudgedUnit
from guatu.hub.assessment.models import ItemLight, Run, RunState, UnitResult
from guatu.hub.assessment.rows import LightRow, figures_written, lights_written
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import canonical, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

OVERALL = "overall"
BATCH = 1000
NOTHING = LightRow(state="not_judged", severity="not_judged")


class AlreadyWaiting(Conflict):
    """The same round is to be judged by the same rules already."""

    def __init__(self, period: str) -> None:
        super().__init__(
            period,
            Text("这一期已经在等待评判", "this round waits to be judged already"),
            Text("等它评完再看。", "Wait until it is judged."),
        )


class NotBegun(Refusal):
    """A round that lies ahead."""

    def __init__(self, period: str) -> None:
        super().__init__(
            period,
            Text("这一期还没有开始", "this round has not begun"),
            Text("选已经开始的一期。", "Choose a round that has begun."),
        )


class NotWaiting(Conflict):
    """It was judged, or refused, before."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            str(run),
            Text("已经评判过", "was judged before"),
            Text("要重评就再评一次，原来的留着。", "Have the round judged again; what is there stays."),
        )


@action("round.evaluate")
def evaluate(*, ledger: Ledger, rulebook: str, period: str, by: Actor, at: datetime) -> Run:
    """A round to be judged by a rulebook of the ledger's pack, over all its items; the worker judges it (`task.judge`)."""
    under = _require_over_all(ledger, by)
    of, pack = Period.parse(period), loaded(ledger.pack)
    told = read_yaml(pack.rulebook(rulebook))["title"]
    if of.first_day > localdate(at):
        raise NotBegun(str(of))
    run = Run(
        ledger=ledger, pack=ledger.pack, rulebook=rulebook, title_zh=str(told["zh"]), title_en=str(told["en"]),
        period=str(of), starts_on=of.first_day, ends_on=of.last_day, asked_at=at, record_id=0,
    )  # fmt: skip
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise AlreadyWaiting(str(of)) from error
    after = {"ledger": ledger.key, "period": run.period, "rulebook": rulebook, "pack": ledger.pack.hash}
    run.record_id = record(Event.ROUND_ASKED_FOR, subject=run, after=after, by=under, at=at).pk
    run.save()
    return run


def _require_over_all(ledger: Ledger, by: Actor) -> OnBehalf:
    """The post under which `by` may judge the ledger: one that counts at every unit with an item on it, because ranks compare
    them all."""
    for unit in _beyond(ledger, by)[:1]:
        require(by, Permission.JUDGE_ROUNDS, unit=unit)
    return under_post(by, Permission.JUDGE_ROUNDS)


def may_judge(ledger: Ledger, by: Actor) -> bool:
    """Whether `evaluate` would let the actor."""
    return by.may(Permission.JUDGE_ROUNDS) and not _beyond(ledger, by).exists()


def _beyond(ledger: Ledger, by: Actor) -> QuerySet[Unit]:
    """Units with an item of the ledger at which no post of the actor lets judge."""
    reached = below(by.units_with(Permission.JUDGE_ROUNDS))
    outside = Item.objects.filter(ledger=ledger).exclude(unit__in=reached)
    return Unit.objects.filter(pk__in=outside.values("unit"))


@action("round.keep_results")
def keep_results(*, run: Run, judged: Judged, by: OnBehalf, at: datetime) -> Run:
    """What the worker's evaluation came to. The same as a run there is already is said so, and kept once."""
    run = _waiting(run)
    run.known_by, run.version, run.sha256, run.digest = judged.known_by, judged.version, judged.sha256, judged.digest
    run.looked_back, run.judged_at, run.items = list(judged.looked_back), at, len(judged.items)
    run.before_id = judged.looked_back[-1] if judged.looked_back else None
    overall = [one.lights[OVERALL] for one in judged.items if OVERALL in one.lights]
    run.counts = dict(Counter(one.severity for one in overall))
    run.changes = dict(Counter(one.change for one in overall if one.change))
    same = Run.objects.judged().filter(ledger=run.ledger, digest=judged.digest).first()
    if same is not None:
        run.state, run.same_as = RunState.SAME, same
        run.save()
    else:
        _write(run, judged)
    after = {"state": run.state, "digest": run.digest, "items": run.items, "known_by": run.known_by}
    record(Event.ROUND_JUDGED, subject=run, after=after, by=by, at=at)
    return run


def _write(run: Run, judged: Judged) -> None:
    run.state, run.book = RunState.JUDGED, canonical(judged.book)
    run.kept.save(f"{judged.digest.rpartition(':')[2]}.zip", ContentFile(judged.kept), save=False)
    run.save()
    ItemLight.objects.bulk_create(_lights(run, judged.items), batch_size=BATCH)
    UnitResult.objects.bulk_create(_units(run, judged.units), batch_size=BATCH)


def _lights(run: Run, items: Sequence[JudgedItem]) -> Iterator[ItemLight]:
    for one in items:
        overall = one.lights.get(OVERALL, NOTHING)
        yield ItemLight(
            run=run, item_id=one.item, unit_id=one.unit, severity=overall.severity, before=overall.before,
            change=overall.change, lists=_between_blanks(one.lists), counted=_between_blanks(one.counted),
            lights=lights_written(one.lights), values=canonical(one.values),
        )  # fmt: skip


def _between_blanks(words: Iterable[str | int]) -> str:
    joined = " ".join(map(str, words))
    return f" {joined} " if joined else ""


def _units(run: Run, units: Sequence[JudgedUnit]) -> Iterator[UnitResult]:
    for one in units:
        yield UnitResult(
            run=run, unit_id=one.unit, list=one.list, title_zh=one.title.zh, title_en=one.title.en, path=one.path,
            peers=one.peers, place=one.place, values=figures_written(one.figures), besides=canonical(one.besides),
        )  # fmt: skip


@action("round.keep_refusal")
def keep_refusal(*, run: Run, refusal: Refusal, by: OnBehalf, at: datetime) -> Run:
    """The round could not be judged; why, in words a person can act on."""
    run = _waiting(run)
    run.state, run.judged_at, run.refusal_where = RunState.FAILED, at, refusal.where[:300]
    run.refusal_zh, run.refusal_en = refusal.what.zh, refusal.what.en
    run.remedy_zh, run.remedy_en = refusal.remedy.zh, refusal.remedy.en
    run.save()
    record(Event.ROUND_NOT_JUDGED, subject=run, after={"state": run.state}, reason=refusal.what.zh, by=by, at=at)
    return run


def _waiting(run: Run) -> Run:
    """The run, ours until the end of the transaction."""
    found = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if found.state != RunState.WAITING:
        raise NotWaiting(found)
    return found
