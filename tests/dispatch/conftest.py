"""The demonstration city's three rounds, run once for all tests that look at them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from guatu.standards.periods import Period
from tests.dispatch.cast import no_notice

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = ("2021-06", "2021-07", "2021-08")


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Three rounds in turn, each reading the ones before."""
    home = tmp_path_factory.mktemp("city")
    outcomes: dict[str, Outcome] = {}
    for period in ROUNDS:
        request = RoundRequest(
            workbooks=sorted((ROOT / "demo" / period).glob("*.xlsx")),
            pack=str(ROOT / "demo/pack"),
            rulebook="yinchuan_2025",
            period=Period.parse(period),
            out=home / period,
            dated=date(2021, 9, 7),
            history=tuple(home / earlier for earlier in outcomes),
        )
        outcomes[period] = run_round(request, no_notice)
    return outcomes
