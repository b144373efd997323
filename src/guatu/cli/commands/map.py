"""`guatu map`: a person confirms what the columns of a workbook are, once; next month it is known."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.mapping_shown import Screen
from guatu.cli.mapping_talk import Stopped, Talk
from guatu.cli.output import print_json
from guatu.cli.parameters import ExistingFile, Folder, Round
from guatu.cli.spoken import MAPPINGS_HELP, SpokenCommand, json_option, options_in
from guatu.cli.terminal import colon, console
from guatu.declarations import load_pack
from guatu.declarations.entries import is_encoding, no_encoding
from guatu.dispatch.arrivals import national_units
from guatu.dispatch.confirming import Confirming, left_open, require_sender, tally, who
from guatu.dispatch.mappings import folder_of, keep, load_memory
from guatu.office.workbooks.memory import KeptLayout
from guatu.office.workbooks.sender import named_in, sender_of_rows
from guatu.office.workbooks.survey import SurveyedTable
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text


def command(language: Language) -> click.Command:
    def run(
        workbooks: tuple[Path, ...],
        pack: str,
        period: Period,
        mappings: Path | None,
        by: str | None,
        encoding: str | None,
        yes: bool,
        show: bool,
        as_json: bool,
    ) -> int:
        if encoding is not None and not is_encoding(encoding):
            raise Refusal(f"--encoding {encoding}", *no_encoding(encoding))
        loaded = load_pack(pack)
        units = list(loaded.units.values()) or national_units(loaded)
        folder = folder_of(mappings)
        screen = Screen(console(), language, loaded.ledger, period)
        codes: list[int] = []
        records: list[dict[str, object]] = []
        for path in workbooks:
            confirming = Confirming(
                path, loaded.ledger, period, units, load_memory(folder, loaded.ledger), encoding,
                by or who(), date.today(),
            ).with_encoding(sender_of_rows(loaded.ledger) or named_in(path.stem, units))  # fmt: skip
            try:
                session = _Session(confirming, folder, screen)
                if as_json:
                    records.append(session.record())
                    codes.append(Exit.DONE)
                else:
                    codes.append(session.show() if show else session.accept() if yes else session.ask())
            except Refusal as refused:
                if len(workbooks) == 1:
                    raise
                screen.say(Text(refused.in_("zh"), refused.in_("en")), "red")  # the others are not to wait for it
                codes.append(Exit.REFUSED)
        if as_json:
            print_json(records)
        return Exit.REFUSED_PARTLY if len(set(codes)) > 1 else codes[0]

    option = options_in(language)

    return SpokenCommand(
        "map",
        language,
        Text(
            "核定工作簿的列：逐列看、有疑问的逐个问，记下来；下个月同样的版式直接照读，变了会逐列指出。",
            "Confirm what a workbook's columns are: look at each, answer what is in doubt, keep it. Next month the same "
            "layout is read so, and a changed one is shown column by column.",
        ),
        [
            click.Argument(["workbooks"], nargs=-1, required=True, type=ExistingFile()),
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option(
                "--round",
                "period",
                required=True,
                type=Round(),
                words=Text("哪一期，如 2021-08", "The round, such as 2021-08"),
            ),
            option("--mappings", type=Folder(), words=MAPPINGS_HELP),
            option(
                "--by",
                words=Text("谁核定的，缺省用登录名", "Who confirms; default: the name you are logged in under"),
            ),
            option(
                "--encoding",
                words=Text("文本文件的编码，如 gb18030；一并记下", "Encoding of a text file, such as cp1252; kept too"),
            ),
            option(
                "--yes",
                is_flag=True,
                words=Text(
                    "不问，把有把握的记下，其余留作待定", "Do not ask: keep what is sure, leave the rest undecided"
                ),
            ),
            option(
                "--show",
                is_flag=True,
                words=Text("只看：核定过的映射，和这个工作簿的不同", "Only show the kept mapping and the difference"),
            ),
            json_option(language),
        ],
        run,
    )


class _Session:
    """One workbook before one person."""

    def __init__(self, confirming: Confirming, folder: Path, screen: Screen) -> None:
        self.confirming = confirming
        self.folder = folder
        self.screen = screen
        self.before = confirming.read()
        self.survey = confirming.survey(self.before.sender)

    @property
    def tables(self) -> list[SurveyedTable]:
        """The tables read as ledgers, or kept as such before."""
        return [one for one in self.survey.tables if one.no_ledger is None or one.recalled.kept is not None]

    # -- without questions -----------------------------------------------------------------------------------

    def show(self) -> int:
        self.screen.workbook(self.survey)
        kept = self.confirming.memory.of(self.survey.sender)
        if not kept:
            self.screen.say(Text("这个单位还没有核定过的映射。", "No mapping of this sender has been confirmed."))
        self.screen.layouts(kept)
        for table in self.tables:
            self.screen.heading(table)
            self.screen.difference(table)
        return Exit.DONE

    def accept(self) -> int:
        """Keep what is sure, ask nothing."""
        self.screen.workbook(self.survey)
        self._require_tables(self.tables)
        for table in self.tables:
            self.screen.heading(table)
            self.screen.difference(table)
            if table.open:
                self._list_open(table)
        return self._keep([self.confirming.layout(self.survey, table, {}) for table in self.tables])

    def _list_open(self, table: SurveyedTable) -> None:
        language = self.screen.language
        for one in table.open:
            reason = one.doubt.in_(language) if one.doubt else ""
            self.screen.out.print(f"  {one.letters} {one.title}{colon(language)}{reason}", markup=False, style="yellow")

    # -- with questions --------------------------------------------------------------------------------------

    def ask(self) -> int:
        self.screen.workbook(self.survey)
        if not _is_terminal():
            return self._say_what_would_be_asked()
        require_sender(self.survey)
        tables = self._chosen_tables()
        self._require_tables(tables)
        talks: dict[object, Talk] = {}
        try:
            for table in tables:
                self.screen.heading(table)
                self.screen.difference(table)
                if (before := talks.get(table.alike)) is not None:
                    name = before.table.sheet
                    self.screen.say(
                        Text(f"  列与“{name}”相同，照它定。", f"  The columns are those of '{name}'; so decided.")
                    )
                    continue
                self.screen.columns(table.columns, {})
                talks[table.alike] = Talk(self.screen, table)
                talks[table.alike].walk()
        except Stopped:
            return self._nothing_kept()
        layouts = [self.confirming.layout(self.survey, table, talks[table.alike].choices) for table in tables]
        after = self.confirming.read(self.confirming.memory.keeping(require_sender(self.survey), layouts))
        self.screen.comparison(tally(self.before), tally(after))
        question = Text("记下，下个月照此读？", "Keep it, to be used next month?").in_(self.screen.language)
        return self._keep(layouts) if click.confirm(question, default=True) else self._nothing_kept()

    def _chosen_tables(self) -> list[SurveyedTable]:
        """The ledgers of the workbook; where there is none, the one a person points at."""
        if self.tables:
            return self.tables
        language = self.screen.language
        for table in self.survey.tables:
            self.screen.heading(table)
            question = Text("这是要读的台账吗？", "Is this the ledger to read?").in_(language)
            if click.confirm(question, default=False):
                return [table]
        for sheet, rows in self.survey.bare.items():
            words = Text(f"工作表“{sheet}”里没有认出表头。", f"No header was recognised on sheet '{sheet}'.")
            self.screen.say(words, "yellow")
            for number, texts in rows:
                self.screen.out.print(
                    f"  {number:>3}  {texts}", markup=False, style="dim", no_wrap=True, overflow="ellipsis"
                )
            row = click.prompt(
                Text("列名在第几行？（0 表示没有）", "In which row are the titles? (0 = none)").in_(language),
                type=int,
                default=0,
                show_default=False,
                prompt_suffix=" > ",
            )
            if row:
                self.survey = self.confirming.survey(self.survey.sender, {sheet: row})
                found = [table for table in self.survey.tables if table.sheet == sheet]
                if found:
                    return found
                self.screen.say(Text("  这一行不像表头。", "  That row is no header."), "yellow")
        return []

    def _require_tables(self, tables: list[SurveyedTable]) -> None:
        if not tables:
            raise Refusal(
                self.survey.workbook,
                Text("没有可核定的台账", "there is no ledger to confirm"),
                Text(
                    "列名要在数据上方，至少有项目名称一列。", "Titles stand above the data, an item's name among them."
                ),
            )

    def _say_what_would_be_asked(self) -> int:
        """Nobody is there to answer: print the questions, and end as refused."""
        self._require_tables(self.tables)
        waiting = 0
        for table in self.tables:
            self.screen.heading(table)
            self.screen.difference(table)
            self.screen.columns(table.columns, {})
            self._list_open(table)
            waiting += len(table.open) + (not table.recalled.is_same)
        if not waiting:
            return Exit.DONE
        self.screen.say(
            Text(
                "\n这里没有人能回答，什么也没有记下。在终端里运行，或加 --yes 只记有把握的。",
                "\nNobody is here to answer; nothing was kept. Run it in a terminal, or keep what is sure with --yes.",
            ),
            "yellow",
        )
        return Exit.REFUSED

    # -- keeping ---------------------------------------------------------------------------------------------

    def _keep(self, layouts: list[KeptLayout]) -> int:
        sender = require_sender(self.survey)
        path = keep(self.folder, sender, layouts, encoding=self.confirming.encoding)
        waiting = left_open(layouts)
        self.screen.say(Text(f"已记下：{path}", f"Kept: {path}"), "green")
        if waiting:
            self.screen.say(
                Text(
                    f"还有 {waiting} 列待定，再运行 guatu map 核定，或在文件里把 field: '?' 改成字段键。",
                    f"Undecided columns: {waiting}. Run guatu map again, or write a field's key for field: '?' in the file.",
                ),
                "yellow",
            )
        return Exit.REFUSED_PARTLY if waiting else Exit.DONE

    def _nothing_kept(self) -> int:
        self.screen.say(Text("什么也没有记下。", "Nothing was kept."), "yellow")
        return Exit.REFUSED

    def record(self) -> dict[str, object]:
        """What is known of the workbook, for programs."""
        language = self.screen.language
        return {
            "workbook": self.survey.workbook,
            "sender": self.survey.sender.key if self.survey.sender else None,
            "tables": [_table_record(table, language) for table in self.survey.tables],
            "kept": [
                {"fingerprint": one.fingerprint, "sheet": one.origin.sheet, "round": one.origin.round}
                for one in self.confirming.memory.of(self.survey.sender)
            ],
        }


def _table_record(table: SurveyedTable, language: Language) -> dict[str, object]:
    return {
        "sheet": table.sheet,
        "header": list(table.header),
        "fingerprint": table.recalled.laid.layout.fingerprint,
        "confirmed": table.recalled.is_same,
        "no_ledger": table.no_ledger.in_(language) if table.no_ledger else None,
        "changes": [{"kind": one.kind, "says": one.saying.in_(language)} for one in table.changes],
        "columns": [
            {
                "column": one.letters,
                "title": one.title,
                "field": one.proposed,
                "confidence": one.found.confidence,
                "doubt": one.doubt.in_(language) if one.doubt else None,
                "candidates": [{"field": found.field, "score": round(found.score, 2)} for found in one.candidates],
            }
            for one in table.columns
        ],
    }


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
