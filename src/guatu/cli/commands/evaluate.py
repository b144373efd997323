"""`guatu evaluate`: every round of a lake judged by a rulebook, on the engine at hand."""

from __future__ import annotations

from typing import cast

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json, progress
from guatu.cli.parameters import Round
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.dispatch.lake import OUT, Evaluated, LakeRequest, evaluate_lake
from guatu.engine.evaluation.stage import Engine
from guatu.engine.values import Severity
from guatu.standards.periods import Period
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(
        lake: str,
        pack: str,
        rulebook: str,
        periods: tuple[Period, ...],
        engine: str,
        master: str | None,
        out: str | None,
        as_json: bool,
    ) -> int:
        request = LakeRequest(lake, pack, rulebook, out, periods, cast(Engine, engine), master, language)
        with progress(language, quiet=as_json) as notice:
            found = evaluate_lake(request, notice)
        if as_json:
            print_json([record(one) for one in found])
        else:
            _print(found, request, language)
        return Exit.DONE

    return SpokenCommand(
        "evaluate",
        language,
        Text(
            "按细则评判湖里的各期：逐期评判，后一期看得到前几期；结果也是 Parquet，按期分区。湖由 guatu lake add 建立。",
            "Judge the rounds of a lake by a rulebook: one after another, each looking back at the ones before; the "
            "results are Parquet, a partition per round. guatu lake add makes the lake.",
        ),
        [
            click.Argument(["lake"]),
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option("--rulebook", required=True, words=Text("按哪部细则评判", "The rulebook to judge by")),
            option(
                "--round",
                "periods",
                multiple=True,
                type=Round(),
                words=Text("哪一期，可多次给出；缺省全部", "A round; may be given again; default: all"),
            ),
            option(
                "--engine",
                type=click.Choice(["duckdb", "spark", "reference"]),
                default="duckdb",
                show_default=True,
                words=Text(
                    "计算引擎；spark 要 pip install 'guatu[spark]' 和 Java 17",
                    "Engine; spark needs pip install 'guatu[spark]' and Java 17",
                ),
            ),
            option(
                "--master",
                words=Text(
                    "Spark 主节点，如 local[2]、spark://HOST:7077；缺省由 spark-submit 定",
                    "Spark master, such as local[2] or spark://HOST:7077; default: as spark-submit says",
                ),
            ),
            option(
                "-o",
                "--out",
                "out",
                words=Text(
                    f"结果放在哪里，文件夹或网址；缺省湖里的 {OUT}",
                    f"Where results go, a folder or an address; default: {OUT} in the lake",
                ),
            ),
            json_option(language),
        ],
        run,
    )


def record(one: Evaluated) -> dict[str, object]:
    """A round's outcome for programs."""
    return {
        "round": one.period,
        "items": one.items,
        "lights": dict(one.lights),
        "indicators": one.indicators,
        "history": list(one.earlier),
    }


def _print(found: list[Evaluated], request: LakeRequest, language: Language) -> None:
    out = console()
    shown = [severity for severity in Severity if any(one.lights.get(severity.value) for one in found)]
    words = (Text("期", "round"), Text("项目", "items"), Text("指标", "indicators"), Text("可看往期", "looked back at"))
    graded = [severity.words for severity in shown]
    made = table("", [(word.in_(language), "right") for word in (*words, *graded)])
    for one in found:
        counts = [one.items, one.indicators, len(one.earlier), *(one.lights.get(part.value, 0) for part in shown)]
        made.add_row(one.period, *map(str, counts))
    out.print(made)
    where = request.out or f"{request.lake.rstrip('/')}/{OUT}"
    said = Text(f"结果：{where}（引擎 {request.engine}）", f"Results: {where} (engine {request.engine})")
    out.print(f"  {said.in_(language)}", markup=False, soft_wrap=True)
