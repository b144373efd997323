"""Change every number and comparison of every shipped rulebook, one at a time, and see a worked example break.

    python drills/mutate_rules.py [--sample N]

A changed rule that no example notices is a survivor: the rule is not proven. Exit code 1 when there is one.
Figures move one step in their last digit, both ways; `<` and `<=`, `>` and `>=`, `=` and `!=` change places;
settings also take their other allowed words.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.declarations import DeclarationRefused, Pack, load_pack
from guatu.engine.evaluation.examples import cases, run_case
from guatu.engine.rulebook import Rulebook, load_rulebook
from guatu.engine.rulebook.model import Indicator

ROOT = Path(__file__).resolve().parents[1]
RULES = re.compile(r"^(\s*(?:- )?(?:when|formula|trigger|applies_when|weight|at|value|min_items):\s*)(.+)$")
INLINE = re.compile(r"^(.*?[{ ](?:value|parameters):\s*)(.+)$")
NUMBER = re.compile(r"(?<![\w.])(\d+)(\.\d+)?(?![\d_])")
COMPARISON = re.compile(r"(?<![<>=!])(<=|>=|!=|<|>|=)(?![=>])")
FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed line of one file."""

    file: Path
    line: int
    was: str
    became: str

    def text(self) -> str:
        lines = self.file.read_text(encoding="utf-8").split("\n")
        lines[self.line] = self.became
        # Whether the new value is among those allowed is not the question here.
        return "\n".join(re.sub(r"^\s+allowed: \[.*\]$", "", line) for line in lines)


def mutants(file: Path) -> Iterator[Mutant]:
    """Every change of a rulebook or indicators file that could change a result."""
    lines = file.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        match = RULES.match(line) or (INLINE.match(line) if "kind:" not in line else None)
        if match is None:
            continue
        start, rule = match.groups()
        for changed in dict.fromkeys(
            [*_numbers(rule), *_comparisons(rule), *_words(rule, lines[number + 1 : number + 2])]
        ):
            yield Mutant(file, number, line, start + changed)


def _numbers(rule: str) -> Iterator[str]:
    for found in NUMBER.finditer(_without_texts(rule)):
        whole, decimals = found[1], (found[2] or ".")[1:]
        for step in (1, -1):
            value = int(whole + decimals) + step
            digits = f"{abs(value):0{len(decimals) + 1}d}"
            moved = digits if not decimals else f"{digits[: -len(decimals)]}.{digits[-len(decimals) :]}"
            yield rule[: found.start()] + ("-" if value < 0 else "") + moved + rule[found.end() :]


def _comparisons(rule: str) -> Iterator[str]:
    for found in COMPARISON.finditer(_without_texts(rule)):
        yield rule[: found.start()] + FLIPPED[found[1]] + rule[found.end() :]


def _words(rule: str, following: Sequence[str]) -> Iterator[str]:
    """The other words a setting may take."""
    allowed = re.match(r"^\s+allowed: \[(.*)\]$", following[0]) if following else None
    written = rule.strip().strip('"')
    if allowed is not None and not written[0].isdigit():
        for word in (word.strip() for word in allowed[1].split(",")):
            if word.strip('"') != written:
                yield word


def _without_texts(rule: str) -> str:
    """The rule with words a person reads and quoted texts blanked out, so that positions stay."""
    hidden = re.sub(r'\{zh:.*?\}|severity\("\w+"\)', lambda found: " " * len(found[0]), rule)
    inner = re.sub(r'(?<=[\w(,] )"[^"]*"|(?<=\()"[^"]*"', lambda found: " " * len(found[0]), hidden)
    return inner


def survives(mutant: Mutant, pack: Pack, rulebook_file: Path, folder: Path) -> bool:
    """Whether every example still holds with the change made."""
    changed = folder / mutant.file.name
    changed.write_text(mutant.text(), encoding="utf-8")
    book = changed if mutant.file == rulebook_file else rulebook_file
    indicators = [changed if file == mutant.file else file for file in pack.indicators()]
    try:
        rulebook = load_rulebook(book, ledger=pack.ledger, indicators=indicators)
    except DeclarationRefused:
        return False
    return not _noticed(rulebook, of_indicators=mutant.file != rulebook_file)


def _noticed(rulebook: Rulebook, *, of_indicators: bool) -> bool:
    """Whether an example breaks; those of the file that was left alone cannot."""
    relevant = (case for case in cases(rulebook) if isinstance(case.rule, Indicator) == of_indicators)
    return any(run_case(rulebook, case) is not None for case in relevant)


def all_mutants(pack: Pack) -> list[tuple[Mutant, Path]]:
    """Each mutant of the pack's own files with the rulebook whose examples should notice it."""
    books = list(pack.files("rulebooks").values())
    found = [(mutant, book) for book in books if book.is_relative_to(pack.folder) for mutant in mutants(book)]
    own = [file for file in pack.indicators() if file.is_relative_to(pack.folder)]
    return found + [(mutant, books[0]) for file in own for mutant in mutants(file)]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="try only so many, chosen with a fixed seed")
    sample = parser.parse_args(arguments).sample
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        for pack_file in sorted((ROOT / "packs").glob("*/pack.yaml")):
            pack = load_pack(pack_file.parent)
            if not pack.files("rulebooks"):
                continue
            found = all_mutants(pack)
            chosen = found if sample is None else random.Random(2021).sample(found, min(sample, len(found)))
            for mutant, book in chosen:
                if survives(mutant, pack, book, Path(name)):
                    survivors += 1
                    print(
                        f"{mutant.file.name}:{mutant.line + 1}: no example notices\n    {mutant.was.strip()}\n -> {mutant.became.strip()}"
                    )
            print(f"{pack.key}: {len(chosen)} changes tried of {len(found)}")
    print(f"survivors: {survivors}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
