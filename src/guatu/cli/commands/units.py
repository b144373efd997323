"""`guatu units`: load units and people from a workbook, and see the tree of any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Day, ExistingFile, NewFile
from guatu.cli.person import acting_person
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.text import Language, Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.accounts.loading.planning import Plan
    from guatu.hub.accounts.models import Load

COUNTS = {
    "units_new": Text("新单位", "new units"),
    "units_changed": Text("单位有变动", "units changed"),
    "units_same": Text("单位不变", "units the same"),
    "people_new": Text("新人员", "new people"),
    "people_changed": Text("人员资料有变", "people changed"),
    "people_same": Text("人员不变", "people the same"),
    "posts_new": Text("新任职", "new posts"),
    "errors": Text("要改的格子", "cells to mend"),
}
_SHOWN = 40


def command(language: Language) -> click.Command:
    group = SpokenGroup("units", language, Text("单位：批量载入、样表、单位树", "Units: load, template, tree"))
    group.add_command(_load(language))
    group.add_command(_template(language))
    group.add_command(_tree(language))
    return group


def _load(language: Language) -> click.Command:
    option = options_in(language)

    def run(workbook: Path, on: date | None, accept: bool, marked: Path | None, as_json: bool) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.actions.loading import accept_load, give_up_load, keep_reading, plan_shown, submit_load
        from guatu.hub.accounts.actions.taking_loads import carry_out_load
        from guatu.hub.accounts.loading.reading import read_load, write_marked
        from guatu.hub.accounts.models import LoadState

        at = timezone.now()
        day = on or timezone.localdate(at)
        read = read_load(workbook, today=day)
        load = submit_load(content=workbook.read_bytes(), name=workbook.name, on=day, by=by, at=at)
        load = keep_reading(load=load, read=read, marked=b"", by=by, at=at)
        plan = plan_shown(load, by) if load.read else None
        if load.state == LoadState.READY and accept:
            load = accept_load(load=load, by=by, at=timezone.now())
            try:
                load = carry_out_load(load=load, by=by, at=timezone.now())
            except Refusal:
                give_up_load(load=load, by=by, at=timezone.now())
                raise
        if load.state == LoadState.WRONG and plan is not None and marked is not None:
            write_marked(workbook, tuple(plan.remarks), marked, language)
        _print(load, plan, as_json, language)
        return Exit.REFUSED if load.state == LoadState.WRONG else Exit.DONE

    return SpokenCommand(
        "load",
        language,
        Text(
            "从工作簿载入单位和人员：先列出会有哪些变动、哪些格子要改；加 --accept 才载入，要么全部，要么一个都不动。"
            "由 GUATU_TOKEN 所属的人办理；岗位另由安全管理员在网页上核准。",
            "Load units and people from a workbook: what would change and which cells are wrong is listed; with --accept it is "
            "taken, all of it or nothing. The person of GUATU_TOKEN does it; posts are accepted by the security administrator.",
        ),
        [
            click.Argument(["workbook"], type=ExistingFile()),
            option("--on", type=Day(), words=Text("变动从哪天起，缺省今天", "The day changes hold from; default: today")),
            option("--accept", is_flag=True, words=Text("没有错就载入", "Take it if nothing is wrong")),
            option("--marked", type=NewFile(), words=Text("把标注了错误的工作簿写到这里", "Write the workbook with errors marked here")),
            json_option(language),
        ],
        run,
    )  # fmt: skip


def _print(load: Load, plan: Plan | None, as_json: bool, language: Language) -> None:
    if as_json:
        remarks = [one.plain() for one in plan.remarks] if plan is not None else []
        print_json({"load": load.pk, "state": load.state, "counts": load.counts, "remarks": remarks})
        return
    out = console()
    out.print(f"[bold]{load.name}[/]  {load.state_title.in_(language)}")
    for key, title in COUNTS.items():
        if load.counts.get(key):
            out.print(f"  {load.counts[key]:>7,}  {title.in_(language)}")
    for remark in plan.remarks[:_SHOWN] if plan is not None else ():
        out.print(
            f"  {remark.sheet}!{remark.cell}  {remark.raw}  {remark.reason.in_(language)}", markup=False, soft_wrap=True
        )
        out.print(f"      {remark.remedy.in_(language)}", markup=False, style="dim", soft_wrap=True)
    for step in plan.changed_units[:_SHOWN] if plan is not None else ():
        said = "；".join(one.zh for one in step.said) if language == "zh" else "; ".join(one.en for one in step.said)
        out.print(f"  {step.title.in_(language)}  {said}", markup=False, soft_wrap=True)
    if load.state == "ready":
        out.print(Text("核对无误后加 --accept 载入。", "If this is right, add --accept.").in_(language))


def _template(language: Language) -> click.Command:
    option = options_in(language)

    def run(out: Path) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.loading.template import template

        out.write_bytes(template(by, language, made_at=timezone.now().replace(tzinfo=None)))
        console().print(Text(f"已写出 {out}", f"Wrote {out}").in_(language), soft_wrap=True)
        return Exit.DONE

    return SpokenCommand(
        "template",
        language,
        Text("写出载入用的样表，已填现有单位。", "Write the workbook to fill in, with the units there are."),
        [option("-o", "--out", required=True, type=NewFile(), words=Text("写到哪里", "Where to"))],
        run,
    )


def _tree(language: Language) -> click.Command:
    option = options_in(language)

    def run(on: date | None, as_json: bool) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.models import Unit
        from guatu.hub.accounts.models.units import KINDS
        from guatu.hub.accounts.tree import tree_on

        whole = tree_on(on or timezone.localdate())
        seen = set(Unit.objects.visible_to(by).values_list("pk", flat=True))
        nodes = [node for pk, node in whole.nodes.items() if pk in seen]
        if as_json:
            print_json(
                [
                    {"id": node.unit_id, "kind": node.kind, "title": node.title.in_(language), "code": node.code, "parent": node.parent_id}
                    for node in nodes
                ]
            )  # fmt: skip
            return Exit.DONE
        heads = (Text("单位", "Unit"), Text("类别", "Kind"), Text("代码", "Code"))
        shown = table("", [(head.in_(language), "left") for head in heads])
        for node in nodes:
            depth = sum(1 for _ in whole.above(node.unit_id)) - 1
            shown.add_row("  " * depth + node.title.in_(language), KINDS[node.kind].in_(language), node.code)
        console().print(shown)
        return Exit.DONE

    return SpokenCommand(
        "tree",
        language,
        Text("看某一天的单位树，只列您能看到的。", "The unit tree of a day, as far as you may see it."),
        [
            option("--on", type=Day(), words=Text("哪一天，缺省今天", "Which day; default: today")),
            json_option(language),
        ],
        run,
    )
