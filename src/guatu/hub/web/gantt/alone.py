"""A chart as a file of its own: colours written out, for programs that know neither our style sheets nor variables."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from guatu.hub.web.charts import Gantt
from guatu.hub.web.look import themes

CHARTS = Path(__file__).resolve().parents[1] / "static" / "guatu" / "charts.css"
_RULE = re.compile(r"^(\.[^{@]*) \{ ([^}]*) \}$", re.MULTILINE)
_OURS = (".drawn text", ".drawn path", ".days", ".today", ".gantt")


def svg_of(chart: Gantt) -> str:
    """The picture with what its classes mean on paper."""
    drawn = render_to_string("charts/gantt_svg.html", {"chart": chart})
    head, close, rest = drawn.partition("</desc>")
    marked = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{marked}{close}<style>{_style()}</style>{rest}'


@cache
def _style() -> str:
    values = {one.name: one.value for one in themes()["paper"]}
    rules = _RULE.findall(CHARTS.read_text(encoding="utf-8"))
    kept = [f"{names} {{ {said} }}" for names, said in rules if any(one in names for one in _OURS)]
    return re.sub(r"var\((--[a-z-]+)\)", lambda found: values[found[1]], "\n".join(kept))
