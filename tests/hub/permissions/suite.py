"""A plugin of pytest: every test that comes through a function, or a row of the policy, is run again with each mutant of it, until
one notices.

`pytest -p tests.hub.permissions.suite --mutants FILE` takes the names of the mutants from a file, a line each, and says at the
end which were noticed, by which test, and which by none. A test that fails without any mutant, or when it is run again, notices
nothing. A right of a role is asked about by every test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from tests.hub.permissions.mutants import Mutant  # needs Django, which is not set up when plugins load

NOTICED = "noticed by the suite: "


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", default="", help="a file with the names of mutants, a line each")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--mutants"):
        config.pluginmanager.register(Suite(Path(config.getoption("--mutants"))))


class Suite:
    """What of the mutants is still to be noticed."""

    def __init__(self, names: Path) -> None:
        self._names = set(names.read_text(encoding="utf-8").splitlines())
        self.waiting: list[Mutant] = []
        self.noticed: dict[str, str] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        from tests.hub.permissions.mutants import all_mutants
        from tests.hub.permissions.through import listening

        self.waiting = [one for one in all_mutants() if one.name in self._names]
        with listening(self.waiting):
            yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        from tests.hub.permissions.mutants import HEARD

        HEARD.clear()
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = _run(item)
        near = [one for one in self.waiting if one.touches in {"all", *HEARD}]
        if near and all(one.passed for one in reports) and _passes_again(item):
            for mutant in near:
                with mutant.alive():
                    noticed = not _passes_again(item)
                if noticed:
                    self.noticed[mutant.name] = item.nodeid
                    self.waiting.remove(mutant)
        item.session._setupstate.teardown_exact(nextitem)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, test in self.noticed.items():
            terminalreporter.write_line(f"{NOTICED}{name}: {test}")
        for mutant in self.waiting:
            terminalreporter.write_line(f"survived: {mutant.name}")


def _passes_again(item: pytest.Item) -> bool:
    item._initrequest()  # type: ignore[attr-defined]  # as whatever runs a test again does
    return all(one.passed for one in _run(item))


def _run(item: pytest.Item) -> list[pytest.TestReport]:
    """A test and all it needs, what it shares with its module kept."""
    return runtestprotocol(item, nextitem=item.parent, log=False)  # type: ignore[arg-type]  # its place is all that is asked
