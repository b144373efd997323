"""Charts the server draws: plain functions from figures to frozen descriptions, which one template for each kind makes an SVG of.

A description holds places within its frame as text of few decimals, and a table of the same figures for whoever does not see it.
Nothing here knows of ledgers, colours or languages: colours are classes (`static/guatu/charts.css`), words are `Text`.
"""

from guatu.hub.web.charts.bars import Bars, bars
from guatu.hub.web.charts.gantt import Bar, Gantt, GanttLine, Mark, gantt
from guatu.hub.web.charts.lines import LineChart, Look, Reading, Series, line_chart
from guatu.hub.web.charts.parts import Table, Tick
from guatu.hub.web.charts.slopes import Slope, Slopes, slopes
from guatu.hub.web.charts.sparklines import Sparkline, sparkline
from guatu.hub.web.charts.splits import Split, split

__all__ = [
    "Bar",
    "Bars",
    "Gantt",
    "GanttLine",
    "LineChart",
    "Look",
    "Mark",
    "Reading",
    "Series",
    "Slope",
    "Slopes",
    "Sparkline",
    "Split",
    "Table",
    "Tick",
    "bars",
    "gantt",
    "line_chart",
    "slopes",
    "sparkline",
    "split",
]
