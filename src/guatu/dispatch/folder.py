"""A result folder that is either the old one or the new one, never half of each."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from guatu.text import Refusal, Text


@contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keep `folder` to ourselves while a run reads and replaces it; a second run at the same time is refused.

    The lock is the system's and goes with the process, however it ends. What a killed run left aside is put back.
    """
    folder = folder.absolute()
    lock = FileLock(folder.with_name(f".{folder.name}.lock"), blocking=False)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.parent):
            pass  # a place nobody may write must not be taken for a busy one
        lock.acquire()
    except Timeout as error:
        raise Refusal(
            str(folder),
            Text("另一个 guatu 正在写这个文件夹", "another guatu is writing this folder"),
            Text("等它结束再运行，或换一个 -o 文件夹。", "Wait until it ends, or choose another folder with -o."),
        ) from error
    except OSError as error:
        raise Refusal(
            str(folder),
            Text(f"这里写不了：{error.strerror}", f"cannot be written: {error.strerror}"),
            Text("换一个 -o 文件夹，或改它的权限。", "Choose another folder with -o, or change its permissions."),
        ) from error
    try:
        recover(folder)
        yield
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


@contextmanager
def replaced(folder: Path, *, ours: frozenset[str]) -> Iterator[Path]:
    """Yield a new empty folder that takes the place of `folder` when the block ends well.

    What a person put into the old folder (anything not named in `ours`) is carried over. A failure leaves the old
    folder untouched.
    """
    folder = folder.absolute()
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
    """Put back the folder a killed run had moved aside, and clear away what it had begun. Needs the lock."""
    for begun in folder.parent.glob(f".{glob.escape(folder.name)}.new-*"):
        shutil.rmtree(begun, ignore_errors=True)
    old = _old(folder)
    if old.exists() and not folder.exists():
        os.rename(old, folder)
    shutil.rmtree(old, ignore_errors=True)
