"""Why lights are what they are, in sentences: what a clause's sentence takes is worked out once for all its lights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.engine.evaluation.saying import said, show_of
from guatu.engine.expressions import Typed
from guatu.engine.rulebook.checking import template_names
from guatu.engine.rulebook.model import Clause, Rulebook, Subject
from guatu.text import Text

Word = Callable[[str | None], Text]
"""A kept input as it is said."""


class Sentences:
    """The reasons of one rulebook's clauses."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._clauses: dict[str, Clause] = {}
        for lights in rulebook.lights:
            for dimension in lights.dimensions:
                for clause in dimension.clauses:
                    self._clauses.setdefault(clause.id, clause)
        self._names: dict[str, tuple[str, ...]] = {}
        self._words: dict[tuple[Subject, str], Word] = {}

    def clause(self, clause_id: str | None) -> Clause | None:
        """The clause with this id, of whichever light."""
        return None if clause_id is None else self._clauses.get(clause_id)

    def reason_of(self, row: Mapping[str, Any]) -> Text | None:
        """The reason in words of one row of the lights table; None where no clause fired."""
        clause, inputs = self.clause(row["clause"]), row["inputs"]
        if clause is None or (not inputs and self._names_in(clause)):
            return None
        return self.because(clause, inputs, row["subject"])

    def because(self, clause: Clause, inputs: Sequence[str | None], subject: Subject) -> Text:
        """A clause's reason in words, from the inputs kept with the light."""
        zh, en = {}, {}
        for name, text in zip(self._names_in(clause), inputs, strict=True):
            words = self._word(subject, name)(text)
            zh[name], en[name] = words.zh, words.en
        return Text(clause.because.zh.format(**zh), clause.because.en.format(**en))

    def _names_in(self, clause: Clause) -> tuple[str, ...]:
        if clause.id not in self._names:
            self._names[clause.id] = template_names(clause.because)
        return self._names[clause.id]

    def _word(self, subject: Subject, name: str) -> Word:
        if (subject, name) not in self._words:
            self._words[subject, name] = self._worded(subject, name)
        return self._words[subject, name]

    def _worded(self, subject: Subject, name: str) -> Word:
        """How a name's inputs are said, each text once."""
        typed = self.rulebook.formulas.definition(subject, name)
        show = show_of(self.rulebook, subject, name, typed.type)
        known: dict[str | None, Text] = {}

        def word(text: str | None) -> Text:
            found = known.get(text)
            if found is None:
                found = known[text] = said(_kept(text, typed), typed.type, show, self.rulebook)
            return found

        return word


def _kept(text: str | None, typed: Typed) -> Any:
    """A value read back from a light's inputs."""
    if text is None:
        return None
    if typed.type.numeric:
        return _fraction(text)
    kind = typed.type.kind.value
    return text == "true" if kind == "boolean" else date.fromisoformat(text) if kind == "date" else text


def _fraction(text: str) -> Fraction:
    """As `Fraction(text)`, without its pattern where the text is a plain number or two."""
    over, line, under = text.partition("/")
    if over.isdecimal() and (not line or under.isdecimal()):
        return Fraction(int(over), int(under)) if line else Fraction(int(over))
    return Fraction(text)
