"""A schedule file as rows of a ledger: which field holds which fact is the pack's to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from guatu.declarations import FieldDeclaration, FieldType, Ledger, Pack
from guatu.declarations.entries import Entry, Problems, meant_or, top_entry
from guatu.office.forms import FormValue, LedgerTable
from guatu.office.schedules import ScheduledActivity, ScheduledLink, ScheduleFile
from guatu.standards.rounding import round_half_up
from guatu.text import Text

LAG_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """The declaration `schedule.yaml`: fact -> the field of the ledger that takes it, in the order of the columns."""

    columns: Mapping[str, FieldDeclaration]


def load_schedule_plan(pack: Pack) -> SchedulePlan:
    """Read the pack's `schedule.yaml`, its own or an inherited one."""
    path = pack.nearest(
        "schedule.yaml", Text("业务包没有说明进度计划填哪些字段", "the pack does not say which fields a schedule fills")
    )
    problems = Problems()
    plan = _plan(top_entry(path, problems), pack.ledger)
    problems.refuse()
    return plan


def _plan(entry: Entry, ledger: Ledger) -> SchedulePlan:
    entry.word("schedule")
    columns: dict[str, FieldDeclaration] = {}
    for one in entry.entries("columns"):
        fact, key = one.word("fact", allowed=tuple(FACTS)), one.word("field")
        if key not in ledger.fields:
            one.wrong(
                "field",
                Text(f"没有字段“{key}”", f"there is no field '{key}'"),
                meant_or(key, ledger.fields, Text("先在台账中声明它。", "Declare it in the ledger first.")),
            )
        elif fact in FACTS and ledger.fields[key].type not in FACTS[fact].types:
            one.wrong(
                "field",
                Text(
                    f"字段“{key}”放不下“{fact}”（它是 {ledger.fields[key].type.value}）",
                    f"field '{key}' cannot hold '{fact}' (it is of type {ledger.fields[key].type.value})",
                ),
                Text(
                    f"用这些类型的字段：{'、'.join(kind.value for kind in FACTS[fact].types)}。",
                    f"Use a field of type {', '.join(kind.value for kind in FACTS[fact].types)}.",
                ),
            )
        else:
            columns[fact] = ledger.fields[key]
        one.done()
    entry.done()
    return SchedulePlan(columns)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An activity in its schedule, and which baseline counts as the plan."""

    schedule: ScheduleFile
    activity: ScheduledActivity
    baseline: int
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """What can be asked of an activity, the types of field that may take it, and how it is found."""

    types: tuple[FieldType, ...]
    find: Callable[[_Asked], FormValue]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _figure(value: Fraction | None, decimals: int) -> Fraction | None:
    return None if value is None else Fraction(round_half_up(value, decimals))


_TEXT, _DATE, _MONEY = (FieldType.TEXT, FieldType.PROJECT_CODE), (FieldType.DATE,), (FieldType.MONEY,)
FACTS: Mapping[str, Fact] = {
    "code": Fact(_TEXT, lambda asked: asked.codes[asked.activity.uid]),
    "name": Fact(_TEXT, lambda asked: asked.activity.name),
    "project": Fact(_TEXT, lambda asked: asked.schedule.title),
    "is_milestone": Fact((FieldType.FLAG,), lambda asked: asked.activity.is_milestone),
    "is_critical": Fact((FieldType.FLAG,), lambda asked: asked.activity.is_critical),
    "baseline_start": Fact(_DATE, lambda asked: _day(asked.activity.baseline(asked.baseline).start)),
    "baseline_finish": Fact(_DATE, lambda asked: _day(asked.activity.baseline(asked.baseline).finish)),
    "forecast_start": Fact(_DATE, lambda asked: _day(asked.activity.forecast.start)),
    "forecast_finish": Fact(_DATE, lambda asked: _day(asked.activity.forecast.finish)),
    "actual_start": Fact(_DATE, lambda asked: _day(asked.activity.actual.start)),
    "actual_finish": Fact(_DATE, lambda asked: _day(asked.activity.actual.finish)),
    "percent": Fact((FieldType.PERCENT,), lambda asked: _number(_figure(asked.activity.percent, 6))),
    "slack_days": Fact(
        (FieldType.NUMBER,), lambda asked: _number(_figure(asked.schedule.days(asked.activity.slack_hours), 6))
    ),
    "duration_days": Fact(
        (FieldType.NUMBER,), lambda asked: _number(_figure(asked.schedule.days(asked.activity.duration_hours), 6))
    ),
    "predecessors": Fact(_TEXT, lambda asked: predecessors(asked.schedule, asked.activity, asked.codes)),
    "bac": Fact(_MONEY, lambda asked: asked.activity.costs.bac),
    "pv": Fact(_MONEY, lambda asked: asked.activity.costs.pv),
    "ev": Fact(_MONEY, lambda asked: asked.activity.costs.ev),
    "ac": Fact(_MONEY, lambda asked: asked.activity.costs.ac),
}
COSTS = ("bac", "pv", "ev", "ac")


def _number(value: Fraction | None) -> FormValue:
    return None if value is None else round_half_up(value, 6)


def codes_of(schedule: ScheduleFile) -> dict[str, str]:
    """UID -> the code of each activity; where two share one, each gets its UID behind it."""
    counted = Counter(one.code for one in schedule.activities)
    return {one.uid: one.code if counted[one.code] == 1 else f"{one.code}#{one.uid}" for one in schedule.activities}


def predecessors(schedule: ScheduleFile, activity: ScheduledActivity, codes: Mapping[str, str]) -> str:
    """Links as planning software writes them: `1.2FS+3d; 1.4SS`, `e` before d for days of 24 hours."""
    return "; ".join(
        f"{codes.get(one.predecessor, one.predecessor)}{_written(one, schedule)}" for one in activity.links
    )


def _written(link: ScheduledLink, schedule: ScheduleFile) -> str:
    if link.percent is not None:
        return f"{link.kind.value}{_signed(link.percent * 100)}%"
    if not link.lag_hours:
        return link.kind.value
    days = link.lag_hours / (24 if link.elapsed else schedule.hours_per_day)
    return f"{link.kind.value}{_signed(days)}{'ed' if link.elapsed else 'd'}"


def _signed(value: Fraction) -> str:
    figure = f"{round_half_up(value, LAG_DECIMALS):f}".rstrip("0").rstrip(".") if value.denominator > 1 else str(value)
    return figure if value < 0 else f"+{figure}"


def task_table(
    schedule: ScheduleFile, plan: SchedulePlan, *, milestones: bool = False, baseline: int = 0
) -> tuple[LedgerTable, list[Text]]:
    """The activities (summaries left out), or the milestones alone, as a table; and what could not be put into it."""
    chosen = [one for one in schedule.activities if one.name and not one.is_summary]
    chosen = [one for one in chosen if one.is_milestone or not milestones]
    columns, notes = _columns(schedule, plan, chosen)
    codes = codes_of(schedule)
    rows = [[FACTS[fact].find(_Asked(schedule, one, baseline, codes)) for fact in columns] for one in chosen]
    return LedgerTable(schedule.title, list(columns.values()), rows), notes + _unnamed(schedule)


def _columns(
    schedule: ScheduleFile, plan: SchedulePlan, chosen: Sequence[ScheduledActivity]
) -> tuple[dict[str, FieldDeclaration], list[Text]]:
    """The plan's columns, but for money where the file has none, or has another currency than the ledger."""
    spent = any(getattr(one.costs, fact) for one in chosen for fact in COSTS)
    other = {
        fact: field
        for fact, field in plan.columns.items()
        if field.type is FieldType.MONEY and (not spent or field.currency != schedule.currency)
    }
    kept = {fact: field for fact, field in plan.columns.items() if fact not in other}
    if not other or not spent:
        return kept, []
    currency = schedule.currency or "?"
    wanted = next(iter(other.values())).currency
    return kept, [
        Text(
            f"文件的金额是 {currency}，台账是 {wanted}：金额列没有写出，不作换算",
            f"the file's amounts are in {currency}, the ledger's in {wanted}: they are left out, nothing is converted",
        )
    ]


def _unnamed(schedule: ScheduleFile) -> list[Text]:
    count = sum(not one.name and not one.is_summary for one in schedule.activities)
    if not count:
        return []
    return [Text(f"{count} 个任务没有名称，没有写出", f"{count} tasks without a name are left out")]


def shown_activities(schedule: ScheduleFile, *, milestones: bool, critical: bool) -> Iterator[ScheduledActivity]:
    """The activities a person asked to see."""
    for one in schedule.activities:
        if (one.is_milestone or not milestones) and ((one.is_critical and not one.is_summary) or not critical):
            yield one
