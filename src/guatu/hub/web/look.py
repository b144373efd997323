"""How the site looks: every token and part on one page, drawn by the same style sheets and tags as all others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.engine.values.severity import Severity
from guatu.hub.web.charts.samples import samples

TOKENS = Path(__file__).resolve().parent / "static" / "guatu" / "tokens.css"
THEMES = {":root": "paper", ".wall": "wall"}
_BLOCK = re.compile(r"^(:root|\.wall) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_TOKEN = re.compile(r"^ +(--[a-z-]+): (.+);$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Token:
    name: str
    value: str

    @property
    def is_colour(self) -> bool:
        return self.value.startswith("#")


@cache
def themes() -> dict[str, tuple[Token, ...]]:
    """Tokens of each theme, as the style sheet gives them: `paper`, and what the `wall` has otherwise."""
    sheet = TOKENS.read_text(encoding="utf-8")
    return {
        THEMES[block]: tuple(Token(name, value) for name, value in _TOKEN.findall(inside))
        for block, inside in _BLOCK.findall(sheet)
    }


def look(request: HttpRequest) -> HttpResponse:
    severities = [*(one for one in Severity if one.rank is not None), Severity.NOT_JUDGED]
    words = {
        "colours": [token for token in themes()["paper"] if token.is_colour],
        "measures": [token for token in themes()["paper"] if not token.is_colour],
        "severities": severities,
        "history": [*severities, *severities][:9],
        "themes": [(one, samples(one)) for one in ("", "wall")],
    }
    return render(request, "look/look.html", words)
