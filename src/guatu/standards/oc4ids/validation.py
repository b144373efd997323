"""Is it an OC4IDS project? The published schema, and the codelists it names: closed ones by schema, open ones as a remark."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from guatu.standards.oc4ids.paths import Path
from guatu.text import Text

_DATA = files("guatu.standards.oc4ids") / "data"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a project: where (`milestones/0/status`), what."""

    where: str
    what: Text


@cache
def schema() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((_DATA / "project-schema.json").read_text(encoding="utf-8"))
    return found


@cache
def codes(codelist: str) -> frozenset[str]:
    """The codes of a codelist, by its file's name."""
    with (_DATA / "codelists" / codelist).open(encoding="utf-8-sig") as file:
        return frozenset(row["Code"] for row in csv.DictReader(file))


def faults(project: object) -> list[Fault]:
    """Everything in which a project is not as the schema says, in the order of the document."""
    from jsonschema import Draft4Validator

    errors = sorted(
        Draft4Validator(schema()).iter_errors(project), key=lambda one: [str(part) for part in one.absolute_path]
    )
    return [Fault("/".join(map(str, one.absolute_path)) or "/", _words(one)) for one in errors]


_RULES = {
    "type": Text("应为 {wanted}，写的是 {found}", "should be {wanted}, is {found}"),
    "enum": Text("{found} 不在代码表里", "{found} is not in the codelist"),
    "required": Text("缺少 {wanted} 中的某一项", "lacks one of {wanted}"),
    "minLength": Text("不能为空", "must not be empty"),
    "minItems": Text("列表不能为空", "the list must not be empty"),
    "minProperties": Text("不能没有内容", "must not be without content"),
    "uniqueItems": Text("列表有重复", "the list repeats itself"),
    "format": Text("{found} 不是 {wanted}", "{found} is no {wanted}"),
    "pattern": Text("{found} 的写法不对", "{found} is not written as it should be"),
}
_OTHER = Text("不合 {rule}：{found}", "does not meet {rule}: {found}")
_LONGEST = 60


def _words(error: Any) -> Text:
    found = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = found if len(found) <= _LONGEST else found[:_LONGEST] + "…"
    wanted = (
        "、".join(map(str, error.validator_value)) if isinstance(error.validator_value, list) else error.validator_value
    )
    words = _RULES.get(error.validator, _OTHER)
    return Text(
        words.zh.format(found=shown, wanted=wanted, rule=error.validator),
        words.en.format(found=shown, wanted=wanted, rule=error.validator),
    )


def knows_path(path: Path) -> bool:
    """Whether the schema knows this path."""
    return _node(path) is not None


def codes_at(path: Path) -> tuple[frozenset[str], bool] | None:
    """The codes the schema allows at a path and whether others may be used besides; None for plain values."""
    node = _node(path)
    if node is None:
        return None
    node = node if "codelist" in node else node.get("items", {})
    if "codelist" not in node:
        return None
    return codes(node["codelist"]), bool(node.get("openCodelist"))


def _node(path: Path) -> Mapping[str, Any] | None:
    node: Mapping[str, Any] = schema()
    for step in path.steps:
        if step.key.isdigit():
            continue
        properties = _resolved(node).get("properties", {})
        if step.key not in properties:
            return None
        node = properties[step.key]
        if step.by is not None:
            node = _resolved(node).get("items", {})
            if step.by not in _resolved(node).get("properties", {}):
                return None
    return _resolved(node)


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = schema()["definitions"][node["$ref"].rpartition("/")[2]]
    return node


def unknown_codes(project: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Where, code and codelist of every code that no codelist holds, closed or open."""
    yield from _unknown(project, schema(), "")


def _unknown(value: Any, node: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, str]]:
    node = _resolved(node)
    if "codelist" in node:
        known = codes(node["codelist"])
        for code in _strings(value):
            if code not in known:
                yield where, code, node["codelist"]
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in node.get("properties", {}):
                yield from _unknown(one, node["properties"][key], f"{where}/{key}" if where else key)
    elif isinstance(value, list) and isinstance(node.get("items"), dict):
        for number, one in enumerate(value):
            yield from _unknown(one, node["items"], f"{where}/{number}")


def _strings(value: Any) -> Iterable[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
