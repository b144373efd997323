"""Zip files whose directory says one thing and whose parts say another."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.office.containers.binary import (
    xlsx_parts,
)  # fmt: skip
from tests.office.containers.ledger_file import (
    table,
)

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")


@dataclass(frozen=True)
class Part:
    """A part of a zip that may lie: what its directory says can differ from what it is."""

    name: str
    data: bytes
    said_size: int | None = None
    said_crc: int | None = None
    at: int | None = None
    """Where the directory says it begins, when it is not where it is."""
    local_name: str | None = None


def lying_zip(parts: list[Part]) -> bytes:
    out, directory = io.BytesIO(), b""
    for part in parts:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(part.data) + packer.flush()
        crc = zlib.crc32(part.data) if part.said_crc is None else part.said_crc
        size = len(part.data) if part.said_size is None else part.said_size
        name = part.name.encode()
        at = out.tell() if part.at is None else part.at
        local = (part.local_name or part.name).encode()
        out.write(
            _LOCAL.pack(b"PK\x03\x04", 20, 0x800, 8, 0, 0, crc, len(packed), size, len(local), 0) + local + packed
        )
        directory += (
            _CENTRAL.pack(b"PK\x01\x02", 20, 20, 0x800, 8, 0, 0, crc, len(packed), size, len(name), 0, 0, 0, 0, 0, at)
            + name
        )
    start = out.tell()
    out.write(directory + _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), start, 0))
    return out.getvalue()


def parts(more: Mapping[str, bytes] | None = None) -> list[Part]:
    return [Part(name, data) for name, data in {**xlsx_parts(table()), **(more or {})}.items()]
