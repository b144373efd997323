"""What the ledger's checks say of figures entered for one item: the very checks, words and decisions of a workbook's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.declarations import Basis
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.engine.checks.asked import Fired
from guatu.engine.checks.book import CheckBook, load_book
from guatu.engine.checks.one_item import check_item
from guatu.hub.ledger.actions.import_plans import digest_of_decision
from guatu.hub.ledger.actions.revising import rows_by_day
from guatu.hub.ledger.encodings import Json, decoded
from guatu.hub.ledger.fields import ledger_code
from guatu.hub.ledger.models import ImportDecision, Item, Milestone
from guatu.hub.ledger.reporting.rounds import Reported
from guatu.hub.ledger.rows import Row
from guatu.hub.ledger.shown import shown
from guatu.hub.ledger.stated_facts import milestone_days, value_in
from guatu.standards.periods import Period
from guatu.text import Text

ERROR, QUESTION, WARNING = "error", "question", "warning"


@dataclass(frozen=True, slots=True)
class Said:
    """What a check says of the figures. `rests_on`: the values it was said of; with others it is another matter."""

    check: str
    grade: str
    field: str
    reason: Text
    remedy: Text
    rests_on: Mapping[str, str | None]
    digest: str


def said_of_figures(item: Item, reported: Reported, period: Period, stated: Mapping[str, Json]) -> list[Said]:
    """Everything the checks that look at the stated figures find, errors first; questions a person decided are not asked
    again."""
    ledger = reported.ledger
    book = _book(ledger)
    if not book.checks:
        return []
    now, past = _facts(item, reported, period, stated)
    fired = [one for one in check_item(book, now, period, past) if set(one.rests_on) & stated.keys()]
    figures = {**reported.by_period.get(str(period.year), {}), **reported.of(period)}
    values = {**{key: held.value for key, held in figures.items()}, **stated}
    found = [_said(one, ledger, values) for one in fired]
    decided = _decided(item, [one.digest for one in found if one.grade == QUESTION])
    order = (ERROR, QUESTION, WARNING)
    return sorted((one for one in found if one.digest not in decided), key=lambda one: order.index(one.grade))


_BOOKS: dict[int, tuple[LedgerDeclaration, CheckBook]] = {}
_MOST_BOOKS = 64


def _book(ledger: LedgerDeclaration) -> CheckBook:
    """A ledger's checks, read once for as long as its declaration is in use."""
    known = _BOOKS.get(id(ledger))
    if known is None or known[0] is not ledger:
        if len(_BOOKS) >= _MOST_BOOKS:
            _BOOKS.clear()
        known = _BOOKS[id(ledger)] = (ledger, load_book(ledger))
    return known[1]


def _facts(
    item: Item, reported: Reported, period: Period, stated: Mapping[str, Json]
) -> tuple[dict[str, Any], dict[Period, dict[str, Any]]]:
    """The item as the round would have it, and as each earlier round had it."""
    ledger, by_day = reported.ledger, rows_by_day(item)
    now = _row(item, by_day, period, reported, ledger)
    days = milestone_days(Milestone.objects.in_force().filter(item=item), ledger, period.last_day)
    now |= {key: day for (_, key), day in days.items() if now.get(key) is None}
    now |= {key: decoded(ledger.fields[key], value) for key, value in stated.items()}
    earlier = {
        one for spoken in reported.by_period if (one := Period.parse(spoken)) < period and one.kind is period.kind
    }
    return now, {one: _row(item, by_day, one, reported, ledger) for one in sorted(earlier)}


def _row(
    item: Item, by_day: Mapping[date, Row], period: Period, reported: Reported, ledger: LedgerDeclaration
) -> dict[str, Any]:
    """An item's facts on the last day of a round with the round's figures; every declared field is there."""
    known = [day for day in by_day if day <= period.last_day]
    row = by_day[max(known) if known else min(by_day)]
    values: dict[str, Any] = {"item_id": str(item.pk), "unit": str(row.unit), "lists": list(row.lists)}
    figures, plans = reported.of(period), reported.by_period.get(str(period.year), {})
    for key, one in ledger.fields.items():
        if one.measure is not None:
            held = figures.get(key) or (plans.get(key) if one.basis is Basis.YEAR else None)
            values[key] = decoded(one, held.value) if held is not None else None
        else:
            values.setdefault(key, value_in(row, one))
    code = ledger_code(ledger)
    return values | {"name": row.name} | ({code: row.code or None} if code else {})


def _said(fired: Fired, ledger: LedgerDeclaration, values: Mapping[str, Json]) -> Said:
    declared, field = fired.check.declared, ledger.fields[fired.check.field]
    words = {key: _written(ledger, key, values) or word for key, word in fired.said.items()}
    words["this"] = _written(ledger, field.key, values) or words.get(field.key, Text("—", "—"))
    words["field"] = field.title
    items = [fired.item_id]
    return Said(
        check=fired.check.clause.id,
        grade=declared.grade,
        field=field.key,
        reason=declared.reason.filled(**words),
        remedy=declared.remedy.filled(**words),
        rests_on=dict(fired.rests_on),
        digest=digest_of_decision(fired.check.clause.id, items, fired.rests_on),
    )


def _written(ledger: LedgerDeclaration, key: str, values: Mapping[str, Json]) -> Text | None:
    """A figure as the form shows it, with its unit."""
    if key not in ledger.fields or key not in values:
        return None
    one = shown(ledger.fields[key], values[key])
    return Text(f"{one.said.zh}{one.unit}", one.with_unit.en)


def _decided(item: Item, digests: Collection[str]) -> set[str]:
    known = ImportDecision.objects.filter(ledger=item.ledger_id, digest__in=digests)
    return set(known.values_list("digest", flat=True)) if digests else set()
