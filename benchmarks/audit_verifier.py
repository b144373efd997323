"""The standalone verifier on an export of a million records: wall and CPU seconds, memory, and beside it what `sha256sum` takes.

python benchmarks/audit_verifier.py [ROWS] [sha256|sm3]

The export is written here without a database, record by record as the site writes them; its checkpoints, one per hundred, lie in
a folder of their own.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from guatu.hub.audit.verifier import FORMAT, Row, digest, file_hash, line_of, record_text, sealed

START = datetime(2026, 1, 1, tzinfo=UTC)


def main(rows: int, algorithm: str) -> int:
    with tempfile.TemporaryDirectory() as made:
        export, held = Path(made) / "export", Path(made) / "held"
        write_export(export, held, rows, algorithm)
        size = (export / "audit.jsonl").stat().st_size
        print(f"{rows:,} records, {size / 1e6:,.0f} MB, {algorithm}")
        verify = timed(
            [sys.executable, "-I", "-S", str(export / "verify_audit.py"), "--checkpoints", str(held), "--lang", "en"]
        )
        peer = timed(["sha256sum", str(export / "audit.jsonl")])
        print(f"verifier: {verify[0]:.1f} s wall, {verify[1]:.1f} s CPU, at most {verify[2] / 1024:.0f} MB")
        print(f"sha256sum of the file alone: {peer[0]:.1f} s wall, {peer[1]:.1f} s CPU")
    return 0


def write_export(export: Path, held: Path, rows: int, algorithm: str) -> None:
    export.mkdir()
    held.mkdir()
    source = Path(__file__).resolve().parents[1] / "src/guatu/hub/audit/verifier.py"
    shutil.copy(source, export / "verify_audit.py")
    previous = ""
    with (export / "audit.jsonl").open("w", encoding="utf-8") as lines, (held / "c.jsonl").open("w") as checkpoints:
        for place in range(1, rows + 1):
            at = (START + timedelta(seconds=place)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            text = record_text(record(place, at))
            previous = sealed(previous, place, algorithm, at, digest(algorithm, text))
            lines.write(line_of(Row(place, algorithm, at, previous, text=text)) + "\n")
            if place % 100 == 0:
                checkpoints.write(json.dumps({"place": place, "hash": previous, "made_at": at}) + "\n")
    manifest = {
        "format": FORMAT, "made_at": at, "from_place": 1, "to_place": rows, "sealed_to": rows, "rows": rows, "shown": rows,
        "previous": "", "head": previous, "files": {"audit.jsonl": {"sha256": file_hash(export / "audit.jsonl")}},
    }  # fmt: skip
    (export / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def record(place: int, at: str) -> dict[str, object]:
    """Of the length records of a site have."""
    commitment = {"commitment": hashlib.sha256(str(place).encode()).hexdigest()}
    said = {"before": {"title_zh": f"东关镇{place}"}, "after": {"title_zh": f"东关街道{place}", "phone": commitment}}
    context = {"address": commitment, "idempotency_key": "", "reason": "市政府批复", "request": f"{place:032x}"}
    return {
        "id": place, "kind": "unit.renamed", "at": at, "person_id": place % 900, "post_id": place % 950, "unit_id": place % 300,
        "door": "web", "subject_kind": "accounts.unit", "subject_id": str(place % 300),
        **{name: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for name, value in said.items()},
        "context": json.dumps(context, ensure_ascii=False, separators=(",", ":")),
    }  # fmt: skip


def timed(line: list[str]) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and the most memory in KB of a command; what it says is printed."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), monotonic()
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    wall, after = monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stdout.splitlines()[0][:110])
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else 1_000_000, given[1] if len(given) > 1 else "sha256"))
