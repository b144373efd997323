"""Hold what a workbook says against what is there: what would be new, what would change, what cannot be.

Units not named stay as they are: a load opens, renames, moves, recodes and corrects, and never closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.codes import checked_code
from guatu.hub.accounts.loading.rows import Remark, Row
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.models.units import KINDS
from guatu.hub.accounts.roles import Permission
from guatu.text import Refusal, Text

Key = int | str
"""A unit there is, by its id; one to be opened, by the row that says so."""


@dataclass(frozen=True, slots=True)
class UnitStep:
    """What one row asks of a unit. `unit_id` is None for a new one, which goes by its key until it is there."""

    key: str
    unit_id: int | None
    kind: str
    title: Text
    code: str
    parent: Key | None
    order: int
    on: date
    said: tuple[Text, ...] = ()
    """What changes, in words."""


@dataclass(slots=True)
class Standing:
    """A unit as the tree would have it: those there now, then those the rows add."""

    key: Key
    kind: str
    title_zh: str
    code: str
    parent: Key | None


@dataclass(slots=True)
class Tree:
    """Units by id or row, by code, and by name under a parent."""

    by_key: dict[Key, Standing] = field(default_factory=dict)
    by_code: dict[str, Key] = field(default_factory=dict)
    by_name: dict[str, list[Key]] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    """The ids of units that were opened, by the row that asked for them."""

    def add(self, one: Standing) -> None:
        self.by_key[one.key] = one
        if one.code:
            self.by_code[one.code] = one.key
        self.by_name.setdefault(one.title_zh, []).append(one.key)

    def also_named(self, key: Key, title_zh: str) -> None:
        """A unit the rows rename goes by its new name too."""
        if key not in self.by_name.setdefault(title_zh, []):
            self.by_name[title_zh].append(key)

    def named(self, said: str) -> list[Key]:
        """By code, by name, or by names from above: 东城区/东关镇."""
        if said in self.by_code:
            return [self.by_code[said]]
        *above, name = [part.strip() for part in said.replace("／", "/").split("/")]
        return [key for key in self.by_name.get(name, []) if self._stands_under(key, above)]

    def _stands_under(self, key: Key, names: list[str]) -> bool:
        for name in reversed(names):
            parent = self.by_key[key].parent
            if parent not in self.by_key or self.by_key[parent].title_zh != name:
                return False
            key = parent
        return True


def tree_for(by: Actor) -> tuple[Tree, dict[int, Unit]]:
    """The units `by` looks after; others are not there for a load."""
    tree, units = Tree(), {}
    seen = Unit.objects.visible_to(by, Permission.MANAGE_UNITS) | Unit.objects.visible_to(by, Permission.MANAGE_PEOPLE)
    seen = seen | Unit.objects.visible_to(by, Permission.ASSIGN_POSTS)
    for unit in seen.filter(closed_on=None).order_by("pk"):
        units[unit.pk] = unit
        tree.add(Standing(unit.pk, unit.kind, unit.title_zh, unit.code, unit.parent_id))
    return tree, units


def compare_units(rows: Iterable[Row], *, on: date, by: Actor) -> tuple[list[UnitStep], Tree, list[Remark]]:
    """The steps that make the tree what the rows say from a day on, parents before what is under them."""
    tree, units = tree_for(by)
    remarks: list[Remark] = []
    given = [row for row in rows if row.get("name")]
    found = {row.number: _known(row, tree) for row in given}
    for row in given:
        if (unit_id := found[row.number]) is not None:
            tree.also_named(unit_id, row.get("name"))
        else:
            tree.add(Standing(f"{row.sheet}!{row.number}", row.get("kind"), row.get("name"), _bare(row), None))
    steps: list[UnitStep] = []
    for row in given:
        step = _step(row, found[row.number], tree, units, on, remarks)
        if step is not None:
            steps.append(step)
            tree.by_key[step.unit_id or step.key].parent = step.parent
    return _parents_first(steps, tree, remarks), tree, remarks


def _bare(row: Row) -> str:
    return row.get("code").replace(" ", "").upper()


def _known(row: Row, tree: Tree) -> int | None:
    """The unit there is that a row speaks of: the one with its code, else the one of its name under its parent."""
    by_code = tree.by_code.get(_bare(row))
    if isinstance(by_code, int):
        return by_code
    parents = tree.named(row.get("parent")) if row.get("parent") else [None]
    same = [
        key
        for key in tree.by_name.get(row.get("name"), [])
        if isinstance(key, int) and tree.by_key[key].parent in parents
    ]
    return same[0] if len(same) == 1 else None


def _step(
    row: Row, unit_id: int | None, tree: Tree, units: Mapping[int, Unit], on: date, remarks: list[Remark]
) -> UnitStep | None:
    kind = row.get("kind")
    if kind not in KINDS:
        remarks.append(row.remark("kind", "no_kind", Text("没有类别", "the kind is missing"),
                                  Text("从列表中选一个类别。", "Choose a kind from the list.")))  # fmt: skip
        return None
    parent, fine = _parent(row, unit_id, tree, units, remarks)
    opened = row.day("opened_on") or on
    try:
        under = tree.by_key[parent].code if parent is not None else ""
        code = checked_code(kind, row.get("code"), under=under, on=on, where=row.get("name"))
    except Refusal as refusal:
        remarks.append(row.remark("code", "wrong_code", refusal.what, refusal.remedy))
        return None
    if not fine:
        return None
    title = Text(row.get("name"), row.get("name_en"))
    order = int(row.get("order") or (units[unit_id].order if unit_id else 0))
    step = UnitStep(
        f"{row.sheet}!{row.number}", unit_id, kind, title, code, parent, order, opened if unit_id is None else on
    )
    return step if unit_id is None else _changed(step, units[unit_id], row, tree)


def _parent(
    row: Row, unit_id: int | None, tree: Tree, units: Mapping[int, Unit], remarks: list[Remark]
) -> tuple[Key | None, bool]:
    said = row.get("parent")
    if not said:
        if unit_id is not None:
            return units[unit_id].parent_id, True
        remarks.append(row.remark("parent", "no_parent", Text("没有写上级单位", "the unit above is missing"),
                                  Text("写上级单位的代码或名称。", "Give the code or the name of the unit above.")))  # fmt: skip
        return None, False
    found = tree.named(said)
    if len(found) == 1:
        return found[0], True
    reason = (
        Text(f"没有叫“{said}”的单位", f"there is no unit '{said}'")
        if not found
        else Text(f"叫“{said}”的单位有 {len(found)} 个", f"there are {len(found)} units '{said}'")
    )
    remedy = Text("改用代码，或写成“区/镇”。", "Use its code, or write it as 'district/town'.")
    remarks.append(row.remark("parent", "unknown_parent", reason, remedy))
    return None, False


def _changed(step: UnitStep, unit: Unit, row: Row, tree: Tree) -> UnitStep:
    """What differs from the unit as it is; a blank cell asks for nothing."""
    said: list[Text] = []
    if step.title.zh != unit.title_zh:
        said.append(Text(f"更名：{unit.title_zh} → {step.title.zh}", f"renamed: {unit.title_zh} → {step.title.zh}"))
    if step.title.en and step.title.en != unit.title_en:
        said.append(
            Text(
                f"英文名：{unit.title_en or '—'} → {step.title.en}",
                f"in English: {unit.title_en or '—'} → {step.title.en}",
            )
        )
    if step.code and step.code != unit.code:
        said.append(Text(f"代码：{unit.code or '—'} → {step.code}", f"code: {unit.code or '—'} → {step.code}"))
    if step.parent != unit.parent_id:
        said.append(Text(f"划转到“{_title(tree, step.parent)}”", f"moved under {_title(tree, step.parent)}"))
    if row.get("order") and step.order != unit.order:
        said.append(Text(f"排序：{unit.order} → {step.order}", f"order: {unit.order} → {step.order}"))
    return UnitStep(
        step.key, step.unit_id, step.kind, Text(step.title.zh, step.title.en or unit.title_en), step.code or unit.code,
        step.parent, step.order, step.on, tuple(said),
    )  # fmt: skip


def _title(tree: Tree, key: Key | None) -> str:
    return tree.by_key[key].title_zh if key is not None else "—"


def _parents_first(steps: list[UnitStep], tree: Tree, remarks: list[Remark]) -> list[UnitStep]:
    """New units after those they stand under; a circle is remarked on."""
    depths: dict[Key, int] = {}

    def depth(key: Key, seen: frozenset[Key]) -> int:
        if key in seen:
            raise RecursionError
        if key not in depths:
            parent = tree.by_key[key].parent
            depths[key] = 0 if parent not in tree.by_key else depth(parent, seen | {key}) + 1
        return depths[key]

    ordered: list[tuple[int, UnitStep]] = []
    for step in steps:
        try:
            ordered.append((depth(step.unit_id or step.key, frozenset()), step))
        except RecursionError:
            sheet, _, number = step.key.rpartition("!")
            remarks.append(
                Remark(sheet, f"{number}:{number}", step.title.zh, "error", "circle",
                       Text("上级关系绕成了圈", "it would stand under itself"), Text("改上级单位。", "Correct the unit above."))
            )  # fmt: skip
    return [step for _, step in sorted(ordered, key=lambda one: one[0])]


def told(step: UnitStep) -> list[Any]:
    """A step as the record's digest and the page's list take it."""
    return [
        step.key,
        step.unit_id,
        step.kind,
        step.title.zh,
        step.title.en,
        step.code,
        str(step.parent),
        step.order,
        step.on.isoformat(),
    ]
