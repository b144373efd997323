"""Items as an OC4IDS package, made by a child process (`packaging`) and passed on as it writes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile

from guatu.hub.accounts.models import Unit
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.exports.items import latest_figures
from guatu.hub.ledger.exports.sheets import Rows
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period
from guatu.text import Language, Refusal, Text

CHUNK = 1 << 16
_CHILDREN = threading.BoundedSemaphore(2)
"""How many children a web process has at a time; whoever comes later waits their turn."""


class NotPackaged(Refusal):
    """The pack does not say how its items are OC4IDS projects."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(
            ledger.title_zh,
            Text("业务包没有写怎样对应 OC4IDS", "its pack does not say how items are OC4IDS projects"),
            Text(
                "请系统管理员装上带 oc4ids.yaml 的业务包。", "Ask the system administrator for a pack with oc4ids.yaml."
            ),
        )


def can_package(ledger: Ledger) -> bool:
    """Whether the pack says how: for the one ledger it declares first."""
    pack = loaded(ledger.pack)
    return next(iter(pack.ledgers), None) == ledger.key and any(
        (root / "oc4ids.yaml").is_file() for root in pack.folders
    )


def package(ledger: Ledger, period: Period, language: Language, rows: Rows) -> Iterator[bytes]:
    """A project for each item, with the last figure of each field; what is about people is in no item's values."""
    folder = loaded(ledger.pack).folder
    with TemporaryFile() as lines, _CHILDREN:
        _write(rows, lines.write)
        lines.seek(0)
        command = [
            sys.executable, "-m", "guatu.hub.ledger.exports.packaging", str(folder), ledger.key, str(period), language,
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=lines, stdout=subprocess.PIPE, cwd=Path(folder)) as child:
            assert child.stdout is not None
            try:
                while chunk := child.stdout.read(CHUNK):
                    yield chunk
                child.wait()
            finally:
                child.kill()  # whoever asked went away; one that has ended feels nothing
        if child.returncode:
            raise RuntimeError(f"packaging ended with {child.returncode}")


def _write(rows: Rows, write: object) -> None:
    units = _units()
    assert callable(write)
    for batch in rows:
        figures = latest_figures([item.id for item in batch])
        for item in batch:
            code, zh, en = units[item.unit]
            said = {
                "id": item.id, "unit": code or str(item.unit), "unit_zh": zh, "unit_en": en, "name": item.name, "code": item.code,
                "lists": item.lists, "values": {**item.values, **figures.get(item.id, {})},
            }  # fmt: skip
            write(f"{canonical(said)}\n".encode("utf-8", "replace"))


def _units() -> Mapping[int, tuple[str, str, str]]:
    return {
        pk: (code, zh, en or zh) for pk, code, zh, en in Unit.objects.values_list("pk", "code", "title_zh", "title_en")
    }
