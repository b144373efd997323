"""Every profile is proven by its own examples, and a wrong one says by line what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from guatu.declarations.entries import DeclarationRefused
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.accounts.sign_in.passwords import faults
from guatu.hub.accounts.sign_in.profile import SHIPPED, read_profile

PROFILES = sorted(SHIPPED.glob("*.yaml"))
NAMES = ["李填报", "li-tianbao", "东关镇", "Dongguan Town"]


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_examples_of_a_profile_come_out_as_it_says(path: Path) -> None:
    profile = read_profile(path)

    assert [
        (
            one.password,
            tuple(dict.fromkeys(fault.name for fault in faults(one.password, profile.passwords, names=NAMES))),
        )
        for one in profile.examples.passwords
    ] == [(one.password, one.refused) for one in profile.examples.passwords]
    assert [(failures, profile.throttling.wait_after(failures)) for failures, _ in profile.examples.waits] == [
        (failures, timedelta(seconds=seconds)) for failures, seconds in profile.examples.waits
    ]
    assert [(role, role in profile.second_factor_roles) for role, _ in profile.examples.second_factor] == list(
        profile.examples.second_factor
    )


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_has_examples_of_each_kind_a_date_and_sources(path: Path) -> None:
    profile = read_profile(path)

    assert profile.effective_from is not None
    assert profile.sources
    assert profile.examples.passwords and profile.examples.waits and profile.examples.second_factor


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_no_wait_keeps_anybody_out_for_a_minute_and_administrators_need_two_factors(path: Path) -> None:
    profile = read_profile(path)

    assert max(profile.throttling.waits) < timedelta(minutes=1)
    assert profile.second_factor_roles >= ADMINISTRATORS


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("waits_seconds: [2, 5, 10, 20, 30]", "waits_seconds: [900]", "must be a list of seconds below 60"),
        ("least_length: 12", "least_length: 4", "must be a whole number from 8 to 64"),
        ("[system_administrator,", "[sistem_administrator,", "there is no role 'sistem_administrator'"),
        ("rotate_days: 0", "rotate_dais: 0", "unknown key 'rotate_dais'"),
        ("effective_from: 2026-01-01", "", "has no date and no sources"),
        ("hashing: {", "hashed: {", "'hashing' is missing"),
    ],
)
def test_a_wrong_profile_is_refused_by_line(tmp_path: Path, written: str, instead: str, said: str) -> None:
    good = (SHIPPED / "modern.yaml").read_text(encoding="utf-8")
    assert written in good
    (tmp_path / "city.yaml").write_text(good.replace(written, instead), encoding="utf-8")

    with pytest.raises(DeclarationRefused) as refused:
        read_profile(tmp_path / "city.yaml")

    assert said in refused.value.in_("en")
    assert "city.yaml:" in refused.value.in_("en")
