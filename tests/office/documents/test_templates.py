"""A pack's template becomes a document; what does not fit is refused with file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from guatu.declarations.entries import DeclarationRefused
from guatu.office.documents import load_template, write
from guatu.office.documents.model import Document, Heading, Mention, Paragraph, Picture, Table, plain
from guatu.office.documents.phrases import TemplateRefused
from guatu.office.documents.templates import Template
from guatu.office.facts import Arrival
from guatu.office.figures import Figure
from guatu.text import Language, Text
from tests.office.documents.sample import UNITS, bulletin_facts, facts

HEAD = """\
document: circular
title: {zh: 通报, en: Circular}
labels: {attachments: {zh: 附件, en: Attachments}, seal: {zh: （印章）, en: (seal)}}
"""


def template(folder: Path, blocks: str) -> Template:
    path = folder / "circular.yaml"
    path.write_text(HEAD + blocks, encoding="utf-8")
    return load_template(path)


def words(document: Document, id_: str) -> str:
    return {key: plain(runs) for key, runs in document.texts()}[id_]


def test_a_figure_in_a_sentence_keeps_its_id_and_prints_with_its_unit(folder: Path) -> None:
    made = template(folder, 'blocks:\n  - {id: a, text: {zh: "开工率{{ totals.start_rate }}。", en: "{{ period }}"}}\n')

    paragraph = write(made, facts(), "zh").blocks[0]

    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs == ("开工率", Mention("all/start_rate", "87.7%"), "。")


@pytest.mark.parametrize(("language", "said"), [("zh", "年度计划231.63亿元"), ("en", "plan CNY 23.16 billion")])
def test_money_prints_in_the_units_of_the_language(folder: Path, language: Language, said: str) -> None:
    made = template(
        folder,
        'blocks:\n  - {id: a, text: {zh: "年度计划{{ totals.annual_plan_wan }}", '
        'en: "plan {{ totals.annual_plan_wan }}"}}\n',
    )
    assert words(write(made, facts(), language), "a") == said


def test_a_block_whose_condition_does_not_hold_is_left_out(folder: Path) -> None:
    made = template(
        folder,
        "blocks:\n"
        "  - {id: a, when: refused, text: {zh: 有退回, en: returned}}\n"
        "  - {id: b, when: not_arrived, text: {zh: 有未报, en: missing}}\n",
    )
    assert [block.id for block in write(made, facts(), "zh").blocks] == ["a"]


def test_a_repeated_block_carries_the_key_of_what_it_repeats_over(folder: Path) -> None:
    made = template(
        folder,
        'blocks:\n  - {id: u, for: row in league, key: row.key, text: {zh: "{{ row.unit }}", en: "{{ row.unit }}"}}\n',
    )
    assert [block.id for block in write(made, facts(), "en").blocks] == ["u[901]", "u[903]", "u[902]", "u[904]"]
    assert words(write(made, facts(), "en"), "u[902]") == "Xishui"


def test_headings_are_numbered_by_their_place(folder: Path) -> None:
    made = template(
        folder,
        "blocks:\n"
        + "".join(
            f"  - {{id: h{order}, heading: {level}, text: {{zh: 题, en: Title}}}}\n"
            for order, level in enumerate((1, 2, 2, 3, 4, 1, 2))
        ),
    )
    chinese = [block.number for block in write(made, facts(), "zh").blocks if isinstance(block, Heading)]
    english = [block.number for block in write(made, facts(), "en").blocks if isinstance(block, Heading)]
    assert chinese == ["一、", "（一）", "（二）", "1.", "（1）", "二、", "（一）"]
    assert english == ["1. ", "1.1 ", "1.2 ", "1.2.1 ", "1.2.1.1 ", "2. ", "2.1 "]


def test_a_column_of_money_has_one_unit_chosen_once_and_named_in_its_header(circular: Template) -> None:
    document = write(circular, facts(), "zh")
    league = next(block for block in document.blocks if isinstance(block, Table) and block.id == "league")
    column = next(place for place, one in enumerate(league.columns) if one.key == "value[ytd_done_wan]")

    assert league.columns[column].header == "累计完成投资（亿元）"
    assert [plain(row.cells[column]) for row in league.rows] == ["82.47", "20.00", "73.12", "—"]
    assert league.columns[column].align == "right"


def test_a_result_that_rests_on_missing_cells_is_marked_in_the_table(circular: Template) -> None:
    document = write(circular, facts(), "zh")
    assert words(document, "league/902/value[inclusion_rate]") == "63.5*"
    assert words(document, "league/901/value[inclusion_rate]") == "77.3"


def test_rounding_is_half_up(circular: Template) -> None:
    # 78 / 96 = 81.25 %
    assert words(write(circular, facts(), "zh"), "league/902/value[start_rate]") == "81.3"


def test_units_that_did_not_arrive_and_that_were_refused_are_named(circular: Template) -> None:
    base = facts()
    missing = Arrival("903", UNITS["903"], "missing")
    document = write(circular, replace(base, arrivals=(*base.arrivals[:2], missing, base.arrivals[3])), "zh")
    assert "未报送0个：南岭县。因数据有误退回1个：北川新区（4处错误）。" in words(document, "arrivals")
    assert words(document, "demand_missing") == "南岭县、北川新区要尽快补报或更正数据。"


def test_the_circular_is_complete_in_both_languages(circular: Template) -> None:
    for language in ("zh", "en"):
        document = write(circular, facts(), language)
        headings = [plain(block.runs) for block in document.blocks if isinstance(block, Heading) and block.level == 1]
        assert len(headings) == 6
        if language == "en":
            # names of projects, owners, steps and sheets are as reported; everything else is English
            reported = ("西水区住建局", "取得施工许可", "滨海装备制造", "调度表")
            chinese = [
                said
                for said in (plain(runs) for _, runs in document.texts())
                if re.search("[\u4e00-\u9fff]", said) and not any(name in said for name in reported)
            ]
            assert chinese == []


def test_the_long_list_goes_into_an_attachment(circular: Template) -> None:
    document = write(circular, facts(items=20), "zh")
    short = next(block for block in document.blocks if block.id == "lagging_list")
    long = next(block for block in document.attachments[0].blocks if isinstance(block, Table))
    assert isinstance(short, Table)
    assert (len(short.rows), len(long.rows)) == (15, 20)
    assert document.attachments[0].label == "附件1"


def test_the_list_of_sources_names_every_figure_with_rule_fraction_and_cells(circular: Template) -> None:
    document = write(circular, facts(), "zh")
    sources = document.attachments[-1].blocks[0]
    assert isinstance(sources, Table)
    listed = {row.key: [plain(cell) for cell in row.cells] for row in sources.rows}
    mentioned = {
        run.figure
        for block in (*document.blocks, *(one for a in document.attachments[:-1] for one in a.blocks))
        for runs in (
            [block.runs]
            if isinstance(block, Heading | Paragraph)
            else [cell for row in block.rows for cell in row.cells]
            if isinstance(block, Table)
            else []
        )
        for run in runs
        if isinstance(run, Mention)
    }
    assert set(listed) == mentioned
    assert listed["901/inclusion_rate"][1:] == [
        "77.3",
        "东山区纳统率",
        "34 / 44",
        "inclusion_rate 1.0",
        "901.xlsx 调度表!H6:H8",
    ]


def test_a_trend_is_drawn_only_when_there_are_earlier_rounds(circular: Template) -> None:
    base = facts()
    now = base.league[0].values["completion_rate"]
    before = replace(now, id="earlier")

    def pictures(*trend: Figure) -> list[str]:
        rows = (replace(base.league[0], trend=trend), *base.league[1:])
        return [
            block.id for block in write(circular, replace(base, league=rows), "zh").blocks if isinstance(block, Picture)
        ]

    assert pictures() == pictures(now) == ["lights_chart", "ranking_chart"]
    assert pictures(before, now) == ["lights_chart", "ranking_chart", "trend_chart"]


def test_a_bulletin_has_masthead_and_issue_and_a_circular_has_none(bulletin: Template, circular: Template) -> None:
    document = write(bulletin, bulletin_facts(), "zh")
    assert document.masthead is not None
    assert document.masthead.issue_printed == "第32期（总第78期）"
    assert document.imprint is not None
    assert document.imprint.lines[0][0] == "报：市委、市政府主要领导"
    assert write(circular, facts(), "zh").masthead is None


def test_a_bulletin_without_an_issue_number_is_refused(bulletin: Template) -> None:
    with pytest.raises(TemplateRefused, match="issue"):
        write(bulletin, facts(), "zh")


def test_an_unknown_name_is_refused_with_file_line_and_what_was_meant(folder: Path) -> None:
    blocks = 'blocks:\n  - id: a\n    text: {zh: "{{ perriod }}", en: "{{ period }}"}\n'
    with pytest.raises(DeclarationRefused, match=r"circular\.yaml:6: .*'perriod'.*Did you mean 'period'"):
        template(folder, blocks)


def test_unclosed_braces_are_refused_with_file_and_line(folder: Path) -> None:
    with pytest.raises(DeclarationRefused, match=r"circular\.yaml:6: "):
        template(folder, 'blocks:\n  - id: a\n    text: {zh: "{{ period", en: "{{ period }}"}\n')


def test_a_template_in_one_language_only_is_refused(folder: Path) -> None:
    with pytest.raises(DeclarationRefused, match="one language only"):
        template(folder, "blocks:\n  - {id: a, text: 只有中文}\n")


def test_a_misspelt_key_is_refused(folder: Path) -> None:
    with pytest.raises(DeclarationRefused, match=r"unknown key 'wen'.*Did you mean 'when'"):
        template(folder, "blocks:\n  - {id: a, wen: league, text: {zh: 甲, en: A}}\n")


def test_two_blocks_of_one_id_are_refused(folder: Path) -> None:
    with pytest.raises(DeclarationRefused, match="'a' is used twice"):
        template(folder, "blocks:\n  - {id: a, text: {zh: 甲, en: A}}\n  - {id: a, text: {zh: 乙, en: B}}\n")


def test_a_field_the_facts_do_not_have_is_refused_when_written(folder: Path) -> None:
    made = template(folder, 'blocks:\n  - id: a\n    text: {zh: "{{ letterhead.nothing }}", en: x}\n')
    with pytest.raises(TemplateRefused, match=r"circular\.yaml:6: "):
        write(made, facts(), "zh")


def test_a_value_that_is_none_is_refused_instead_of_printed(folder: Path) -> None:
    made = template(folder, 'blocks:\n  - id: a\n    text: {zh: "份数{{ letterhead.sent_to }}", en: x}\n')
    with pytest.raises(TemplateRefused, match="no value"):
        write(made, facts(), "zh")


def test_a_template_cannot_reach_python(folder: Path) -> None:
    made = template(folder, 'blocks:\n  - {id: a, text: {zh: "{{ period.__class__.__mro__ }}", en: x}}\n')
    with pytest.raises(TemplateRefused):
        write(made, facts(), "zh")


def test_text_that_imitates_a_figures_mark_stays_text(folder: Path) -> None:
    made = template(folder, 'blocks:\n  - {id: a, text: {zh: "{{ place }}", en: x}}\n')
    forged = replace(facts(), place=Text("甲\ue000all/start_rate\ue00199%\ue002", "x"))
    assert write(made, forged, "zh").blocks[0] == Paragraph("a", ("甲all/start_rate99%",))


def test_two_figures_of_one_id_are_refused(circular: Template) -> None:
    base = facts()
    wrong = replace(base.totals["start_rate"], value=1)
    with pytest.raises(ValueError, match="Two figures are called"):
        write(circular, replace(base, counts={**base.counts, "again": wrong}), "zh")
