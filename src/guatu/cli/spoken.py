"""Click commands whose own words (usage, options, help) are in the reader's language too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from guatu.text import Language, Text

USAGE = Text("用法：", "Usage: ")
OPTIONS = Text("选项", "Options")
COMMANDS = Text("命令", "Commands")
SHOW_HELP = Text("显示这段说明", "Show this message and exit.")
LANGUAGE_HELP = Text("界面语言 zh 或 en，缺省看系统语言", "Language of messages, zh or en; default: the locale")
MAPPINGS_HELP = Text(
    "核定的列映射（guatu map 所记）在哪个文件夹；缺省用往期用过的，否则用这里的 mappings",
    "Folder of the mappings guatu map keeps; default: the one earlier rounds used, else 'mappings' here",
)
JSON_HELP = Text("结果以 JSON 打印，供程序读", "Print the result as JSON, for programs")


class SpokenCommand(click.Command):
    """A command that explains itself in `language`."""

    def __init__(
        self,
        name: str,
        language: Language,
        help: Text,
        params: Sequence[click.Parameter],
        callback: Callable[..., object],
    ) -> None:
        super().__init__(
            name=name,
            help=help.in_(language),
            params=[*params, language_option(language)],
            callback=callback,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        )
        self.language = language

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.language)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(
            ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=USAGE.in_(self.language)
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter, self.language)


class SpokenGroup(click.Group):
    """A group of commands that explains itself in `language`; commands may be loaded late."""

    def __init__(self, name: str, language: Language, help: Text) -> None:
        super().__init__(
            name=name,
            help=help.in_(language),
            params=[language_option(language)],
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        )
        self.language = language

    def titles(self) -> list[tuple[str, str]]:
        """Command names with one line on each."""
        return [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.language)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(
            ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=USAGE.in_(self.language)
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter, self.language)
        with formatter.section(COMMANDS.in_(self.language)):
            formatter.write_dl(self.titles())


class LateGroup(SpokenGroup):
    """A group whose commands are modules: each is imported when it is named, and has a function `command(language)`."""

    def __init__(self, name: str, language: Language, help: Text, table: Mapping[str, tuple[str, Text]]) -> None:
        super().__init__(name, language, help)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        command = import_module(self.table[cmd_name][0]).command(self.language)
        assert isinstance(command, click.Command)
        return command

    def titles(self) -> list[tuple[str, str]]:
        return [(name, title.in_(self.language)) for name, (_, title) in self.table.items()]


def _help_option(option: click.Option | None, language: Language) -> click.Option | None:
    if option is not None:
        option.help = SHOW_HELP.in_(language)
    return option


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter, language: Language
) -> None:
    records = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
    with formatter.section(OPTIONS.in_(language)):
        formatter.write_dl(records)


def language_option(language: Language) -> click.Option:
    """`--lang`, accepted before and after the command; its value is read from the whole line beforehand."""
    return click.Option(
        ["--lang"], type=click.Choice(["zh", "en"]), expose_value=False, help=LANGUAGE_HELP.in_(language)
    )


def json_option(language: Language) -> click.Option:
    return click.Option(["--json", "as_json"], is_flag=True, help=JSON_HELP.in_(language))


def options_in(language: Language) -> Callable[..., click.Option]:
    """Makes options whose help (`words`) is in `language`; everything else is click's own."""

    def option(*names: str, words: Text, **more: Any) -> click.Option:
        return click.Option(list(names), help=words.in_(language), **more)

    return option
