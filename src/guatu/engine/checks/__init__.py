"""Row checks of a pack: read as formulas, run over all items of a round in one statement, proven by their examples."""

from guatu.engine.checks.book import CheckBook, ReadyCheck, check_book, load_book
from guatu.engine.checks.examples import check_cases, earlier_round, example_rows, run_check_examples
from guatu.engine.checks.running import Fired, condition_over, fields_read, held, run_checks

__all__ = [
    "CheckBook",
    "Fired",
    "ReadyCheck",
    "check_book",
    "check_cases",
    "condition_over",
    "earlier_round",
    "example_rows",
    "fields_read",
    "held",
    "load_book",
    "run_check_examples",
    "run_checks",
]
