"""What every test run says at its end: what it left out, and that nothing may be left out where CI says so."""

from __future__ import annotations

import os

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = sorted(
        {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
    )
    terminalreporter.write_line(f"left out: {'; '.join(reasons) or 'nothing'}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("GUATU_NOTHING_LEFT_OUT") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
