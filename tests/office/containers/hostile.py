"""Hostile and odd containers, each with what must come of it: a refusal that says so, or its rows read right.

What must come of a file is known from how it was made, never from what a reader says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.office.containers.hostile_files import damaged_binaries, locked, other_files, sound_binaries, truncated
from tests.office.containers.hostile_sheets import deep, entities, harmless_extent, sparse
from tests.office.containers.hostile_zips import bombs, names, odd_but_sound
from tests.office.containers.ledger_file import (
    NAMES,
)


@dataclass(frozen=True)
class Hostile:
    """A file and its fate: `refused` is a part of what must be said, `names` are the projects that must be read."""

    kind: str
    variant: str
    content: bytes
    refused: str = ""
    names: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.kind}: {self.variant}"


_REFUSED: Mapping[str, Callable[[], Iterator[tuple[str, bytes, str]]]] = {
    "bomb": bombs,
    "sparse and wide": sparse,
    "entities": entities,
    "names and relations": names,
    "password": locked,
    "another kind of file": other_files,
    "truncated": truncated,
    "damaged": damaged_binaries,
}
_READ: Mapping[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "absurd extent, harmless": harmless_extent,
    "deep nesting": deep,
    "odd but sound": odd_but_sound,
    "sound": sound_binaries,
}


def corpus() -> Iterator[Hostile]:
    """Every hostile and odd container, one at a time: some unpack to a hundred megabytes."""
    for kind, make in _REFUSED.items():
        for variant, content, words in make():
            yield Hostile(kind, variant, content, refused=words or "the file")
    for kind, make_sound in _READ.items():
        for variant, content in make_sound():
            yield Hostile(kind, variant, content, names=NAMES)
