"""The light of each item in the table, beside its name: of the latest round judged, a link to its why."""

from __future__ import annotations

from dataclasses import replace

from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.hub.assessment.models import Run
from guatu.hub.assessment.reading import latest_run, lights_of
from guatu.hub.ledger.models import Ledger
from guatu.hub.web.grid.heads import Head
from guatu.hub.web.grid.lines import Line, Table
from guatu.hub.web.templatetags.lights import light
from guatu.text import Text

NONE = SafeString("<td></td>")


def lit(ledger: Ledger, heads: list[Head], table: Table) -> tuple[list[Head], Table]:
    """Head and lines with a column of lights more; as they were before a round was judged. Two queries."""
    run = latest_run(ledger)
    if run is None:
        return heads, table
    lights = lights_of(run, [one.item.pk for one in table.lines if one.item is not None])
    head = Head("light", Text("灯", "Light"), period=run.period)
    lines = [replace(one, cells=_lamp(one, run, lights) + one.cells) for one in table.lines]
    total = NONE + table.total if table.total is not None else None
    return [heads[0], head, *heads[1:]], replace(table, lines=lines, total=total)


def _lamp(line: Line, run: Run, lights: dict[int, str]) -> SafeString:
    severity = lights.get(line.item.pk) if line.item is not None else None
    if line.item is None or severity is None:
        return NONE
    return format_html('<td><a class="lamp" href="/items/{}/why/{}">{}</a></td>', line.item.pk, run.pk, light(severity))
