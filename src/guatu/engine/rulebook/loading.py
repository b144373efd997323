"""Load a rulebook: read its shape, check its meaning, refuse with every problem at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from guatu.declarations.entries import Problem, Problems
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.declarations.packs import Pack
from guatu.declarations.reading_settings import ChosenSetting
from guatu.engine.rulebook.checking import check_meaning
from guatu.engine.rulebook.model import Rulebook
from guatu.engine.rulebook.reading import read_rulebook, setting_value
from guatu.text import Refusal, Text


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


def load_chosen(pack: Pack, key: str) -> Rulebook:
    """A rulebook of a pack as it judges: with the values the pack chooses for its settings."""
    rulebook = load_rulebook(pack.rulebook(key), ledger=pack.ledger, indicators=pack.indicators())
    return with_chosen(rulebook, pack.chosen(key))


def with_chosen(rulebook: Rulebook, chosen: Sequence[ChosenSetting]) -> Rulebook:
    """The rulebook with other values of its settings; one of another kind than the shipped value is refused.

    Its hash is then of its file and of what was chosen.
    """
    if not chosen:
        return rulebook
    settings = dict(rulebook.settings)
    digest = hashlib.sha256(rulebook.sha256.encode())
    for one in sorted(chosen, key=lambda each: each.setting):
        shipped, given = settings[one.setting], setting_value(one.written)
        if given.type != shipped.type:
            raise Refusal(
                str(one.place),
                Text(
                    f"设置“{one.setting}”不能取 {one.written}：与 {shipped.written} 不是一类值",
                    f"setting '{one.setting}' cannot be {one.written}: it is of another kind than {shipped.written}",
                ),
                Text(f"照 {shipped.written} 的样子写。", f"Write it like {shipped.written}."),
            )
        settings[one.setting] = replace(shipped, value=given.value, written=one.written)
        digest.update(f"\n{one.setting}={one.written}".encode())
    return replace(rulebook, settings=settings, sha256=digest.hexdigest())


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
