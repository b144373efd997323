"""On PostgreSQL the site's role can write the record and never alter it; who could is told in plain words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from guatu.hub.audit import rights, triggers
from guatu.hub.audit.models import PersonalPart, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.verifying import verify_database
from tests.hub.audit.chained import sealed_records, write_records
from tests.hub.people import NOW

ROLE = "guatu_test_site"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def as_site(db: None) -> Iterator[None]:
    """Connected as the role the site runs under; the roles made here go with the test's transaction."""
    sealed_records(3)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"CREATE ROLE {ROLE}")
    rights.restrict(ROLE)
    run(f"SET ROLE {ROLE}")
    yield
    run("RESET ROLE")


def test_the_site_can_write_seal_verify_and_erase(as_site: None) -> None:
    write_records(2, start=3)

    assert seal_waiting() == 2
    assert verify_database([], at=NOW).chain.fault is None
    assert PersonalPart.objects.filter(about_person_id=1).delete()[0] > 0


@pytest.mark.parametrize("table", list(triggers.APPEND_ONLY))
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE {table} SET {key} = {key}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TRIGGER {table}_append_only ON {table}",
        "DROP TABLE {table}",
        "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    ],
)
def test_the_site_cannot_alter_the_record_nor_put_its_guards_to_sleep(as_site: None, table: str, attempt: str) -> None:
    key = "place" if table == "audit_seal" else "id"
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        run(attempt.format(table=table, key=key))

    assert (Record.objects.count(), Seal.objects.count()) == (3, 3)


def test_the_site_cannot_put_triggers_to_sleep_for_its_session(as_site: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run("SET session_replication_role = replica")


def test_nothing_is_said_against_the_restricted_role(as_site: None) -> None:
    assert rights.weaknesses() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (f"GRANT UPDATE ON audit_record TO {ROLE}", "holds UPDATE on table audit_record"),
        (f"GRANT UPDATE (hash) ON audit_seal TO {ROLE}", "holds UPDATE on table audit_seal"),
        (f"GRANT TRUNCATE, DELETE ON audit_delivery TO {ROLE}", "holds DELETE, TRUNCATE on table audit_delivery"),
        (f"ALTER TABLE audit_seal OWNER TO {ROLE}", "owns table audit_seal"),
        (f"ALTER ROLE {ROLE} CREATEROLE", "may make roles"),
        (f"ALTER ROLE {ROLE} SUPERUSER", "is a superuser"),
        (
            "ALTER TABLE audit_record DISABLE TRIGGER audit_record_append_only",
            "audit_record append-only are not all there",
        ),
    ],
)
def test_every_way_to_alter_the_record_is_told(as_site: None, given: str, said: str) -> None:
    run("RESET ROLE")
    run(given)
    run(f"SET ROLE {ROLE}")

    (weakness,) = rights.weaknesses()

    assert said in weakness.en


def test_a_role_of_a_name_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(rights.CannotRestrict):
        rights.restrict('x"; DROP TABLE audit_record; --')


def test_the_owner_of_the_tables_cannot_be_the_site(db: None) -> None:
    with pytest.raises(rights.CannotRestrict, match="the very role that makes the tables"):
        rights.restrict(str(connection.settings_dict["USER"]))
