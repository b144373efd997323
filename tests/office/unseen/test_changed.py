"""Layouts of other hands a month later. `drills/changed_layouts.py` does the same to many more workbooks."""

from __future__ import annotations

import pytest

from tests.office.unseen.changed import CHANGES, Outcome, month_later
from tests.office.unseen.judging import county_pack

SEEDS = (100, 101, 106, 107)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder, whole = tmp_path_factory.mktemp("changed"), Outcome()
    pack = county_pack(folder / "pack")
    for seed in SEEDS:
        if (found := month_later(folder, seed, pack)) is not None:
            whole.add(found)
    return whole


def test_every_kind_of_change_was_made(outcome: Outcome) -> None:
    made = {name.partition(",")[0] for name in outcome.counts if "noticed" in name}

    assert made == CHANGES.keys()


def test_layouts_are_known_again_changes_noticed_and_nothing_guessed(outcome: Outcome) -> None:
    assert outcome.counts["known again: right"] >= 3
    assert outcome.faults == []
