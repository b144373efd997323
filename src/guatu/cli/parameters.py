"""Parameter types whose refusals are in both languages: files, folders, days, rounds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from guatu.standards.periods import Period
from guatu.text import Refusal, Text


class WrongValue(click.BadParameter):
    """A value that cannot be taken, with what is wrong and what to write instead."""

    def __init__(self, value: str, what: Text, remedy: Text) -> None:
        super().__init__(what.en)
        self.value = value
        self.what = what
        self.remedy = remedy


class ExistingFile(click.ParamType[Path]):
    """A file that is there."""

    name = "file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(value))
        if path.is_dir():
            raise WrongValue(str(path), Text("是文件夹，不是文件", "is a folder, not a file"), _FILE)
        if not path.is_file():
            raise WrongValue(str(path), Text("没有这个文件", "there is no such file"), _FILE)
        return path


class Folder(click.ParamType[Path]):
    """A folder; with `exists`, one that is there."""

    name = "folder"

    def __init__(self, *, exists: bool = False) -> None:
        self.exists = exists

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(value))
        if path.is_file():
            raise WrongValue(str(path), Text("是文件，不是文件夹", "is a file, not a folder"), _FOLDER)
        if self.exists and not path.is_dir():
            raise WrongValue(str(path), Text("没有这个文件夹", "there is no such folder"), _FOLDER)
        return path


class NewFile(click.ParamType[Path]):
    """Where a file is to be written."""

    name = "file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(value))
        if path.is_dir():
            raise WrongValue(str(path), Text("是文件夹，不是文件", "is a folder, not a file"), _FILE)
        return path


class Day(click.ParamType[date]):
    """A day, as 2021-09-07."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            remedy = Text("写成 2021-09-07。", "Write it as 2021-09-07.")
            raise WrongValue(str(value), Text("不是日期", "is not a day"), remedy) from None


class Round(click.ParamType[Period]):
    """A round, as 2021-08, 2021Q3, 2021."""

    name = "round"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(str(value))
        except Refusal as refused:
            raise WrongValue(str(value), refused.what, refused.remedy) from None


_FILE = Text("核对路径和文件名。", "Check the path and the name.")
_FOLDER = Text("核对路径。", "Check the path.")
