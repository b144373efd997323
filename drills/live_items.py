"""Let items live at random: enter, change, move, merge, plan, claim, check, link, carry over; see that nothing known is lost.

    python drills/live_items.py [--lives 200] [--steps 50] [--database postgresql://USER@HOST:PORT/NAME]

The machine of tests/hub/ledger/life.py, with as many lives and steps as asked for. Without an address it works on SQLite in a
folder of its own; on PostgreSQL in the test database Django makes beside the one named. A life that breaks a promise is
shrunk to the fewest steps that do, and printed. Exit code 1 then.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lives", type=int, default=200)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--database", default="", help="PostgreSQL; SQLite if not given")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-lives-") as folder:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        os.environ |= {"GUATU_HOME": folder, "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings"}
        os.environ.pop("GUATU_DATABASE", None)
        if given.database:
            os.environ["GUATU_DATABASE"] = given.database
        begun = time.monotonic()
        live(given.lives, given.steps)
    print(f"{given.lives} lives of up to {given.steps} steps, {time.monotonic() - begun:.0f} s: nothing known was lost")
    return 0


def live(lives: int, steps: int) -> None:
    """On a database that is nobody's; a broken promise is raised with the steps that broke it."""
    import django

    django.setup()
    from django.test.utils import get_runner
    from hypothesis import HealthCheck, settings
    from hypothesis.stateful import run_state_machine_as_test
    from tests.hub.ledger.life import LifeOfItems

    runner = get_runner(django.conf.settings)(interactive=False, verbosity=0)
    made = runner.setup_databases()
    try:
        checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            LifeOfItems,
            settings=settings(
                max_examples=lives,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=checks,
                database=None,
            ),
        )
    finally:
        runner.teardown_databases(made)


if __name__ == "__main__":
    sys.exit(main())
