"""The conversation about columns, question by question, with a person who answers from a list."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import openpyxl
import pytest
from rich.console import Console

from guatu.cli.mapping_shown import Screen
from guatu.cli.mapping_talk import Stopped, Talk
from guatu.office.workbooks import Memory
from guatu.office.workbooks.reading import Sender
from guatu.office.workbooks.survey import Choice, survey_workbook
from guatu.text import Language
from tests.dispatch.cast import AUGUST, ledger

TITLES = (
    "序号",
    "项目名称",
    "盘子",
    "2021年计划投资(万元)",
    "截至上月末花了(万元)",
    "6月花了(万元)",
    "7月花了(万元)",
    "卡在哪",
    "联络",
)
ROW = (1, "清河大桥工程", 10000, 6000, 4500, 500, 600, "用地没批", "张伟 13900001111")
Meet = Callable[..., Talk]


@pytest.fixture
def meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meet]:
    """A talk in which the person gives the answers listed, and no more questions may come."""

    def met(answers: list[str], *, agrees: bool = True, language: Language = "zh") -> Talk:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["东关镇重点项目"])
        for row in (TITLES, ROW, (2, *ROW[1:])):
            book.active.append(list(row))
        book.save(tmp_path / "东关镇.xlsx")
        survey = survey_workbook(
            tmp_path / "东关镇.xlsx",
            ledger(),
            period=AUGUST,
            units=(),
            memory=Memory(),
            sender=Sender("990001", "东关镇"),
        )
        left = iter(answers)
        monkeypatch.setattr(click, "prompt", lambda words, default, **_: asked.append(words) or next(left) or default)
        monkeypatch.setattr(click, "confirm", lambda words, **_: asked.append(words) or agrees)
        asked: list[str] = []
        screen = Screen(Console(file=io.StringIO(), width=80), language, ledger(), AUGUST)
        talk = Talk(screen, survey.tables[0])
        try:
            talk.walk()
        finally:
            assert next(left, None) is None, "every answer was asked for"
            talk.asked = asked  # type: ignore[attr-defined]
        return talk

    yield met


def shown(talk: Talk) -> str:
    file = talk.screen.out.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


LATER = ["s"] * 5
"""盘子, 截至上月末花了, the series 6月花了–7月花了, 卡在哪, 联络."""


def test_what_is_asked_about_and_only_that(meet: Meet) -> None:
    talk = meet([*LATER, ""])

    assert [one.letters for one in talk.table.open] == ["C", "E", "F–G", "H", "I"]
    assert talk.choices == {}


def test_an_amount_without_a_unit_is_asked_for_it_until_it_is_one(meet: Meet) -> None:
    talk = meet(["总投资", "1", "三斤", "2", *LATER[1:], ""])

    assert talk.choices == {2: Choice("total_investment", "亿元")}
    assert "写编号，或 万元、亿元、亩 等" in shown(talk)


def test_a_figure_of_a_period_is_asked_for_its_month_unless_the_title_names_it(meet: Meet) -> None:
    talk = meet(["s", "年初累计", "1", "", "本月完成投资", "1", "s", "s", ""])

    assert talk.choices == {4: Choice("ytd_done", None, "round-1"), 5: Choice("month_done", None, "titled")}
    assert any("本期（8月）" in one and "上一月（7月）" in one for one in talk.asked)  # type: ignore[attr-defined]


def test_a_field_has_one_column_and_the_other_is_asked_again(meet: Meet) -> None:
    talk = meet(["s", "s", "s", "存在问题", "1", "存在问题", "1", "0", ""])

    assert talk.choices == {7: Choice("problem"), 6: Choice("-")}


def test_a_person_who_would_rather_leave_the_field_where_it_is_is_asked_anew(meet: Meet) -> None:
    talk = meet(["s", "s", "s", "存在问题", "1", "存在问题", "1", "s", ""], agrees=False)

    assert talk.choices == {6: Choice("problem")}


def test_any_column_can_be_changed_by_its_letters_one_of_a_series_too(meet: Meet) -> None:
    talk = meet([*LATER, "zz", "b", "0", "G", "本月完成投资", "1", ""])

    assert talk.choices == {1: Choice("-"), 5: Choice("month_done", None, "titled")}
    assert "没有 zz 列" in shown(talk)


def test_wrong_numbers_and_words_no_field_has_are_said(meet: Meet) -> None:
    talk = meet(["7", "饕餮", *LATER, ""])

    assert "没有第 7 项" in shown(talk) and "没有像“饕餮”的字段" in shown(talk)
    assert talk.choices == {}


def test_stopping_stops_at_once(meet: Meet) -> None:
    with pytest.raises(Stopped):
        meet(["0", "q"])


def test_names_and_phones_are_masked_and_english_is_complete(meet: Meet) -> None:
    talk = meet([*LATER, ""], language="en")
    said = shown(talk) + "".join(talk.asked)  # type: ignore[attr-defined]

    assert "张伟" not in said and "13900001111" not in said and "张** 139****1111" in said
    ours = [line for line in said.splitlines() if "leave it out" in line or "fits no field" in line]
    assert ours and all(ord(letter) < 0x2E80 for line in ours for letter in line)
    assert "选" not in said
