"""The S-curve of an item: the year's plan, what was reported round by round, and where it leads if it goes on like that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from guatu.declarations import Basis
from guatu.hub.ledger.shown import grouped
from guatu.hub.web.charts import LineChart, Look, Series, line_chart
from guatu.hub.web.dossier.figures import Figures
from guatu.hub.web.dossier.measures import Measures, Progress, progress_of
from guatu.standards.periods import Period
from guatu.standards.progress import linear
from guatu.standards.rounding import round_half_up
from guatu.standards.unit_titles import behind, unit_title
from guatu.text import Text

DECIMALS = 2
Point = tuple[date, Decimal | None]


def curve_of(figures: Figures, measures: Measures, today: date) -> LineChart | None:
    """Of the year of the latest figure; None where fewer than two figures and no plan would make no curve."""
    progress = progress_of(figures, measures)
    if progress is None or measures.done is None or measures.done.basis is not Basis.YEAR_TO_DATE:
        return None
    year = progress.period.year
    reported = [(period, one) for period, one in figures.by_period(measures.done) if period.year == year]
    actual: list[Point] = [(period.last_day, one.value) for period, one in reported]
    if len(actual) < 2 and progress.plan is None:
        return None
    ends = [Period.month(year, month) for month in range(1, 13)]
    series = []
    if progress.plan is not None and progress.plan.value is not None:
        whole = Fraction(progress.plan.value)
        planned = tuple((one.last_day, round_half_up(linear(one) * whole, DECIMALS)) for one in ends)
        series.append(Series(Text("计划（按月均摊）", "plan, month by month alike"), Look.PLAN, planned))
    series.append(Series(Text("实际", "reported"), Look.ACTUAL, tuple(actual)))
    ahead = forecast(actual, figures.ledger.forecast_from, [one.last_day for one in ends])
    if ahead:
        series.append(Series(Text("预测", "forecast"), Look.FORECAST, tuple(ahead)))
    title = Text(f"{measures.done.title.zh}（{year} 年）", f"{measures.done.title.en}, {year}")
    return line_chart(
        "curve", title, _told(progress, ahead, figures.ledger.forecast_from, reported[-1][1].shown_now.said), series,
        unit=unit_title(measures.done.unit or ""), first=date(year, 1, 1), last=date(year, 12, 31), today=today,
    )  # fmt: skip


def forecast(actual: Sequence[Point], over: int | None, ends: Sequence[date]) -> list[Point]:
    """From the last figure straight on to the end of the year, as fast as between the first and the last of the latest `over`."""
    known = [(on, value) for on, value in actual if value is not None]
    if over is None or len(known) < over or known[-1][0] >= ends[-1]:
        return []
    (first, before), (last, now) = known[-over], known[-1]
    pace = Fraction(now - before) / (last - first).days
    later = [one for one in ends if one > last]
    return [(last, now), *((one, round_half_up(Fraction(now) + pace * (one - last).days, DECIMALS)) for one in later)]


def _told(progress: Progress, ahead: Sequence[Point], over: int | None, done: Text) -> Text:
    """What the curve shows, in a sentence, with the assumption of the forecast."""
    by = progress.period.last_day
    unit = behind(unit_title(progress.done.field.unit or ""))
    said = Text(f"截至 {by} 为 {done.zh}{unit.zh}。", f"{done.en}{unit.en} by {by}.")
    if not ahead or ahead[-1][1] is None or over is None:
        return said
    end = grouped(ahead[-1][1])
    share = _share(ahead[-1][1], progress)
    return Text(
        f"{said.zh}预测假定此后与最近 {over} 期一样快，直线延伸：年底约 {end}{unit.zh}{f'，为计划的 {share}%' if share else ''}。",
        f"{said.en} The forecast supposes that it goes on as fast as over the latest {over} figures, straight: about {end}{unit.en} "
        f"at the end of the year{f', {share}% of the plan' if share else ''}.",
    )


def _share(value: Decimal, progress: Progress) -> str:
    plan = progress.plan.value if progress.plan is not None else None
    return grouped(round_half_up(Fraction(value) / Fraction(plan) * 100, 1)) if plan else ""
