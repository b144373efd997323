"""`guatu form`: write the prefilled report form of a unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Day, Folder, NewFile, Round
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console
from guatu.declarations import load_pack
from guatu.dispatch.form import form_facts, unit_named
from guatu.office.forms import write_form
from guatu.standards.periods import Period
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    def run(pack: str, period: Period, unit: str, out: Path, last: Path | None, due: date | None, as_json: bool) -> int:
        loaded = load_pack(pack)
        facts = form_facts(
            loaded,
            unit_named(loaded.units, unit),
            period,
            last=last,
            due_on=due,
            language=language,
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        write_form(out, facts)
        if as_json:
            print_json({"form": str(out), "unit": facts.unit_code, "rows": len(facts.rows)})
        else:
            words = Text(
                f"已写出 {out}：{facts.unit.zh}，预填 {len(facts.rows)} 个项目",
                f"Wrote {out}: {facts.unit.en}, {len(facts.rows)} items prefilled",
            )
            console().print(words.in_(language), soft_wrap=True)
        return Exit.DONE

    option = options_in(language)

    return SpokenCommand(
        "form",
        language,
        Text(
            "写出一个单位一期的填报表：已知项目预填，身份列锁定，填写时即校验；交回来直接能读。",
            "Write a unit's report form for a round: known items prefilled, identity locked, checked while typing; "
            "what comes back needs no mapping.",
        ),
        [
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option(
                "--round",
                "period",
                required=True,
                type=Round(),
                words=Text("哪一期，如 2021-09", "The round, such as 2021-09"),
            ),
            option("--unit", required=True, words=Text("单位：名称或代码", "Unit by name or code")),
            option(
                "-o",
                "--out",
                required=True,
                type=NewFile(),
                words=Text("写到哪里", "Where to"),
            ),
            option(
                "--from",
                "last",
                type=Folder(exists=True),
                words=Text("从哪一期的结果预填", "Result folder to prefill from"),
            ),
            option("--due", type=Day(), words=Text("报送截止日", "Day it is due")),
            json_option(language),
        ],
        run,
    )
