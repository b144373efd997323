"""Holders outside: who keeps the checkpoints where nobody who rules this machine can reach them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from guatu.text import Refusal, Text

SETTING = "GUATU_AUDIT_HOLDERS"
WANTED = 2

# File systems that lie on another host (names as in /proc/mounts).
_ELSEWHERE = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "davfs",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "ocfs2",
        "gfs2",
    }
    | {f"fuse.{name}" for name in ("sshfs", "ceph", "glusterfs", "davfs2", "s3fs", "rclone")}
)


class HolderKind(StrEnum):
    FOLDER = "folder"
    MAIL = "mail"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder: its name in our tables and on pages, and how it is reached."""

    name: str
    kind: HolderKind
    place: str = ""
    """A folder's path or a mail address."""

    @property
    def title(self) -> Text:
        return {
            HolderKind.FOLDER: Text(f"{self.name}（文件夹 {self.place}）", f"{self.name} (folder {self.place})"),
            HolderKind.MAIL: Text(f"{self.name}（邮件 {self.place}）", f"{self.name} (mail to {self.place})"),
            HolderKind.PAPER: Text(f"{self.name}（纸质）", f"{self.name} (on paper)"),
        }[self.kind]

    def is_outside(self, mounts: Path = Path("/proc/mounts")) -> bool:
        """Whether it lies beyond this host. A folder does only where it is mounted from another host."""
        return self.kind is not HolderKind.FOLDER or _file_system(Path(self.place), mounts) in _ELSEWHERE


def holders_named(words: Sequence[str]) -> tuple[Holder, ...]:
    """Holders as `NAME=folder:PATH`, `NAME=mail:ADDRESS`, `NAME=paper`."""
    holders = tuple(_holder(word) for word in words)
    names = [one.name for one in holders]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise WrongHolder(twice[0], Text("这个名称用了两次", "this name is given twice"))
    return holders


def outside(holders: Sequence[Holder]) -> list[Holder]:
    return [one for one in holders if one.is_outside()]


def shortcoming(holders: Sequence[Holder]) -> Text | None:
    """What is missing for a record nobody can bend unseen, in plain words; nothing when two holders lie outside."""
    beyond = outside(holders)
    if len(beyond) >= WANTED:
        return None
    local = "、".join(one.name for one in holders if one not in beyond)
    aside = (
        Text(f"；{local} 在本机，不算", f"; {local.replace('、', ', ')} lies on this host and does not count")
        if local
        else Text("", "")
    )
    return Text(
        f"审计检查点的外部留存处只有 {len(beyond)} 个，至少要 {WANTED} 个{aside.zh}。"
        f"请在 {SETTING} 里写上另一台主机挂载来的文件夹、纪检或审计部门的邮箱、或纸质。",
        f"Only {len(beyond)} holders outside this host receive the audit's checkpoints, {WANTED} are needed{aside.en}. "
        f"Name in {SETTING} a folder mounted from another host, the auditors' mail address, or paper.",
    )


class WrongHolder(Refusal):
    def __init__(self, word: str, what: Text) -> None:
        super().__init__(
            f"{SETTING} {word}",
            what,
            Text(
                "写成 名称=folder:/路径、名称=mail:地址 或 名称=paper，用逗号隔开。",
                "Write NAME=folder:/PATH, NAME=mail:ADDRESS or NAME=paper, with commas between.",
            ),
        )


def _holder(word: str) -> Holder:
    name, _, reached = word.partition("=")
    kind, _, place = reached.partition(":")
    if not re.fullmatch(r"[\w.-]{1,64}", name):
        raise WrongHolder(word, Text("没有名称", "it has no name"))
    if kind not in set(HolderKind):
        raise WrongHolder(word, Text("不知道怎么送到", "how it is reached is not said"))
    if kind == HolderKind.FOLDER and not Path(place).is_absolute():
        raise WrongHolder(word, Text("文件夹要写完整路径", "a folder needs its whole path"))
    if kind == HolderKind.MAIL and not re.fullmatch(r"[^@\s]+@[^@\s]+", place):
        raise WrongHolder(word, Text("不是邮件地址", "that is no mail address"))
    return Holder(name, HolderKind(kind), place)


def _file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system a folder lies on; nothing where the machine does not say."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    found = "", ""
    real = folder.resolve()
    for _, where, kind, *_ in lines:
        point = Path(where.replace("\\040", " "))
        if (real == point or point in real.parents) and len(str(point)) >= len(found[0]):
            found = str(point), kind
    return found[1]
