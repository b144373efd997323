"""The tables follow the models, and a site from its first day comes forward with everything in it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from guatu.hub.accounts.models import Person, Post, Unit, UnitAncestry, UnitSpan
from guatu.hub.audit.models import Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.verifying import verify_database
from tests.hub.people import LONG_AGO, NOW

OURS = ("accounts", "audit", "ledger", "config")
UNITS, PEOPLE, RECORDS = 40, 30, 60


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_a_site_from_its_first_day_comes_forward_whole() -> None:
    """From the first migration of each application, with units, people, posts and records in their tables."""
    executor = MigrationExecutor(connection)
    last = executor.loader.graph.leaf_nodes()
    first = [node for node in executor.loader.graph.root_nodes() if node[0] in OURS]
    try:
        executor.migrate([(app, None) for app, _ in first])
        executor = MigrationExecutor(connection)
        fill(executor.migrate([node for node in first if node[0] in ("accounts", "audit")]).apps)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(last)

    assert (Unit.objects.count(), UnitSpan.objects.count(), UnitAncestry.objects.count()) == (
        UNITS,
        UNITS,
        2 * UNITS - 1,
    )
    assert Post.objects.select_related("person", "unit").filter(person__is_active=True).count() == PEOPLE
    assert Person.objects.get(username="person-7").name == "某人7"
    assert Record.objects.count() == RECORDS
    seal_waiting()
    assert Seal.objects.count() == RECORDS
    assert verify_database([], at=NOW).chain.fault is None


def fill(then: StateApps) -> None:
    """Rows as the first release could write them, by the models as they were then."""
    unit, span, pair = (then.get_model("accounts", name) for name in ("Unit", "UnitSpan", "UnitAncestry"))
    person, post, record = (
        then.get_model("accounts", "Person"),
        then.get_model("accounts", "Post"),
        then.get_model("audit", "Record"),
    )
    top = None
    for number in range(UNITS):
        described = {"kind": "town" if top else "city", "title_zh": f"单位{number}", "parent": top}
        made = unit.objects.create(opened_on=LONG_AGO, **described)
        span.objects.create(unit=made, valid_from=LONG_AGO, recorded_at=NOW, **described)
        pair.objects.create(ancestor=made, descendant=made, depth=0)
        if top:
            pair.objects.create(ancestor=top, descendant=made, depth=1)
        top = top or made
    for number in range(PEOPLE):
        somebody = person.objects.create(username=f"person-{number}", name=f"某人{number}", password="!")
        post.objects.create(person=somebody, unit=top, role="reporter", starts_on=LONG_AGO)
    for number in range(RECORDS):
        record.objects.create(
            kind="unit.opened", at=NOW, door="web", subject_kind="accounts.unit", subject_id=str(number), before="{}",
            after="{}", context="{}",
        )  # fmt: skip
