"""What a visitor has to know of each item, read for all of them in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.assessment.reading import latest_runs, lights_of
from guatu.hub.ledger.models import Figure, Item, PersonalValue, Remark
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.plans import days_to_come
from guatu.hub.ledger.reporting.rounds import asked_fields
from guatu.hub.ledger.shown import Shown, shown_figure
from guatu.hub.web.item_sections import DutyShown, duties_of_all
from guatu.text import Text

REMARKS = 2
ROUNDS = 2
COMING = 2
"""Milestones that come next, of each item."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone not reached yet: the day it is planned for, and how many days that is over."""

    title: Text
    on: date
    late: int


@dataclass
class Stop:
    """An item on the way."""

    item: Item
    ledger: LedgerDeclaration
    light: str | None = None
    where: str = ""
    place: tuple[str, str] | None = None
    duties: list[DutyShown] = field(default_factory=list)
    late: list[Planned] = field(default_factory=list)
    coming: list[Planned] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    figures: list[tuple[Text, str, list[Shown | None]]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def stops_of(items: Sequence[Item], day: date) -> list[Stop]:
    """Each item with its light, who answers, what is late and next, its last rounds and remarks, as of a day.

    Items come with their unit, ledger and pack.
    """
    found = {one.pk: Stop(one, declared(one.ledger)) for one in items}
    stops = list(found.values())
    _light(found)
    _place(stops)
    _answering(stops, day)
    _milestones(found, day)
    _figures(found)
    _remarks(found)
    return stops


def _light(found: Mapping[int, Stop]) -> None:
    runs = latest_runs({one.item.ledger_id for one in found.values()})
    for ledger, run in runs.items():
        ids = [key for key, one in found.items() if one.item.ledger_id == ledger]
        for key, severity in lights_of(run, ids).items():
            found[key].light = severity


def _place(stops: Sequence[Stop]) -> None:
    for one in stops:
        values, ledger = one.item.values, one.ledger
        one.where = str(values.get(ledger.address or "", ""))
        geometry = one.item.geometry
        if geometry is not None and geometry.get("type") == "Point":
            lng, lat = geometry["coordinates"][:2]
            one.place = (str(lng), str(lat))
        elif ledger.position is not None and all(key in values for key in ledger.position):
            one.place = (str(values[ledger.position[0]]), str(values[ledger.position[1]]))


def _answering(stops: Sequence[Stop], day: date) -> None:
    reported: dict[int, dict[str, str]] = {}
    for item, key, value in PersonalValue.objects.filter(item__in=[one.item for one in stops]).values_list(
        "item_id", "field", "value"
    ):
        reported.setdefault(item, {})[key] = value
    duties = duties_of_all({one.item: one.ledger for one in stops}, day, reported)
    for one in stops:
        one.duties = [row for row in duties[one.item.pk] if row.held or row.reported]


def _milestones(found: Mapping[int, Stop], day: date) -> None:
    """Days planned for what is not reached: those that are over, and the next ones."""
    for key, days in days_to_come(found).items():
        stop = found[key]
        plans = [Planned(stop.ledger.milestone_title(one), on, (day - on).days) for one, on in days.items()]
        plans.sort(key=lambda one: one.on)
        stop.late = [one for one in plans if one.late > 0]
        stop.coming = [one for one in plans if one.late <= 0][:COMING]


def _figures(found: Mapping[int, Stop]) -> None:
    """What was reported of the last rounds that have anything, the newest first."""
    asked = {key for one in found.values() for key in asked_fields(one.ledger)}
    held: dict[int, dict[str, dict[str, Figure]]] = {}
    for one in Figure.objects.in_force().filter(item__in=found, field__in=asked):
        held.setdefault(one.item_id or 0, {}).setdefault(one.period, {})[one.field] = one
    for key, by_period in held.items():
        stop = found[key]
        stop.periods = sorted(by_period, reverse=True)[:ROUNDS]
        for name, declaration in asked_fields(stop.ledger).items():
            cells = [
                shown_figure(declaration, said.amount, said.number) if (said := by_period[period].get(name)) else None
                for period in stop.periods
            ]
            if any(cells):
                stop.figures.append((declaration.title, declaration.unit or "", cells))


def _remarks(found: Mapping[int, Stop]) -> None:
    latest = Remark.objects.filter(item__in=found).annotate(
        place=Window(RowNumber(), partition_by=F("item_id"), order_by=[F("on").desc(), F("pk").desc()])
    )
    for one in latest.filter(place__lte=REMARKS).order_by("-on", "-pk"):
        found[one.item_id].remarks.append(one)
