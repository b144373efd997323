"""The command as a process: it says everything, ends with the documented code, and does not tidy up what goes with it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from guatu.cli.exits import Exit

START = "from guatu.cli.process import run; run()"


def guatu(*arguments: str, program: str = START) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments, "--lang", "en"], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--help"], Exit.DONE, "guatu"),
        (["packs", "check", "/nowhere"], Exit.REFUSED, "/nowhere"),
        (["run", "--rulebok", "x"], Exit.USAGE, "Did you mean --rulebook?"),
    ],
)
def test_everything_is_said_before_it_leaves(arguments: list[str], code: int, said: str) -> None:
    ended = guatu(*arguments)

    assert ended.returncode == code
    assert said in ended.stdout + ended.stderr


def test_whoever_asked_to_be_called_at_the_end_is_called() -> None:
    ended = guatu("--help", program=f"import atexit; atexit.register(print, 'called'); {START}")

    assert ended.stdout.endswith("called\n")


def test_a_fault_of_ours_is_shown_whole() -> None:
    ended = guatu("--help", program="import guatu.cli.process as p; p.main = lambda: 1 / 0; p.run()")

    assert ended.returncode == 1 and "ZeroDivisionError" in ended.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only some systems have a device that is always full")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run([sys.executable, "-c", START, "packs", "list"], stdout=full, check=False)

    assert ended.returncode != Exit.DONE
