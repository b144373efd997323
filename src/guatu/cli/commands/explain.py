"""`guatu explain`: why a number is what it is and a light shows what it shows, down to the cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Folder
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import bracketed, colon, console, light, table
from guatu.dispatch.explaining import FinishedRound, ItemCells
from guatu.dispatch.items import Item
from guatu.engine.evaluation import IndicatorExplanation, LightExplanation, StepExplanation
from guatu.engine.evaluation.explaining import ClauseReason, Condition
from guatu.text import Language, Text

SHOWN_ROWS = 20


def command(language: Language) -> click.Command:
    def run(
        folder: Path,
        unit: str | None,
        listed: str,
        indicator: str | None,
        item: str | None,
        dimension: str,
        ladder: str | None,
        every: bool,
        as_json: bool,
    ) -> int:
        made = FinishedRound(folder)
        if ladder is not None:
            subject = made.item(item).item_id if item else made.unit(unit) if unit else made.top()
            step = made.explain_step(made.ladder(ladder), subject)
            if as_json:
                print_json(_step_record(step, language))
            else:
                _print_step(console(), made.name_of(subject), step, language)
            return Exit.DONE
        if item is not None:
            found = made.item(item)
            explained = made.explain_light(found, made.dimension(dimension))
            cells = made.cells([found.item_id], explained.fields)
            if as_json:
                print_json(_light_record(found, explained, cells, language))
            else:
                _print_light(console(), found, explained, cells, language)
            return Exit.DONE
        if indicator is None:
            raise click.UsageError("--indicator / --item / --ladder")
        figure = made.explain_indicator(
            made.unit(unit) if unit else made.top(), made.list_key(listed), made.indicator(indicator)
        )
        parts = [made.cells(part.items, part.fields) for part in figure.parts]
        if as_json:
            print_json(_indicator_record(figure, parts, language))
        else:
            _print_indicator(console(), figure, parts, every, language)
            if lacking := made.lacking(figure):
                _print_rows(
                    console(), Text("缺数据的项目", "Items without data").in_(language), lacking, every, language
                )
        return Exit.DONE

    option = options_in(language)

    return SpokenCommand(
        "explain",
        language,
        Text(
            "一个数或一盏灯是怎么来的：细则与版本、公式、代入的值、各项目、来源单元格。只读结果文件夹，按当时的细则解释。",
            "Why a number or a light is what it is: rule and version, formula, values put in, items, source cells. "
            "Reads the result folder alone and explains by the rules of that time.",
        ),
        [
            click.Argument(["folder"], type=Folder(exists=True)),
            option("--unit", words=Text("单位：名称或代码，缺省为合计", "Unit by name or code; default: the total")),
            option("--list", "listed", default="all", show_default=True, words=Text("清单", "List")),
            option("--indicator", words=Text("指标：名称或键，如 completion_rate", "Indicator by name or key")),
            option("--item", words=Text("项目：名称、代码或编号", "Item by name, code or id")),
            option(
                "--dimension", default="overall", show_default=True, words=Text("哪个维度的灯", "The light's dimension")
            ),
            option("--ladder", words=Text("哪个阶梯，配 --unit 或 --item", "Which ladder, with --unit or --item")),
            option(
                "--every", is_flag=True, words=Text("列出全部项目，不只前20个", "List every item, not the first 20")
            ),
            json_option(language),
        ],
        run,
    )


# -- an indicator --------------------------------------------------------------------------------------------


def _print_indicator(
    out: Console, one: IndicatorExplanation, parts: list[list[ItemCells]], every: bool, language: Language
) -> None:
    head = f"{one.unit_title.in_(language)} · {one.list_title.in_(language)} · {one.title.in_(language)}"
    out.print(f"[bold]{head} = {one.printed.in_(language)}[/]  {one.period}", soft_wrap=True)
    rank = Text(f"位次 {one.rank} / {one.ranked_among}", f"rank {one.rank} of {one.ranked_among}")
    if one.rank is not None:
        out.print(f"  {rank.in_(language)}")
    _line(out, Text("细则", "Rulebook"), _cited(one.rulebook, one.version, language), language)
    if one.cite is not None:
        _line(out, Text("依据", "Source"), one.cite.in_(language), language)
    _line(out, Text("公式", "Formula"), one.formula.in_(language), language)
    _line(out, Text("代入", "Values"), one.with_values.in_(language), language)
    missing = Text(f"{one.items} 个项目，{one.missing} 个缺数据", f"{one.items} items, {one.missing} without data")
    _line(out, Text("项目", "Items"), missing.in_(language), language)
    for part, rows in zip(one.parts, parts, strict=True):
        if rows:
            title = f"{part.formula.in_(language)} = {part.value.in_(language)}"
            _print_rows(out, title, rows, every, language)


def _cited(rulebook: Text, version: str, language: Language) -> str:
    return rulebook.in_(language) + bracketed(version, language)


def _line(out: Console, label: Text, words: str, language: Language) -> None:
    out.print(f"  {label.in_(language)}  {words}", markup=False, soft_wrap=True)


def _print_rows(out: Console, title: str, rows: list[ItemCells], every: bool, language: Language) -> None:
    columns = [
        (Text("项目", "Item").in_(language), "left"),
        (Text("单元格", "Cell").in_(language), "left"),
        (Text("原文", "As written").in_(language), "right"),
        (Text("读作", "Read as").in_(language), "right"),
    ]
    shown = table(title, columns)
    for row in rows if every else rows[:SHOWN_ROWS]:
        for position, cell in enumerate(row.cells):
            read = row.read[position].in_(language)
            shown.add_row(row.item.name if position == 0 else "", cell.place, cell.raw, read)
    out.print()
    out.print(shown)
    if not every and len(rows) > SHOWN_ROWS:
        more = Text(
            f"还有 {len(rows) - SHOWN_ROWS} 个，加 --every 全部列出",
            f"{len(rows) - SHOWN_ROWS} more: --every lists all",
        )
        out.print(f"  {more.in_(language)}", style="dim")


def _indicator_record(one: IndicatorExplanation, parts: list[list[ItemCells]], language: Language) -> dict[str, object]:
    return {
        "unit": one.unit,
        "list": one.list,
        "indicator": one.indicator,
        "round": one.period,
        "printed": one.printed.in_(language),
        "numerator": None if one.numerator is None else str(one.numerator),
        "denominator": None if one.denominator is None else str(one.denominator),
        "rank": one.rank,
        "rulebook": one.rulebook.in_(language),
        "version": one.version,
        "formula": one.formula.in_(language),
        "with_values": one.with_values.in_(language),
        "items": one.items,
        "missing": one.missing,
        "parts": [
            {
                "formula": part.formula.in_(language),
                "value": part.value.in_(language),
                "items": [_item_record(row) for row in rows],
            }
            for part, rows in zip(one.parts, parts, strict=True)
        ],
    }


def _item_record(row: ItemCells) -> dict[str, object]:
    return {
        "item": row.item.item_id,
        "name": row.item.name,
        "cells": [
            {
                "workbook": cell.workbook,
                "sheet": cell.sheet,
                "cell": cell.address,
                "raw": cell.raw,
                "missing": cell.missing,
            }
            for cell in row.cells
        ],
    }


# -- a light -------------------------------------------------------------------------------------------------


def _print_light(out: Console, item: Item, one: LightExplanation, cells: list[ItemCells], language: Language) -> None:
    shown = light(one.severity.value, f"{one.severity.glyph} {one.word.in_(language)}")
    out.print(f"[bold]{item.name}[/] · {one.title.in_(language)} · {one.period} ", shown, soft_wrap=True)
    _line(out, Text("细则", "Rulebook"), _cited(one.rulebook, one.version, language), language)
    if one.before is not None:
        _line(out, Text("上期", "Last round"), f"{one.before.glyph} {one.before.words.in_(language)}", language)
    if one.missing:
        names = "、".join(name.in_(language) for name in one.missing)
        _line(out, Text("缺", "Missing"), names, language)
    if one.fired is not None:
        _print_clause(out, Text("亮灯的一条", "What fired"), one.fired, language)
    for clause in one.nearly:
        _print_clause(out, Text("差一点的一条", "What nearly fired"), clause, language)
    for clause in one.undecided:
        _print_clause(out, Text("判断不了的一条", "What could not be judged"), clause, language)
    _print_rows(out, Text("依据的单元格", "Cells it rests on").in_(language), cells, True, language)


def _print_clause(out: Console, label: Text, clause: ClauseReason, language: Language) -> None:
    out.print(
        f"  {label.in_(language)}  {clause.word.in_(language)}{colon(language)}{clause.cite.in_(language)}",
        soft_wrap=True,
    )
    if clause.because is not None:
        out.print(f"    {clause.because.in_(language)}", style="bold", soft_wrap=True)
    _print_conditions(out, clause.conditions, language)


def _print_conditions(out: Console, conditions: Sequence[Condition], language: Language) -> None:
    for condition in conditions:
        mark = {True: "✓", False: "✗", None: "?"}[condition.held]
        out.print(f"    {mark} {condition.formula.in_(language)}", markup=False, soft_wrap=True)
        out.print(f"      {condition.with_values.in_(language)}", style="dim", markup=False, soft_wrap=True)


def _light_record(item: Item, one: LightExplanation, cells: list[ItemCells], language: Language) -> dict[str, object]:
    return {
        "item": item.item_id,
        "name": item.name,
        "dimension": one.dimension,
        "round": one.period,
        "state": one.state,
        "severity": one.severity.value,
        "before": one.before.value if one.before else None,
        "rulebook": one.rulebook.in_(language),
        "version": one.version,
        "fired": _clause_record(one.fired, language) if one.fired else None,
        "nearly": [_clause_record(clause, language) for clause in one.nearly],
        "undecided": [_clause_record(clause, language) for clause in one.undecided],
        "missing": [name.in_(language) for name in one.missing],
        "cells": [_item_record(row) for row in cells],
    }


# -- a ladder step -------------------------------------------------------------------------------------------


def _print_step(out: Console, name: Text, one: StepExplanation, language: Language) -> None:
    step = one.step.title.in_(language) if one.step else Text("没有该采取的措施", "no measure is due").in_(language)
    out.print(f"[bold]{name.in_(language)}[/] · {one.title.in_(language)} · {one.period}  {step}", soft_wrap=True)
    _line(out, Text("细则", "Rulebook"), _cited(one.rulebook, one.version, language), language)
    if one.step is not None:
        _line(out, Text("依据", "Source"), one.step.cite.in_(language), language)
        _line(out, Text("措施", "Measure"), one.step.measure.in_(language), language)
    if one.hold is not None:
        _line(out, Text("同时", "And"), one.hold.title.in_(language), language)
    _line(out, Text("累计次数", "Breaches standing"), str(one.count), language)
    _print_conditions(out, [*one.breach, *one.reached], language)
    if one.missing:
        _line(out, Text("缺", "Missing"), "、".join(title.in_(language) for title in one.missing), language)


def _step_record(one: StepExplanation, language: Language) -> dict[str, object]:
    return {
        "ladder": one.ladder,
        "subject": one.subject,
        "id": one.id,
        "round": one.period,
        "state": one.state,
        "count": one.count,
        "step": one.step.key if one.step else None,
        "measure": one.step.measure.in_(language) if one.step else None,
        "hold": one.hold.key if one.hold else None,
        "conditions": [_condition_record(condition, language) for condition in [*one.breach, *one.reached]],
        "missing": [title.in_(language) for title in one.missing],
    }


def _clause_record(clause: ClauseReason, language: Language) -> dict[str, object]:
    return {
        "clause": clause.clause,
        "severity": clause.severity.value,
        "because": clause.because.in_(language) if clause.because else None,
        "cite": clause.cite.in_(language),
        "conditions": [_condition_record(condition, language) for condition in clause.conditions],
    }


def _condition_record(one: Condition, language: Language) -> dict[str, object]:
    return {
        "formula": one.formula.in_(language),
        "with_values": one.with_values.in_(language),
        "held": one.held,
        "missing": list(one.missing),
    }
