"""A made county of two rounds: every seeded case is said once, at its cell, with its grade; of the rest nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.dispatch.round import Round
from tests.dispatch.cast import pack
from tests.dispatch.reconciliation.world import UNITS, Expected, made_world, play, seed_all


@pytest.fixture
def county(tmp_path: Path) -> Path:
    pack(tmp_path, **{"units.yaml": UNITS})
    return tmp_path


def said(made: Round) -> list[Expected]:
    return sorted((Expected(one.code, one.grade, one.workbook, one.sheet, one.cell) for one in made.findings), key=str)


def test_clean_rounds_are_quiet_whatever_only_looks_alike(county: Path) -> None:
    world = made_world(1)
    july = play(county, world.before, 7)
    august = play(county, world.now, 8, history=(7,))

    assert said(july) == []
    assert said(august) == []
    assert len(august.items) == 184  # three of each town's projects are on two lists


@pytest.mark.parametrize("seed", range(3))
def test_every_seeded_case_is_said_once_at_its_cell_and_nothing_else_is(county: Path, seed: int) -> None:
    world = seed_all(made_world(seed))
    july = play(county, world.before, 7)
    august = play(county, world.now, 8, history=(7,), totals=world.totals)

    assert said(july) == []
    assert said(august) == world.expected
