"""Load a rulebook: read its shape, check its meaning, refuse with every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guatu.declarations.entries import Problem, Problems
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.engine.rulebook.checking import check_meaning
from guatu.engine.rulebook.model import Rulebook
from guatu.engine.rulebook.reading import read_rulebook
from guatu.text import Refusal


def load_rulebook(path: Path, *, ledger: Ledger, indicators: Sequence[Path] = ()) -> Rulebook:
    """The rulebook at `path` over `ledger`, with the indicators of the given files.

    Raises DeclarationRefused (a Refusal) listing every problem with file and line.
    """
    problems = Problems()
    rulebook = read_rulebook(path, ledger, indicators, problems)
    problems.refuse()
    check_meaning(rulebook, problems)
    problems.refuse()
    return rulebook


def check_rulebook(path: Path, *, ledger: Ledger, indicators: Sequence[Path] = ()) -> tuple[Problem, ...]:
    """Every problem of a rulebook file; empty when it is sound. Examples are run by `evaluation.run_examples`."""
    problems = Problems()
    try:
        rulebook = read_rulebook(path, ledger, indicators, problems)
    except Refusal as refused:
        file, _, line = refused.where.partition(":")
        number = line.split(":")[0]
        problems.add(Place(file, int(number) if number.isdigit() else 1), refused.what, refused.remedy)
        return tuple(problems.found)
    if not problems.found:
        check_meaning(rulebook, problems)
    return tuple(sorted(problems.found, key=lambda one: (one.place.file, one.place.line)))
