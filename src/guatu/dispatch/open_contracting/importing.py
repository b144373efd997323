"""OC4IDS projects as items of a ledger: the fields the pack maps, exactly as they were; the rest is named, not guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from guatu.declarations import FieldType
from guatu.dispatch.open_contracting.plan import MappedField, OpenPlan
from guatu.office.containers.limits import limits_in_force, megabytes, setting
from guatu.office.containers.trial import try_out
from guatu.standards.oc4ids import Fault, faults, take
from guatu.standards.quantities import to_fen, to_mu_millionths
from guatu.text import Language, Refusal, Text

SHOWN = 20


class OpenDataRefused(Refusal):
    """The file is no OC4IDS data; `faults` names each error with its project."""

    def __init__(self, name: str, wrong: Sequence[tuple[str, Fault]]) -> None:
        self.faults = tuple(wrong)
        super().__init__(
            name,
            Text(f"有 {len(wrong)} 处不合 OC4IDS", f"is in {len(wrong)} places not as OC4IDS says"),
            Text("改正后再导入。", "Correct them and import again."),
        )

    def in_(self, language: Language) -> str:
        lines = [f"{self.where}: {self.what.in_(language)}"]
        lines += [f"  {project} {one.where}: {one.what.in_(language)}" for project, one in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            more = len(self.faults) - SHOWN
            lines.append(Text(f"  还有 {more} 处", f"  and {more} more").in_(language))
        return "\n".join([*lines, self.remedy.in_(language)])


@dataclass(slots=True)
class Imported:
    """One project as an item of the ledger: values as tables keep them."""

    id: str
    unit: str
    unit_title: str
    values: dict[str, object] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    notes: list[Text] = field(default_factory=list)
    """What stands at a mapped path and could not be taken, and why."""


def read_document(path: FilePath) -> list[Mapping[str, Any]]:
    """The projects of a package, or the one project a file holds; refused unless each is as the schema says.

    Tried out in a child within the machine's limits first.
    """
    limits = limits_in_force()
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refusal(
            path.name,
            Text(
                f"有 {megabytes(size)} MB，上限 {limits.file_mb} MB",
                f"has {megabytes(size)} MB, the limit is {limits.file_mb} MB",
            ),
            Text(
                f"分成几个文件，或请系统管理员调大 {setting('file_mb')}。",
                f"Split it into several files, or ask the operator to raise {setting('file_mb')}.",
            ),
        )
    content = path.read_bytes()
    try_out(path.name, partial(_checked, path.name, content), limits)
    return _checked(path.name, content)


def _checked(name: str, content: bytes) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            name,
            Text(f"不是 JSON：{error}", f"is no JSON: {error}"),
            Text("核对文件，或重新导出。", "Check the file, or export it again."),
        ) from None
    projects = (
        document["projects"]
        if isinstance(document, dict) and isinstance(document.get("projects"), list)
        else [document]
    )
    wrong = [(_named(one, number), fault) for number, one in enumerate(projects) for fault in faults(one)]
    if wrong:
        raise OpenDataRefused(name, wrong)
    return projects


def _no_number(word: str) -> None:
    raise ValueError(word)


def _named(project: object, number: int) -> str:
    found = project.get("id") if isinstance(project, dict) else None
    return str(found) if found else f"projects/{number}"


def import_projects(projects: Sequence[Mapping[str, Any]], plan: OpenPlan) -> list[Imported]:
    """Each project's mapped fields. A value of another currency, or that does not fit its field, is named and left out."""
    return [_imported(project, plan) for project in projects]


def _imported(project: Mapping[str, Any], plan: OpenPlan) -> Imported:
    authority = project.get("publicAuthority") or {}
    unit = str(take(project, plan.unit) or authority.get("id") or "")
    found = Imported(str(project["id"]), unit, str(authority.get("name") or unit))
    for mapped in plan.fields:
        value = take(project, mapped.path)
        if value is None or value == []:
            continue
        if mapped.field.type is FieldType.TAGS:
            found.tags = tuple(str(one) for one in value)
            continue
        try:
            found.values[mapped.field.key] = _stored(value, mapped)
        except (NotTaken, ValueError, ArithmeticError, Refusal) as error:
            found.notes.append(_left_out(mapped, value, error))
    return found


class NotTaken(Exception):
    """A value that does not fit its field; `why` says in what."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def _left_out(mapped: MappedField, value: Any, error: Exception) -> Text:
    why = error.why if isinstance(error, NotTaken) else error.what if isinstance(error, Refusal) else _UNFIT
    shown = json.dumps(value, ensure_ascii=False, default=str)[:60]
    return Text(
        f"{mapped.path.text} 的 {shown} 没有收进“{mapped.field.title.zh}”：{why.zh}",
        f"{shown} at {mapped.path.text} is not taken into '{mapped.field.title.en}': {why.en}",
    )


_UNFIT = Text("放不进这个字段", "it does not fit the field")


def _stored(value: Any, mapped: MappedField) -> object:
    declared = mapped.field
    match declared.type:
        case FieldType.FLAG | FieldType.CHOICE:
            state = next((state for state, code in mapped.codes.items() if code == value), None)
            if state is None:
                raise NotTaken(Text("对应里没有这个代码", "the mapping has no such code"))
            return state == "true" if declared.type is FieldType.FLAG else state
        case FieldType.MONEY:
            return _money(value, str(declared.currency))
        case FieldType.AREA:
            return to_mu_millionths(_decimal(value), "亩")
        case FieldType.DATE:
            return date.fromisoformat(str(value)[:10])
        case FieldType.NUMBER | FieldType.PERCENT:
            return _decimal(value)
        case FieldType.INTEGER:
            return _whole(value)
    return str(value)


def _money(value: Any, currency: str) -> int:
    amount = value.get("amount") if isinstance(value, dict) else None
    if amount is None:
        raise NotTaken(Text("没有金额", "it has no amount"))
    if value.get("currency") != currency:
        stated = value.get("currency") or "–"
        raise NotTaken(
            Text(
                f"币种是 {stated}，台账是 {currency}，不作换算",
                f"it is in {stated}, the ledger in {currency}; nothing is converted",
            )
        )
    return int(to_fen(_decimal(amount), "元"))


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotTaken(Text("不是数", "it is no number"))
    found = Decimal(value)
    if abs(found.adjusted()) > 18:
        raise NotTaken(Text("数太大或太小", "it is too large or too small"))
    return found


def _whole(value: Any) -> int:
    found = _decimal(value)
    if found != found.to_integral_value():
        raise NotTaken(Text("不是整数", "it is no whole number"))
    return int(found)
