"""An item's milestones drawn: a line each, the plan that slipped as a bar, the baseline as a ghost, today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from guatu.hub.web.charts import Bar, Gantt, GanttLine, Mark, gantt
from guatu.hub.web.dossier.milestones import MilestoneShown
from guatu.standards.periods import Kind, Period
from guatu.text import Text

WIDTH = 780
NEAR = timedelta(days=200)
"""How far from the last day today may lie to be drawn as well."""


def schedule_of(rows: Sequence[MilestoneShown], today: date) -> Gantt | None:
    """Milestones that have a day; None where none has."""
    lines = [line for row in rows if (line := _line(row, today)) is not None]
    days = [
        on
        for line in lines
        for on in (*(mark.on for mark in line.marks), *(bar.start for bar in line.bars), *line.ghosts)
    ]
    if not days:
        return None
    first, last = min(days), max(days)
    if first - NEAR <= today <= last + NEAR:
        first, last = min(first, today), max(last, today)
    first, last = Period.containing(Kind.MONTH, first).start, Period.containing(Kind.MONTH, last).last_day
    late = sum(1 for row in rows if row.overdue)
    told = Text(
        f"{len(lines)} 个节点，从 {first} 到 {last}，{late} 个已过期未达到。",
        f"{len(lines)} milestones from {first} to {last}; {late} past and not reached.",
    )
    return gantt(
        "schedule", Text("计划、实际与基线", "Plan, actual and baseline"), told, lines, first=first, last=last, today=today, width=WIDTH
    )  # fmt: skip


def _line(row: MilestoneShown, today: date) -> GanttLine | None:
    plan = row.plan.on if row.plan is not None else None
    kept = next((on for on in row.baselines if on is not None), None)
    first = row.planned.on if row.planned is not None else None
    ghost = kept or (first if first != plan or row.reached else None)
    actual = row.actual.on if row.reached and row.actual is not None else None
    title = row.declared.title
    marks, bars = [], []
    if actual is not None:
        marks.append(
            Mark(actual, "doubtful" if row.too_early else "reached", _said(title, Text("实际", "reached"), actual))
        )
    elif plan is not None and not row.reached:
        marks.append(Mark(plan, "past" if plan < today else "planned", _said(title, Text("计划", "planned"), plan)))
    now = actual or plan
    if first is not None and now is not None and now != first:
        said = Text(
            f"{title.zh}：原计划 {first}，{'实际' if actual else '现计划'} {now}",
            f"{title.en}: first planned {first}, now {now}",
        )
        bars.append(Bar(min(first, now), max(first, now), "plan", said))
    if not marks and ghost is None:
        return None
    return GanttLine(
        row.declared.key, title, tuple(bars), tuple(marks), (ghost,) if ghost is not None else (), tuple(row.order)
    )  # fmt: skip


def _said(title: Text, word: Text, on: date) -> Text:
    return Text(f"{title.zh}：{word.zh} {on}", f"{title.en}: {word.en} {on}")
