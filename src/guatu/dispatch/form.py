"""The report form of a unit for a round: the pack's columns, prefilled with what the last results know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from guatu.declarations import FieldDeclaration, FieldType, Ledger, Pack, UnitDeclaration
from guatu.declarations.entries import Entry, Problems, top_entry
from guatu.dispatch.figures import list_title
from guatu.dispatch.items import Item
from guatu.dispatch.papers import load_papers
from guatu.dispatch.store import read_items
from guatu.office.forms import FormColumn, FormFacts, FormRow, FormValue
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    field: FieldDeclaration
    title: Text | None
    locked: bool
    kept: bool
    """Prefilled from the last round."""


@dataclass(frozen=True, slots=True)
class FormPlan:
    """The declaration `form.yaml`."""

    key: str
    version: str
    title: Text
    money_unit: str
    spare_rows: int
    columns: tuple[PlannedColumn, ...]
    instructions: tuple[Text, ...]


def load_form(pack: Pack) -> FormPlan:
    """Read the pack's form, its own or an inherited one."""
    path = pack.nearest("form.yaml", Text("业务包没有填报表", "the pack has no report form"))
    problems = Problems()
    plan = _plan(top_entry(path, problems), pack.ledger)
    problems.refuse()
    return plan


def _plan(entry: Entry, ledger: Ledger) -> FormPlan:
    plan = FormPlan(
        key=entry.word("form"),
        version=entry.word("version"),
        title=entry.text("title"),
        money_unit=entry.word("money_unit", default="万元"),
        spare_rows=entry.number("spare_rows", default=20),
        columns=tuple(column for one in entry.entries("columns") if (column := _column(one, ledger)) is not None),
        instructions=tuple(_instruction(one) for one in entry.entries("instructions")),
    )
    entry.done()
    return plan


def _column(one: Entry, ledger: Ledger) -> PlannedColumn | None:
    declared = ledger.fields.get(one.word("field", allowed=list(ledger.fields)))
    title = one.text("title") if one.has("title") else None
    locked, kept = one.flag("locked"), one.flag("kept")
    one.done()
    return PlannedColumn(declared, title, locked, kept) if declared else None


def _instruction(one: Entry) -> Text:
    text = Text(one.word("zh"), one.word("en"))
    one.done()
    return text


def form_facts(
    pack: Pack,
    unit: UnitDeclaration,
    period: Period,
    *,
    last: Path | None = None,
    due_on: date | None = None,
    language: Language = "zh",
) -> FormFacts:
    """The form for `unit` and `period`, prefilled from the result folder `last` when there is one."""
    plan = load_form(pack)
    known = read_items(last / "results", pack.ledger) if last else []
    items = [item for item in known if item.unit == unit.code]
    return FormFacts(
        form=plan.key,
        version=plan.version,
        title=_titled(plan.title, period),
        unit=unit.title,
        unit_code=unit.code,
        issuer=load_papers(pack).letterhead.issuer,
        as_of=period.last_day,
        columns=tuple(
            FormColumn(one.field, _titled(one.title, period) if one.title else None, one.locked) for one in plan.columns
        ),
        rows=tuple(_row(item, plan.columns, pack.ledger) for item in items),
        due_on=due_on,
        money_unit=plan.money_unit,
        spare_rows=plan.spare_rows,
        instructions=plan.instructions,
        language=language,
    )


def _titled(title: Text, period: Period) -> Text:
    """The title with the round's month put in: 1-8月, 8月."""
    month, ytd = period.month_title(), period.title()
    return Text(
        title.zh.format(month=month.zh, ytd=ytd.zh.removeprefix(f"{period.year}年")),
        title.en.format(month=month.en, ytd=ytd.en.removesuffix(f" {period.year}")),
    )


def _row(item: Item, columns: Sequence[PlannedColumn], ledger: Ledger) -> FormRow:
    values: dict[str, FormValue] = {}
    for one in columns:
        if one.kept:
            values[one.field.key] = _known(item, one.field, ledger)
    return FormRow(item.item_id, values)


def _known(item: Item, declared: FieldDeclaration, ledger: Ledger) -> FormValue:
    if declared.type is FieldType.TAGS:
        return tuple(list_title(ledger, tag).zh for tag in sorted(item.on()))
    return cast(FormValue, item.value(declared.key))


def unit_named(units: Mapping[str, UnitDeclaration], name: str) -> UnitDeclaration:
    """A unit of the pack by code or any of its names."""
    for unit in units.values():
        if name in (unit.code, unit.title.zh, unit.title.en, *unit.synonyms):
            return unit
    listed = [unit.title.zh for unit in units.values()]
    raise Refusal(
        f"--unit {name}",
        Text("业务包里没有这个单位", "the pack has no such unit"),
        Text(f"可用：{'、'.join(listed)}", f"Known: {', '.join(unit.title.en for unit in units.values())}"),
    )
