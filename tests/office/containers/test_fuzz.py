"""Mutated and cut workbooks end as a reading or a refusal: no crash, no hang, no other exception.

A bounded number from a fixed seed; `drills/fuzz_containers.py` goes on from there.
"""

from __future__ import annotations

import random

import pytest

from tests.office.containers.mutants import BATCH, SEEDS, SOUND, cuts, judged, mutant

MUTANTS = 100


def test_a_mutated_workbook_is_read_or_refused() -> None:
    random_ = random.Random(20230831)
    found = judged([[mutant(random_) for _ in range(BATCH)] for _ in range(MUTANTS // BATCH)])

    assert set(found) <= SOUND, found
    assert sum(found.values()) == MUTANTS
    assert (
        min(found["read"], found["refused"]) > MUTANTS // 10
    )  # or the mutants are too tame or too wild to tell anything


@pytest.mark.parametrize("name", SEEDS)
def test_a_workbook_cut_off_anywhere_is_refused(name: str) -> None:
    found = judged([list(cuts(name, 12))])

    # The last bytes of an .xls may be of a part that holds no cell; nothing of a zip is whole without its end.
    assert found["refused"] >= (10 if name.endswith(".xls") else 12), found
    assert found["refused"] + found["read"] == 12, found
