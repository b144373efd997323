"""Another country's ledger through the same door, without Python: the UK's major projects as published, year after year."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.hub.accounts.actions.tree_changes import placed
from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.actions.imports import submit_import, take_import
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState
from tests.hub.ledger.test_imports import said, somebody

DATA = Path(__file__).resolve().parents[2] / "packs/data/uk_gmpp"
AT = datetime.fromisoformat("2023-07-20T10:00:00+01:00")

pytestmark = pytest.mark.xdist_group("uk_gmpp")


@pytest.fixture
def whitehall(db: None) -> Unit:
    """Departments under their full names, without codes; the pack says by which short names rows call them."""
    top, *departments = load_pack("uk_gmpp").units.values()
    root = placed(parent=None, kind="city", title=top.title, on=date(2000, 1, 1), at=AT)
    for one in departments:
        placed(parent=root, kind="district", title=one.title, on=date(2000, 1, 1), at=AT)
    install_pack(folder="uk_gmpp", by=somebody("system_administrator", root), at=AT)
    return root


def test_the_published_counts_of_2022_and_what_changed_since_2021(whitehall: Unit) -> None:
    sent = {year: _taken(whitehall, year) for year in (2021, 2022)}

    held = dict(rows_on(Item.objects.all(), date(2022, 12, 31)))
    this_year = set(sent[2022].steps.exclude(kind="absent").values_list("name", flat=True))
    lights = Counter(row.values.get("confidence") for row in held.values() if row.name in this_year)
    assert (lights["green"], lights["amber"], lights["red"], lights[None]) == (24, 170, 27, 14)
    counts = sent[2022].counts
    assert (sum(counts[kind] for kind in ("new", "changed", "moved", "same")), counts["absent"]) == (235, 25)
    assert counts["new"] == 76
    assert Item.objects.values("unit").distinct().count() >= 18


def _taken(root: Unit, year: int) -> Import:
    path, by = DATA / f"uk_{year}.csv", somebody("dispatcher", root)
    content = path.read_bytes()
    sent = submit_import(
        ledger=Ledger.objects.get(), unit=root, period=str(year), file_name=path.name, content=content,
        sha256=hashlib.sha256(content).hexdigest(), language="en", by=by, at=AT,
    )  # fmt: skip
    read_import.func(sent.pk)
    sent.refresh_from_db()
    assert sent.state == ImportState.READY, said(sent)
    return take_import(sent=sent, by=by, at=AT)
