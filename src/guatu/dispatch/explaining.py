"""Explain a figure or a light of a finished round from its folder alone: rule, formula, values, items, cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from guatu.declarations import FieldType, Ledger, Pack, load_pack
from guatu.declarations.entries import meant_or
from guatu.dispatch.figures import list_title
from guatu.dispatch.items import Cell, Item
from guatu.dispatch.reconciliation.names import identity_name
from guatu.dispatch.request import kept_history
from guatu.dispatch.store import read_items
from guatu.engine.evaluation import (
    EarlierResults,
    IndicatorExplanation,
    LightExplanation,
    Results,
    StepExplanation,
    explain_indicator,
    explain_light,
    explain_step,
)
from guatu.engine.rulebook import Rulebook, load_chosen
from guatu.engine.tables import OVERALL
from guatu.standards.quantities import CNY, from_fen, show_area
from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class ItemCells:
    """An item behind a figure, and the cells of the fields it counted with."""

    item: Item
    cells: tuple[Cell, ...]
    read: tuple[Text, ...]
    """What each cell was read as, in the field's unit; or why there is no value."""


class NoSuchName(Refusal):
    """The name given fits nothing, or several things, in the round's results."""


@dataclass
class FinishedRound:
    """A round's folder, read back: results, the pack and rulebook as they were, items with their cells."""

    folder: Path

    @cached_property
    def results(self) -> Results:
        return Results.read(self.folder / "results")

    @cached_property
    def pack(self) -> Pack:
        """The pack as it was when the round was judged."""
        home = self.folder / "results" / "declarations"
        return load_pack(home / json.loads((home / "pack.json").read_text(encoding="utf-8"))["pack"])

    @cached_property
    def rulebook(self) -> Rulebook:
        path = self.pack.rulebook(self.results.rulebook)
        rulebook = load_chosen(self.pack, self.results.rulebook)
        if rulebook.sha256 != self.results.sha256:
            raise Refusal(
                str(path),
                Text("细则被改过，与评判时不同", "the rulebook was changed after the round was judged"),
                Text(
                    "重新运行 guatu run，不要改结果文件夹里的声明。",
                    "Run guatu run again; do not edit declarations in results.",
                ),
            )
        return rulebook

    @cached_property
    def history(self) -> list[EarlierResults]:
        """The earlier rounds it was judged with, as far as their folders are still there."""
        return [EarlierResults.read(folder / "results") for folder in kept_history(self.folder)]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item with its name and code; `items_with` gives more of them."""
        return self.items_with(())

    def items_with(self, fields: Iterable[str]) -> dict[str, Item]:
        """Every item with these fields and the cells behind them."""
        found = read_items(self.folder / "results", self.pack.ledger, {*self.pack.ledger.known_by, *fields})
        return {item.item_id: item for item in found}

    # -- what a person calls things --------------------------------------------------------------------------

    def unit(self, name: str) -> str:
        """The code of a unit given by code or title; without a name, the top of the tree."""
        codes = self.results.units["code"].to_pylist()
        titles = dict(zip(self.results.units["title"].to_pylist(), codes, strict=True))
        for unit in self.pack.units.values():
            titles |= dict.fromkeys((unit.title.zh, unit.title.en, *unit.synonyms), unit.code)
        return _pick(name, {**titles, **dict(zip(codes, codes, strict=True))}, Text("单位", "unit"), "--unit")

    def top(self) -> str:
        parents = dict(
            zip(self.results.units["code"].to_pylist(), self.results.units["parent"].to_pylist(), strict=True)
        )
        return str(next(code for code, parent in parents.items() if parent is None))

    def list_key(self, name: str) -> str:
        """The key of a list given by key or title."""
        known: dict[str, str] = {}
        for key in sorted(set(self.results.indicators["list"].to_pylist())):
            title = list_title(self.pack.ledger, key)
            known |= {key: key, title.zh: key, title.en: key}
        return _pick(name, known, Text("清单", "list"), "--list")

    def indicator(self, name: str) -> str:
        """The key of an indicator given by key or title."""
        known: dict[str, str] = {}
        for key, declared in self.rulebook.indicators.items():
            known |= {declared.title.zh: key, declared.title.en: key, key: key}
        return _pick(name, known, Text("指标", "indicator"), "--indicator")

    def dimension(self, name: str) -> str:
        lights = self.rulebook.lights_of("item")
        known = {OVERALL: OVERALL}
        for one in lights.dimensions if lights else ():
            known |= {one.key: one.key, one.title.zh: one.key, one.title.en: one.key}
        return _pick(name, known, Text("维度", "dimension"), "--dimension")

    def item(self, name: str) -> Item:
        """An item given by id, code or name; part of a name will do while it fits only one."""
        wanted = identity_name(name)
        exact = [
            one for one in self.items.values() if name in (one.item_id, one.code) or identity_name(one.name) == wanted
        ]
        found = exact or [one for one in self.items.values() if wanted in identity_name(one.name)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = [f"{one.name}（{one.item_id}）" for one in found[:8]]
            raise NoSuchName(
                f"--item {name}",
                Text(f"有 {len(found)} 个项目符合", f"{len(found)} items fit"),
                Text(f"写全名或编号：{'、'.join(listed)}", f"Give the full name or the id: {', '.join(listed)}"),
            )
        names = [one.name for one in self.items.values()]
        raise NoSuchName(
            f"--item {name}",
            Text("没有这个项目", "there is no such item"),
            meant_or(name, names, Text("核对名称。", "Check the name.")),
        )

    def name_of(self, subject: str) -> Text:
        """What a unit or an item is called."""
        if subject in self.items:
            return Text(self.items[subject].name, self.items[subject].name)
        unit = self.pack.units.get(subject)
        return unit.title if unit else Text(subject, subject)

    # -- explanations ----------------------------------------------------------------------------------------

    def explain_indicator(self, unit: str, listed: str, indicator: str) -> IndicatorExplanation:
        return explain_indicator(self.results, self.rulebook, unit, listed, indicator, history=self.history)

    def explain_light(self, item: Item, dimension: str) -> LightExplanation:
        return explain_light(self.results, self.rulebook, item.item_id, dimension)

    def ladder(self, name: str) -> str:
        known: dict[str, str] = {}
        for one in self.rulebook.ladders:
            known |= {one.key: one.key, one.title.zh: one.key, one.title.en: one.key}
        return _pick(name, known, Text("阶梯", "ladder"), "--ladder")

    def explain_step(self, ladder: str, subject: str) -> StepExplanation:
        return explain_step(self.results, self.rulebook, ladder, subject)

    def lacking(self, explained: IndicatorExplanation) -> list[ItemCells]:
        """Items of the unit and list that a total could not use, with the cells that say why."""
        wanted = {key for part in explained.parts for key in part.fields}
        used = set[str]().union(*(part.items for part in explained.parts))
        below = self.results.closure
        units = {
            unit
            for above, unit in zip(below["ancestor"].to_pylist(), below["descendant"].to_pylist(), strict=True)
            if above == explained.unit
        }
        members = self.results.membership
        on_list = {
            item
            for item, listed in zip(members["item_id"].to_pylist(), members["list"].to_pylist(), strict=True)
            if listed == explained.list
        }
        without = [
            item.item_id
            for item in self.items_with(wanted).values()
            if item.unit in units
            and item.item_id in on_list
            and item.item_id not in used
            and any(item.reason(key) for key in wanted)
        ]
        return self.cells(without, sorted(wanted))

    def cells(self, item_ids: Iterable[str], fields: Iterable[str]) -> list[ItemCells]:
        """The cells behind a figure, item by item; where no field is named, the cell that names the item."""
        wanted = tuple(fields) or ("name",)
        items = self.items_with(wanted)
        ids = list(item_ids)
        for folder in kept_history(self.folder) if not items.keys() >= set(ids) else ():
            # An item that left stands only in the rounds it was in.
            before = read_items(folder / "results", self.pack.ledger, {*self.pack.ledger.known_by, *wanted})
            items = {item.item_id: item for item in before if item.item_id in ids} | items
        found = [self._item_cells(items[item_id], wanted) for item_id in ids if item_id in items]
        return sorted(found, key=lambda one: [_position(cell) for cell in one.cells])

    def _item_cells(self, item: Item, fields: Sequence[str]) -> ItemCells:
        cells = tuple(cell for key in fields for cell in item.cells.get(key, ()))
        return ItemCells(item, cells, tuple(read_as(cell, self.pack.ledger) for cell in cells))


def _position(cell: Cell) -> tuple[str, str, int, str]:
    """Where a cell stands, in the order a person goes through a workbook."""
    row = "".join(letter for letter in cell.address if letter.isdigit())
    return cell.workbook, cell.sheet, int(row or 0), cell.address


_MILLION = "百万"
"""Counted alike in both languages."""
MISSING_WORDS: Mapping[str, Text] = {
    "bad": Text("坏格，按缺失计", "cannot be read, counted as missing"),
    "question": Text("待答复", "waits for an answer"),
}


def read_as(cell: Cell, ledger: Ledger) -> Text:
    """A cell's value in its field's unit, as people write it."""
    declared = ledger.fields.get(cell.field)
    value = cell.value
    if value is None:
        return MISSING_WORDS.get(cell.missing or "", Text("无", "none"))
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if declared is not None and declared.type is FieldType.MONEY and isinstance(value, int):
        unit = declared.unit or "元"
        amount = f"{from_fen(value, unit):f}"
        foreign = unit.startswith(_MILLION) and declared.currency != CNY
        return Text(f"{amount}{unit}", f"{declared.currency} {amount} million" if foreign else f"{amount}{unit}")
    if declared is not None and declared.type is FieldType.AREA and isinstance(value, int):
        amount = f"{show_area(value, declared.unit or '亩', 4)}{declared.unit or '亩'}"
        return Text(amount, amount)
    return Text(str(value), str(value))


def _pick(name: str, known: Mapping[str, str], kind: Text, where: str) -> str:
    if name in known:
        return known[name]
    listed = "、".join(dict.fromkeys(known))
    raise NoSuchName(
        f"{where} {name}",
        Text(f"结果里没有这个{kind.zh}", f"the results have no such {kind.en}"),
        meant_or(name, known, Text(f"可用：{listed}", f"Known: {listed}")),
    )
