"""A result folder that is either the old one or the new one, never half of each."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guatu.text import Refusal, Text


@contextmanager
def replaced(folder: Path, *, ours: frozenset[str]) -> Iterator[Path]:
    """Yield a new empty folder that takes the place of `folder` when the block ends well.

    What a person put into the old folder (anything not named in `ours`) is carried over. A failure leaves the old
    folder untouched.
    """
    folder = folder.absolute()
    recover(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not folder.is_dir():
        raise Refusal(
            str(folder),
            Text("已有同名文件，不能作为结果文件夹", "a file of this name is in the way"),
            Text("换一个 -o 文件夹。", "Choose another folder with -o."),
        )
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    try:
        yield fresh
        _carry_over(folder, fresh, ours)
        fresh.chmod(0o755)
        old = _old(folder)
        if folder.exists():
            os.rename(folder, old)
        os.rename(fresh, folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _carry_over(folder: Path, fresh: Path, ours: frozenset[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in ours:
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, fresh / path.name)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def recover(folder: Path) -> None:
    """Put back the folder a killed run had moved aside."""
    old = _old(folder)
    if old.exists() and not folder.exists():
        os.rename(old, folder)
    shutil.rmtree(old, ignore_errors=True)
