"""The record as files that anybody can check without Guatu: a piece of the chain, its manifest, and the verifier beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection
from django.db.models import Max, Min, QuerySet

from guatu.hub.audit import verifier
from guatu.hub.audit.checkpoints import checkpoint_line
from guatu.hub.audit.models import Checkpoint, Record, Seal
from guatu.hub.audit.moments import instant
from guatu.hub.audit.passing import Passing
from guatu.hub.audit.stored import sealed_rows
from guatu.hub.audit.verifier import ALGORITHMS, FORMAT, Row, digest, line_of

AT_ONCE = 1000

README = """\
挂图审计导出 · An export of Guatu's record

  python3 verify_audit.py                              看链是否完好 · whether the chain is whole
  python3 verify_audit.py --checkpoints 文件或文件夹   再与外部留存的检查点核对 · held to checkpoints kept outside

只用 Python 3.9 以上的标准库。检查点要用外部留存处的那份，不要用这个文件夹里的。
Python 3.9 or later, its standard library alone. Use the checkpoints of a holder outside, not those in this folder.

audit.jsonl             每行一条：位次、封印、记录；不在导出范围内的只给摘要
                        a line each: place, seal, record; of what is not in this export only the digest
checkpoints-here.jsonl  本站自己的检查点 · the site's own checkpoints
manifest.json           清单 · the manifest
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """The places an export covers, and how many of them it shows."""

    first: int
    last: int
    shown: int

    @property
    def rows(self) -> int:
        return self.last - self.first + 1


def whole_chain() -> Piece:
    last = Seal.objects.aggregate(last=Max("place"))["last"] or 0
    return Piece(1, last, last)


def piece_with(records: QuerySet[Record]) -> Piece:
    """The shortest piece of the chain that holds all these records."""
    ends = records.filter(seal__isnull=False).aggregate(first=Min("seal__place"), last=Max("seal__place"))
    if ends["first"] is None:
        return Piece(1, 0, 0)
    return Piece(ends["first"], ends["last"], records.filter(seal__place__lte=ends["last"]).count())


@dataclass
class Export:
    """An export about to be written; the data flow through, never more than a batch is held."""

    piece: Piece
    made_at: datetime
    shown: QuerySet[Record] | None = None
    """What is shown; of all else only the digest. Everything, where it is not given."""
    sealed_to: int = field(default_factory=lambda: whole_chain().last)
    """How far the whole chain went when the export was made."""
    _hashes: dict[str, str] = field(default_factory=dict)
    _head: str = ""

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of each file; the manifest comes last and knows the hashes of those before it."""
        yield "README.txt", self._noted("README.txt", iter([README.encode()]))
        code = Path(verifier.__file__).read_bytes()
        yield "verify_audit.py", self._noted("verify_audit.py", iter([code]))
        yield "checkpoints-here.jsonl", self._noted("checkpoints-here.jsonl", self._checkpoints())
        yield "audit.jsonl", self._noted("audit.jsonl", self._lines())
        yield "manifest.json", iter([json.dumps(self._manifest(), ensure_ascii=False, indent=1).encode()])

    def written_to(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, chunks in self.files():
            with (folder / name).open("wb") as file:
                file.writelines(chunks)

    def zipped(self) -> Iterator[bytes]:
        """The same files as one archive, as a browser takes it."""
        passing = Passing()
        with ZipFile(passing, "w", ZIP_DEFLATED) as archive:
            for name, chunks in self.files():
                entry = ZipInfo(name, self.made_at.timetuple()[:6])
                entry.compress_type = ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as inside:
                    for chunk in chunks:
                        inside.write(chunk)
                        yield passing.taken()
        yield passing.taken()

    def _noted(self, name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
        seen = hashlib.sha256()
        for chunk in chunks:
            seen.update(chunk)
            yield chunk
        self._hashes[name] = seen.hexdigest()

    def _lines(self) -> Iterator[bytes]:
        batch: list[Row] = []
        for row in sealed_rows(connection, self.piece.first):
            if row.place > self.piece.last:
                break
            batch.append(row)
            if len(batch) == AT_ONCE:
                yield self._batch(batch)
                batch = []
        yield self._batch(batch)

    def _batch(self, rows: list[Row]) -> bytes:
        if not rows:
            return b""
        if self.shown is not None:
            places = self.shown.filter(seal__place__gte=rows[0].place, seal__place__lte=rows[-1].place)
            shown = set(places.values_list("seal__place", flat=True))
            for row in rows:
                if row.place not in shown and row.text:
                    known = row.algorithm in ALGORITHMS  # else somebody changed it, and no digest makes it right
                    row.text, row.digest = "", digest(row.algorithm, row.text) if known else ""
        self._head = rows[-1].hash
        return "".join(line_of(row) + "\n" for row in rows).encode("utf-8", "surrogatepass")

    def _checkpoints(self) -> Iterator[bytes]:
        kept = Checkpoint.objects.filter(place__gte=self.piece.first, place__lte=self.piece.last).order_by("id")
        for one in kept.iterator():
            yield f"{checkpoint_line(one)}\n".encode()

    def _manifest(self) -> dict[str, object]:
        before = Seal.objects.filter(place=self.piece.first - 1).values_list("hash", flat=True).first() or ""
        return {
            "format": FORMAT,
            "made_at": instant(self.made_at),
            "from_place": self.piece.first,
            "to_place": self.piece.last,
            "sealed_to": self.sealed_to,
            "rows": self.piece.rows,
            "shown": self.piece.shown,
            "previous": before,
            "head": self._head or before,
            "files": {name: {"sha256": hash} for name, hash in self._hashes.items()},
        }
