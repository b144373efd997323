"""A process killed in the midst of a change loses nothing that was acknowledged and leaves nothing half done.

The short form of `drills/kill_actions.py`, which kills two hundred a shape.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.db import connection

DRILL = Path(__file__).resolve().parents[3] / "drills/kill_actions.py"


def drill(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(DRILL), *arguments], capture_output=True, text=True, check=False)


def database() -> list[str]:
    """The server these tests run on, and a name no other of their processes uses; nothing for SQLite."""
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return []
    server = f"{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}"
    return ["--database", f"postgresql://{server}/{there['NAME']}_kills"]


def test_killed_anywhere_nothing_is_lost_and_nothing_half_done() -> None:
    done = drill("--kills", "3", *database())

    assert (done.returncode, done.stderr) == (0, "")
    assert "lost or half done: 0" in done.stdout


def test_the_drill_finds_what_is_half_done_when_there_are_no_transactions() -> None:
    """On SQLite: PostgreSQL refuses the locks that actions take outside of transactions."""
    done = drill("--kills", "0", "--only", "unit.move", "--torn")

    assert (done.returncode, "1 actions at every failpoint" in done.stdout) == (1, True)
    assert "unit.move left something behind when killed at changed" in done.stderr
