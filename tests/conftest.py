"""What all tests may ask for, and what a run says at its end: what it left out, which CI does not allow."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

# A module is compiled once for all processes of a run, those that tests start included.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Before Django reads its settings: the tests write into a folder of their own.
os.environ["GUATU_HOME"] = tempfile.mkdtemp(prefix="guatu-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"

import django  # noqa: E402  # after the lines above, as all that follows
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

django.setup()

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

from guatu.engine.tables.spark import SparkMissing, spark_session  # noqa: E402  # after Django, which reads the lines above

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """One local Spark for all tests: it takes several seconds to start."""
    small = {
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",  # a short life does not repay optimising
    }
    try:
        session = spark_session("local[2]", small)
    except SparkMissing as missing:
        pytest.skip(missing.what.en)
    yield session
    session.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = sorted(
        {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
    )
    for name, number in _counted(terminalreporter).items():
        terminalreporter.write_line(f"{name}: {number}")
    terminalreporter.write_line(f"left out: {'; '.join(reasons) or 'nothing'}")


def _counted(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    """What tests counted with `record_property(name, number)`, over the whole run and all its processes."""
    total: Counter[str] = Counter()
    for report in (one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])):
        total.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    return total


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("GUATU_NOTHING_LEFT_OUT") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
