"""A process of its own that makes an OC4IDS package of items as they come: what decides codes is too much for a web process.

    python -m guatu.hub.ledger.exports.packaging PACK_FOLDER LEDGER PERIOD LANGUAGE < items.jsonl > package.json

Each line is an item: id, unit (its code), unit_zh, unit_en, name, code, lists, and values as the ledger keeps them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from guatu.declarations import Ledger, load_pack
from guatu.dispatch.items import Cell, Item
from guatu.dispatch.open_contracting import OpenPlan, export_items, load_open_plan, written
from guatu.hub.ledger.encodings import decoded
from guatu.standards.periods import Period
from guatu.text import Language, Text

AT_ONCE = 500


def main(folder: str, ledger: str, period: str, language: Language, lines: Iterable[str], out: TextIO) -> None:
    """The package, some hundred projects at a time."""
    pack = load_pack(Path(folder))
    plan, of_ledger, of_period = load_open_plan(pack), pack.ledgers[ledger], Period.parse(period)
    head = dict(export_items([], plan, {}, of_period, language=language).package)
    del head["projects"]
    out.write(written(head).removesuffix("\n}") + ',\n "projects": [\n')
    for number, batch in enumerate(_batches(lines)):
        out.write(",\n" if number else "")
        out.write(",\n".join(_projects(batch, plan, of_ledger, of_period, language)))
    out.write("\n]}\n")


def _projects(
    batch: list[dict[str, Any]], plan: OpenPlan, ledger: Ledger, period: Period, language: Language
) -> Iterator[str]:
    units = {one["unit"]: Text(one["unit_zh"], one["unit_en"]) for one in batch}
    package = export_items([_item(one, ledger) for one in batch], plan, units, period, language=language).package
    yield from (written(project) for project in package["projects"])


def _item(said: dict[str, Any], ledger: Ledger) -> Item:
    fields = ledger.fields
    values: dict[str, object | None] = {
        key: decoded(fields[key], value) for key, value in said["values"].items() if key in fields
    }
    values["name"] = said["name"]
    if (code := ledger.code_field) is not None and said["code"]:
        values[code] = said["code"]
    tags = {key: Cell("lists", None, key, key, None, "", "", "") for key in said["lists"]}
    return Item(str(said["id"]), said["unit"], values=values, tags=tags, code_field=ledger.code_field)


def _batches(lines: Iterable[str]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(lines)
    while batch := [json.loads(line) for line in islice(waiting, AT_ONCE)]:
        yield batch


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a file or a pipe
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1], sys.argv[2], sys.argv[3], "en" if sys.argv[4] == "en" else "zh", sys.stdin, sys.stdout)
