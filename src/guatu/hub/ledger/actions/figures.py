"""Figures of an item for a round, entered by hand: checked as a workbook's are, all taken or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from guatu.declarations import FieldDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.dispatch.reconciliation.decisions import CONFIRMED
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import held_and_there, nothing_different
from guatu.hub.ledger.actions.revising import next_sequence, put_in_force
from guatu.hub.ledger.encodings import Json, Value, encoded
from guatu.hub.ledger.models import Figure, ImportDecision, Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.checking import ERROR, QUESTION, WARNING, Said, said_of_figures
from guatu.hub.ledger.reporting.rounds import Reported, asked_fields, round_named
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

EVIDENCE = "entered by hand"
MOST_CHARACTERS = 500


class ReportedMeanwhile(Conflict):
    """Somebody reported this round since the form was shown."""

    def __init__(self, item: Item, period: Period) -> None:
        super().__init__(
            item.name,
            Text(f"{period} 的数在您打开之后有人报过", f"somebody reported {period} since you opened the form"),
            Text("看过新报的数，再决定要不要改。", "Look at the new figures, then decide whether to change them."),
        )


class NotAsked(Refusal):
    """What cannot be reported of the item: `field` names it."""

    def __init__(self, ledger: LedgerDeclaration, field: str) -> None:
        self.field = field
        known = "、".join(asked_fields(ledger)) or "—"
        super().__init__(
            field,
            Text("这个台账每期不报它", "is not reported each round on this ledger"),
            Text(f"可报：{known}。", f"There are: {known}."),
        )


class BelowNothing(Refusal):
    """A negative figure where none may be."""

    def __init__(self, declared: FieldDeclaration) -> None:
        self.field = declared.key
        super().__init__(
            declared.title.zh,
            Text("不能是负数", "cannot be negative"),
            Text(
                "核减以前的数，改填更正后的累计数。",
                "To correct earlier figures, give the corrected cumulative figure.",
            ),
        )


class RoundNotOpen(Conflict):
    """A round that nobody reports yet, or an item that reports no more."""

    def __init__(self, item: Item, period: Period, why: Text) -> None:
        super().__init__(item.name, why, Text(f"报 {period} 或以前各期。", f"Report {period} or an earlier round."))


class CameWithWorkbook(Conflict):
    """A figure that nobody entered by hand."""

    def __init__(self, item: Item) -> None:
        super().__init__(
            item.name,
            Text("这个数是工作簿报来的", "the figure came with a workbook"),
            Text("改成对的数，或撤销那个工作簿。", "Put it right, or undo the workbook."),
        )


class ChecksSay(Refusal):
    """The checks of the ledger will not let the figures pass as they are; `said` has everything they say."""

    def __init__(self, item: Item, said: Sequence[Said], what: Text, remedy: Text) -> None:
        self.said = tuple(said)
        first = said[0]
        self.field = first.field
        super().__init__(
            item.name,
            Text(f"{what.zh}：{first.reason.zh}", f"{what.en}: {first.reason.en}"),
            Text(f"{first.remedy.zh}{remedy.zh}", f"{first.remedy.en} {remedy.en}".strip()),
        )


class FiguresWrong(ChecksSay):
    """An error: the figures have to be put right."""

    def __init__(self, item: Item, said: Sequence[Said]) -> None:
        super().__init__(item, said, Text("数据有错", "the figures are wrong"), Text("", ""))


class QuestionsOpen(ChecksSay):
    """Questions that need the figures put right, or a reason why they stand."""

    def __init__(self, item: Item, said: Sequence[Said]) -> None:
        asks = ", ".join(one.check for one in said if one.grade == QUESTION)
        super().__init__(
            item,
            said,
            Text("有疑问待答复", "there are questions to be answered"),
            Text(f"确实如此的，写明理由（{asks}）。", f"Where it is so, say why ({asks})."),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """The round's figures as they are in force now, and what the checks remark on them."""

    figures: Sequence[Figure]
    warnings: Sequence[Said]
    same: bool
    """Whether every one of them had been reported like this already."""


@action("figures.report")
def report_figures(
    *, item: Item, period: str, figures: Mapping[str, Value], seen: int, reasons: Mapping[str, str] | None = None,
    by: Actor, at: datetime,
) -> Taken:  # fmt: skip
    """Some figures of a round, by field. `seen`: what the round's figures were last changed by when they were shown
    (`Reported.seen`); `reasons`: why a figure that a check asks about stands, by check. The same figures again are no change."""
    item = held_and_there(item)
    under = require(by, Permission.REPORT_ITEMS, unit=item.unit)
    ledger = declared(item.ledger)
    of = round_named(ledger, period)
    _require_open(item, ledger, of, at)
    stated = stated_figures(item, ledger, figures)
    reported = Reported(item, ledger)
    held = reported.of(of)
    fresh = {key: value for key, value in stated.items() if key not in held or held[key].value != value}
    if not fresh:
        record(Event.FIGURES_REPORTED, subject=item, after={"period": str(of), "same": True}, by=under, at=at)
        return Taken(_in_force(item, of, stated), (), same=True)
    if reported.seen(of) != seen:
        raise ReportedMeanwhile(item, of)
    said = said_of_figures(item, reported, of, stated)
    answered = _answered(item, said, reasons or {})
    after = {"period": str(of), "evidence": EVIDENCE, **fresh}
    before = {key: held[key].value if key in held else None for key in fresh}
    told = record(
        Event.FIGURES_REPORTED, subject=item, before=before, after=after,
        reason=" ".join(dict.fromkeys(why for _, why in answered)), by=under, at=at,
    )  # fmt: skip
    why_of = {one.field: why for one, why in answered}
    _write(item, of, {key: (value, why_of.get(key, "")) for key, value in fresh.items()}, next_sequence(told))
    _keep_decisions(item, of, [one for one, _ in answered], under, at)
    return Taken(_in_force(item, of, stated), [one for one in said if one.grade == WARNING], same=False)


@action("figures.put_back")
def put_back_figure(*, item: Item, period: str, field: str, seen: int, by: Actor, at: datetime) -> Figure | None:
    """A figure entered by hand is taken back: what stood before it stands again, or nothing does. `seen` as in
    `report_figures`: nobody takes back what was reported since."""
    item = held_and_there(item)
    under = require(by, Permission.REPORT_ITEMS, unit=item.unit)
    ledger = declared(item.ledger)
    of = round_named(ledger, period)
    _require_open(item, ledger, of, at)
    if Reported(item, ledger).seen(of) != seen:
        raise ReportedMeanwhile(item, of)
    held = next(iter(_in_force(item, of, {field: None})), None)
    if held is None:
        raise nothing_different(item.name)
    if not held.by_hand:
        raise CameWithWorkbook(item)
    former = item.figures.filter(period=str(of), field=field, superseded_by_sequence=held.sequence).last()
    said = {"period": str(of), field: _value_of(former) if former is not None else None}
    told = record(
        Event.FIGURE_PUT_BACK, subject=item, before={field: _value_of(held)}, after=said, by=under, at=at
    )  # fmt: skip
    sequence = next_sequence(told)
    if former is None:
        held.superseded_by_sequence = sequence
        held.save()
        return None
    former.pk, former.superseded_by_sequence = None, None
    return put_in_force(held, former, sequence)


def _value_of(figure: Figure) -> Json:
    return figure.amount if figure.amount is not None else figure.number


def _require_open(item: Item, ledger: LedgerDeclaration, period: Period, at: datetime) -> None:
    current = ledger.rounds.current(localdate(at))
    if period > current:
        raise RoundNotOpen(item, current, Text(f"{period} 还没有开始填报", f"{period} is not reported yet"))
    if item.state not in (ItemState.ACTIVE, ItemState.SUSPENDED):
        raise RoundNotOpen(item, current, Text("已退出，不再填报", "has been withdrawn and reports no more"))


def stated_figures(item: Item, ledger: LedgerDeclaration, figures: Mapping[str, Value]) -> dict[str, Json]:
    """Figures as they are kept; refuses what is not asked for and what cannot be."""
    asked = asked_fields(ledger)
    if not figures:
        raise Refusal(
            item.name, Text("一个数也没有填", "no figure is given"), Text("至少填一个。", "Give one at least.")
        )
    stated = {}
    for key, value in figures.items():
        if key not in asked:
            raise NotAsked(ledger, key)
        stated[key] = encoded(asked[key], value)
        if not asked[key].negative and str(stated[key]).startswith("-"):
            raise BelowNothing(asked[key])
    return stated


def _answered(item: Item, said: Sequence[Said], reasons: Mapping[str, str]) -> list[tuple[Said, str]]:
    """Every question with why its figure stands; refused where an error is left, or a question without a reason."""
    wrong = [one for one in said if one.grade == ERROR]
    if wrong:
        raise FiguresWrong(item, [*wrong, *(one for one in said if one.grade != ERROR)])
    asks = [one for one in said if one.grade == QUESTION]
    given = {key: why.strip()[:MOST_CHARACTERS] for key, why in reasons.items() if why.strip()}
    if any(one.check not in given for one in asks):
        raise QuestionsOpen(item, said)
    return [(one, given[one.check]) for one in asks]


def _write(item: Item, period: Period, fresh: Mapping[str, tuple[Json, str]], sequence: int) -> None:
    held = {one.field: one for one in _in_force(item, period, fresh)}
    for key, (value, why) in fresh.items():
        amount, number = (value, "") if isinstance(value, int) else (None, str(value))
        figure = Figure(
            item=item, field=key, period=str(period), amount=amount, number=number, reason=why, by_hand=True
        )
        put_in_force(held.get(key), figure, sequence)


def _in_force(item: Item, period: Period, fields: Mapping[str, object]) -> list[Figure]:
    held = item.figures.in_force().filter(period=str(period), field__in=list(fields))
    return list(held.order_by("pk"))


def _keep_decisions(item: Item, period: Period, decided: Sequence[Said], under: OnBehalf, at: datetime) -> None:
    """That somebody stands by these values: no workbook that says the same is asked about them again."""
    for one in decided:
        ImportDecision.objects.update_or_create(
            ledger=item.ledger,
            digest=one.digest,
            defaults={
                "check_key": one.check, "items": [str(item.pk)], "answer": CONFIRMED, "period": str(period),
                "rests_on": dict(one.rests_on), "decided_by_id": under.post_id, "decided_at": at,
            },
        )  # fmt: skip
