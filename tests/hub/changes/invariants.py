"""What must hold of the whole database at any moment: nothing half done, and everything on the record."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Q

from guatu.hub.accounts.models import Person, PersonalDetails, Unit, UnitAncestry, UnitSpan
from guatu.hub.audit.models import PersonalPart, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.verifying import verify_database
from tests.hub.people import NOW


def state() -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        digest.update(model._meta.label.encode())
        for row in sorted(map(repr, model._default_manager.values_list())):
            digest.update(row.encode())
    return digest.hexdigest()


def broken(*, chain: bool = True) -> list[str]:
    """What does not hold, a sentence each; following the chain takes the longer the more there is."""
    found = [*_pairs_without_parents(), *_torn_spans(), *_without_a_record()]
    return [*found, *_chain()] if chain else found


def _pairs_without_parents() -> Iterator[str]:
    """The pairs of the tree are those that the parents of the units say, and no others."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    meant = set()
    for unit in parents:
        above, depth = unit, 0
        while above is not None:
            meant.add((above, unit, depth))
            above, depth = parents[above], depth + 1
    there = set(UnitAncestry.objects.values_list("ancestor_id", "descendant_id", "depth"))
    if meant != there:
        yield f"the pairs of the tree are not its parents': {sorted(meant ^ there)[:5]}"


def _torn_spans() -> Iterator[str]:
    """Each unit's spans follow one another from its first day to its last, and the open one says what its row says."""
    spans: dict[int, list[UnitSpan]] = {}
    for span in UnitSpan.objects.order_by("unit_id", "valid_from"):
        spans.setdefault(span.unit_id, []).append(span)
    for unit in Unit.objects.all():
        own = spans.get(unit.pk, [])
        if not own or own[0].valid_from != unit.opened_on or own[-1].valid_to != unit.closed_on:
            yield f"the spans of unit {unit.pk} do not reach from its first day to its last"
        elif any(one.valid_to != after.valid_from for one, after in itertools.pairwise(own)):
            yield f"the spans of unit {unit.pk} have a gap"
        elif (own[-1].title_zh, own[-1].code, own[-1].parent_id) != (unit.title_zh, unit.code, unit.parent_id):
            yield f"the last span of unit {unit.pk} says something else than its row"


def _without_a_record() -> Iterator[str]:
    """Whatever came to be after the city was built is on the record, and no part of it is missing."""
    recorded = set(Record.objects.values_list("subject_kind", "subject_id"))
    told = {int(one) for kind, one in recorded if kind == "accounts.person"}
    for person in Person.objects.filter(username__startswith="killed-").select_related("unit"):
        if person.pk not in told and not person.unit.title_zh.startswith(
            "批"
        ):  # who was loaded is on the load's record
            yield f"nothing is recorded of person {person.pk}"
        if not PersonalDetails.objects.filter(person=person).exists():
            yield f"person {person.pk} has no details"
    created = Record.objects.filter(kind="person.created", personal_parts=None)
    if created.exists():
        yield "a record of a person came without its personal parts"
    if PersonalPart.objects.filter(Q(value="") | Q(salt="")).exists():
        yield "a personal part is empty"


def _chain() -> Iterator[str]:
    """What is committed can be sealed, and the chain over all of it verifies."""
    seal_waiting()
    verdict = verify_database([], at=NOW)
    if verdict.chain.fault is not None:
        yield f"the chain does not verify: {verdict.chain.fault}"
    if Seal.objects.count() != Record.objects.count():
        yield "a record is not sealed"
