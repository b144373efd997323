"""What is recorded cannot be changed or deleted through the database connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from guatu.hub.accounts.actions.units import rename_unit
from guatu.hub.audit import triggers
from guatu.hub.audit.checkpoints import printed_block
from guatu.hub.audit.delivering import note_printed
from guatu.hub.audit.models import Checkpoint, Delivery, PersonalPart, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.text import Text
from tests.hub.people import NOW, City


@pytest.fixture
def one_of_each(city: City) -> None:
    """A record, its seal, a checkpoint and its delivery."""
    rename_unit(
        unit=city.units["town"], title=Text("东关街道", "Dongguan"), on=date(2024, 3, 1), by=city.actor("sun"), at=NOW
    )
    seal_waiting()
    note_printed(Checkpoint.objects.get(), "paper", "通报第 1 期", at=NOW)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still to be checked would stand in the way


def _delete(table: str) -> str:
    return f"DELETE FROM {table}"


def _update(table: str) -> str:
    return f"UPDATE {table} SET {'place' if table == 'audit_seal' else 'id'} = 77"


def _replace(table: str) -> str:
    if connection.vendor == "postgresql":
        key = "place" if table == "audit_seal" else "id"
        return f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {key} = 77"
    return f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"


def _empty(table: str) -> str:
    return f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table} WHERE 1"


@pytest.mark.parametrize("attempt", [_delete, _update, _replace, _empty])
@pytest.mark.parametrize("table", list(triggers.APPEND_ONLY))
def test_the_database_refuses(one_of_each: None, table: str, attempt: Callable[[str], str]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt(table))

    for model in (Record, Seal, Checkpoint, Delivery):
        assert model.objects.count() == 1


def test_personal_parts_can_be_erased(one_of_each: None) -> None:
    assert PersonalPart.objects.count() == 1  # the address it came from
    PersonalPart.objects.all().delete()

    assert PersonalPart.objects.count() == 0


def test_a_table_without_its_triggers_is_noticed(one_of_each: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_append_only")
        else:
            cursor.execute("DROP TRIGGER audit_seal_no_update")

    assert triggers.missing(connection) == ["audit_seal"]


def test_the_printed_block_says_place_and_hash(one_of_each: None) -> None:
    checkpoint = Checkpoint.objects.get()

    block = printed_block(checkpoint).zh

    assert "截至第 1 条记录" in block
    assert block.splitlines()[1].replace(" ", "") == f"1{checkpoint.hash}"
