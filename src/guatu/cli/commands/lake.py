"""`guatu lake`: finished rounds put into a Parquet lake, from which `guatu evaluate` judges them."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Folder
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option, options_in
from guatu.cli.terminal import console
from guatu.dispatch.lake import add_round, open_lake
from guatu.engine.evaluation.stage import Engine
from guatu.engine.tables import spark_session
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    group = SpokenGroup("lake", language, Text("Parquet 数据湖：放入各期", "Parquet lake: put rounds in"))
    group.add_command(_add(language))
    return group


def _add(language: Language) -> click.Command:
    option = options_in(language)

    def run(folders: tuple[Path, ...], lake: str, engine: str, master: str | None, as_json: bool) -> int:
        if engine == "spark":
            spark_session(master)
        opened = open_lake(lake, cast(Engine, engine))
        added = [add_round(folder, opened) for folder in folders]
        if as_json:
            print_json([{"round": one.period, "items": one.items} for one in added])
        else:
            for one in added:
                said = Text(f"{one.period}：{one.items} 个项目 → {lake}", f"{one.period}: {one.items} items → {lake}")
                console().print(f"  {said.in_(language)}", markup=False, soft_wrap=True)
        return Exit.DONE

    return SpokenCommand(
        "add",
        language,
        Text(
            "把 guatu run 的结果文件夹放进湖里，一期一个分区；湖里已有这一期则替换。姓名和电话不进湖。",
            "Put result folders of guatu run into a lake, a partition per round; a round the lake already has is "
            "replaced. Names and phones stay out.",
        ),
        [
            click.Argument(["folders"], nargs=-1, required=True, type=Folder(exists=True)),
            click.Argument(["lake"]),
            option(
                "--engine",
                type=click.Choice(["duckdb", "spark"]),
                default="duckdb",
                show_default=True,
                words=Text(
                    "谁来写：spark 认得 s3a、oss、hdfs 的位置", "Who writes: spark knows places on s3a, oss and hdfs"
                ),
            ),
            option("--master", words=Text("Spark 主节点，如 local[2]", "Spark master, such as local[2]")),
            json_option(language),
        ],
        run,
    )
