"""Check an audit export on any machine: Python 3.9 or later, the standard library, this one file.

    python verify_audit.py FOLDER [--checkpoints FILE|FOLDER]… [--lang zh|en] [--json]

Guatu seals and verifies with the same functions; nothing else of Guatu is imported here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from itertools import islice
from pathlib import Path
from typing import Any

FORMAT = "guatu-audit-1"
COLUMNS = (
    "id", "kind", "at", "person_id", "post_id", "unit_id", "door", "subject_kind", "subject_id", "before", "after", "context",
)  # fmt: skip
SEAL = ("place", "algorithm", "sealed_at", "hash")
BROKEN, REFUSED = 5, 3
"""Exit codes: the record is not as it was; nothing could be verified."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


# The chain


@dataclass
class Row:
    """A sealed record: its place in the chain and its canonical text, or only the digest where the text is withheld."""

    place: int
    algorithm: str
    sealed_at: str
    hash: str
    text: str = ""
    digest: str = ""
    problem: str = ""
    """Why it cannot be read at all; such a row counts as changed (`gone`: its record is not there)."""


def record_text(record: Mapping[str, Any]) -> str:
    """The canonical text of a record: every column, in the order of `COLUMNS`, as JSON without spaces."""
    return _encode({column: record[column] for column in COLUMNS})


def digest(algorithm: str, text: str) -> str:
    """The hash of a text's UTF-8 bytes, in hexadecimal."""
    return ALGORITHMS[algorithm](text.encode("utf-8", "surrogatepass"))


def sealed(previous: str, place: int, algorithm: str, sealed_at: str, record_digest: str) -> str:
    """The hash of a place: over the hash before it, the place itself, and the digest of the record that stands there."""
    link = {
        "format": FORMAT,
        "previous": previous,
        "place": place,
        "algorithm": algorithm,
        "sealed_at": sealed_at,
        "record": record_digest,
    }
    return digest(algorithm, _encode(link))


def belongs(row: Row, place: int, previous: str) -> bool:
    """Whether what was found is what must stand at a place."""
    return row.place == place and fits(row, place, previous)


def fits(row: Row, place: int, previous: str, seal: Row | None = None, text: str | None = None) -> bool:
    """Whether a row's record belongs at a place after `previous`, under its own seal or another's."""
    seal = seal or row
    if seal.algorithm not in ALGORITHMS or row.problem or seal.problem:
        return False
    record_digest = row.digest or digest(seal.algorithm, row.text if text is None else text)
    return sealed(previous, place, seal.algorithm, seal.sealed_at, record_digest) == seal.hash


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sm3_in_python(data: bytes) -> str:
    """SM3 as GB/T 32905-2016 has it; for machines whose OpenSSL lacks it, and slow."""

    def turn(word: int, by: int) -> int:
        by %= 32
        return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[at : at + 4], "big") for at in range(start, start + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            early = j < 16
            ss1 = turn((turn(a, 12) + e + turn(0x79CC4519 if early else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if early else (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ turn(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, turn(b, 9), c
            e, f, g, h = tt2 ^ turn(tt2, 9) ^ turn(tt2, 17), e, turn(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905  # 3.9 has no strict
    return "".join(f"{word:08x}" for word in state)


def _sm3(data: bytes) -> str:
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return sm3_in_python(data)


ALGORITHMS: dict[str, Callable[[bytes], str]] = {"sha256": _sha256, "sm3": _sm3}


# Walking the chain


@dataclass
class Held:
    """A checkpoint as an outside holder has it."""

    place: int
    hash: str
    made_at: str = ""
    source: str = ""


@dataclass
class Fault:
    """The first place at which the record is not as it was, and what was done to it."""

    place: int
    kind: str
    zh: str
    en: str


@dataclass
class Verdict:
    first: int
    rows: int = 0
    head: str = ""
    last_sealed_at: str = ""
    fault: Fault | None = None
    met: int = 0
    """Checkpoints of holders the chain passes through."""
    met_up_to: int = 0
    later: int = 0
    """Checkpoints beyond the end of a piece that was exported before they were made."""
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.first + self.rows - 1


Source = Callable[[int], Iterable[Row]]
"""Rows from a place on, in the order of their places; asked again when something is wrong."""


def walk(
    source: Source,
    held: Iterable[Held] = (),
    *,
    first: int = 1,
    previous: str = "",
    taken_at: str = "",
    seen: Callable[[Row], None] | None = None,
) -> Verdict:
    """Follow the chain from a place to its end and stop at the first fault. `taken_at`: when a piece was exported."""
    verdict = Verdict(first, head=previous)
    waiting: dict[int, list[Held]] = {}
    for one in held:
        waiting.setdefault(one.place, []).append(one)
    for row in source(first):
        place = first + verdict.rows
        if not belongs(row, place, verdict.head):
            verdict.fault = diagnosed(source, row, place, verdict.head)
            return verdict
        verdict.rows, verdict.head, verdict.last_sealed_at = verdict.rows + 1, row.hash, row.sealed_at
        if seen is not None:
            seen(row)
        for one in waiting.pop(place, ()):
            if one.hash != row.hash:
                verdict.fault = _rehashed(verdict, one)
                return verdict
            verdict.met, verdict.met_up_to = verdict.met + 1, place
    _beyond_the_end(verdict, waiting, taken_at)
    return verdict


def _rehashed(verdict: Verdict, held: Held) -> Fault:
    since = verdict.met_up_to or verdict.first - 1
    return Fault(
        since + 1,
        "rehashed",
        f"链自身相合，但第 {held.place} 位的哈希与外部留存的检查点（{held.source}）不同："
        f"第 {since + 1} 至 {held.place} 位之间有改动并重算过",
        f"the chain agrees with itself, but at place {held.place} not with the checkpoint held outside ({held.source}): "
        f"something between places {since + 1} and {held.place} was changed and hashed anew",
    )


def _beyond_the_end(verdict: Verdict, waiting: Mapping[int, list[Held]], taken_at: str) -> None:
    beyond = [one for place, some in waiting.items() if place > verdict.last for one in some]
    due = [one for one in beyond if not taken_at or not one.made_at or one.made_at <= taken_at]
    verdict.later = len(beyond) - len(due)
    if due:
        furthest = max(due, key=lambda one: one.place)
        verdict.fault = Fault(
            verdict.last + 1,
            "truncated",
            f"链到第 {verdict.last} 位为止，而外部检查点（{furthest.source}）到过第 {furthest.place} 位："
            f"末尾至少少了 {furthest.place - verdict.last} 条",
            f"the chain ends at place {verdict.last}, a checkpoint held outside ({furthest.source}) is of place "
            f"{furthest.place}: at least {furthest.place - verdict.last} records are gone from the end",
        )


def diagnosed(source: Source, found: Row, place: int, previous: str) -> Fault:
    """What was done at a place where the chain does not go on."""
    if found.place > place:
        last = found.place - 1
        return Fault(place, "missing", f"第 {place} 至 {last} 位没有了", f"places {place} to {last} are missing")
    if found.place < place:
        return Fault(place, "inserted", f"多出一条第 {found.place} 位", f"a further row claims place {found.place}")
    if found.problem == "gone":
        return Fault(
            place, "missing", "这一位的记录没有了，封印还在", "the record of this place is gone, its seal is there"
        )
    return (
        _shifted(source, found, place, previous) or _swapped(source, found, place, previous) or _changed(found, place)
    )


def _shifted(source: Source, found: Row, place: int, previous: str) -> Fault | None:
    """Rows put in or taken out, and those after them numbered anew."""
    following = next(iter(islice(source(place + 1), 1)), None)
    if following is None:
        return None
    for by in range(1, 1001):
        if fits(following, following.place + by, found.hash):
            return Fault(
                place,
                "missing",
                f"这里少了 {by} 条，其后重新编了号",
                f"{by} missing here, those after it numbered anew",
            )
    return None


def _swapped(source: Source, found: Row, place: int, previous: str) -> Fault | None:
    """Look among the rows that follow for the one that belongs here."""
    before = found.hash
    for row in source(place + 1):
        if fits(row, place, previous):  # it came with its seal
            changed_places = fits(found, row.place, row.hash if row.place == place + 1 else before)
            return _exchanged(place, row) if changed_places else _put_in(place, row.place - place)
        if _fits_under(found, row, place, previous):
            return _exchanged(place, row)
        before = row.hash
    return None


def _fits_under(seal: Row, row: Row, place: int, previous: str) -> bool:
    """Whether a row's record, or all of it but its id, is what the seal of this place was made over."""
    if fits(row, place, previous, seal=seal):
        return True
    if not (row.text and seal.text):
        return False
    exchanged = seal.text[: seal.text.index(",")] + row.text[row.text.index(",") :]
    return fits(row, place, previous, seal=seal, text=exchanged)


def _exchanged(place: int, other: Row) -> Fault:
    return Fault(
        place, "swapped", f"与第 {other.place} 位的记录对调了", f"exchanged with the record at place {other.place}"
    )


def _put_in(place: int, count: int) -> Fault:
    return Fault(
        place,
        "inserted",
        f"这里插进了 {count} 条，其后重新编了号",
        f"{count} put in here, those after it numbered anew",
    )


def _changed(found: Row, place: int) -> Fault:
    why = f"（{found.problem}）" if found.problem else ""
    because = f" ({found.problem})" if found.problem else ""
    return Fault(
        place,
        "changed",
        f"这一位的记录或封印被改动{why}",
        f"the record of this place or its seal was changed{because}",
    )


# Reading an export and what holders have


def line_of(row: Row) -> str:
    """A row as a line of an export; without its text, only the digest is given."""
    start = f'{{"place":{row.place},"algorithm":"{row.algorithm}","sealed_at":"{row.sealed_at}","hash":"{row.hash}",'
    return f'{start}"record":{row.text}}}' if row.text else f'{start}"record_digest":"{row.digest}"}}'


def row_of(line: str, place: int) -> Row:
    """A line as a row. The line must be, byte for byte, what an export writes; else it is a row that cannot be read."""
    try:
        said = json.loads(line)
        row = Row(said["place"], said["algorithm"], said["sealed_at"], said["hash"])
        if tuple(said) == (*SEAL, "record") and tuple(said["record"]) == COLUMNS:
            row.text = line[line.index(',"record":') + 10 : -1]
        elif tuple(said) == (*SEAL, "record_digest"):
            row.digest = said["record_digest"]
            row.problem = "" if row.digest else "gone"
        else:
            raise ValueError("not as an export writes it")
        texts = (row.algorithm, row.sealed_at, row.hash, row.digest)
        if type(row.place) is not int or not all(isinstance(one, str) for one in texts) or _encode(said) != line:
            raise ValueError("not as an export writes it")
        return row
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Row(place, "", "", "", problem=f"unreadable: {error}"[:200])


def rows_in(path: Path) -> Source:
    """The rows of an export's file, from a place on."""

    def rows(start: int) -> Iterator[Row]:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            expected = start
            for number, line in enumerate(lines):
                row = row_of(line.rstrip("\n"), expected)
                if number == 0 or row.place >= start:
                    expected = row.place + 1
                if row.place >= start:
                    yield row

    return rows


def held_in(path: Path) -> list[Held]:
    """Checkpoints in a file or a folder: JSON lines, mails as saved, or lines typed from paper (`PLACE HASH`)."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return [held for file in files for held in _held_in_text(_text_of(file), file.name)]


def _text_of(file: Path) -> str:
    data = file.read_bytes()
    if file.suffix.lower() != ".eml":
        return data.decode("utf-8", "replace")
    parts = (part.get_payload(decode=True) for part in message_from_bytes(data).walk() if not part.is_multipart())
    return "\n".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))


_TYPED = re.compile(r"^\s*(\d+)[\s:：]+((?:[0-9a-fA-F]\s*){64})$")


def _held_in_text(text: str, source: str) -> Iterator[Held]:
    for line in text.splitlines():
        typed = _TYPED.match(line)
        if typed:
            yield Held(int(typed[1]), re.sub(r"\s", "", typed[2]).lower(), source=source)
        elif line.startswith("{"):
            try:
                said = json.loads(line)
                yield Held(int(said["place"]), str(said["hash"]), str(said.get("made_at", "")), source)
            except (ValueError, KeyError, TypeError):
                continue


# The command


def verify_export(folder: Path, held: Iterable[Held]) -> Verdict:
    """An export's folder against its manifest, its chain and the checkpoints of holders."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    unseen = range(
        manifest["to_place"] + 1, manifest["sealed_to"] + 1
    )  # places after a piece that is not the whole end
    verdict = walk(
        rows_in(folder / "audit.jsonl"),
        [one for one in held if manifest["from_place"] <= one.place and one.place not in unseen],
        first=manifest["from_place"],
        previous=manifest["previous"],
        taken_at=manifest["made_at"],
    )
    if verdict.fault is None and (verdict.rows, verdict.head) != (manifest["rows"], manifest["head"]):
        verdict.fault = Fault(
            verdict.last + 1,
            "truncated",
            f"清单说有 {manifest['rows']} 条，文件里是 {verdict.rows} 条，或末条不同",
            f"the manifest says {manifest['rows']} records, the file has {verdict.rows}, or its last is another",
        )
    for name, stated in manifest["files"].items():
        if verdict.fault is None and file_hash(folder / name) != stated["sha256"]:
            verdict.notes.append(
                (f"{name} 与清单上的 SHA-256 不同", f"{name} is not what its SHA-256 in the manifest says")
            )
    if verdict.later:
        verdict.notes.append(
            (
                f"另有 {verdict.later} 个外部检查点晚于导出时间 {manifest['made_at']}，未能核对；请确认导出确实是那时做的",
                f"{verdict.later} checkpoints held outside are later than the time this export gives, {manifest['made_at']}, "
                "and were not checked; make sure it was made then",
            )
        )
    return verdict


def file_hash(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()


def lines_of(verdict: Verdict, held: int) -> list[tuple[str, str]]:
    """The verdict as people read it, line by line in both languages."""
    if verdict.fault is None:
        lines = [
            (f"✓ 审计链完好：第 {verdict.first} 至 {verdict.last} 位，{verdict.rows} 条",
             f"✓ The record is whole: places {verdict.first} to {verdict.last}, {verdict.rows} records"),
            (f"  末位哈希 {verdict.head}", f"  hash of the last place {verdict.head}"),
        ]  # fmt: skip
    else:
        fault = verdict.fault
        lines = [
            (f"✗ 审计链被动过：第 {fault.place} 位，{KINDS[fault.kind][0]}",
             f"✗ The record was tampered with: place {fault.place}, {KINDS[fault.kind][1]}"),
            (f"  {fault.zh}", f"  {fault.en}"),
            (f"  此前 {verdict.rows} 条相合", f"  the {verdict.rows} records before it hang together"),
        ]  # fmt: skip
    if held:
        lines.append(
            (f"  外部检查点 {held} 个，相合 {verdict.met} 个，最远到第 {verdict.met_up_to} 位",
             f"  {verdict.met} of {held} checkpoints held outside agree, the furthest at place {verdict.met_up_to}")
        )  # fmt: skip
    else:
        lines.append(
            ("  没有给外部检查点：截去末尾或整链重算，这样看不出来（--checkpoints）",
             "  no checkpoints from outside were given: a cut end or a chain hashed anew would not show (--checkpoints)")
        )  # fmt: skip
    return lines + [(f"  ! {zh}", f"  ! {en}") for zh, en in verdict.notes]


KINDS = {
    "changed": ("改动", "changed"),
    "missing": ("缺失", "missing"),
    "inserted": ("插入", "inserted"),
    "swapped": ("对调", "swapped"),
    "truncated": ("截尾", "truncated"),
    "rehashed": ("重算", "hashed anew"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="审计导出验证 · verify an audit export")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--checkpoints", type=Path, action="append", default=[])
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    try:
        held = [one for path in chosen.checkpoints for one in held_in(path)]
        if chosen.checkpoints and not held:
            print(f"{chosen.checkpoints[0]}: 里面没有检查点 · holds no checkpoint", file=sys.stderr)
            return REFUSED
        verdict = verify_export(chosen.folder, held)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{chosen.folder}: 不是完整的审计导出 · is no complete audit export ({error!r})", file=sys.stderr)
        return REFUSED
    if chosen.json:
        print(json.dumps(asdict(verdict), ensure_ascii=False, indent=1))
    else:
        print("\n".join(zh if chosen.lang == "zh" else en for zh, en in lines_of(verdict, len(held))))
    return BROKEN if verdict.fault else 0


if __name__ == "__main__":
    sys.exit(main())
