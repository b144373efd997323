"""`guatu import --dry-run`: try reading workbooks before anything is taken from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json, progress
from guatu.cli.parameters import ExistingFile, Folder, Round
from guatu.cli.shown import print_finding
from guatu.cli.spoken import MAPPINGS_HELP, SpokenCommand, json_option, options_in
from guatu.cli.terminal import bracketed, colon, console, table
from guatu.declarations import Ledger, load_pack
from guatu.dispatch.arrivals import national_units
from guatu.dispatch.candidates import gather
from guatu.dispatch.mappings import folder_of, load_memory, said_of
from guatu.dispatch.outputs import finding_rows
from guatu.dispatch.reading import read_all
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.rows import RowContext
from guatu.office.workbooks import ColumnMapping, WorkbookReading
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text

ROLES = {
    "field": Text("", ""),
    "list_flag": Text("清单标记", "list flag"),
    "sequence": Text("序号", "row number"),
    "ignored": Text("不读", "not read"),
    "unmapped": Text("认不出", "not recognised"),
}


def command(language: Language) -> click.Command:
    def run(
        workbooks: tuple[Path, ...],
        pack: str,
        period: Period,
        dry_run: bool,
        mappings: Path | None,
        columns: bool,
        as_json: bool,
    ) -> int:
        if not dry_run:
            raise Refusal(
                "guatu import",
                Text("这里没有可导入的台账库", "there is no ledger store here to import into"),
                Text("加 --dry-run 试读，或用 guatu run 出结果。", "Add --dry-run to try reading, or use guatu run."),
            )
        loaded = load_pack(pack)
        units = list(loaded.units.values()) or national_units(loaded)
        with progress(language, quiet=as_json) as notice:
            readings = read_all(
                workbooks,
                loaded.ledger,
                period,
                units,
                memory=load_memory(folder_of(mappings), loaded.ledger),
                answers=None,
                notice=notice,
            )
            checked = gather(readings, RowContext(loaded.ledger, period), {}, Decisions()).added_to(readings)
        if as_json:
            print_json([_record(reading, language) for reading in checked])
        else:
            for reading in checked:
                _print(reading, loaded.ledger, columns, language)
        waiting = any(reading.refused or reading.of_grade("question") for reading in checked)
        return Exit.REFUSED_PARTLY if waiting else Exit.DONE

    option = options_in(language)

    return SpokenCommand(
        "import",
        language,
        Text(
            "试读工作簿：认出是谁报的、每列是什么、哪些格子有问题。什么也不写入。",
            "Try reading workbooks: whose they are, what each column is, which cells are wrong. Nothing is taken.",
        ),
        [
            click.Argument(["workbooks"], nargs=-1, required=True, type=ExistingFile()),
            option("--dry-run", is_flag=True, words=Text("只试读", "Only try reading")),
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option(
                "--round",
                "period",
                required=True,
                type=Round(),
                words=Text("哪一期，如 2021-08", "The round, such as 2021-08"),
            ),
            option(
                "--mappings",
                type=Folder(exists=True),
                words=MAPPINGS_HELP,
            ),
            option("--columns", is_flag=True, words=Text("列出每一列怎么认的", "List how every column was understood")),
            json_option(language),
        ],
        run,
    )


def _print(reading: WorkbookReading, ledger: Ledger, columns: bool, language: Language) -> None:
    out = console()
    unit = reading.unit
    whose = (
        f"{unit.title.in_(language)}{bracketed(unit.by.in_(language), language)}"
        if unit
        else Text("认不出单位", "unit not recognised").in_(language)
    )
    state = Text("退回", "refused") if reading.refused else Text("可收", "can be taken")
    out.print(f"[bold]{reading.name}[/]  {whose}  {state.in_(language)}", soft_wrap=True)
    for found in reading.tables:
        mapped = [column for column in found.columns if column.role == "field"]
        unmapped = [column for column in found.columns if column.role == "unmapped"]
        words = Text(
            f"{found.sheet}：表头 {found.header[0]}–{found.header[1]} 行，数据 {found.data[0]}–{found.data[1]} 行，"
            f"认出 {len(mapped)} 列，{len(unmapped)} 列认不出",
            f"{found.sheet}: header rows {found.header[0]}–{found.header[1]}, data rows {found.data[0]}–{found.data[1]}, "
            f"{len(mapped)} columns understood, {len(unmapped)} not",
        )
        out.print(f"  {words.in_(language)}", soft_wrap=True, markup=False)
        if columns:
            shown = table(
                "",
                [
                    (Text("列", "Column").in_(language), "left"),
                    (Text("表头", "Header").in_(language), "left"),
                    (Text("认作", "Understood as").in_(language), "left"),
                    (Text("单位", "Unit").in_(language), "left"),
                    (Text("把握", "Confidence").in_(language), "right"),
                    (Text("依据", "Why").in_(language), "left"),
                ],
            )
            units = _units(reading, found.sheet)
            for column in found.columns:
                shown.add_row(*_column_row(column, ledger, units, language))
            out.print(shown)
    for note in said_of([reading]):
        out.print(f"  {note.in_(language)}", style="yellow", markup=False, soft_wrap=True)
    for sheet, why in reading.skipped.items():
        out.print(f"  {sheet}{colon(language)}{why.in_(language)}", style="dim", markup=False)
    for finding in reading.findings:
        print_finding(out, finding, language)


def _units(reading: WorkbookReading, sheet: str) -> dict[int, str]:
    """Column -> the unit its figures were read in, wherever it was stated."""
    return {
        cell.column: cell.unit
        for row in reading.rows
        if row.sheet == sheet
        for cell in row.cells
        if cell.unit is not None
    }


def _column_row(column: ColumnMapping, ledger: Ledger, units: Mapping[int, str], language: Language) -> tuple[str, ...]:
    role = ROLES[column.role].in_(language)
    declared = ledger.fields.get(column.field or "") or ledger.lists.get(column.field or "")
    title = declared.title.in_(language) if declared else column.field or ""
    period = column.period.month_title().in_(language) if column.period else ""
    meaning = " ".join(part for part in (title, period, role) if part)
    return (
        column.letters,
        column.shown_title,
        meaning,
        column.unit or units.get(column.column, ""),
        f"{column.confidence:.2f}",
        column.why.in_(language),
    )


def _record(reading: WorkbookReading, language: Language) -> dict[str, object]:
    return {
        "workbook": reading.name,
        "unit": reading.unit.code if reading.unit else None,
        "refused": reading.refused,
        "rows": len(reading.rows),
        "tables": [
            {
                "sheet": found.sheet,
                "header": list(found.header),
                "data": list(found.data),
                "columns": [
                    {
                        "column": column.letters,
                        "title": list(column.title),
                        "role": column.role,
                        "field": column.field,
                        "period": str(column.period) if column.period else None,
                        "unit": column.unit,
                        "confidence": column.confidence,
                        "why": column.why.in_(language),
                    }
                    for column in found.columns
                ],
            }
            for found in reading.tables
        ],
        "kept": [
            {
                "sheet": one.sheet,
                "made": one.made.in_(language),
                "changes": [change.in_(language) for change in one.changes],
            }
            for one in reading.kept
        ],
        "skipped": {sheet: why.in_(language) for sheet, why in reading.skipped.items()},
        "findings": finding_rows(reading.findings, language),
    }
