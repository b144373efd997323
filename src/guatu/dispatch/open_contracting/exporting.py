"""Items of a finished round as an OC4IDS package. Amounts stay exact; what is personal never leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guatu.declarations import FieldType
from guatu.declarations.entries import Problem
from guatu.dispatch.items import Item
from guatu.dispatch.open_contracting.plan import DecidedExample, FixedValue, MappedField, OpenPlan
from guatu.dispatch.tables import items_table
from guatu.engine.evaluation.lists import with_fields
from guatu.engine.tables import ReferenceTables
from guatu.standards.oc4ids import Fault, Path, faults, place, take
from guatu.standards.periods import Period
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.standards.rounding import round_half_up
from guatu.text import Language, Text

VERSION = "0.9"
AREA_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Exported:
    """A package, and which of its projects are not as the schema says (none, unless a code is wrong)."""

    package: Mapping[str, Any]
    faults: Sequence[tuple[str, Fault]]
    notes: Sequence[Text]


def export_items(
    items: Sequence[Item],
    plan: OpenPlan,
    units: Mapping[str, Text],
    period: Period,
    *,
    language: Language,
) -> Exported:
    """Every item as a project, in the order of unit and id; checked against the schema."""
    ordered = sorted(items, key=lambda one: (one.unit, one.item_id))
    codes = _codes(ordered, plan, period)
    notes: list[Text] = []
    projects = [
        _project(item, plan, _named(item, units, period, language), codes.get(item.item_id, {}), notes)
        for item in ordered
    ]
    package = {
        "version": VERSION,
        "uri": f"urn:guatu:oc4ids:{period}",
        "publishedDate": _moment(period.last_day),
        "publisher": {"name": plan.publisher.in_(language)},
        "projects": projects,
    }
    wrong = [(str(project.get("id")), fault) for project in projects for fault in faults(project)]
    return Exported(package, wrong, notes)


def _named(item: Item, units: Mapping[str, Text], period: Period, language: Language) -> dict[str, str]:
    """What fixed values may name of an item and its round."""
    unit = units.get(item.unit)
    return {
        "item": item.item_id,
        "unit": item.unit,
        "unit_title": unit.in_(language) if unit else item.unit,
        "period": str(period),
        "period_start": _moment(period.first_day),
        "period_end": _moment(period.last_day),
        "year_start": _moment(date(period.year, 1, 1)),
    }


def _project(
    item: Item, plan: OpenPlan, named: Mapping[str, str], codes: Mapping[Path, Any], notes: list[Text]
) -> dict[str, Any]:
    project: dict[str, Any] = {"id": plan.id.format(**named)}
    for mapped in plan.fields:
        value = _value(item, mapped)
        if value not in (None, "", ()):
            place(project, mapped.path, value)
    for path, code in codes.items():
        place(project, path, code)
    for fixed in plan.fixed:
        if _applies(project, fixed):
            place(project, fixed.path, fixed.value.format(**named))
    notes += [_half(item, where) for where in _drop_half_points(project)]
    return project


def _applies(project: Mapping[str, Any], fixed: FixedValue) -> bool:
    return fixed.always or not fixed.path.parent.steps or take(project, fixed.path.parent) is not None


def _value(item: Item, mapped: MappedField) -> Any:
    declared = mapped.field
    if declared.type is FieldType.TAGS:
        return tuple(sorted(item.tags)) if declared.key == "lists" else item.values.get(declared.key)
    value = item.values.get(declared.key)
    if value is None:
        return None
    if isinstance(value, bool):
        return mapped.codes["true" if value else "false"]
    match declared.type:
        case FieldType.CHOICE:
            return mapped.codes.get(str(value))
        case FieldType.MONEY:
            assert isinstance(value, int)
            return {"amount": from_fen(value, "元"), "currency": declared.currency}
        case FieldType.AREA:
            assert isinstance(value, int)
            return round_half_up(from_mu_millionths(value, "亩"), AREA_DECIMALS)
        case FieldType.DATE:
            assert isinstance(value, date)
            return _moment(value)
    return value


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _codes(items: Sequence[Item], plan: OpenPlan, period: Period) -> dict[str, dict[Path, Any]]:
    """What the rules decide for each item."""
    table = with_fields(items_table(items, plan.ledger), plan.ledger)
    constants = {
        "period": str(period.months[-1]) if period.months else f"{period.last_day:%Y-%m}",
        "period_start": period.first_day,
        "period_end": period.last_day,
    }
    wanted = {f"{n}/{m}": typed for n, one in enumerate(plan.decided) for m, (_, typed) in enumerate(one.rules)}
    held = ReferenceTables({"items": table}, constants).rows("items", wanted, keep=["item_id"])
    found: dict[str, dict[Path, Any]] = {}
    for row in held.to_pylist():
        for number, one in enumerate(plan.decided):
            codes = [code for at, (code, _) in enumerate(one.rules) if row[f"{number}/{at}"]]
            if codes:
                found.setdefault(row["item_id"], {})[one.path] = codes if one.take == "all" else codes[0]
    return found


def run_examples(plan: OpenPlan) -> list[Problem]:
    """The examples of the plan's rules that do not come out as written."""
    problems = []
    for decided in plan.decided:
        for number, example in enumerate(decided.examples):
            item = Item(item_id=f"example{number}", unit="", values=dict(example.given))
            found = _codes([item], plan, EXAMPLE_ROUND).get(item.item_id, {}).get(decided.path, [])
            codes = tuple(found) if isinstance(found, list) else (found,)
            if codes != example.then:
                problems.append(_differs(decided.path, example, codes))
    return problems


EXAMPLE_ROUND = Period.month(2021, 8)


def _differs(path: Path, example: DecidedExample, codes: Sequence[str]) -> Problem:
    came, meant = ", ".join(codes) or "–", ", ".join(example.then) or "–"
    return Problem(
        example.place,
        Text(f"{path.text} 的样例得出 {came}，写的是 {meant}", f"the example of {path.text} gives {came}, not {meant}"),
        Text("改正公式，或改正样例。", "Correct the formula, or the example."),
    )


def _drop_half_points(project: dict[str, Any]) -> Iterator[str]:
    """Take out geometries of which only one coordinate is known: half a point is none."""
    for location in project.get("locations", []):
        points = location.get("geometry", {}).get("coordinates", [])
        if any(one is None for one in points) or len(points) == 1:
            del location["geometry"]
            yield "locations"


def _half(item: Item, where: str) -> Text:
    return Text(
        f"{item.name}：经纬度只有一个，{where} 里没有写出", f"{item.name}: one coordinate only, left out of {where}"
    )


def written(value: Any, indent: int = 0) -> str:
    """JSON with decimals exactly as they are, not as the nearest binary float."""
    pad, inner = " " * indent, " " * (indent + 1)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping) and value:
        parts = [
            f"{inner}{json.dumps(str(key), ensure_ascii=False)}: {written(one, indent + 1)}"
            for key, one in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{pad}}}"
    if isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(inner + written(one, indent + 1) for one in value) + f"\n{pad}]"
    return json.dumps(value, ensure_ascii=False)
