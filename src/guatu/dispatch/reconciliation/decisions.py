"""What people decided: kept with a round's results, replayed in later rounds (DESIGN §4a.6).

`results/decisions.json` lists every decision still known, those of earlier rounds included, so that a later round needs
only the latest one as history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "decisions.json"
SAME, DIFFERENT, ENDED, CONFIRMED = "same", "different", "ended", "confirmed"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer: about which items, for which check, when, and on which values it rests."""

    check: str
    items: tuple[str, ...]
    """Lasting ids, in the order the question named them."""
    answer: str
    """confirmed, same, different, ended."""
    period: str
    """The round in which it was taken."""
    rests_on: Mapping[str, str | None] = field(default_factory=dict)
    """The values it was taken on; with others, it is another question. Empty: it holds for good."""

    @property
    def key(self) -> tuple[object, ...]:
        """What it decides, whoever answers it. A pair is the same pair whichever way round."""
        about = tuple(sorted(self.items))
        if not self.rests_on:
            return (about,)
        return (self.check, about, tuple(sorted(self.rests_on.items(), key=str)))


class Decisions:
    """The decisions known in a round; a later one on the same matter replaces the earlier."""

    def __init__(self, known: Iterable[Decision] = ()) -> None:
        self._by_key = {one.key: one for one in known}

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._by_key.values())

    def take(self, decision: Decision) -> None:
        """Remember it; the same answer given before keeps its date."""
        known = self._by_key.get(decision.key)
        if known is None or known.answer != decision.answer:
            self._by_key[decision.key] = decision

    def stands(self, about: Decision) -> bool:
        """Whether a person decided this very matter."""
        return about.key in self._by_key

    def on(self, *items: str) -> Decision | None:
        """The decision about these items, taken once for all."""
        return self._by_key.get((tuple(sorted(items)),))


def read_decisions(folders: Iterable[Path]) -> Decisions:
    """All decisions of the result folders given, oldest round first."""
    found = [one for folder in folders for one in _read(folder / FILE)]
    known = Decisions()
    for one in sorted(found, key=lambda one: one.period):
        known.take(one)
    return known


def _read(path: Path) -> list[Decision]:
    if not path.is_file():
        return []
    records = json.loads(path.read_text(encoding="utf-8"))
    return [Decision(**{**one, "items": tuple(one["items"])}) for one in records]


def write_decisions(folder: Path, decisions: Decisions) -> None:
    """One record per decision, sorted; nothing at all where none was taken."""
    records = sorted((asdict(one) for one in decisions), key=lambda one: (one["check"], one["items"]))
    if records:
        (folder / FILE).write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")
