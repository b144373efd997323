"""Which round is reported on a day, as a ledger declares it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused, load_pack
from guatu.declarations.rounds import Rounds
from guatu.standards.periods import Kind, Period


@pytest.mark.parametrize(
    ("rounds", "day", "current"),
    [
        (Rounds(), date(2026, 11, 30), "2026-10"),
        (Rounds(), date(2026, 12, 1), "2026-11"),
        (Rounds(opens=25), date(2026, 11, 24), "2026-10"),
        (Rounds(opens=25), date(2026, 11, 25), "2026-11"),
        (Rounds(skips=(1,)), date(2026, 2, 10), "2025-12"),
        (Rounds(skips=(1,)), date(2026, 3, 1), "2026-02"),
        (Rounds(every=Kind.QUARTER), date(2026, 4, 1), "2026Q1"),
        (Rounds(every=Kind.QUARTER, opens=20), date(2026, 3, 20), "2026Q1"),
    ],
)
def test_the_round_reported_on_a_day_is_the_latest_that_has_opened(rounds: Rounds, day: date, current: str) -> None:
    assert str(rounds.current(day)) == current


def test_the_round_before_february_is_december_where_january_has_none() -> None:
    assert Rounds(skips=(1,)).before(Period.month(2026, 2)) == Period.month(2025, 12)


def test_a_pack_of_a_place_sets_when_its_rounds_open_and_keeps_what_they_ask(tmp_path: Path) -> None:
    pack = load_pack(_pack(tmp_path, "rounds: {opens: 25, skips: [1]}"))

    assert pack.ledger.rounds == Rounds(opens=25, skips=(1,), asks=("month_done", "ytd_done", "since_start_done"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{opens: 31}", "not every month has"),
        ("{skips: [13]}", "must name months"),
        ("{every: week}", "does not know 'week'"),
        ("{asks: [mont_done]}", "month_done"),
        ("{due: 5}", "unknown key 'due'"),
    ],
)
def test_rounds_that_make_no_sense_are_refused_at_their_line(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(DeclarationRefused, match=said):
        load_pack(_pack(tmp_path, f"rounds: {written}"))


def _pack(folder: Path, rounds: str) -> Path:
    (folder / "pack.yaml").write_text(
        'pack: place\ntitle: {zh: 某地, en: A place}\nversion: "1"\neffective_from: "2026-01-01"\nextends: [key_projects]\n'
        "source: {zh: 测试, en: For tests}\n",
        encoding="utf-8",
    )
    (folder / "ledger.yaml").write_text(f"ledger: key_projects\n{rounds}\n", encoding="utf-8")
    return folder
