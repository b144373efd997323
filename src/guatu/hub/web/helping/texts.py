"""The help of every screen, by its route; the texts stand in `texts.yaml` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from guatu.text import Text

FILE = Path(__file__).with_name("texts.yaml")


@dataclass(frozen=True, slots=True)
class Help:
    """What a screen is for, what to do there first, and the guide (`docs/`) that goes on."""

    purpose: Text
    first: Text
    guide: str


def _read() -> Mapping[str, Help]:
    return {
        route: Help(Text(**one["purpose"]), Text(**one["first"]), one["guide"])
        for one in yaml.safe_load(FILE.read_text(encoding="utf-8"))
        for route in one["routes"]
    }


HELP = _read()
"""By route."""
