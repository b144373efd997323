"""Mutated workbooks: what the reader makes of files nobody would think of, made anew from a seed."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from guatu.declarations import load_pack
from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.limits import Limits
from guatu.office.workbooks import UnreadableWorkbook, pack_reading, read_workbook, unpack_reading
from guatu.standards.periods import Period
from tests.office.containers.binary import zipped
from tests.office.containers.ledger_file import DATA

LEDGER = load_pack("key_projects").ledger
SEEDS = ("county.xlsx", "county.xls", "county_1904.xls", "county.ods", "county.xlsb")
MUTATED = (*SEEDS, "county.csv")
BATCH = 25
_EXTREMES = (b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\x01\0\0\0")
_WORDS = (
    b"1048576", b"XFD1048576", b"-1", b"99999999999999999999", b"1e999", b"NaN", b"&#x110000;", b"<![CDATA[", b"]]>", b"/>",
    b"<!--", b'r="A1"', b't="s"', b't="e"', b't="inlineStr"', b"\xef\xbb\xbf", b"\xff\xfe", "亿元".encode(), b"..\\..\\", b"\0",
)  # fmt: skip


def mutant(random_: random.Random) -> bytes:
    """A workbook with a few faults: in its bytes, or in one of its parts with the container left sound."""
    content = (DATA / random_.choice(MUTATED)).read_bytes()
    if content.startswith(b"PK") and random_.random() < 0.85:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        telling = [name for name in parts if name.endswith((".xml", ".bin", ".rels"))]
        name = random_.choice(telling)
        parts[name] = _changed(parts[name], random_)
        if random_.random() < 0.1:
            del parts[random_.choice(list(parts))]
        return zipped(parts)
    return _changed(content, random_)


def _changed(data: bytes, random_: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(random_.choice((1, 1, 2, 5, 20))):
        if not held:
            break
        at, length = random_.randrange(len(held)), random_.choice((1, 1, 2, 4, 16, 300))
        match random_.randrange(8):
            case 0:
                held[at] ^= 1 << random_.randrange(8)
            case 1:
                held[at] = random_.randrange(256)
            case 2:
                del held[at : at + length]
            case 3:
                held[at:at] = held[at : at + length] * random_.choice((1, 1, 50))
            case 4:
                held[at:at] = random_.choice(_WORDS)
            case 5:
                held[at : at + 4] = random_.choice(_EXTREMES)
            case 6:
                other = random_.randrange(len(held))
                held[at : at + length] = held[other : other + length]
            case 7:
                held[at : at + length] = random_.choice(_WORDS)
    return bytes(held)


def cuts(name: str, count: int) -> Iterator[bytes]:
    """A workbook cut off at so many places, spread evenly, and at the last byte."""
    content = (DATA / name).read_bytes()
    for number in range(1, count):
        yield content[: len(content) * number // count]
    yield content[:-1]


SOUND = frozenset({"read", "refused", "refused for memory"})
"""What may become of a mutant. Calamine believes a count it reads and asks for the room; the ceiling is for that."""


def judged(batches: Sequence[Sequence[bytes]]) -> Counter[str]:
    """How many files were read and refused; whatever else happened stands under its own name."""
    found: Counter[str] = Counter()
    tasks = [partial(_read_all, batch) for batch in batches]
    for answer, batch in zip(run_each(tasks, Limits(seconds=120)), batches, strict=True):
        if not isinstance(answer, BrokenOff):
            found.update(json.loads(answer))
        elif len(batch) > 1:
            found += judged([[one] for one in batch])  # which of them it was
        else:
            found["refused for memory" if answer.reason == "memory" else f"{answer.reason} {answer.detail}"] += 1
    return found


def _read_all(contents: Sequence[bytes]) -> bytes:
    said = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "某区.xlsx"
        for content in contents:
            path.write_bytes(content)
            try:
                reading = read_workbook(path, LEDGER, period=Period.month(2023, 8))
                packed = pack_reading(reading)
                said.append("read" if pack_reading(unpack_reading(packed, path)) == packed else "changed by packing")
            except UnreadableWorkbook:
                said.append("refused")
            except Exception as error:
                frames = error.__traceback__
                while frames is not None and frames.tb_next is not None:
                    frames = frames.tb_next
                line = f"{Path(frames.tb_frame.f_code.co_filename).name}:{frames.tb_lineno}" if frames else ""
                said.append(f"{type(error).__name__} at {line}: {error}")
    return json.dumps(said).encode()
