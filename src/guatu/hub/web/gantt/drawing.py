"""Rows of a Gantt chart from items and their milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import valid_on
from guatu.hub.ledger.models import Item, Link
from guatu.hub.ledger.plans import ItemPlan, MilestonePlan
from guatu.hub.web.charts import Bar, Gantt, GanttLine, Mark, Table, gantt
from guatu.hub.web.gantt.spans import Span, days_off
from guatu.text import Text

WIDTH, LABELS = 820, 300
_SHADED_AT_MOST = 100
"""Days from which on single days off are no longer told apart, and not looked up."""


def drawn(
    ledger: LedgerDeclaration,
    items: Sequence[Item],
    plans: Mapping[int, ItemPlan],
    span: Span,
    today: date,
    *,
    alone: bool,
) -> Gantt:
    """`alone`: as a file, with the names in it and no table behind."""
    before = _before(ledger, [one.pk for one in items], today)
    lines = [_line(ledger, one, plans[one.pk], before.get(one.pk, ()), today) for one in items]
    off = days_off(span.first, span.last) if (span.last - span.first).days <= _SHADED_AT_MOST else ()
    late = sum(1 for one in items if any(_is_past(milestone, today) for milestone in plans[one.pk].milestones.values()))
    told = Text(
        f"{len(items)} 个{ledger.item.zh}，{span.title.zh}；{late} 个有已过期未达到的节点。",
        f"{len(items)} of: {ledger.item.en}, {span.title.en}; {late} with a milestone past and not reached.",
    )
    labels = LABELS if alone else 0
    title = Text(f"{ledger.item.zh}的节点", f"Milestones, by {ledger.item.en}")
    return gantt(
        "gantt", title, told, lines, first=span.first, last=span.last, today=today, width=WIDTH + labels,
        labels=labels, off=off, table=None if alone else _table(items, plans),
    )  # fmt: skip


def _line(ledger: LedgerDeclaration, item: Item, plan: ItemPlan, before: Iterable[int], today: date) -> GanttLine:
    bars: list[Bar] = []
    ghosts: tuple[date, ...] = ()
    if days := plan.days:
        said = Text(f"{item.name}：{min(days)} 至 {max(days)}", f"{item.name}: {min(days)} to {max(days)}")
        if kept := plan.baseline_days:
            was = Text(f"基线 {min(kept)} 至 {max(kept)}", f"baseline {min(kept)} to {max(kept)}")
            if min(kept) == max(kept):
                ghosts = (kept[0],)
            else:
                bars.append(Bar(min(kept), max(kept), "ghost", was))
        bars.append(Bar(min(days), max(days), "plan", said))
        if reached := plan.reached_days:
            bars.append(
                Bar(min(days), max(reached), "done", Text(f"已到 {max(reached)}", f"come as far as {max(reached)}"))
            )
    marks = tuple(
        Mark(one.on, _look(one, today), _said(ledger.milestones[one.key].title, one), one.key)
        for one in plan.milestones.values()
        if one.on is not None
    )
    return GanttLine(
        str(item.pk), Text(item.name, item.name), tuple(bars), marks, ghosts, after=tuple(str(one) for one in before),
        address=reverse("item", args=[item.pk]), note=item.unit.title,
    )  # fmt: skip


def _is_past(one: MilestonePlan, today: date) -> bool:
    return not one.reached and one.plan is not None and one.plan < today


def _look(one: MilestonePlan, today: date) -> str:
    if one.reached:
        return "doubtful" if one.too_early else "reached"
    return "past" if _is_past(one, today) else "planned"


def _said(title: Text, one: MilestonePlan) -> Text:
    word = Text("实际", "reached") if one.reached else Text("计划", "planned")
    was = f"（基线 {one.baseline}）" if one.baseline and one.baseline != one.on else ""
    was_en = f" (baseline {one.baseline})" if was else ""
    return Text(f"{title.zh}：{word.zh} {one.on}{was}", f"{title.en}: {word.en} {one.on}{was_en}")


def _before(ledger: LedgerDeclaration, ids: Sequence[int], today: date) -> dict[int, list[int]]:
    """What an item of the page comes after, by the kinds of links that never lead back; one query."""
    kinds = [key for key, one in ledger.link_kinds.items() if one.acyclic]
    standing = Link.objects.filter(valid_on(today), source__in=ids, target__in=ids, kind__in=kinds)
    found: dict[int, list[int]] = {}
    for source, target in standing.values_list("source_id", "target_id"):
        found.setdefault(source, []).append(target)
    return found


def _table(items: Sequence[Item], plans: Mapping[int, ItemPlan]) -> Table:
    heads = (
        Text("名称", "Name"), Text("单位", "Unit"), Text("从", "From"), Text("到", "To"), Text("基线从", "Baseline from"),
        Text("基线到", "Baseline to"), Text("节点已达到", "Milestones reached"),
    )  # fmt: skip
    return Table(heads, tuple(_row(one, plans[one.pk]) for one in items))


def _row(item: Item, plan: ItemPlan) -> tuple[Text, ...]:
    reached = sum(1 for one in plan.milestones.values() if one.reached)
    edges = (*_edges(plan.days), *_edges(plan.baseline_days))
    return (_plain(item.name), item.unit.title, *edges, _plain(f"{reached} / {len(plan.milestones)}"))


def _edges(days: Sequence[date]) -> tuple[Text, Text]:
    return (_plain(str(min(days))), _plain(str(max(days)))) if days else (_plain("—"), _plain("—"))


def _plain(said: str) -> Text:
    return Text(said, said)
