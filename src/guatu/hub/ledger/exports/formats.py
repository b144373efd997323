"""The formats items leave in, each with its name, its media type and how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.timezone import localdate

from guatu.hub.ledger.exports.calendar import entries
from guatu.hub.ledger.exports.columns import columns_of
from guatu.hub.ledger.exports.geography import features
from guatu.hub.ledger.exports.items import batches, unit_titles
from guatu.hub.ledger.exports.open_contracting import NotPackaged, can_package, package
from guatu.hub.ledger.exports.schedule import scheduled
from guatu.hub.ledger.exports.sheets import delimited, workbook
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import declared
from guatu.standards.periods import Period
from guatu.text import Language, Text


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"
    OC4IDS = "oc4ids"
    ICALENDAR = "ics"
    SCHEDULE = "schedule"


TITLES: dict[Format, Text] = {
    Format.XLSX: Text("工作簿（XLSX）", "Workbook (XLSX)"),
    Format.CSV: Text("CSV", "CSV"),
    Format.GEOJSON: Text("地图（GeoJSON）", "Map (GeoJSON)"),
    Format.OC4IDS: Text("开放数据（OC4IDS）", "Open data (OC4IDS)"),
    Format.ICALENDAR: Text("节点日历（iCalendar）", "Milestone calendar (iCalendar)"),
    Format.SCHEDULE: Text("节点计划表（XLSX）", "Milestone schedule (XLSX)"),
}
MEDIA_TYPES: dict[Format, str] = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.GEOJSON: "application/geo+json",
    Format.OC4IDS: "application/json",
    Format.ICALENDAR: "text/calendar; charset=utf-8",
    Format.SCHEDULE: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def formats_of(ledger: Ledger) -> list[Format]:
    """Those a ledger can leave in."""
    has_milestones = bool(declared(ledger).milestones)
    offered = {Format.OC4IDS: can_package(ledger), Format.SCHEDULE: has_milestones}
    return [one for one in Format if offered.get(one, True)]


@dataclass(frozen=True, slots=True)
class Export:
    """Items about to be written; nothing is read before `chunks` is gone through."""

    ledger: Ledger
    items: QuerySet[Item]
    format: Format
    language: Language
    at: datetime

    def __post_init__(self) -> None:
        if self.format is Format.OC4IDS and not can_package(self.ledger):
            raise NotPackaged(self.ledger)

    @property
    def file_name(self) -> str:
        ending = {Format.OC4IDS: "json", Format.SCHEDULE: "xlsx"}.get(self.format, self.format.value)
        of_what = "-schedule" if self.format is Format.SCHEDULE else ""
        return f"{self.ledger.key}{of_what}-{localdate(self.at):%Y%m%d}.{ending}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    def chunks(self) -> Iterator[bytes]:
        """The file, piece by piece; each item is as it is when its turn comes."""
        declaration, rows, units = declared(self.ledger), batches(self.items), unit_titles()
        match self.format:
            case Format.XLSX:
                return workbook(columns_of(declaration, units, self.language), rows)
            case Format.CSV:
                return delimited(columns_of(declaration, units, self.language), rows)
            case Format.GEOJSON:
                return features(declaration, columns_of(declaration, units, self.language), rows)
            case Format.ICALENDAR:
                return entries(declaration, units, self.language, rows, self.at)
            case Format.SCHEDULE:
                return workbook(*scheduled(declaration, units, self.language, rows))
            case Format.OC4IDS:
                last = Period.parse(f"{localdate(self.at):%Y-%m}").previous()
                return package(self.ledger, last, self.language, rows)
