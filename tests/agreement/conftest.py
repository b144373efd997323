"""At the end of a run: which operations the drivers agreed on, and what these met."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.engine.expressions.vocabulary import FUNCTIONS
from tests.agreement.agreeing import AGREED
from tests.agreement.situations import MET

_SIGNS = ("add", "subtract", "multiply", "divide", "negate", "and", "or", "not", "case", "in", "between", "is_null")
OPERATIONS = (*FUNCTIONS, *_SIGNS, "eq", "ne", "lt", "le", "gt", "ge")
NAMES = {"DuckdbTables": "DuckDB", "SparkTables": "Spark"}
_gathered: dict[str, set[str]] = {}
_agreed: dict[str, set[str]] = {}


def _gather(met: dict[str, Any], agreed: dict[str, Any]) -> None:
    for whole, parts in ((_gathered, met), (_agreed, agreed)):
        for key, found in parts.items():
            whole.setdefault(key, set()).update(found)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["agreement"] = [
            {key: sorted(found) for key, found in gathered.items()} for gathered in (MET, AGREED)
        ]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    _gather(*getattr(node, "workeroutput", {}).get("agreement", ({}, {})))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _gather(MET, AGREED)
    if _gathered:
        met = {
            kind: sum(kind in found for found in _gathered.values())
            for kind in sorted(set().union(*_gathered.values()))
        }
        counts = ", ".join(f"{kind} {count}" for kind, count in met.items() if kind != "used")
        for driver, operations in sorted(_agreed.items()):
            covered = [operation for operation in OPERATIONS if operation in operations]
            terminalreporter.write_line(
                f"agreement: {NAMES[driver]} = reference on {len(covered)} of {len(OPERATIONS)} operations"
            )
        terminalreporter.write_line(f"agreement met: {counts}")
