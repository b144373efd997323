"""Every worked example of every shipped rulebook holds on both engines, and changing a number breaks one."""

from __future__ import annotations

import random
import runpy
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from guatu.declarations import Pack, load_pack
from guatu.engine.checks import check_book, check_cases, load_book, run_check_examples
from guatu.engine.checks.examples import run_check_case
from guatu.engine.evaluation import run_examples
from guatu.engine.evaluation.examples import cases, run_case
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import Rulebook, check_rulebook, load_rulebook

ROOT = Path(__file__).resolve().parents[2]
CHECKED = sorted(path.parent for path in ROOT.glob("packs/*/checks.yaml"))
BOOKS = sorted(ROOT.glob("packs/*/rulebooks/*.yaml"))


@cache
def pack_of(path: Path) -> Pack:
    return load_pack(path.parents[1])


@cache
def load(path: Path) -> Rulebook:
    pack = pack_of(path)
    return load_rulebook(path, ledger=pack.ledger, indicators=pack.indicators())


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_shipped_rulebook_has_no_problem(path: Path) -> None:
    pack = pack_of(path)

    problems = check_rulebook(path, ledger=pack.ledger, indicators=pack.indicators())

    assert [problem.in_("en") for problem in problems] == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_worked_example_comes_out_as_written(path: Path) -> None:
    problems = run_examples(load(path), "reference")

    assert [problem.in_("en") for problem in problems] == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_worked_examples_come_out_the_same_on_duckdb(path: Path) -> None:
    rulebook = load(path)
    engine: Engine = "duckdb"
    known = list(cases(rulebook))
    sample = random.Random(path.stem).sample(known, min(6, len(known)))

    problems = [problem for case in sample if (problem := run_case(rulebook, case, engine)) is not None]

    assert [problem.in_("en") for problem in problems] == []


def test_changing_a_number_of_a_rule_breaks_an_example(tmp_path: Path) -> None:
    drill = SimpleNamespace(**runpy.run_path(str(ROOT / "drills/mutate_rules.py")))
    pack = load_pack(ROOT / "packs/key_projects")
    mutants = random.Random(7).sample(drill.all_mutants(pack), 8)

    survivors = [mutant.became for mutant, book in mutants if drill.survives(mutant, pack, book, tmp_path)]

    assert survivors == []


def test_the_page_of_shipped_rulebooks_is_current() -> None:
    drill = SimpleNamespace(**runpy.run_path(str(ROOT / "drills/print_rulebooks.py")))

    assert drill.main(["--check"]) == 0, "run python drills/print_rulebooks.py"


@pytest.mark.parametrize("folder", CHECKED, ids=lambda path: path.name)
def test_shipped_checks_are_sound_and_prove_themselves(folder: Path) -> None:
    ledger = load_pack(folder).ledger

    assert [problem.in_("en") for problem in check_book(ledger)] == []
    assert [problem.in_("en") for problem in run_check_examples(load_book(ledger), "reference")] == []


@pytest.mark.parametrize("folder", CHECKED, ids=lambda path: path.name)
def test_examples_of_checks_come_out_the_same_on_duckdb(folder: Path) -> None:
    book = load_book(load_pack(folder).ledger)
    known = list(check_cases(book))
    sample = random.Random(folder.name).sample(known, min(8, len(known)))

    problems = [found for ready, example in sample if (found := run_check_case(book, ready, example, "duckdb"))]

    assert [problem.in_("en") for problem in problems] == []
