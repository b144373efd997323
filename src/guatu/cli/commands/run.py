"""`guatu run`: a round's workbooks in; lights, league table, reasons and the circular out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json, progress
from guatu.cli.parameters import Day, ExistingFile, Folder, Round
from guatu.cli.spoken import MAPPINGS_HELP, SpokenCommand, json_option, options_in
from guatu.dispatch.job import nothing, run_round
from guatu.dispatch.mappings import folder_of
from guatu.dispatch.request import RoundRequest
from guatu.standards.periods import Period
from guatu.text import Language, Text


def _load_shown() -> None:
    from guatu.cli import shown  # noqa: F401 (it loads the engine, which must not hold up the reading)


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(
        workbooks: tuple[Path, ...],
        pack: str,
        rulebook: str,
        period: Period,
        history: tuple[Path, ...],
        out: Path,
        on_error: str,
        mappings: Path | None,
        answers: Path | None,
        engine: str,
        dated: date | None,
        number: str | None,
        issue: str | None,
        paper_language: Language | None,
        as_json: bool,
    ) -> int:
        request = RoundRequest(
            workbooks=workbooks,
            pack=pack,
            rulebook=rulebook,
            period=period,
            out=out,
            history=history,
            on_error="blank" if on_error == "blank" else "refuse",
            mappings=folder_of(mappings, (out, *reversed(history))),
            answers=answers,
            engine="reference" if engine == "reference" else "duckdb",
            dated=dated or date.today(),
            number=number,
            issue=issue,
            language=language,
            paper_language=paper_language,
        )
        with progress(language, quiet=as_json) as notice:
            outcome = run_round(request, notice, nothing if as_json else _load_shown)
        if as_json:
            print_json(outcome.record(language))
        else:
            from guatu.cli.shown import print_outcome  # loads the engine, which must not hold up the reading

            print_outcome(outcome, language)
        return Exit.REFUSED_PARTLY if outcome.waiting else Exit.DONE

    return SpokenCommand(
        "run",
        language,
        Text(
            "一期报表进，亮灯、指标、排名、理由、阶梯、排名表和通报出。只给部分单位的工作簿时，其余单位沿用 -o 文件夹里本期已收到的。",
            "A round's workbooks in; lights, indicators, ranks, reasons, ladder, league workbook and circular out. Given "
            "only some units' workbooks, the others stand as this round's -o folder already has them.",
        ),
        [
            click.Argument(["workbooks"], nargs=-1, type=ExistingFile()),
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option("--rulebook", required=True, words=Text("按哪部细则评判", "The rulebook to judge by")),
            option(
                "--round",
                "period",
                required=True,
                type=Round(),
                words=Text("哪一期，如 2021-08、2021Q3", "The round, such as 2021-08 or 2021Q3"),
            ),
            option(
                "--history",
                multiple=True,
                type=Folder(exists=True),
                words=Text("以前各期的结果文件夹，可多次给出", "Result folders of earlier rounds; may be given again"),
            ),
            option(
                "-o", "--out", "out", required=True, type=Folder(), words=Text("结果文件夹", "Folder for the results")
            ),
            option(
                "--on-error",
                type=click.Choice(["refuse", "blank"]),
                default="refuse",
                show_default=True,
                words=Text(
                    "工作簿有错误时：refuse 整本退回；blank 坏格按缺失处理并逐处注明",
                    "A workbook with errors: refuse sends it back whole; blank counts bad cells as missing and says so",
                ),
            ),
            option(
                "--mappings",
                type=Folder(exists=True),
                words=MAPPINGS_HELP,
            ),
            option(
                "--answers",
                type=ExistingFile(),
                words=Text("对问题的答复：填好的 questions.yaml", "Answers to questions: a filled-in questions.yaml"),
            ),
            option(
                "--engine",
                type=click.Choice(["duckdb", "reference"]),
                default="duckdb",
                show_default=True,
                words=Text("计算引擎；reference 慢，用来对照", "Engine; reference is slow and serves to compare"),
            ),
            option(
                "--dated",
                type=Day(),
                words=Text("成文日期，缺省今天", "Date of the papers; default today"),
            ),
            option("--number", words=Text("发文字号，如 督〔2021〕15号", "Document number, such as 督〔2021〕15号")),
            option(
                "--issue",
                words=Text(
                    "简报期号，本年期数/总期数，如 32/332；缺省接着上期",
                    "Bulletin issue, in the year/in all, such as 32/332; default: counts on from the last round",
                ),
            ),
            option(
                "--paper-language",
                type=click.Choice(["zh", "en"]),
                words=Text(
                    "通报与表格的语言，缺省同本期上次，首次同界面",
                    "Language of the papers; default: as before, at first that of messages",
                ),
            ),
            json_option(language),
        ],
        run,
    )
