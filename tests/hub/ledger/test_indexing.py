"""Fields people filter by have an index the database uses; the others have none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from guatu.declarations import DeclarationRefused, load_pack
from guatu.hub.ledger import indexing
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.indexing import PREFIX, keys_without_index, make_indexes
from guatu.hub.ledger.models import Ledger
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City

FILTERED = LEDGER.replace("type: money, unit: 万元", "type: money, filterable: true, unit: 万元").replace(
    "en: Begun}, type: flag", "en: Begun}, type: flag, filterable: true"
)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        else:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_item'")
        return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


@pytest.fixture
def filtered(city: City, tmp_path: Path) -> Ledger:
    install_pack(folder=write_pack(tmp_path / "works", FILTERED), by=city.actor("sun"), at=NOW)
    make_indexes()
    return Ledger.objects.get()


@pytest.mark.parametrize(
    ("asked", "found"), [("cost:from:200", ["西桥"]), ("cost:to:100", ["东桥"]), ("begun:is:true", ["东桥"])]
)
def test_a_filter_finds_by_the_index(filtered: Ledger, city: City, asked: str, found: list[str]) -> None:
    for name, values in (("东桥", {"cost": 100, "begun": True}), ("西桥", {"cost": 200, "begun": False})):
        enter_item(
            ledger=filtered, unit=city.units["town"], name=name, values=values, on=date(2026, 1, 1),
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    items = ItemsAsked(where=(asked,)).items(filtered, city.actor("zhao"))

    assert [one.name for one in items] == found
    if (
        connection.vendor == "sqlite"
    ):  # PostgreSQL reads a handful of rows through; docs/reference/ledgers.md has 100,000
        assert f"{PREFIX}{asked.split(':')[0]}" in items.order_by().explain()


def test_indexes_follow_the_declaration(filtered: Ledger, city: City, tmp_path: Path) -> None:
    assert indexes() == {f"{PREFIX}cost", f"{PREFIX}begun"}
    install_pack(folder=write_pack(tmp_path / "plain", LEDGER), by=city.actor("sun"), at=NOW)

    assert make_indexes() == (0, 2) and indexes() == set()


def test_indexes_are_made_when_a_pack_is_installed(
    city: City, tmp_path: Path, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        install_pack(folder=write_pack(tmp_path / "works", FILTERED), by=city.actor("sun"), at=NOW)

    assert indexes() == {f"{PREFIX}cost", f"{PREFIX}begun"}


def test_a_key_that_is_no_plain_word_cannot_be_filtered_by(tmp_path: Path) -> None:
    odd = FILTERED.replace("{key: cost,", '{key: "co\'st",')

    with pytest.raises(DeclarationRefused, match="cannot be the key of a field people filter by"):
        load_pack(write_pack(tmp_path / "works", odd))


def test_indexes_the_site_may_not_make_are_pending_until_it_is_migrated(
    city: City, tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a role that does not own the tables, as a PostgreSQL site has one; elsewhere that is only said to be so."""
    folder = write_pack(tmp_path / "works", FILTERED)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE guatu_may_not_index")
            for rights in (
                "USAGE ON SCHEMA public",
                "ALL ON ALL TABLES IN SCHEMA public",
                "ALL ON ALL SEQUENCES IN SCHEMA public",
            ):
                cursor.execute(f"GRANT {rights} TO guatu_may_not_index")
            cursor.execute("SET LOCAL ROLE guatu_may_not_index")
    else:
        monkeypatch.setattr(indexing, "_may_index", lambda _: False)
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    assert make_indexes() == (0, 0) and keys_without_index() == ["begun", "cost"]
    client.force_login(city.people["sun"])

    page = client.get("/packs/works").content.decode()
    assert "索引待建：造价、是否开工" in page and "guatu hub migrate" in page

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    monkeypatch.undo()
    assert make_indexes() == (2, 0) and keys_without_index() == []
    assert "索引待建" not in client.get("/packs/works").content.decode()
