"""The declaration `oc4ids.yaml`: fields and paths, fixed values, codes that rules decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.declarations import FieldDeclaration, FieldType, Ledger, Pack
from guatu.declarations.entries import Entry, Problems, meant_or, top_entry
from guatu.declarations.located import Place
from guatu.engine.expressions import ExpressionRefused, Scope, Typed, check, parse
from guatu.engine.rulebook.formulas import PERIOD_CONSTANTS, item_columns
from guatu.standards.oc4ids import Path, WrongPath, codes_at, knows_path, read_path
from guatu.text import Text

FILE = "oc4ids.yaml"
PLACES = ("item", "unit", "unit_title", "period", "period_start", "period_end", "year_start")
"""What a fixed value may name in braces."""


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field and where it stands in a project. States of flags and choices stand there as `codes`."""

    field: FieldDeclaration
    path: Path
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FixedValue:
    """The same for every project; put only where what it belongs to is there, unless `always`."""

    path: Path
    value: str
    always: bool


@dataclass(frozen=True, slots=True)
class DecidedCode:
    """Codes that formulas over the item decide: the first that holds, or all."""

    path: Path
    take: Literal["first", "all"]
    rules: tuple[tuple[str, Typed], ...]
    examples: tuple[DecidedExample, ...]


@dataclass(frozen=True, slots=True)
class DecidedExample:
    """An item as written, and the codes that follow: one, several, or none."""

    given: Mapping[str, object]
    then: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """How a ledger's items are OC4IDS projects."""

    id: str
    """Template of a project's id; its prefix is registered with the standard's help desk."""
    unit: Path
    """Where the reporting unit's code stands."""
    publisher: Text
    ledger: Ledger
    fields: tuple[MappedField, ...]
    fixed: tuple[FixedValue, ...]
    decided: tuple[DecidedCode, ...]


def load_open_plan(pack: Pack) -> OpenPlan:
    """Read the pack's `oc4ids.yaml`, its own or an inherited one; every problem with its line."""
    path = pack.nearest(
        FILE, Text("业务包没有说明怎样对应 OC4IDS", "the pack does not say how it corresponds to OC4IDS")
    )
    problems = Problems()
    plan = _plan(top_entry(path, problems), pack.ledger)
    problems.refuse()
    return plan


def _plan(entry: Entry, ledger: Ledger) -> OpenPlan:
    entry.word("oc4ids", allowed=("0.9",))
    plan = OpenPlan(
        id=_template(entry, "id"),
        unit=_path(entry, "unit"),
        publisher=entry.text("publisher"),
        ledger=ledger,
        fields=tuple(found for one in entry.entries("fields") if (found := _field(one, ledger)) is not None),
        fixed=tuple(_fixed(one) for one in entry.entries("fixed")),
        decided=tuple(_decided(one, ledger) for one in entry.entries("decided")),
    )
    entry.done()
    return plan


def _path(entry: Entry, key: str = "path") -> Path:
    text = entry.word(key)
    try:
        path = read_path(text)
    except WrongPath:
        entry.wrong(
            key,
            Text(f"“{text}”不是路径", f"'{text}' is no path"),
            Text(
                "写成 budget.amount 或 milestones[id=start].dueDate。",
                "Write budget.amount or milestones[id=start].dueDate.",
            ),
        )
        return read_path("title")
    if not knows_path(path):
        entry.wrong(
            key,
            Text(f"OC4IDS 里没有“{text}”", f"OC4IDS has no '{text}'"),
            Text("核对标准里的字段名。", "Check the field names of the standard."),
        )
    return path


def _field(entry: Entry, ledger: Ledger) -> MappedField | None:
    key, path = entry.word("field"), _path(entry)
    codes = _codes(entry)
    declared = ledger.fields.get(key)
    entry.done()
    if declared is None:
        entry.wrong(
            "field",
            Text(f"没有字段“{key}”", f"there is no field '{key}'"),
            meant_or(key, ledger.fields, Text("先在台账中声明它。", "Declare it in the ledger first.")),
        )
        return None
    if declared.is_personal:
        entry.wrong(
            "field",
            Text(f"“{key}”是个人信息，不得公开", f"'{key}' is personal and is not published"),
            Text("去掉这一条。", "Remove the entry."),
        )
        return None
    _check_codes(entry, declared, path, codes)
    return MappedField(declared, path, codes)


def _codes(entry: Entry) -> dict[str, str]:
    nested = entry.entry("codes")
    return {} if nested is None else {str(key): nested.word(key) for key in nested.mapping}


def _check_codes(entry: Entry, declared: FieldDeclaration, path: Path, codes: Mapping[str, str]) -> None:
    """Every state needs a code of its own, or it could not be read back; closed codelists know every code."""
    if declared.type not in (FieldType.FLAG, FieldType.CHOICE):
        return
    states = ("true", "false") if declared.type is FieldType.FLAG else tuple(declared.states)
    lacking = [state for state in states if state not in codes]
    if lacking or len(set(codes.values())) < len(codes):
        entry.wrong(
            "codes" if entry.has("codes") else "field",
            Text(
                f"“{declared.key}”的每种状态要有各自的代码（{'、'.join(lacking or states)}）",
                f"every state of '{declared.key}' needs a code of its own ({', '.join(lacking or states)})",
            ),
            Text("写成 codes: {状态: 代码}。", "Write codes: {state: code}."),
        )
    for code in codes.values():
        _check_code(entry, "codes", path, code)


def _check_code(entry: Entry, key: str, path: Path, code: str) -> None:
    known = codes_at(path)
    if known is not None and code not in known[0] and not known[1]:
        listed = ", ".join(sorted(known[0])[:12])
        entry.wrong(
            key,
            Text(f"代码表里没有“{code}”", f"the codelist has no '{code}'"),
            Text(f"可用：{listed}。", f"It has: {listed}."),
        )


def _fixed(entry: Entry) -> FixedValue:
    fixed = FixedValue(_path(entry), _template(entry, "value"), entry.flag("always"))
    if "{" not in fixed.value:
        _check_code(entry, "value", fixed.path, fixed.value)
    entry.done()
    return fixed


def _template(entry: Entry, key: str) -> str:
    text = entry.word(key)
    try:
        text.format(**dict.fromkeys(PLACES, ""))
    except (KeyError, IndexError, ValueError):
        listed = ", ".join(f"{{{one}}}" for one in PLACES)
        entry.wrong(
            key,
            Text(f"“{text}”里有不认识的括号", f"'{text}' names something unknown in braces"),
            Text(f"可用：{listed}。", f"It may name {listed}."),
        )
        return ""
    return text


def _decided(entry: Entry, ledger: Ledger) -> DecidedCode:
    path = _path(entry)
    scope = Scope(columns=item_columns(ledger), constants=PERIOD_CONSTANTS)
    rules: list[tuple[str, Typed]] = []
    for one in entry.entries("rules"):
        code = one.word("code")
        _check_code(one, "code", path, code)
        try:
            rules.append((code, check(parse(one.word("when"), one.at("when")), scope)))
        except ExpressionRefused as refused:
            one.wrong("when", refused.what, refused.remedy)
        one.done()
    examples = tuple(_example(one, ledger) for one in entry.entries("examples"))
    if not examples:
        entry.wrong(
            "rules",
            Text("没有样例", "it has no examples"),
            Text("加上 examples: [{given: {…}, then: 代码}]。", "Add examples: [{given: {…}, then: code}]."),
        )
    take: Literal["first", "all"] = (
        "all" if entry.word("take", default="first", allowed=("first", "all")) == "all" else "first"
    )
    entry.done()
    return DecidedCode(path, take, tuple(rules), examples)


def _example(entry: Entry, ledger: Ledger) -> DecidedExample:
    given: dict[str, object] = {}
    nested = entry.entry("given")
    for key, value in (nested.mapping if nested else {}).items():
        if key not in ledger.fields:
            entry.wrong(
                "given",
                Text(f"没有字段“{key}”", f"there is no field '{key}'"),
                Text("核对字段键。", "Check the field's key."),
            )
            continue
        is_day = ledger.fields[key].type is FieldType.DATE and value is not None
        given[key] = date.fromisoformat(str(value)) if is_day else value
    then = entry.mapping.get("then")
    entry.has("then")
    entry.done()
    codes = then if isinstance(then, list | tuple) else [then] if then else []
    return DecidedExample(given, tuple(map(str, codes)), entry.place)
