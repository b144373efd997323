"""Milestones as a sheet: a row per item, and of every milestone its first plan, the plan that stands, and the day reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.exports.columns import Cell, Column, Number
from guatu.hub.ledger.exports.items import Exported
from guatu.hub.ledger.plans import ItemPlan, MilestonePlan, plans_of
from guatu.text import Language, Text

DAYS: tuple[tuple[Text, Callable[[MilestonePlan], date | None]], ...] = (
    (Text("基线", "baseline"), lambda one: one.baseline),
    (Text("原计划", "first plan"), lambda one: one.planned),
    (Text("现计划", "plan"), lambda one: one.plan),
    (Text("实际", "actual"), lambda one: one.actual),
)


def scheduled(
    ledger: LedgerDeclaration, units: Mapping[int, Text], language: Language, rows: Iterable[Sequence[Exported]]
) -> tuple[list[Column], Iterator[Sequence[Exported]]]:
    """Columns, and the rows they are read from: the milestones of a few hundred items are fetched as their turn comes."""
    held: dict[int, ItemPlan] = {}

    def fetched() -> Iterator[Sequence[Exported]]:
        for batch in rows:
            held.clear()
            held.update(plans_of(ledger, [item.id for item in batch]))
            yield batch

    def said(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    columns = [
        Column(said("系统编号", "System id"), lambda item: Number(str(item.id))),
        Column(said("名称", "Name"), lambda item: item.name, wide=True),
        Column(said("代码", "Code"), lambda item: item.code),
        Column(said("责任单位", "Unit"), lambda item: units[item.unit].in_(language)),
    ]
    for key, milestone in ledger.milestones.items():
        for word, day in DAYS:
            title = f"{milestone.title.in_(language)} · {word.in_(language)}"
            columns.append(Column(title, _reader(held, key, day)))
    return columns, fetched()


def _reader(
    held: Mapping[int, ItemPlan], key: str, day: Callable[[MilestonePlan], date | None]
) -> Callable[[Exported], Cell]:
    def cell(item: Exported) -> Cell:
        one = held[item.id].milestones.get(key)
        return day(one) if one is not None else None

    return cell
