"""Results of the engine as figures with their provenance: rule, formula, both sides, and the cells behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from guatu.declarations import Ledger
from guatu.dispatch.item import UNACCEPTED, Cell, Held, Item
from guatu.engine.evaluation import Results
from guatu.engine.evaluation.lists import ALL
from guatu.engine.evaluation.saying import printed
from guatu.engine.expressions import Kind, Typed, numerator_and_denominator, show
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook import Rulebook
from guatu.engine.rulebook.model import Indicator
from guatu.office.documents.sources import Columns, compressed
from guatu.office.figures import Figure, FigureKind, Provenance, RowRef
from guatu.text import Language, Text

Key = tuple[str, str, str]
"""Unit code, list key, indicator key."""

ALL_TITLE = Text("全部", "All")
WHY_NOT: Mapping[str, Text] = {
    "missing": Text("缺数据", "data missing"),
    "zero_denominator": Text("分母为零", "the denominator is zero"),
    "no_items": Text("没有项目", "no items"),
}


def looked_back_at(rulebook: Rulebook) -> set[str]:
    """Ledger fields whose earlier values some indicator rests on."""
    found = set()
    for indicator in rulebook.indicators.values():
        for part in rulebook.formulas.indicator(indicator.formula).walk():
            if part.operation in HISTORY:
                found |= {inner.key for inner in part.walk() if inner.source == "column"}
    return found & rulebook.ledger.fields.keys()


def list_title(ledger: Ledger, key: str) -> Text:
    """What a list is called; a free tag goes by its own word."""
    if key == ALL:
        return ALL_TITLE
    return ledger.lists[key].title if key in ledger.lists else Text(key, key)


@dataclass
class Figures:
    """Makes figures of one round's results; computes the cells behind each only when asked for."""

    rulebook: Rulebook
    results: Results
    items: Mapping[str, Item]
    members: Mapping[tuple[str, str], list[str]]
    """Unit and list -> item ids."""
    before: Mapping[str, Item] = field(default_factory=dict)
    """The last round's items by id, as far as this round looks back at them."""
    units_above: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """A unit's code -> itself and every unit above it."""
    language: Language = "zh"
    """In which a figure's provenance names the rulebook."""
    _typed: dict[str, Typed] = field(default_factory=dict)
    _made: dict[Key, Figure] = field(default_factory=dict)
    _by_holder: dict[tuple[str, str], Held] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[Key, dict[str, object]]:
        """The indicators table by unit, list and indicator."""
        return {(row["unit"], row["list"], row["indicator"]): row for row in self.results.indicators.to_pylist()}

    def typed(self, indicator: str) -> Typed:
        """The checked formula of an indicator."""
        if indicator not in self._typed:
            self._typed[indicator] = self.rulebook.formulas.indicator(self.rulebook.indicators[indicator].formula)
        return self._typed[indicator]

    def fields(self, indicator: str) -> list[str]:
        """Ledger fields an indicator rests on, through definitions and other indicators."""
        found: dict[str, None] = {}
        for part in self.typed(indicator).walk():
            if part.source == "column":
                found[part.key] = None
            elif part.source == "indicator" and part.key in self.rulebook.indicators and part.key != indicator:
                found.update(dict.fromkeys(self.fields(part.key)))
        return [key for key in found if key in self.rulebook.ledger.fields or key == "lists"]

    def bad_cells(self, unit: str, listed: str, indicator: str) -> list[Cell]:
        """Cells that were wrong or are in question and that this value would have rested on."""
        wanted = [key for key in self.fields(indicator) if key != "lists"]
        return [
            cell
            for item in self._doubted(unit, listed, wanted)
            for key in wanted
            if item.reason(key) in UNACCEPTED
            for cell in item.cells.get(key, ())
        ]

    def _doubted(self, unit: str, listed: str, wanted: Sequence[str]) -> list[Item]:
        """The items of a unit and list that may lack a value because of its cell, in their order."""
        held = self._held(unit, listed)
        found = list(held.others)
        for table, positions, rows in held.tables:
            doubted = frozenset[int]().union(*(table.unaccepted.get(key, ()) for key in wanted))
            if doubted:
                ids = self.members[unit, listed]
                found += [(at, self.items[ids[at]]) for at, row in zip(positions, rows, strict=True) if row in doubted]
        return [item for _, item in sorted(found, key=lambda one: one[0])]

    def _held(self, unit: str, listed: str) -> Held:
        """The items of a unit and list by what holds them."""
        if (unit, listed) not in self._by_holder:
            self._by_holder[unit, listed] = Held.of(
                self.items[item_id] for item_id in self.members.get((unit, listed), ())
            )
        return self._by_holder[unit, listed]

    def cells(self, unit: str, listed: str, indicator: str) -> list[RowRef]:
        """The cells behind a value, as runs of a column; of a mere count, the cells that name the items.

        What looks back rests on the last round's cells as well, and a count of what left on those alone.
        """
        wanted = [key for key in self.fields(indicator) if key != "lists"] or ["name"]
        columns: Columns = {}
        others: list[Item] = []
        for held in self._rested_on(unit, listed, indicator):
            for table, _, rows in held.tables:
                for key in wanted:
                    if (one := table.current.get(key)) is not None:
                        for letters, numbers in table.runs(one, rows).items():
                            columns.setdefault((table.workbook, table.rows.sheet, letters), []).extend(numbers)
            others += [item for _, item in held.others]
        refs = (
            RowRef(cell.workbook, cell.sheet, cell.address)
            for item in others
            for key in wanted
            for cell in item.cells.get(key, ())
        )
        return compressed(refs, columns)

    def _rested_on(self, unit: str, listed: str, indicator: str) -> list[Held]:
        typed = self.typed(indicator)
        if any(part.operation == "along" for part in typed.walk()):
            return [Held.of(self._departed(unit, listed))]
        found = [self._held(unit, listed)]
        if any(part.operation in HISTORY for part in typed.walk()):
            ids = self.members.get((unit, listed), ())
            found.append(Held.of(self.before[item_id] for item_id in ids if item_id in self.before))
        return found

    def _departed(self, unit: str, listed: str) -> list[Item]:
        """The last round's items that are gone; of lists other than all it is not kept who was on them."""
        tops = {code for codes in self.units_above.values() for code in codes[-1:]}
        return [
            item
            for item in self.before.values()
            if item.item_id not in self.items
            and listed == ALL
            and unit in (self.units_above.get(item.unit) or {item.unit, *tops})
        ]

    def figure(self, unit: str, listed: str, indicator: str) -> Figure:
        """The value as a figure; league, trend and totals ask for the same ones, whose cells are gathered once."""
        key = (unit, listed, indicator)
        if key not in self._made:
            self._made[key] = self._figure(unit, listed, indicator)
        return self._made[key]

    def _figure(self, unit: str, listed: str, indicator: str) -> Figure:
        declared = self.rulebook.indicators[indicator]
        row = self.rows.get((unit, listed, indicator))
        value = _value(row, "num", "den")
        return Figure(
            id=f"indicator:{unit}:{listed}:{indicator}",
            kind=_kind(declared, self.typed(indicator)),
            value=value,
            provenance=self._provenance(unit, listed, declared, row),
            decimals=2 if self.typed(indicator).type.kind is Kind.MONEY else declared.show.decimals,
            currency=self.typed(indicator).type.unit or "CNY",
            missing=None if value is not None else WHY_NOT[str(row["state"]) if row else "no_items"],
        )

    def said(self, indicator: str, row: Mapping[str, object]) -> Text:
        """The value as the results print it, in both languages; a dash where there is none."""
        value = _value(row, "num", "den")
        return Text("—", "—") if value is None else printed(value, self.rulebook.indicators[indicator].show)

    def rank(self, unit: str, listed: str, indicator: str) -> Figure:
        """The rank as a figure; a unit that is not comparable has none, and why."""
        declared = self.rulebook.indicators[indicator]
        row = self.rows.get((unit, listed, indicator))
        rank = row["rank"] if row else None
        assert rank is None or isinstance(rank, int)
        title = Text(f"{declared.title.zh}位次", f"rank by {declared.title.en.lower()}")
        few = Text(
            f"少于{declared.min_items}个项目，不参加排名", f"fewer than {declared.min_items} items, so not ranked"
        )
        return Figure(
            id=f"rank:{unit}:{listed}:{indicator}",
            kind=FigureKind.RANK,
            value=rank,
            provenance=Provenance(title, self.rulebook.title.in_(self.language), self.rulebook.version),
            missing=None if rank is not None else (few if row and row["num"] is not None else WHY_NOT["missing"]),
        )

    def sides(self, indicator: str, row: Mapping[str, object]) -> tuple[str, str]:
        """Numerator and denominator as printed: money in hundredths of 万元 (units of 100 yuan), counts as they are."""
        sides = numerator_and_denominator(self.typed(indicator))
        if sides is None:
            return "", ""
        first, second = (
            _side(typed, row[name]) for typed, name in zip(sides, ("numerator", "denominator"), strict=True)
        )
        return first, second

    def _provenance(self, unit: str, listed: str, declared: Indicator, row: Mapping[str, object] | None) -> Provenance:
        numerator, denominator = self.sides(declared.key, row) if row else ("", "")
        typed = self.typed(declared.key)
        return Provenance(
            title=declared.title,
            rule=self.rulebook.title.in_(self.language),
            version=self.rulebook.version,
            formula=Text(show(typed, names="zh"), show(typed, names="en")),
            numerator=numerator or None,
            denominator=denominator or None,
            rows=tuple(self.cells(unit, listed, declared.key)),
            items=len(self.members.get((unit, listed), ())),
            missing_cells=len(self.bad_cells(unit, listed, declared.key)),
        )


def _value(row: Mapping[str, object] | None, num: str, den: str) -> Fraction | None:
    if row is None or row[num] is None:
        return None
    return Fraction(int(str(row[num])), int(str(row[den])))


def _kind(declared: Indicator, typed: Typed) -> FigureKind:
    if typed.type.kind is Kind.MONEY:
        return FigureKind.MONEY
    if declared.show.unit == "%":
        return FigureKind.PERCENT
    if declared.show.unit == "pp":
        return FigureKind.POINTS
    return FigureKind.COUNT if declared.show.decimals == 0 else FigureKind.NUMBER


FEN_IN_100_YUAN = 10_000


def _side(typed: Typed, value: object) -> str:
    if value is None:
        return ""
    amount = Decimal(str(value))
    if typed.type.kind is Kind.MONEY:
        amount /= FEN_IN_100_YUAN
    return f"{amount.normalize():f}"
