"""Charts: the same bytes, readable without colour, never silently about something else."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import matplotlib.image
import pytest

from guatu.declarations.located import Place
from guatu.office.documents.charts import Charts
from guatu.office.documents.phrases import TemplateRefused
from guatu.office.figures import FigureKind
from guatu.office.palette import LIGHT_COLOURS, LIGHT_FILLS, LIGHT_HATCHES, LIGHT_TINTS, PAPER
from guatu.text import Text
from tests.office.documents.sample import facts, figure

HERE = Place("circular.yaml", 7)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("chart", "indicator"), [("lights", None), ("ranking", "completion_rate"), ("completion", "completion_rate")]
)
def test_a_chart_is_the_same_picture_every_time(chart: str, indicator: str | None) -> None:
    first = Charts(facts(), "zh").draw(chart, indicator, HERE)
    assert Charts(facts(), "zh").draw(chart, indicator, HERE) == first
    assert matplotlib.image.imread(io.BytesIO(first.png)).shape[1] > 1000


def test_units_stand_in_the_order_of_their_values_and_a_missing_one_last() -> None:
    said = Charts(facts(), "zh").draw("ranking", "completion_rate", HERE).alt
    assert said == "东山区 101.5%; 南岭县 66.7%; 西水区 60.7%; 北川新区 —"


def test_a_chart_of_an_indicator_the_league_lacks_is_refused_with_its_line() -> None:
    with pytest.raises(TemplateRefused, match=r"circular\.yaml:7"):
        Charts(facts(), "zh").draw("ranking", "nothing", HERE)


def test_a_trend_shows_each_unit_round_by_round_with_a_gap_where_a_value_is_missing() -> None:
    base = facts()
    rates = [
        figure(f"t/{order}", FigureKind.PERCENT, value, Text("", ""), decimals=1)
        for order, value in enumerate((Fraction(2, 5), None, Fraction(3, 5)))
    ]
    whole, gap = (
        replace(base, league=(replace(base.league[0], trend=trend), *base.league[1:]))
        for trend in ((rates[0], rates[0], rates[2]), tuple(rates))
    )
    assert Charts(gap, "zh").draw("trend", None, HERE).alt == "东山区: 40.0%, —, 60.0%"
    assert Charts(gap, "zh").draw("trend", None, HERE).png != Charts(whole, "zh").draw("trend", None, HERE).png


@pytest.mark.parametrize("token", LIGHT_COLOURS)
def test_light_colours_are_readable_on_paper_and_on_their_tint(token: str) -> None:
    assert contrast(LIGHT_COLOURS[token], PAPER) >= 4.5
    assert contrast(LIGHT_COLOURS[token], LIGHT_TINTS[token]) >= 3.8


def test_lights_are_told_apart_in_black_and_white() -> None:
    hatches = [LIGHT_HATCHES[token] for token in ("blue", "yellow", "orange", "grey")]
    assert len(set(hatches)) == 4 and all(hatches)
    assert contrast(LIGHT_FILLS["green"], LIGHT_FILLS["red"]) > 4


@pytest.mark.parametrize(
    "name",
    [
        "Department for Business, Energy and Industrial Strategy",
        "Department of Health and Social Care",
        "重点项目建设和产业园区融合发展工作领导小组办公室",
    ],
)
@pytest.mark.parametrize("chart", ["lights", "ranking"])
def test_no_name_however_long_is_cut_at_the_edge(name: str, chart: str) -> None:
    base = facts()
    long = replace(base, league=(replace(base.league[0], unit=Text(name, name)), *base.league[1:]))

    picture = matplotlib.image.imread(io.BytesIO(Charts(long, "en").draw(chart, "completion_rate", HERE).png))

    assert (picture[:, :3] == picture[0, 0]).all(), "the first pixels of every line are bare paper"
