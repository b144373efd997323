"""The flood of wrong passwords in short: everybody real gets in, nothing breaks; `drills/sign_in_flood.py` runs it whole."""

from __future__ import annotations

from pathlib import Path

from drills.sign_in_flood import KINDS, passed, run, summary

from tests.hub.config.test_serving import free_port


def test_a_flood_of_wrong_passwords_keeps_nobody_out(tmp_path: Path) -> None:
    told = run(accounts=12, people=4, seconds=4, rate=12, port=free_port(), home=tmp_path)

    assert passed(told), summary(told)
    assert set(told.seconds) == set(KINDS)
