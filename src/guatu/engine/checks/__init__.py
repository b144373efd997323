"""Row checks of a pack: read as formulas, run over all items of a round in one statement, proven by their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guatu.engine.late import found_late

if TYPE_CHECKING:
    from guatu.engine.checks.asked import Fired
    from guatu.engine.checks.book import CheckBook, ReadyCheck, check_book, load_book
    from guatu.engine.checks.examples import check_cases, earlier_round, example_rows, run_check_examples
    from guatu.engine.checks.one_item import check_item
    from guatu.engine.checks.running import condition_over, fields_read, held, run_checks

__all__ = [
    "CheckBook",
    "Fired",
    "ReadyCheck",
    "check_book",
    "check_cases",
    "check_item",
    "condition_over",
    "earlier_round",
    "example_rows",
    "fields_read",
    "held",
    "load_book",
    "run_check_examples",
    "run_checks",
]

__getattr__ = found_late(
    __name__,
    {
        "book": ("CheckBook", "ReadyCheck", "check_book", "load_book"),
        "examples": ("check_cases", "earlier_round", "example_rows", "run_check_examples"),
        "asked": ("Fired",),
        "one_item": ("check_item",),
        "running": ("condition_over", "fields_read", "held", "run_checks"),
    },
)
