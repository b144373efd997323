"""The trail of an item: what each revision changed, with the workbook and the cell it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.timezone import localtime

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit
from guatu.hub.composed import ByKey
from guatu.hub.ledger.models import Import, Item, ItemRevision
from guatu.hub.ledger.rows import Row, differing
from guatu.hub.ledger.shown import said_of, titled
from guatu.text import Text

FEW, MANY = 8, 200
COLUMNS = ("number", "effective_on", "recorded_at", "kind", "row", "evidence", "reason")
KINDS: Mapping[str, Text] = {
    "entered": Text("新增", "entered"),
    "changed": Text("修改", "changed"),
    "moved": Text("划转", "moved"),
    "placed": Text("标注位置", "placed on the map"),
    "state_set": Text("状态变更", "state set"),
    "merged": Text("合并", "merged"),
    "listed": Text("清单调整", "lists redrawn"),
    "set_together": Text("批量修改", "changed together"),
    "imported": Text("报表入账", "taken from a workbook"),
    "undone": Text("撤销入账", "import undone"),
    "rekeyed": Text("业务包升级", "pack upgraded"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact that changed, and the cell that said so."""

    title: Text
    old: Text
    new: Text
    cell: str


@dataclass(frozen=True, slots=True)
class Step:
    """One revision; `source` is the workbook it was taken from, which some may open."""

    revision: ItemRevision
    recorded: str
    kind: Text
    changes: tuple[Changed, ...]
    source: str
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Trail:
    steps: tuple[Step, ...]
    more: bool
    """Whether there are earlier ones."""


_FEW, _MANY = (
    ByKey(lambda item: ItemRevision.objects.filter(item=item).only(*COLUMNS).order_by("-number")[: FEW + 1]),
    ByKey(lambda item: ItemRevision.objects.filter(item=item).only(*COLUMNS).order_by("-number")[: MANY + 1]),
)


def trail_of(found: Item, ledger: LedgerDeclaration, actor: Actor, *, whole: bool) -> Trail:
    """The latest revisions, the newest first; `whole` asks for many more of them."""
    most = MANY if whole else FEW
    revisions = (_MANY if whole else _FEW).all(found.pk)
    rows = [Row.of(one.row) for one in revisions]
    befores: list[Row | None] = [*rows[1:], None]
    sources = [json.loads(one.evidence) for one in revisions]
    others = {row.unit for row in rows} - {found.unit_id}
    units = {found.unit_id: found.unit.title}
    if others:
        units |= {one.pk: one.title for one in Unit.objects.filter(pk__in=others)}
    named = {source["import"] for source in sources if "import" in source}
    seen = Import.objects.visible_to(actor).filter(pk__in=named).values_list("pk", flat=True) if named else ()
    open_to = frozenset(seen)
    steps = []
    for one, row, before, source in list(zip(revisions, rows, befores, sources, strict=True))[:most]:
        cells = source.get("cells", {})
        changes = tuple(
            Changed(
                titled(ledger, fact), said_of(ledger, fact, old, units), said_of(ledger, fact, new, units),
                cells.get(fact.removeprefix("values."), ""),
            )
            for fact, (old, new) in differing(before, row).items()
        )  # fmt: skip
        recorded = localtime(one.recorded_at).strftime("%Y-%m-%d %H:%M")
        kind = KINDS.get(one.kind, Text(one.kind, one.kind))
        opened = source.get("import")
        steps.append(Step(one, recorded, kind, changes, source.get("file", ""), opened if opened in open_to else None))
    return Trail(tuple(steps), len(revisions) > most)
