"""`guatu hub evaluate`: a ledger of the site judged by a rulebook of its pack, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.person import acting_person
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand
from guatu.cli.terminal import console
from guatu.standards.periods import Period
from guatu.text import Language, Text

if TYPE_CHECKING:
    from guatu.engine.evaluation.results import Results
    from guatu.engine.evaluation.stage import Engine


def command(language: Language) -> click.Command:
    def run(ledger: str, rulebook: str, rounds: tuple[str, ...], out: Path, engine: Engine) -> int:
        by = acting_person()
        from guatu.hub.assessment.judging import judge_rounds

        periods = sorted({str(one): one for one in map(Period.parse, rounds)}.values(), key=lambda one: one.first_day)
        for results in judge_rounds(ledger, rulebook, periods, out, by=by, engine=engine):
            console().print(_summary(results).in_(language), markup=False)
        return Exit.DONE

    return SpokenCommand(
        "evaluate",
        language,
        Text(
            "按业务包的细则评判站内台账，一期一期往后看；结果存入文件夹",
            "Judge a ledger of the site by a rulebook of its pack, round after round, into a folder",
        ),
        [
            click.Argument(["ledger"]),
            click.Option(["--rulebook"], required=True, help=Text("细则的键", "The rulebook's key").in_(language)),
            click.Option(
                ["--round", "rounds"], required=True, multiple=True,
                help=Text("期，例如 2021-08，可给多个", "A round such as 2021-08; may be given again").in_(language),
            ),
            click.Option(
                ["-o", "--out"], required=True, type=click.Path(path_type=Path),
                help=Text("结果文件夹，每期一个子文件夹", "Folder of the results, one folder a round").in_(language),
            ),
            click.Option(
                ["--engine"], default="duckdb", type=click.Choice(["duckdb", "reference"]),
                help=Text("计算引擎", "The engine").in_(language),
            ),
        ],
        at_site(run),
    )  # fmt: skip


def _summary(results: Results) -> Text:
    lights = results.lights
    overall = [
        severity
        for subject, dimension, severity in zip(
            *(lights[name].to_pylist() for name in ("subject", "dimension", "severity")), strict=True
        )
        if (subject, dimension) == ("item", "overall")
    ]
    counts = {one: overall.count(one) for one in dict.fromkeys(sorted(overall))}
    told = ", ".join(f"{severity} {number}" for severity, number in counts.items()) or "—"
    return Text(
        f"{results.period}：{results.items.num_rows} 个事项；亮灯 {told}",
        f"{results.period}: {results.items.num_rows} items; lights {told}",
    )
