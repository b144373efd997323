"""What a person changes in the circular survives the next computation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from guatu.office.documents import Edits, recover_edits
from guatu.office.documents.companion import NotACompanion, companion_json
from guatu.office.documents.edited_word import NotADocx
from guatu.office.documents.expansion import write
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.keeping import keep_edits
from guatu.office.documents.model import Document, Heading, plain
from guatu.office.documents.templates import ChartSpec, Template
from guatu.office.documents.word import render_docx
from tests.office.documents.editing import Editor
from tests.office.documents.sample import facts

# Xishui's corrected workbook: 812,700 instead of 731,200 (万元); 67.5 % instead of 60.7 %
CORRECTED = 812_700


class Round:
    """Generate, let somebody edit, compute again."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.template = template
        self.docx, self.companion = folder / "circular.docx", folder / "circular.json"
        self.compute(facts())

    def compute(self, given: CircularFacts, edits: Edits | None = None) -> tuple[Document, list[str]]:
        generated = write(self.template, given, "zh")
        original = render_docx(generated)
        document, said, docx = generated, [], original
        if edits is not None:
            kept = keep_edits(generated, edits)
            document, said = kept.document, [one.zh for one in kept.warnings]
            docx = render_docx(document)
        self.docx.write_bytes(docx.content)
        self.companion.write_text(companion_json(document, docx, original), encoding="utf-8")
        return document, said

    def edit(self) -> Editor:
        return Editor(self.docx)

    def recover(self) -> Edits:
        return recover_edits(self.docx, self.companion)

    def again(self, given: CircularFacts | None = None) -> tuple[Document, list[str]]:
        return self.compute(given or facts(done_902=CORRECTED), self.recover())


@pytest.fixture(scope="module")
def plain_circular(circular: Template) -> Template:
    """The circular without its pictures, which have no words to edit and take time to draw."""
    return replace(circular, blocks=tuple(one for one in circular.blocks if not isinstance(one, ChartSpec)))


@pytest.fixture
def round_(plain_circular: Template, folder: Path) -> Round:
    return Round(plain_circular, folder)


def words(document: Document, id_: str) -> str:
    return {key: plain(runs) for key, runs in document.texts()}[id_]


def ids(document: Document) -> list[str]:
    return [block.id for block in document.all_blocks()]


def test_an_untouched_document_has_no_edits(round_: Round) -> None:
    assert not round_.recover()
    assert round_.recover().warnings == ()


def test_a_reworded_sentence_is_kept_and_its_figures_are_refreshed(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("totals", "累计完成投资", "实际完成投资")
    editor.save()

    document, said = round_.again()

    assert "实际完成投资183.74亿元，占年度计划的79.3%" in words(document, "totals")
    assert said == []


def test_a_sentence_nobody_touched_follows_the_data(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("opening", "通报如下", "报告如下")
    editor.save()

    document, _ = round_.again()

    assert "79.3%" in words(document, "totals")
    assert "报告如下" in words(document, "opening")


def test_kept_words_survive_a_second_computation(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("totals", "累计完成投资", "实际完成投资")
    editor.save()
    round_.again()

    document, _ = round_.again(facts())

    assert "实际完成投资175.59亿元" in words(document, "totals")


def test_a_figure_typed_over_by_hand_is_kept_and_warned_about_every_time(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("totals", "75.8%", "80.0%")
    editor.save()

    document, said = round_.again()
    again, said_again = round_.again()

    assert "占年度计划的80.0%" in words(document, "totals")
    assert "占年度计划的80.0%" in words(again, "totals")
    assert said == said_again == ["“投资完成率”手工改成了 80.0%，计算结果是 79.3%；已保留手工数字"]


def test_a_figure_typed_over_in_a_table_is_kept_and_warned_about(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("league/902/value[completion_rate]", "60.7", "62.0")
    editor.save()

    document, said = round_.again()

    assert words(document, "league/902/value[completion_rate]") == "62.0"
    assert words(document, "league/901/value[completion_rate]") == "101.5"
    assert said == ["“西水区投资完成率”手工改成了 62.0，计算结果是 67.5；已保留手工数字"]


def test_an_added_paragraph_stays_at_its_place_round_after_round(round_: Round) -> None:
    editor = round_.edit()
    editor.add_after("lights", "上述情况已向市委汇报。")
    editor.save()

    document, _ = round_.again()
    again, _ = round_.again()

    for one in (document, again):
        place = ids(one).index("@added/1")
        assert ids(one)[place - 1] == "lights"
        assert words(one, "@added/1") == "上述情况已向市委汇报。"


def test_two_paragraphs_added_at_one_place_keep_their_order(round_: Round) -> None:
    editor = round_.edit()
    editor.add_after("lights", "其二。")
    editor.add_after("lights", "其一。")
    editor.save()

    document, _ = round_.again()

    place = ids(document).index("lights")
    assert [words(document, id_) for id_ in ids(document)[place + 1 : place + 3]] == ["其一。", "其二。"]


def test_a_paragraph_added_after_one_that_vanished_follows_the_nearest_left(round_: Round) -> None:
    editor = round_.edit()
    editor.add_after("ladder/step[902/q3]", "请督查室跟进。")
    editor.save()

    document, _ = round_.again(replace(facts(), ladder=()))

    assert ids(document)[ids(document).index("@added/1") - 1] == "demand_missing"


def test_an_added_heading_stays_a_heading(round_: Round) -> None:
    editor = round_.edit()
    editor.add_after("demand_units", "另行说明", style="Heading2")
    editor.save()

    document, _ = round_.again()

    added = next(block for block in document.blocks if block.id == "@added/1")
    assert isinstance(added, Heading)
    assert (added.level, plain(added.runs), added.number) == (2, "另行说明", "")


def test_a_deleted_paragraph_stays_away_round_after_round(round_: Round) -> None:
    editor = round_.edit()
    editor.delete("demand_units")
    editor.save()

    document, _ = round_.again()
    again, _ = round_.again()

    assert "demand_units" not in ids(document)
    assert "demand_units" not in ids(again)


def test_headings_are_numbered_anew_after_one_was_deleted(round_: Round) -> None:
    editor = round_.edit()
    editor.delete("advanced/heading")
    editor.save()

    document, _ = round_.again()

    numbers = [one.number for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert numbers == ["一、", "二、", "三、", "四、", "五、"]


def test_a_row_deleted_by_hand_stays_away_and_is_named(round_: Round) -> None:
    editor = round_.edit()
    cell = editor.paragraph("lagging_list/p2/name").getparent()
    cell.getparent().getparent().remove(cell.getparent())
    editor.save()

    document, said = round_.again()

    assert "lagging_list/p2/name" not in dict(document.texts())
    assert "lagging_list/p3/name" in dict(document.texts())
    assert said == ["表“滞后项目清单”中“滨海装备制造产业园（2期）”一行仍按人工删除处理"]


def test_a_reworded_heading_keeps_its_number(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("causes/heading", "原因分析", "滞后原因分析")
    editor.save()

    document, _ = round_.again()

    heading = next(block for block in document.blocks if block.id == "causes/heading")
    assert isinstance(heading, Heading)
    assert (heading.number, plain(heading.runs)) == ("五、", "滞后原因分析")


def test_title_number_and_recipients_may_be_reworded(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("@title", "推进情况", "推进落实情况")
    editor.replace("@number", "15号", "16号")
    editor.replace("@recipients", "市政府有关部门", "市直有关部门")
    editor.save()

    document, _ = round_.again()

    assert document.title == "关于2021年1-8月重点项目推进落实情况的通报"
    assert document.number == "某督〔2021〕16号"
    assert document.recipients == "各区（县）人民政府，市直有关部门："


def test_words_whose_paragraph_vanished_are_told_not_lost_silently(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("lagging_list/p3/because", "已连续3个月", "因拆迁已连续3个月")
    editor.save()

    _, said = round_.again(facts(items=2))

    assert len(said) == 1
    assert "因拆迁已连续3个月" in said[0]


def test_figures_that_lost_their_tags_are_found_again_by_their_print(round_: Round) -> None:
    editor = round_.edit()
    editor.untag_figures("totals")
    editor.replace("totals", "列入调度", "纳入调度")
    editor.save()

    document, said = round_.again()

    assert "纳入调度的重点项目163个" in words(document, "totals")
    assert "占年度计划的79.3%" in words(document, "totals")
    assert said == []


def test_an_untagged_figure_that_stands_twice_is_left_as_it_is_and_warned_about(round_: Round) -> None:
    editor = round_.edit()
    editor.untag_figures("totals")
    editor.replace("totals", "列入调度", "75.8%已过，列入调度")
    editor.save()

    document, said = round_.again()

    assert "占年度计划的75.8%" in words(document, "totals")
    assert said == ["“投资完成率”的数字 75.8% 失去了标记，不再随数据更新"]


def test_lost_tags_do_not_matter_while_the_words_are_ours(round_: Round) -> None:
    editor = round_.edit()
    editor.untag_figures("totals")
    editor.save()

    document, said = round_.again()

    assert "79.3%" in words(document, "totals")
    assert said == []


def test_a_tracked_deletion_counts_as_deleted_and_an_insertion_as_made(round_: Round) -> None:
    editor = round_.edit()
    paragraph = editor.paragraph("demand_units")
    run = next(paragraph.iter(qn("w:r")))
    deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
    run.addprevious(deleted)
    new = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "请各单位抓紧整改。"
    new.append(text)
    inserted.append(new)
    run.addnext(inserted)
    run.getparent().remove(run)
    deleted.append(run)
    editor.save()

    document, _ = round_.again()

    assert words(document, "demand_units") == "请各单位抓紧整改。"


def test_a_change_in_the_signature_is_told_as_not_kept(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("@signature", "某市", "本市")
    editor.save()

    edits = round_.recover()

    assert edits.changed == {}
    assert "由版式生成" in edits.warnings[0].zh


def test_the_companion_keeps_what_was_generated_beside_what_was_kept(round_: Round) -> None:
    editor = round_.edit()
    editor.replace("demand_units", "逐项核实", "逐条核实")
    editor.save()
    round_.again()

    paragraphs = {one["id"]: one for one in json.loads(round_.companion.read_text(encoding="utf-8"))["paragraphs"]}

    assert "逐项核实" in paragraphs["demand_units"]["runs"][0]["text"]
    assert "逐条核实" in paragraphs["demand_units"]["kept"][0]["text"]


def test_a_file_that_is_no_docx_is_refused_by_name(round_: Round) -> None:
    round_.docx.write_text("not a zip")
    with pytest.raises(NotADocx, match=r"circular\.docx"):
        round_.recover()


def test_a_file_that_is_no_companion_is_refused_by_name(round_: Round) -> None:
    round_.companion.write_text("{}")
    with pytest.raises(NotACompanion, match=r"circular\.json"):
        round_.recover()
