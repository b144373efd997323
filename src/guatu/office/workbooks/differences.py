"""How a table's layout differs from the one that was kept, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from guatu.office.workbooks.fingerprints import Layout
from guatu.text import Text

Kind = Literal["added", "removed", "renamed", "moved", "unit", "depth", "caption", "unit_line"]

Key = tuple[tuple[str, ...], int]
_LEAST_ALIKE = 0.4
"""Titles at the same place less alike than this are one removed and one added, unless they are alone there."""

_SAYING: Mapping[Kind, Text] = {
    "added": Text("新增“{now}”", "'{now}' added"),
    "removed": Text("删去“{before}”", "'{before}' removed"),
    "renamed": Text("“{before}”改成“{now}”", "'{before}' became '{now}'"),
    "moved": Text("“{now}”换了位置", "'{now}' moved"),
    "unit": Text("“{column}”的单位由{before}改为{now}", "the unit of '{column}' changed from {before} to {now}"),
    "depth": Text("表头由{before}行变为{now}行", "the header had {before} rows and has {now}"),
    "caption": Text("标题由“{before}”改为“{now}”", "the caption was '{before}' and is '{now}'"),
    "unit_line": Text("表上方的单位由{before}改为{now}", "the unit above the table changed from {before} to {now}"),
}
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. Positions count the layouts' columns from 0; None where the change is not one of columns."""

    kind: Kind
    before: str
    now: str
    column: str = ""
    was_at: int | None = None
    is_at: int | None = None

    @property
    def saying(self) -> Text:
        return _SAYING[self.kind].filled(before=self.before, now=self.now, column=self.column)


def similarity(kept: Layout, found: Layout) -> float:
    """Share of the titles the two have in common, 0 to 1."""
    common = set(kept.keys) & set(found.keys)
    return 2 * len(common) / max(1, len(kept.keys) + len(found.keys))


def differences(kept: Layout, found: Layout) -> tuple[Change, ...]:
    """Every difference, those of the whole table first, then columns in the order they stand in now."""
    return (*_of_table(kept, found), *sorted(_of_columns(kept, found), key=_place))


def _place(change: Change) -> tuple[int, int]:
    at = change.is_at if change.is_at is not None else change.was_at or 0
    return at, 0 if change.is_at is None else 1


def _of_table(kept: Layout, found: Layout) -> Iterator[Change]:
    if kept.caption != found.caption:
        yield Change("caption", " ".join(kept.caption) or _NONE, " ".join(found.caption) or _NONE)
    if kept.units != found.units:
        yield Change("unit_line", "、".join(kept.units) or _NONE, "、".join(found.units) or _NONE)
    if kept.depth != found.depth:
        yield Change("depth", str(kept.depth), str(found.depth))


def _of_columns(kept: Layout, found: Layout) -> Iterator[Change]:
    was, now = {key: at for at, key in enumerate(kept.keys)}, {key: at for at, key in enumerate(found.keys)}
    for key in was.keys() & now.keys():
        before, after = kept.columns[was[key]].unit, found.columns[now[key]].unit
        if before != after:
            yield Change("unit", before or _NONE, after or _NONE, " | ".join(key[0]), was[key], now[key])
    matcher = SequenceMatcher(None, kept.keys, found.keys, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone = [at for at in range(first, last) if kept.keys[at] not in now]
        come = [at for at in range(start, end) if found.keys[at] not in was]
        for at in range(start, end):
            if at not in come:
                yield _moved(kept, found, was[found.keys[at]], at)
        pairs = _paired([kept.columns[at].shown for at in gone], [found.columns[at].shown for at in come])
        for left, right in pairs:
            at, is_at = gone[left], come[right]
            yield Change("renamed", kept.columns[at].shown, found.columns[is_at].shown, "", at, is_at)
        for left, at in enumerate(gone):
            if left not in {one for one, _ in pairs}:
                yield Change("removed", kept.columns[at].shown, "", "", at, None)
        for right, at in enumerate(come):
            if right not in {one for _, one in pairs}:
                yield Change("added", "", found.columns[at].shown, "", None, at)


def _moved(kept: Layout, found: Layout, was_at: int, is_at: int) -> Change:
    return Change("moved", kept.columns[was_at].shown, found.columns[is_at].shown, "", was_at, is_at)


def _paired(gone: Sequence[str], come: Sequence[str]) -> list[tuple[int, int]]:
    """Which vanished titles became which new ones at the same place: the most alike first."""
    if len(gone) == len(come) == 1:
        return [(0, 0)]
    alike = sorted(
        (
            (SequenceMatcher(None, before, now, autojunk=False).ratio(), left, right)
            for left, before in enumerate(gone)
            for right, now in enumerate(come)
        ),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    pairs: list[tuple[int, int]] = []
    for ratio, left, right in alike:
        taken = any(left == one or right == other for one, other in pairs)
        if ratio >= _LEAST_ALIKE and not taken:
            pairs.append((left, right))
    return sorted(pairs)
