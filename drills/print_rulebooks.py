"""Print every shipped rulebook for readers: formulas in both languages, sources, settings, worked examples.

python drills/print_rulebooks.py            writes docs/reference/shipped_rulebooks.md
python drills/print_rulebooks.py --check    exit code 1 when that page is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from guatu.declarations import load_pack
from guatu.engine.expressions import show
from guatu.engine.rulebook import Rulebook, load_rulebook
from guatu.engine.rulebook.model import Clause, Example, Formula, Indicator, Ladder, PointsItem, Subject
from guatu.text import Text

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/reference/shipped_rulebooks.md"
HEAD = """\
# Shipped rulebooks · 自带细则

Printed from the packs by `python drills/print_rulebooks.py`; a test keeps it current. Each example below is run by the
tests on both engines. 本页由业务包生成，每条样例都作为测试运行。
"""


def page() -> str:
    return "\n".join([HEAD, *_packs()]).rstrip() + "\n"


def _packs() -> Iterator[str]:
    for file in sorted((ROOT / "packs").glob("*/pack.yaml")):
        pack = load_pack(file.parent)
        books = {
            path: load_rulebook(path, ledger=pack.ledger, indicators=pack.indicators())
            for path in pack.files("rulebooks").values()
        }
        if not books:
            continue
        yield f"## {pack.title.zh} · {pack.title.en} (`{pack.key}`)\n"
        yield "### 指标 · Indicators\n"
        first = next(iter(books.values()))
        inherited = {f"{folder.name}/indicators.yaml" for folder in pack.folders[1:]}
        for indicator in first.indicators.values():
            if indicator.place.file not in inherited:
                yield from _indicator(first, indicator)
        for path, book in books.items():
            if path.is_relative_to(file.parent):
                yield from _book(book)


def _both(text: Text) -> str:
    return f"{text.zh} · {text.en}"


def _formula(book: Rulebook, subject: Subject, formula: Formula) -> str:
    typed = book.formulas.indicator(formula) if subject == "unit" else book.formulas.over(subject, formula)
    return f"`{formula.source}` — {show(typed, 'zh')}"


def _indicator(book: Rulebook, indicator: Indicator) -> Iterator[str]:
    yield f"- **{_both(indicator.title)}** (`{indicator.key}`): {_formula(book, 'unit', indicator.formula)}"
    if indicator.cite is not None:
        yield f"  Source · 依据: {_both(indicator.cite)}"
    yield from _examples(indicator.examples)
    yield ""


def _examples(examples: Sequence[Example]) -> Iterator[str]:
    for example in examples:
        parts = [
            f"{word} {_plain(value)}"
            for word, value in (("settings", example.settings), ("history", example.history))
            if value
        ]
        round_ = f"{example.period}: " if example.period else ""
        before = f" ({'; '.join(parts)})" if parts else ""
        note = f" ({example.note.zh} · {example.note.en})" if example.note else ""
        yield f"  - {example.kind}: {round_}{_plain(example.given)}{before} → **{_plain(example.then)}**{note}"


def _plain(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        joined = "; " if any(isinstance(one, Mapping) for one in value.values()) else ", "
        return joined.join(f"{key} {_plain(one)}" for key, one in value.items()) or "nothing"
    if isinstance(value, list):
        return " | ".join(_plain(one) for one in value) if value else "nothing"
    return str(value)


def _book(book: Rulebook) -> Iterator[str]:
    yield f"### {_both(book.title)} (`{book.key}`)\n"
    yield f"Source · 依据: {_both(book.source)}\n"
    if book.settings:
        yield "Settings (what the source leaves unsaid) · 设置（原文未写的）:\n"
        for setting in book.settings.values():
            allowed = f", one of {', '.join(setting.allowed)}" if setting.allowed else ""
            yield f"- {_both(setting.title)} (`{setting.key}`): **{setting.written}**{allowed}. {_both(setting.why)}"
        yield ""
    if book.definitions:
        yield "Definitions · 定义:\n"
        for one in book.definitions.values():
            typed = book.formulas.over(one.over, one.formula)
            yield f"- {_both(one.title)} (`{one.key}`): `{one.formula.source}` — {show(typed, 'zh')}"
        yield ""
    for lights in book.lights:
        for dimension in lights.dimensions:
            yield f"#### {_both(lights.title)}: {_both(dimension.title)}\n"
            for clause in dimension.clauses:
                yield from _clause(book, lights.subject, clause)
    if book.points is not None:
        for part in book.points.dimensions:
            yield f"#### {_both(book.points.title)}: {_both(part.title)}, weight `{part.weight.source}`\n"
            yield from _examples(part.examples)
            for item in part.items:
                yield from _item(item)
    for ladder in book.ladders:
        yield from _ladder(book, ladder)


def _clause(book: Rulebook, subject: Subject, clause: Clause) -> Iterator[str]:
    yield f"- **{_both(book.word(clause.severity))}** (`{clause.id}`): {_formula(book, subject, clause.when)}"
    yield f"  Source · 依据: {_both(clause.cite)}"
    yield from _examples(clause.examples)
    yield ""


def _item(item: PointsItem) -> Iterator[str]:
    value = f" of `{item.value.source}`" if item.value is not None else ""
    yield f"- **{_both(item.title)}** (`{item.key}`): `{item.method}`{value}, {_plain(item.parameters)}"
    yield f"  Source · 依据: {_both(item.cite)}"
    yield from _examples(item.examples)
    yield ""


def _ladder(book: Rulebook, ladder: Ladder) -> Iterator[str]:
    yield f"#### {_both(ladder.title)} (`{ladder.key}`)\n"
    yield f"Breach · 触发: {_formula(book, ladder.subject, ladder.trigger)}; steps by `{ladder.counted}`, reset `{ladder.reset}`\n"
    for step in ladder.steps:
        when = f", {_formula(book, ladder.subject, step.when)}" if step.when is not None else f", at {step.at}"
        hold = f"; hold · 暂停: {_both(step.hold.title)}" if step.hold is not None else ""
        yield f"- **{_both(step.title)}** (`{step.key}`{when}): {_both(step.measure)}{hold}"
        yield f"  Source · 依据: {_both(step.cite)}"
        yield from _examples(step.examples)
        yield ""


def main(arguments: Sequence[str]) -> int:
    if "--check" in arguments:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        print(
            "current" if current else f"{PAGE.relative_to(ROOT)} is out of date: run python drills/print_rulebooks.py"
        )
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
