"""Paths into a project's JSON: `budget.amount`, `milestones[id=start].dueDate`, `parties[roles~buyer].name`.

A step names a key. `[key=value]` picks the element of a list whose key holds the value, `[key~value]` one whose list under
that key contains it; either makes the element where there is none. `*` behind such a step stands for every element picked.
A step of digits is a place in a list of figures (`coordinates.0`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(
    r"(?P<key>[A-Za-z][A-Za-z0-9]*|\d)(?:\[(?P<by>[A-Za-z]+)(?P<how>[=~])(?P<value>[^\[\]=~]+)\](?P<each>\*?))?"
)


class WrongPath(ValueError):
    """The text is no path."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step down: a key, and of a list which element."""

    key: str
    by: str | None = None
    value: str = ""
    within: bool = False
    """Whether `value` is one of several under `by`."""
    each: bool = False

    def picks(self, element: object) -> bool:
        if not isinstance(element, dict) or self.by is None:
            return False
        held = element.get(self.by)
        return self.value in held if self.within and isinstance(held, list) else held == self.value

    def new(self) -> dict[str, Any]:
        assert self.by is not None
        return {self.by: [self.value] if self.within else self.value}


@dataclass(frozen=True, slots=True)
class Path:
    """A path as written, and its steps."""

    text: str
    steps: tuple[Step, ...]

    @property
    def each(self) -> bool:
        return any(step.each for step in self.steps)

    @property
    def parent(self) -> Path:
        return Path(self.text.rpartition(".")[0], self.steps[:-1])


def read_path(text: str) -> Path:
    """Raises WrongPath when it is written wrongly."""
    steps: list[Step] = []
    rest = text
    while rest:
        match = _STEP.match(rest)
        if match is None or (match.end() < len(rest) and rest[match.end()] != "."):
            raise WrongPath(text)
        steps.append(Step(match["key"], match["by"], match["value"] or "", match["how"] == "~", bool(match["each"])))
        rest = rest[match.end() + 1 :]
    if not steps or text.endswith("."):
        raise WrongPath(text)
    return Path(text, tuple(steps))


def take(document: object, path: Path) -> Any:
    """What stands at the path; None where nothing does. With `*`, a list of all."""
    found = list(_found([document], path.steps))
    return found if path.each else found[0] if found else None


def _found(nodes: Sequence[object], steps: Sequence[Step]) -> Iterator[Any]:
    for step in steps:
        nodes = [one for node in nodes for one in _below(node, step)]
    return iter([node for node in nodes if node is not None])


def _below(node: object, step: Step) -> list[Any]:
    if step.key.isdigit():
        return [node[int(step.key)]] if isinstance(node, list) and int(step.key) < len(node) else []
    if not isinstance(node, dict) or step.key not in node:
        return []
    if step.by is None:
        return [node[step.key]]
    picked = [one for one in node[step.key] if step.picks(one)] if isinstance(node[step.key], list) else []
    return picked if step.each else picked[:1]


def place(document: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at the path, making what leads there; with `*`, a list with one element made for each value."""
    if not path.each:
        _place(document, path.steps, value)
        return
    at = next(number for number, step in enumerate(path.steps) if step.each)
    above, step, below = path.steps[:at], path.steps[at], path.steps[at + 1 :]
    home = _container(document, above)
    for one in value:
        element = step.new()
        _place(element, below, one)
        home.setdefault(step.key, []).append(element)


def _place(document: dict[str, Any], steps: Sequence[Step], value: Any) -> None:
    *above, last = steps
    if last.key.isdigit():
        *above, list_step = above
        figures = _container(document, above).setdefault(list_step.key, [])
        figures.extend([None] * (int(last.key) + 1 - len(figures)))
        figures[int(last.key)] = value
        return
    home = _container(document, above)
    if last.by is not None:
        raise WrongPath(f"{last.key}[…]")
    home[last.key] = value


def _container(document: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    node = document
    for step in steps:
        if step.by is None:
            node = node.setdefault(step.key, {})
            continue
        elements = node.setdefault(step.key, [])
        found = next((one for one in elements if step.picks(one)), None)
        if found is None:
            found = step.new()
            elements.append(found)
        node = found
    return node
