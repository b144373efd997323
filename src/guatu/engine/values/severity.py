"""How serious a light is. Colours and polarity are chosen by a rulebook's palette, last of all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering

from guatu.text import Text


@total_ordering
class Severity(Enum):
    """Ordered from nothing amiss to lagging; `NOT_JUDGED` stands apart and compares with nothing.

    In tables a severity is its key (`"lagging"`), and not judged is null.
    """

    NOT_JUDGED = "not_judged"
    NORMAL = "normal"
    NOTICE = "notice"
    ATTENTION = "attention"
    SERIOUS = "serious"
    LAGGING = "lagging"

    @property
    def rank(self) -> int | None:
        """0 for normal up to 4 for lagging; None where nothing was judged."""
        return _RANKS[self.value]

    @property
    def words(self) -> Text:
        return _WORDS[self]

    @property
    def glyph(self) -> str:
        """A mark that tells the grades apart without colour."""
        return _GLYPHS[self]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Severity) or self.rank is None or other.rank is None:
            return NotImplemented
        return self.rank < other.rank

    @classmethod
    def of_rank(cls, rank: int | None) -> Severity:
        return cls.NOT_JUDGED if rank is None else _RANKED[rank]

    @classmethod
    def worst(cls, severities: Iterable[Severity]) -> Severity:
        """The worst of those judged; not judged when none was."""
        return max((s for s in severities if s is not cls.NOT_JUDGED), default=cls.NOT_JUDGED)


_RANKED = (Severity.NORMAL, Severity.NOTICE, Severity.ATTENTION, Severity.SERIOUS, Severity.LAGGING)
_RANKS = {"not_judged": None} | {severity.value: rank for rank, severity in enumerate(_RANKED)}
_WORDS = {
    Severity.NOT_JUDGED: Text("未判定", "not judged"),
    Severity.NORMAL: Text("正常", "normal"),
    Severity.NOTICE: Text("提示", "notice"),
    Severity.ATTENTION: Text("关注", "attention"),
    Severity.SERIOUS: Text("较重", "serious"),
    Severity.LAGGING: Text("滞后", "lagging"),
}
_GLYPHS = {
    Severity.NOT_JUDGED: "○",
    Severity.NORMAL: "●",
    Severity.NOTICE: "◆",
    Severity.ATTENTION: "▲",
    Severity.SERIOUS: "◆",
    Severity.LAGGING: "■",
}
