"""What a backup holds, written beside it: enough to tell whether it came back whole."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guatu.text import Refusal, Text

FORMAT = "guatu-backup-1"
NAME = "manifest.json"
SUM = "manifest.sha256"
"""The manifest's own digest, as `sha256sum --check` reads it."""
FILES = "files"


class BadBackup(Refusal):
    """The folder is no backup, or not the one that was made."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(
            where,
            what,
            Text(
                "换一份备份；保管备份的地方可能有问题。",
                "Take another backup; see to the place where backups are kept.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A file by its digest and size."""

    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path) -> Piece:
        with path.open("rb") as file:
            return cls(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain of the record stood."""

    place: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    made_at: str
    engine: str
    """`sqlite` or `postgresql`."""
    database: str
    """The name of the database's file."""
    piece: Piece
    tables: Mapping[str, int]
    """Rows by table."""
    migrations: tuple[str, ...]
    files: Mapping[str, Piece]
    """Attachments by their path."""
    head: Head | None
    secret: str
    """Tells whether the site's secret is the same one, and nothing of what it is."""

    def write(self, folder: Path) -> str:
        """Write it, and return its digest."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        (folder / NAME).write_text(text, encoding="utf-8")
        (folder / SUM).write_text(f"{digest}  {NAME}\n", encoding="ascii")
        return digest

    @classmethod
    def read(cls, folder: Path) -> tuple[Manifest, str]:
        """The manifest in a folder, and its digest."""
        try:
            text = (folder / NAME).read_bytes()
            digest = hashlib.sha256(text).hexdigest()
            if (folder / SUM).read_text(encoding="ascii").split()[:1] != [digest]:
                raise BadBackup(str(folder / NAME), Text("内容与备份时不同", "is not what was written"))
            found: dict[str, Any] = json.loads(text)
            if found.pop("format") != FORMAT:
                raise BadBackup(str(folder / NAME), Text("不是这种备份", "is not of this kind of backup"))
            head, files = found.pop("head"), found.pop("files")
            manifest = cls(
                piece=Piece(**found.pop("piece")),
                head=Head(**head) if head else None,
                files={path: Piece(**piece) for path, piece in files.items()},
                migrations=tuple(found.pop("migrations")),
                **found,
            )
        except OSError as error:
            raise BadBackup(str(folder), Text("不是备份文件夹", "is no folder of a backup")) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadBackup(str(folder / NAME), Text("读不懂", "cannot be understood")) from error
        return manifest, digest

    def require_whole(self, folder: Path) -> None:
        """Every file of the backup is there and is the one that was written."""
        wanted = {self.database: self.piece} | {f"{FILES}/{path}": piece for path, piece in self.files.items()}
        for name, piece in wanted.items():
            path = folder / name
            if not path.is_file():
                raise BadBackup(str(path), Text("文件不见了", "the file is missing"))
            if Piece.of(path) != piece:
                raise BadBackup(str(path), Text("内容与备份时不同", "its content is not what was backed up"))


def fingerprint(secret: str) -> str:
    return hmac.new(secret.encode(), b"guatu-backup", "sha256").hexdigest()[:16]
