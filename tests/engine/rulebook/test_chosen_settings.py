"""A pack's own values for settings judge in place of the shipped ones, and show in the rulebook's hash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.engine.rulebook import load_chosen, load_rulebook
from guatu.engine.rulebook.loading import with_chosen
from guatu.text import Refusal

OWN = """\
pack: own
title: {zh: 本市, en: Ours}
version: "1"
effective_from: "2021-01-01"
source: {zh: 试, en: Trial}
extends: [key_projects]
"""
CHOSEN = "settings:\n  - {{rulebook: shibei_2021_lights, setting: start_grace_days, value: '{}', why: {{zh: 试, en: Trial}}}}\n"


def own(folder: Path, value: str) -> Path:
    (folder / "pack.yaml").write_text(OWN, encoding="utf-8")
    (folder / "settings.yaml").write_text(CHOSEN.format(value), encoding="utf-8")
    return folder


def test_a_chosen_value_judges_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    pack = load_pack(own(tmp_path, "28"))
    shipped = load_rulebook(pack.rulebook("shibei_2021_lights"), ledger=pack.ledger, indicators=pack.indicators())

    chosen = load_chosen(pack, "shibei_2021_lights")

    assert shipped.settings["start_grace_days"].value != chosen.settings["start_grace_days"].value == 28
    assert shipped.sha256 != chosen.sha256


def test_a_value_of_another_kind_is_refused(tmp_path: Path) -> None:
    pack = load_pack(own(tmp_path, "28"))
    shipped = load_rulebook(pack.rulebook("shibei_2021_lights"), ledger=pack.ledger, indicators=pack.indicators())

    with pytest.raises(Refusal, match="of another kind"):
        with_chosen(shipped, [replace(one, written="true") for one in pack.settings])
