"""Columns a ledger's table may have: core facts, declared fields, figures of the latest period, milestones, duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.fields import facts_of
from guatu.text import Text

AT_FIRST = 6
"""Declared fields a table shows until somebody chooses."""
MOST = 40
"""Columns a table has at most."""
_FIGURES = (FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY, FieldType.AREA, FieldType.PERCENT)
_EARLY = {FieldType.FLAG: 1, FieldType.CHOICE: 2, FieldType.DATE: 3, FieldType.MONEY: 4, FieldType.AREA: 4}


class Kind(Enum):
    CORE = "core"  # code, unit, lists, state
    FIELD = "field"
    FIGURE = "figure"
    MILESTONE = "milestone"
    DUTY = "duty"
    LIGHT = "light"  # of the round that counts now, and of the rounds up to it


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the word an address has for it: a field's key as it is, `milestone.KEY`, `duty.KEY`, or a core fact."""

    key: str
    title: Text
    kind: Kind
    field: FieldDeclaration | None = None

    @property
    def name(self) -> str:
        """Its own key among those of its kind."""
        return self.key.partition(".")[2] or self.key

    @property
    def unit(self) -> str:
        if self.field is None:
            return ""
        return "%" if self.field.type is FieldType.PERCENT else self.field.unit or ""

    @property
    def is_number(self) -> bool:
        return self.field is not None and self.field.type in _FIGURES


CORE: Mapping[str, Text] = {
    "code": Text("代码", "Code"),
    "unit": Text("责任单位", "Unit"),
    "lists": Text("清单", "Lists"),
    "state": Text("状态", "State"),
}
"""Facts every ledger has, apart from names, which stand first in every table."""


NAME, CODE = "name", "code"


def column_of_names(ledger: LedgerDeclaration) -> Column:
    """The first of every table; nobody chooses it."""
    title = ledger.fields["name"].title if "name" in ledger.fields else Text("名称", "Name")
    return Column(NAME, title, Kind.CORE)


LIGHTS: Mapping[str, Text] = {"light": Text("亮灯", "Light"), "strip": Text("各期亮灯", "Lights by round")}


def columns_of(ledger: LedgerDeclaration) -> dict[str, Column]:
    """All columns a table of the ledger may have, in the order in which they are offered."""
    code = ledger.fields.get(ledger.code_field or "")
    core = [
        Column(key, code.title if key == "code" and code is not None else title, Kind.CORE)
        for key, title in CORE.items()
    ]
    taken = {*CORE, *LIGHTS}
    facts = [Column(key, one.title, Kind.FIELD, one) for key, one in facts_of(ledger).items() if key not in taken]
    figures = [
        Column(key, one.title, Kind.FIGURE, one)
        for key, one in ledger.fields.items()
        if one.measure is not None and not one.is_personal and key not in taken
    ]
    milestones = [Column(f"milestone.{key}", one.title, Kind.MILESTONE) for key, one in ledger.milestones.items()]
    duties = [Column(f"duty.{key}", one.title, Kind.DUTY) for key, one in ledger.duties.items()]
    lights = [Column(key, title, Kind.LIGHT) for key, title in LIGHTS.items()]
    return {one.key: one for one in (*core, *lights, *facts, *figures, *milestones, *duties)}


def chosen(ledger: LedgerDeclaration, keys: Iterable[str], *, lit: bool = False) -> tuple[Column, ...]:
    """Those that are asked for, in that order, each once; the ledger's first when none is, after lights if it has any."""
    known = columns_of(ledger)
    asked = [known[key] for key in dict.fromkeys(keys) if key in known][:MOST]
    return tuple(asked or (known[key] for key in ("unit", *(("light",) if lit else ()), *_first(ledger))))


def _first(ledger: LedgerDeclaration) -> list[str]:
    """What units must fill, then what is yes or no, chosen, or dated."""
    plain = facts_of(ledger)
    return sorted(plain, key=lambda key: 0 if plain[key].required else _EARLY.get(plain[key].type, 9))[:AT_FIRST]
