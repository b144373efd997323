"""Packs as the site keeps them: their whole content in the database, read from a folder made of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from django.conf import settings

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import Pack, load_pack
from guatu.hub.audit.recording import canonical
from guatu.hub.composed import ByKey
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class Content:
    """All files of a pack and of those it extends: folder -> path -> text. The pack's own folder is named as its key."""

    key: str
    files: Mapping[str, Mapping[str, str]]

    @property
    def text(self) -> str:
        return canonical({"key": self.key, "files": self.files})

    @property
    def hash(self) -> str:
        """SHA-256 over the canonical text of the files."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@contextmanager
def laid_out(content: Content) -> Iterator[Pack]:
    """A content that is not installed, read; its files are there as long as the context lasts."""
    with TemporaryDirectory(prefix="guatu-pack-") as home:
        _write(content.files, Path(home))
        yield load_pack(Path(home) / content.key)


def kept_content(version: PackVersion) -> Content:
    """What an installed version consists of."""
    kept = json.loads(version.files)
    return Content(kept["key"], kept["files"])


def content_of(pack: Pack) -> Content:
    """What a pack on disk consists of. The pack has been read, so that it is sound."""
    named = {folder: pack.key if folder == pack.folder else folder.name for folder in pack.folders}
    return Content(pack.key, {name: _files(folder) for folder, name in named.items()})


def _files(folder: Path) -> dict[str, str]:
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts):
            try:
                files[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise Refusal(
                    str(path),
                    Text("不是 UTF-8 文本", "is no text in UTF-8"),
                    Text("业务包里只放文本文件。", "Keep text files alone in a pack."),
                ) from error
    return files


_NAMED = ByKey(lambda key: Ledger.objects.select_related("pack").defer("pack__files").filter(key=key))


def ledger_named(key: str) -> Ledger | None:
    """The ledger of a key, with its pack."""
    return _NAMED.first(key)


def declared(ledger: Ledger) -> LedgerDeclaration:
    """A ledger's declaration, in the version of its pack that is current."""
    return loaded(ledger.pack).ledgers[ledger.key]


def loaded(version: PackVersion) -> Pack:
    """A kept pack, read. Reading is done once for each content, and anew if its files were cleared away meanwhile."""
    pack = _loaded(version.hash, version.pk)
    if pack.folder.is_dir():
        return pack
    _loaded.cache_clear()
    return _loaded(version.hash, version.pk)


@lru_cache(maxsize=64)
def _loaded(hash_: str, version_id: int) -> Pack:
    root = Path(settings.HOME) / "packs" / hash_
    if not root.exists():
        _unpack(json.loads(PackVersion.objects.get(pk=version_id).files), root)
    key = json.loads((root / "content.json").read_text(encoding="utf-8"))["key"]
    return load_pack(root / key)


def _unpack(content: Mapping[str, object], root: Path) -> None:
    """Write the files beside their place first, so that no process ever reads half of them."""
    root.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(dir=root.parent))
    files = content["files"]
    assert isinstance(files, Mapping)
    _write(files, fresh)
    (fresh / "content.json").write_text(canonical({"key": content["key"]}), encoding="utf-8")
    try:
        os.rename(fresh, root)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def _write(files: Mapping[str, Mapping[str, str]], root: Path) -> None:
    for folder, texts in files.items():
        for path, text in texts.items():
            target = root / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
