"""`guatu audit`: verify the record, export it, list its checkpoints and who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json, progress
from guatu.cli.parameters import Day, Folder, WrongValue
from guatu.cli.person import acting_person
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option, options_in
from guatu.cli.terminal import bracketed, colon, console, table
from guatu.text import Language, Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.audit.held import ChainState, Handed
    from guatu.hub.audit.verifier import Held, Verdict
    from guatu.hub.audit.verifying import Verified


def command(language: Language) -> click.Command:
    group = SpokenGroup(
        "audit",
        language,
        Text("审计记录：核对、导出、检查点", "The audit record: verify, export, checkpoints"),
    )
    for one in (_verify, _export, _checkpoints):
        group.add_command(one(language))
    return group


class Kept(click.ParamType[Path]):
    """A file or a folder that is there."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(value))
        if not path.exists():
            raise WrongValue(
                str(path),
                Text("没有这个文件或文件夹", "there is no such file or folder"),
                Text("核对路径。", "Check the path."),
            )
        return path


def _verify(language: Language) -> click.Command:
    option = options_in(language)

    def run(folder: Path | None, checkpoints: tuple[Path, ...], first: int, as_json: bool) -> int:
        from guatu.hub.audit.verifier import held_in

        held = [one for path in checkpoints for one in held_in(path)]
        if checkpoints and not held:
            raise Refusal(
                f"--checkpoints {checkpoints[0]}",
                Text("里面没有检查点", "holds no checkpoint"),
                Text(
                    "给外部留存处的文件夹、邮件或抄录的“位次 哈希”。",
                    "Give a holder's folder, mails, or lines 'PLACE HASH'.",
                ),
            )
        return _of_export(folder, held, as_json, language) if folder else _of_site(held, first, as_json, language)

    return SpokenCommand(
        "verify",
        language,
        Text(
            "核对审计链，指出第一处不对的地方和它是怎么回事。不给文件夹就核对本站数据库，给了就核对那份导出（不需要数据库）。"
            "有改动时退出码为 5。",
            "Verify the chain of the record and name the first place that is not as it was, and what was done. Without a folder "
            "the site's database is verified; with one, that export, and no database is needed. Exit code 5: tampered with.",
        ),
        [
            click.Argument(["folder"], required=False, type=Folder(exists=True)),
            option(
                "--checkpoints",
                type=Kept(),
                multiple=True,
                words=Text(
                    "外部留存的检查点：文件、文件夹或存下的邮件，可多次给。没有它看不出截尾和整链重算",
                    "Checkpoints held outside: a file, a folder, saved mails; may be given again. Without them a cut end or a "
                    "chain hashed anew does not show",
                ),
            ),
            option(
                "--from",
                "first",
                type=click.IntRange(1),
                default=1,
                show_default=True,
                words=Text(
                    "从第几位起（其前一位的哈希按原样采信）", "From this place on; the hash before it is taken as given"
                ),
            ),
            json_option(language),
        ],
        run,
    )


def _of_export(folder: Path, held: Sequence[Held], as_json: bool, language: Language) -> int:
    from guatu.hub.audit.verifier import verify_export

    try:
        verdict = verify_export(folder, held)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(
            str(folder),
            Text(f"不是完整的审计导出（{error}）", f"is no complete audit export ({error})"),
            Text("给 guatu audit export 写出的文件夹。", "Give a folder that guatu audit export wrote."),
        ) from error
    if as_json:
        print_json(asdict(verdict))
    else:
        _say(verdict, len(held), language)
    return Exit.TAMPERED if verdict.fault else Exit.DONE


def _of_site(held: Sequence[Held], first: int, as_json: bool, language: Language) -> int:
    def run() -> Verified:
        from django.utils import timezone

        from guatu.hub.audit.verifying import verify_database

        walking = Text("核对审计链", "Verifying the record")
        with progress(language, quiet=as_json) as notice:
            return verify_database(
                held, at=timezone.now(), first=first, tell=lambda done, total: notice(walking, done, total)
            )

    verified = at_site(run)()
    if as_json:
        print_json(asdict(verified))
    else:
        _say(verified.chain, len(held), language)
        _say_parts(verified, language)
    return Exit.TAMPERED if verified.chain.fault else Exit.DONE


def _say(verdict: Verdict, held: int, language: Language) -> None:
    from guatu.hub.audit.verifier import lines_of

    first, *rest = (Text(*line).in_(language) for line in lines_of(verdict, held))
    out = console()
    out.print(first, style="bold red" if verdict.fault else "green", markup=False, soft_wrap=True)
    for line in rest:
        out.print(line, markup=False, soft_wrap=True)


def _say_parts(verified: Verified, language: Language) -> None:
    out = console()
    said = Text(
        f"  个人信息 {verified.commitments} 处：{verified.kept} 处还在且相符，{verified.erased_count} 处已删除",
        f"  {verified.commitments} values about people: {verified.kept} there and as committed to, "
        f"{verified.erased_count} erased",
    )
    out.print(said.in_(language), markup=False, soft_wrap=True)
    for place, commitment in verified.erased[:10]:
        gone = Text(f"    第 {place} 位 {commitment}", f"    place {place} {commitment}")
        out.print(gone.in_(language), markup=False, soft_wrap=True)
    if verified.erased_count > 10:
        more = Text("    其余见 --json", "    the others: --json")
        out.print(more.in_(language), markup=False)
    if verified.unsealed:
        waiting = Text(
            f"  ! {verified.unsealed} 条记录超过一分钟还没有封存；后台任务（guatu hub worker）在运行吗？",
            f"  ! {verified.unsealed} records have not been sealed for a minute; does the worker run (guatu hub worker)?",
        )
        out.print(waiting.in_(language), markup=False, soft_wrap=True)


def _export(language: Language) -> click.Command:
    option = options_in(language)

    def run(folder: Path, since: object, until: object, as_json: bool) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.actions.trail import export_audit
        from guatu.hub.accounts.trail import Wanted

        if folder.exists() and any(folder.iterdir()):
            raise Refusal(
                str(folder),
                Text("文件夹不是空的", "the folder is not empty"),
                Text("换一个新文件夹。", "Name a new folder."),
            )
        said = {"since": str(since or ""), "until": str(until or "")}
        export = export_audit(wanted=Wanted.of(said), by=by, at=timezone.now())
        export.written_to(folder)
        piece = export.piece
        if as_json:
            print_json({"folder": str(folder), "from_place": piece.first, "to_place": piece.last, "shown": piece.shown})
            return Exit.DONE
        done = Text(
            f"✓ 已导出第 {piece.first} 至 {piece.last} 位，其中 {piece.shown} 条全文 → {folder}",
            f"✓ Exported places {piece.first} to {piece.last}, {piece.shown} of them in full → {folder}",
        )
        console().print(done.in_(language), style="green", markup=False, soft_wrap=True)
        check = Text(
            f"  核对：python3 {folder / 'verify_audit.py'} --checkpoints 外部检查点",
            f"  to check it: python3 {folder / 'verify_audit.py'} --checkpoints HELD_OUTSIDE",
        )
        console().print(check.in_(language), markup=False, soft_wrap=True)
        return Exit.DONE

    return SpokenCommand(
        "export",
        language,
        Text(
            "导出审计链：每行一条 JSON，附清单和不依赖挂图的核对程序。以 GUATU_TOKEN 所属的审计管理员办理，导出本身也记录在案。",
            "Export the record: JSON Lines, a manifest, and a verifier that needs no Guatu. Done by the audit administrator whose "
            "token stands in GUATU_TOKEN; the export itself is recorded.",
        ),
        [
            click.Argument(["folder"], type=Folder()),
            option("--since", type=Day(), words=Text("从哪天起", "From this day on")),
            option("--until", type=Day(), words=Text("到哪天为止（含）", "Up to this day, itself included")),
            json_option(language),
        ],
        at_site(run),
    )


def _checkpoints(language: Language) -> click.Command:
    option = options_in(language)

    def run(count: int, printed: bool, as_json: bool) -> int:
        from guatu.hub.audit.checkpoints import printed_block
        from guatu.hub.audit.held import ChainState, latest_checkpoints

        latest = latest_checkpoints(count)
        if printed:
            for one in latest[:1]:
                click.echo(printed_block(one.checkpoint).in_(language))
            return Exit.DONE
        if as_json:
            print_json([one.said() for one in latest])
            return Exit.DONE
        _print_checkpoints(latest, ChainState.now(), language)
        return Exit.DONE

    return SpokenCommand(
        "checkpoints",
        language,
        Text(
            "列出最近的检查点、交到了哪些外部留存处、哪一处送不到。",
            "List the latest checkpoints, which holders outside have them, and which cannot be reached.",
        ),
        [
            option(
                "--last",
                "count",
                type=click.IntRange(1, 10_000),
                default=10,
                show_default=True,
                words=Text("几个", "How many"),
            ),
            option(
                "--print",
                "printed",
                is_flag=True,
                words=Text("只印最近一个，供纸质留存", "Print the latest alone, for a paper"),
            ),
            json_option(language),
        ],
        at_site(run),
    )


def _print_checkpoints(latest: Sequence[Handed], state: ChainState, language: Language) -> None:
    out = console()
    out.print(state.summary.in_(language), markup=False, soft_wrap=True)
    shown = table(
        Text("最近的检查点", "Latest checkpoints").in_(language),
        [
            (Text("位次", "Place").in_(language), "right"),
            (Text("时间（UTC）", "Made (UTC)").in_(language), "left"),
            (Text("哈希", "Hash").in_(language), "left"),
            (Text("已交到", "Held by").in_(language), "left"),
        ],
    )
    for one in latest:
        made = f"{one.checkpoint.made_at:%Y-%m-%d %H:%M:%S}"
        shown.add_row(str(one.checkpoint.place), made, f"{one.checkpoint.hash[:16]}…", ", ".join(one.holders) or "—")
    out.print(shown)
    for holder in state.holders:
        where = (
            ""
            if holder.outside
            else bracketed(Text("在本机，不算外部", "on this host, not outside").in_(language), language)
        )
        line = f"  {holder.title.in_(language)}{where}{colon(language)}{holder.words.in_(language)}"
        out.print(line, style="red" if holder.failing_since else None, markup=False, soft_wrap=True)
    if state.shortcoming:
        out.print(f"! {state.shortcoming.in_(language)}", style="yellow", markup=False, soft_wrap=True)
