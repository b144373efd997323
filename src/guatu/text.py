"""Two languages in one value, and the one shape every refusal has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One saying in Chinese and in English; both are complete sentences or names."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The same saying with its `{named}` places filled; a missing name is an error."""
        return Text(zh=self.zh.format(**values), en=self.en.format(**values))

    def __str__(self) -> str:
        return self.zh


class Refusal(Exception):
    """Guatu will not go on: where, what, and the remedy, in that order.

    `where` is a place a person can go to: `rulebook.yaml:14`, `某区.xlsx 调度!H12`, `--round`.
    """

    def __init__(self, where: str, what: Text, remedy: Text) -> None:
        super().__init__(where, what, remedy)
        self.where = where
        self.what = what
        self.remedy = remedy

    def in_(self, language: Language) -> str:
        return f"{self.where}: {self.what.in_(language)}\n{self.remedy.in_(language)}"

    def __str__(self) -> str:
        return self.in_("en")
