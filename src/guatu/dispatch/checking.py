"""Check a pack whole: declarations, papers, checks and rulebooks with their worked examples, document templates, both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from guatu.declarations.boundaries import boundaries_of
from guatu.declarations.entries import DeclarationRefused, Problem
from guatu.declarations.located import Place
from guatu.declarations.packs import Pack, load_pack
from guatu.dispatch.open_contracting import load_open_plan
from guatu.dispatch.open_contracting import run_examples as run_open_examples
from guatu.dispatch.papers import load_papers
from guatu.dispatch.reconciliation.examples import check_identity, identity_cases
from guatu.dispatch.schedules import load_schedule_plan
from guatu.engine.checks import check_book, check_cases, load_book, run_check_examples
from guatu.engine.evaluation import run_examples
from guatu.engine.evaluation.examples import cases
from guatu.engine.rulebook import check_rulebook, load_rulebook
from guatu.engine.rulebook.loading import with_chosen
from guatu.office.documents import load_template
from guatu.text import Language, Refusal


@dataclass(frozen=True, slots=True)
class PackReport:
    """What checking a pack found."""

    key: str
    rulebooks: int
    examples: int
    templates: int
    checks: int
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return not self.problems

    def record(self, language: Language) -> dict[str, object]:
        return {
            "pack": self.key,
            "sound": self.sound,
            "rulebooks": self.rulebooks,
            "examples": self.examples,
            "templates": self.templates,
            "checks": self.checks,
            "problems": [problem.in_(language) for problem in self.problems],
        }


def check_pack(name: str | Path) -> PackReport:
    """Every problem of a pack. A folder that is no pack at all is refused."""
    try:
        pack = load_pack(name)
    except DeclarationRefused as refused:
        return PackReport(str(name), 0, 0, 0, 0, refused.problems)
    problems: list[Problem] = []
    examples = checks = 0
    for ledger in pack.ledgers.values():
        checks += len(ledger.checks.rows) + len(ledger.checks.identity)
        found = list(check_book(ledger))
        if not found:
            book = load_book(ledger)
            examples += sum(1 for _ in check_cases(book))
            examples += sum(1 for _ in identity_cases(ledger))
            found = [*run_check_examples(book), *check_identity(ledger)]
        problems += found
    rulebooks = pack.files("rulebooks")
    for path in rulebooks.values():
        found = list(check_rulebook(path, ledger=pack.ledger, indicators=pack.indicators()))
        if not found:
            rulebook = load_rulebook(path, ledger=pack.ledger, indicators=pack.indicators())
            examples += sum(1 for _ in cases(rulebook))
            found = [*run_examples(rulebook), *_refused(partial(with_chosen, rulebook, pack.chosen(path.stem)))]
        problems += found
    templates = pack.files("documents")
    for path in templates.values():
        problems += _refused(partial(load_template, path))
    problems += _refused(partial(boundaries_of, pack))
    if _has(pack, "papers.yaml"):
        problems += _refused(partial(load_papers, pack))
    if _has(pack, "schedule.yaml"):
        problems += _refused(partial(load_schedule_plan, pack))
    if _has(pack, "oc4ids.yaml"):
        found = list(_refused(partial(load_open_plan, pack)))
        problems += found or run_open_examples(load_open_plan(pack))
    return PackReport(pack.key, len(rulebooks), examples, len(templates), checks, tuple(dict.fromkeys(problems)))


def _has(pack: Pack, name: str) -> bool:
    return any((folder / name).is_file() for folder in pack.folders)


def _refused(read: Callable[[], object]) -> Iterator[Problem]:
    try:
        read()
    except DeclarationRefused as refused:
        yield from refused.problems
    except Refusal as refused:
        file, _, line = refused.where.partition(":")
        first = line.split(":")[0]
        yield Problem(Place(file, int(first) if first.isdigit() else 1), refused.what, refused.remedy)
