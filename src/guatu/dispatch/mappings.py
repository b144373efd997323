"""The folder of kept mappings: one file a sender, found again next month without being told where."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from guatu.declarations import Ledger
from guatu.office.workbooks import WorkbookReading
from guatu.office.workbooks.memory import (
    KeptLayout,
    Memory,
    SenderFile,
    is_sender_file,
    memory_of,
    read_sender_file,
    written,
)
from guatu.office.workbooks.reading import Sender
from guatu.text import Refusal, Text

FOLDER = Path("mappings")
"""In the folder people work in: `guatu map` and next month's `guatu run` both look there."""
KEPT_PATH = "mappings.txt"
_UNFIT = re.compile(r"[^\w()（）·-]+")
_LONGEST_NAME = 60


def folder_of(given: Path | None, results: Iterable[Path] = ()) -> Path:
    """The folder given, else the one an earlier run wrote down in its results, else `mappings` where we stand."""
    if given is not None:
        return given
    for out in results:
        path = out / "results" / KEPT_PATH
        if path.is_file():
            folder = Path(os.path.normpath(out / path.read_text(encoding="utf-8").strip()))
            if folder.is_dir():
                return folder
    return FOLDER


def keep_path(results: Path, out: Path, folder: Path) -> None:
    """Write down, relative to the result folder `out`, which mappings its round was read with."""
    if folder.is_dir():
        (results / KEPT_PATH).write_text(os.path.relpath(folder, out), encoding="utf-8")


def load_memory(folder: Path, ledger: Ledger) -> Memory:
    """Every sender's kept mappings for one ledger; none when there is no such folder yet."""
    return memory_of([one for _, one in _files(folder)], ledger)


def _files(folder: Path) -> Iterator[tuple[Path, SenderFile]]:
    seen: dict[str, Path] = {}
    for path in filter(is_sender_file, sorted(folder.glob("*.yaml"))):
        found = read_sender_file(path)
        if (first := seen.setdefault(found.sender.key, path)) != path:
            raise Refusal(
                f"{first}, {path}",
                Text(f"都是“{found.sender.title}”的列映射", f"both are mappings of {found.sender.title}"),
                Text("并成一个文件，或删去旧的。", "Put them into one file, or delete the older one."),
            )
        yield path, found


def keep(folder: Path, sender: Sender, layouts: Sequence[KeptLayout], *, encoding: str | None = None) -> Path:
    """Add confirmed layouts to a sender's file, which changes as a whole or not at all; the path it is in."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        known = {one.sender.key: (path, one) for path, one in _files(folder)}
        path, file = known.get(sender.key, (folder / f"{_name(sender)}.yaml", SenderFile(sender)))
        _replace(path, written(file.keeping(layouts, encoding)))
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two people who confirm at the same time write one after the other."""
    lock = FileLock(folder / ".lock")
    try:
        with lock:
            yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _name(sender: Sender) -> str:
    """A file name for a sender: what a workbook says of itself never leads out of the folder."""
    name = "-".join(filter(None, (sender.code, sender.title)))
    return _UNFIT.sub("_", name).strip("_")[:_LONGEST_NAME] or "_"


def said_of(readings: Iterable[WorkbookReading]) -> list[Text]:
    """What a person should know: which workbooks were read by a kept mapping, and whose layout changed."""
    same: list[str] = []
    notes: list[Text] = []
    for reading in readings:
        for use in reading.kept:
            if use.changes:
                notes.append(_changed(reading.name, use.sheet, use.made, use.changes))
            elif reading.name not in same:
                same.append(reading.name)
    if same:
        names = "、".join(same)
        notes.insert(
            0, Text(f"照核定的列映射读取：{names}", f"read by mappings that were confirmed: {', '.join(same)}")
        )
    return notes


def _changed(workbook: str, sheet: str, made: Text, changes: Sequence[Text]) -> Text:
    return Text(
        f"{workbook} {sheet}：版式与核定过的（{made.zh}）不同：{'；'.join(one.zh for one in changes)}",
        f"{workbook} {sheet}: the layout is not the one {made.en}: {'; '.join(one.en for one in changes)}",
    )
