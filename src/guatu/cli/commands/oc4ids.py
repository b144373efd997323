"""`guatu oc4ids`: a finished round as open contracting data, such data as a ledger's workbooks, and a check of any file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import ExistingFile, Folder, NewFile
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option, options_in
from guatu.cli.terminal import console
from guatu.declarations import load_pack
from guatu.dispatch.explaining import FinishedRound
from guatu.dispatch.open_contracting import export_items, import_projects, load_open_plan, read_document, written
from guatu.dispatch.open_contracting.importing import OpenDataRefused
from guatu.dispatch.open_contracting.workbooks import write_imported
from guatu.dispatch.store import read_items
from guatu.standards.oc4ids.validation import unknown_codes
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    group = SpokenGroup(
        "oc4ids",
        language,
        Text(
            "公开合同基础设施数据标准（OC4IDS）：导出、导入、核对",
            "Open contracting data (OC4IDS): export, import, check",
        ),
    )
    group.add_command(_export(language))
    group.add_command(_import(language))
    group.add_command(_check(language))
    return group


def _export(language: Language) -> click.Command:
    def run(results: Path, pack: str | None, out: Path, as_json: bool) -> int:
        finished = FinishedRound(results)
        kept = finished.pack
        plan = load_open_plan(load_pack(pack) if pack else kept)
        items = read_items(results / "results", kept.ledger)
        made = export_items(items, plan, _titles(finished), finished.results.period, language=language)
        if made.faults:
            raise OpenDataRefused(FILE_OF_PLAN, made.faults)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(written(made.package) + "\n", encoding="utf-8")
        if as_json:
            print_json({"file": str(out), "projects": len(items), "notes": [one.in_(language) for one in made.notes]})
            return Exit.DONE
        screen = console()
        words = Text(
            f"已写出 {out}：{len(items)} 个项目，全部合于 OC4IDS 0.9",
            f"Wrote {out}: {len(items)} projects, all as OC4IDS 0.9 says",
        )
        screen.print(words.in_(language), markup=False, soft_wrap=True)
        for note in made.notes:
            screen.print(f"  {note.in_(language)}", style="yellow", markup=False, soft_wrap=True)
        return Exit.DONE

    option = options_in(language)
    return SpokenCommand(
        "export",
        language,
        Text(
            "把一期结果写成 OC4IDS 数据包：字段对到哪里由业务包的 oc4ids.yaml 说明，个人信息不出去。",
            "Write a round's results as an OC4IDS package: the pack's oc4ids.yaml says what goes where; nothing personal leaves.",
        ),
        [
            click.Argument(["results"], type=Folder(exists=True)),
            option(
                "--pack",
                words=Text("用这个业务包的对应；缺省用结果里的", "Take this pack's mapping; default: the round's own"),
            ),
            option("-o", "--out", required=True, type=NewFile(), words=Text("写到哪里", "Where to")),
            json_option(language),
        ],
        run,
    )


FILE_OF_PLAN = "oc4ids.yaml"


def _titles(finished: FinishedRound) -> dict[str, Text]:
    """What the round's units are called: as the pack says, else as the round knew them."""
    units = finished.results.units
    known = {
        code: Text(title, title)
        for code, title in zip(*(units[key].to_pylist() for key in ("code", "title")), strict=True)
    }
    return known | {code: unit.title for code, unit in finished.pack.units.items()}


def _import(language: Language) -> click.Command:
    def run(file: Path, pack: str, out: Path | None, as_json: bool) -> int:
        plan = load_open_plan(load_pack(pack))
        found = import_projects(read_document(file), plan)
        files = write_imported(out, found, plan) if out is not None else []
        notes = [(one.id, note) for one in found for note in one.notes]
        if as_json:
            print_json(
                {
                    "projects": [
                        {
                            "id": one.id,
                            "unit": one.unit,
                            "values": {key: str(value) for key, value in one.values.items()},
                            "lists": list(one.tags),
                            "notes": [note.in_(language) for note in one.notes],
                        }
                        for one in found
                    ],
                    "files": [str(path) for path in files],
                }
            )
        else:
            screen = console()
            words = Text(f"{file.name}：{len(found)} 个项目", f"{file.name}: {len(found)} projects")
            screen.print(words.in_(language), style="bold", markup=False)
            for unit, count in Counter(one.unit_title or one.unit for one in found).items():
                screen.print(f"  {unit or '—'}  {count}", markup=False)
            for name, note in notes:
                screen.print(f"  {name}: {note.in_(language)}", style="yellow", markup=False, soft_wrap=True)
            for path in files:
                screen.print(f"  {path}", markup=False, soft_wrap=True)
        return Exit.REFUSED_PARTLY if notes else Exit.DONE

    option = options_in(language)
    return SpokenCommand(
        "import",
        language,
        Text(
            "读 OC4IDS 数据，按业务包的对应写成台账工作簿（每单位一本），交给 guatu run；不合标准的整份退回。",
            "Read OC4IDS data and write it as ledger workbooks, one for each unit, for guatu run; what is not as the "
            "standard says is refused whole.",
        ),
        [
            click.Argument(["file"], type=ExistingFile()),
            option("--pack", required=True, words=Text("业务包：名字或文件夹", "Pack: a name or a folder")),
            option("-o", "--out", type=Folder(), words=Text("工作簿写到哪个文件夹", "Folder for the workbooks")),
            json_option(language),
        ],
        run,
    )


def _check(language: Language) -> click.Command:
    def run(file: Path, as_json: bool) -> int:
        projects = read_document(file)
        unknown = [(str(one.get("id")), *found) for one in projects for found in unknown_codes(one)]
        if as_json:
            print_json({"projects": len(projects), "codes_of_their_own": [list(one) for one in unknown]})
            return Exit.DONE
        words = Text(
            f"{file.name}：{len(projects)} 个项目，合于 OC4IDS 0.9",
            f"{file.name}: {len(projects)} projects, as OC4IDS 0.9 says",
        )
        screen = console()
        screen.print(words.in_(language), markup=False)
        for project, where, code, codelist in unknown:
            said = Text(
                f"{project} {where}：“{code}”是开放代码表 {codelist} 之外的自有代码",
                f"{project} {where}: '{code}' is a code of its own, outside the open codelist {codelist}",
            )
            screen.print(f"  {said.in_(language)}", style="dim", markup=False, soft_wrap=True)
        return Exit.DONE

    return SpokenCommand(
        "check",
        language,
        Text("核对一份 OC4IDS 数据是否合于标准", "Check whether a file is as OC4IDS says"),
        [click.Argument(["file"], type=ExistingFile()), json_option(language)],
        run,
    )
