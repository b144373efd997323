"""YAML that remembers where each value stands, so that every message can name file and line."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a declaration. Prints as `folder/file.yaml:12`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Mapping_(dict[str, Any]):
    """A YAML mapping: a plain dict that also knows the place of itself and of each key."""

    place: Place
    places: dict[str, Place]

    def at(self, key: str) -> Place:
        """The line of `key`, or of the mapping itself when the key is absent."""
        return self.places.get(key, self.place)


class Sequence_(list[Any]):
    """A YAML sequence: a plain list that also knows the place of itself and of each entry."""

    place: Place
    places: list[Place]


class _Loader(yaml.CSafeLoader):
    """Safe YAML in which dates stay text, `yes`/`no`/`on` are words, and 0.1 is exactly 0.1."""

    file: str = "?"


# Only true/false are booleans: 是/否 tables and English 'no' must survive as words.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _place(loader: _Loader, node: yaml.Node) -> Place:
    return Place(loader.file, node.start_mark.line + 1)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Mapping_]:
    result = Mapping_()
    result.place = _place(loader, node)
    result.places = {}
    yield result
    for key_node, value_node in node.value:
        key: Hashable = loader.construct_object(key_node, deep=True)
        name = str(key)
        if name in result:
            raise Refusal(
                str(_place(loader, key_node)),
                Text(f"“{name}”写了两次", f"'{name}' is written twice"),
                Text("删去其中一处。", "Delete one of the two."),
            )
        result.places[name] = _place(loader, key_node)
        result[name] = loader.construct_object(value_node, deep=True)


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> Iterator[Sequence_]:
    result = Sequence_()
    result.place = _place(loader, node)
    result.places = [_place(loader, entry) for entry in node.value]
    yield result
    result.extend(loader.construct_object(entry, deep=True) for entry in node.value)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def read_yaml(path: Path, *, shown_as: str | None = None) -> Mapping_:
    """Read one declaration file. The top must be a mapping; anything else is refused with its line.

    `shown_as` is the name used in messages (default: the path's last two parts).
    Numbers with a decimal point arrive as Decimal, dates as text.
    """
    file = shown_as or "/".join(path.parts[-2:])
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            file,
            Text(f"读不了：{error}", f"cannot be read: {error}"),
            Text("检查文件是否存在、是否为 UTF-8。", "Check that the file exists and is UTF-8."),
        ) from error
    return parse_yaml(source, file)


def parse_yaml(source: str, file: str) -> Mapping_:
    """The same of text that stands in no file; `file` is the name used in messages."""
    loader = _Loader(source)
    loader.file = file
    try:
        value = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refusal(
            f"{file}:{line}",
            Text(f"不是合法的 YAML：{error.problem}", f"is not valid YAML: {error.problem}"),
            Text("多半是缩进或引号，照上一行对齐。", "Usually indentation or a quote: align it with the line above."),
        ) from error
    finally:
        loader.dispose()
    if not isinstance(value, Mapping_):
        raise Refusal(
            f"{file}:1",
            Text("最外层应是“键: 值”", "the top level must be 'key: value'"),
            Text("以一个键开头，例如 pack: my_pack。", "Begin with a key, for instance pack: my_pack."),
        )
    return value
